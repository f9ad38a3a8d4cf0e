"""Texts that stand in for reports, found as items arrive; those stored before one was known are read anew.

    arrivals --> their texts' keys --> stored items of equal key --> `match` says: a placeholder, or a report
                                                                        |
    arrivals marked <---------------------------------------------------+--> stored items of equal key, marked

What is known stands in the store: nothing has to be learned again after a start. On the writer's thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from aggregator.match import story
from aggregator.match.placeholder import SEEN, is_placeholder, text_key
from aggregator.model import Arrival, Fingerprint, Item, Summarise
from aggregator.store.store import Store

_BATCH = 200  # items in one transaction, as of `placer`


class Placeholders:
    """Marks items whose text is a placeholder."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._has_learned = True  # at the start something may have been left undone

    def mark(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Arrivals with their text's key, each marked as a placeholder or not."""
        keyed = [_with(each, text_key=text_key(each.item)) for each in arrivals]
        arriving = defaultdict[str, list[Item]](list)
        for each in keyed:
            if each.item.text_key:
                arriving[each.item.text_key].append(each.item)
        stored = self._store.items_with_text(arriving.keys(), limit=SEEN)
        found = {
            key
            for key, items in arriving.items()
            if self._is_placeholder(items, stored.get(key, ()))
        }
        return [_with(each, is_placeholder=each.item.text_key in found) for each in keyed]

    def read_anew(
        self, read: Callable[[Item], tuple[Item, Fingerprint]], summarise: Summarise
    ) -> Iterable[tuple[str, str]]:
        """Mark what was stored before its text was known as a placeholder; the items moved, with their stories."""
        while self._has_learned:
            items = self._store.unmarked_placeholders(limit=_BATCH)
            self._has_learned = len(items) == _BATCH
            if items:
                yield from self._store.mark_placeholders(
                    [read(replace(item, is_placeholder=True)) for item in items],
                    started_by=story.story_id_started_by,
                    summarise=summarise,
                )

    def _is_placeholder(self, arriving: Sequence[Item], stored: Sequence[Item]) -> bool:
        """Whether items of one text are placeholders, by what is stored of that text as well."""
        new = {item.id: item for item in arriving}
        others = [item for item in stored if item.id not in new]
        if any(item.is_placeholder for item in others):
            return True
        is_new = is_placeholder([*new.values(), *others])
        self._has_learned |= is_new and bool(others)
        return is_new


def _with(arrival: Arrival, **changed: str | bool | None) -> Arrival:
    return replace(arrival, item=replace(arrival.item, **changed))  # type: ignore[arg-type]
