"""Texts that stand in for reports, found while a file is read; items read before one was known are read anew.

Of each of the texts seen last only titles are kept, of the first items that have it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from aggregator.match.placeholder import SEEN, is_placeholder, text_key
from aggregator.model import Item

_REMEMBERED = 1 << 16  # texts; 30 MB at most


class Placeholders:
    """Marks items whose text is a placeholder, in the order of the file."""

    def __init__(self) -> None:
        self.earlier: list[tuple[int, Item]] = []  # items to be read anew, marked, by number
        self._known: set[str] = set()
        self._seen: OrderedDict[str, list[tuple[int, Item]]] = OrderedDict()

    def mark(self, number: int, item: Item) -> Item:
        """An item, marked as a placeholder if its text is known as one by now."""
        key = text_key(item)
        if key is None:
            return item
        if key not in self._known and not self._learn(key, number, item):
            return item
        return replace(item, is_placeholder=True)

    def _learn(self, key: str, number: int, item: Item) -> bool:
        """Learn that an item has a text; whether that is known as a placeholder now."""
        seen = self._seen.pop(key, [])
        if seen and is_placeholder([item, *(one for _, one in seen)]):
            self._known.add(key)
            self.earlier += ((at, replace(one, is_placeholder=True)) for at, one in seen)
            return True
        if len(seen) < SEEN:
            seen.append((number, replace(item, text="", html="")))
        self._seen[key] = seen
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return False
