"""Lines a feed repeats, learned from its items instead of listed by hand.

A line of a report always follows the same line, however often the report is reprinted; a line that
follows many different lines belongs to the site. Only hashes are kept, of the latest lines seen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from zlib import crc32

_DIFFERENT = 5  # lines it must have followed
_LONG_ENOUGH = 20  # characters; shorter lines say too little to be judged
_REMEMBERED = 1 << 16


class Boilerplate:
    """What follows what in each feed. Observing the same item again changes nothing."""

    def __init__(self) -> None:
        self._before: OrderedDict[int, frozenset[int]] = OrderedDict()

    def observe(self, feed_id: str, lines: Sequence[str]) -> None:
        """Learn from the lines of one item, in their order."""
        previous = 0
        for line in lines:
            present = crc32(line.encode())
            if len(line) >= _LONG_ENOUGH:
                self._follow(_key(feed_id, present), previous)
            previous = present

    def knows(self, feed_id: str, line: str) -> bool:
        """Whether the line is one the feed puts into its items."""
        if len(line) < _LONG_ENOUGH:
            return False
        return len(self._before.get(_key(feed_id, crc32(line.encode())), ())) >= _DIFFERENT

    def _follow(self, key: int, previous: int) -> None:
        seen = self._before.pop(key, frozenset())
        self._before[key] = seen if len(seen) >= _DIFFERENT else seen | {previous}
        if len(self._before) > _REMEMBERED:
            self._before.popitem(last=False)


def _key(feed_id: str, line: int) -> int:
    return crc32(feed_id.encode()) << 32 | line
