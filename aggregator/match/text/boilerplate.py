"""Lines a feed repeats, learned from its items instead of listed by hand.

A line of a report always follows the same line, however often the report is reprinted; a line that
follows many different lines belongs to the site. What stands behind such a line follows the report's last
own, so that all of a block is learned, one line after the other. Only hashes are kept, of the latest lines seen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from zlib import crc32

_DIFFERENT = 5  # lines it must have followed
_LONG_ENOUGH = 20  # characters; shorter lines say too little to be judged
_REMEMBERED = 1 << 16


class Boilerplate:
    """What follows what in each feed. Observing the same item again teaches nothing of its own lines."""

    def __init__(self) -> None:
        self._before: OrderedDict[int, tuple[int, ...]] = OrderedDict()

    def observe(self, feed_id: str, lines: Sequence[str]) -> list[bool]:
        """Learn from the lines of one item, in their order; which of them the feed puts into items."""
        feed, previous = crc32(feed_id.encode()) << 32, 0
        known = []
        for line in lines:
            present = crc32(line.encode())
            known.append(len(line) >= _LONG_ENOUGH and self._follow(feed | present, previous))
            previous = previous if known[-1] else present
        return known

    def _follow(self, key: int, previous: int) -> bool:
        """Learn what a line followed; whether it has followed many different ones."""
        seen = self._before.pop(key, ())
        if len(seen) < _DIFFERENT and previous not in seen:
            seen = (*seen, previous)
        self._before[key] = seen
        if len(self._before) > _REMEMBERED:
            self._before.popitem(last=False)
        return len(seen) >= _DIFFERENT
