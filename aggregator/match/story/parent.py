"""The item each item of a story was most likely taken from: its parent.

Of the items reported before it, in this order:

a. the same agency's last version in the same language: it is a revision of it;
b. one of an agency it credits: of several the nearest by text, so that a copy with the corrected figure
   comes from the correction;
c. the same agency's in another language: it is an edition of it;
d. one of another agency in its own language;
e. one of another agency that it may be a translation of.

No item is the parent of one that was reported before it, and what credits an agency is no source of
that agency's items: so the items of the origin have only each other. Of items reported at the same
time, one is the parent of another that credits it; else the id decides, and `is_undecided` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from aggregator.match.corrections.carried import carries, is_stale
from aggregator.match.story.origin import CreditGraph, time_of
from aggregator.match.story.versions import Correction, are_versions, text_of
from aggregator.model import Item, Notice
from aggregator.provenance import SAME_TIME, sources_of

Likeness = Callable[[Item, Item], float]  # of an item to an earlier one, in [0, 1]


def in_order(items: Sequence[Item], graph: CreditGraph) -> list[Item]:
    """The items by the time reported; of those reported at once the one that has fewest sources first."""

    def place(item: Item) -> tuple[datetime, int, str]:
        return item.reported_at, len(graph.sources(item)), item.id

    return sorted(items, key=place)


class Parents:
    """Chooses the parents of a story's items.

    `items` are all of its items, in the order of `in_order`; `corrections` those among them. `likeness`
    is asked only where several items would do.
    """

    def __init__(
        self,
        items: Sequence[Item],
        graph: CreditGraph,
        origin_id: str,
        corrections: Sequence[Correction],
        likeness: Likeness,
    ) -> None:
        self._items = items
        self._graph = graph
        self._origin_id = origin_id
        self._corrections = [one for one in corrections if one.replacements]
        self._likeness = likeness
        self._version_of = cache(_version_of)

    def parent_of(self, item: Item) -> Item | None:
        """The item's parent; None where none of the others can be it."""
        earlier = self._items[: self._items.index(item)]
        earlier = [other for other in earlier if other.notice is not Notice.KILL]
        own = [other for other in earlier if other.agency_id == item.agency_id]
        versions = [other for other in own if other.language == item.language]
        if versions:
            return versions[-1]
        others = [other for other in earlier if self._may_be_source(other, item)]
        credited = [other for other in others if other.agency_id in sources_of(item)]
        if item.agency_id == self._origin_id:
            others = []
        for candidates in (credited, own, _in_language(others, item), others):
            if candidates:
                return self._nearest(item, candidates)
        return None

    def _may_be_source(self, other: Item, item: Item) -> bool:
        """Whether another agency's item may be what an item was taken from."""
        if other.agency_id == item.agency_id:
            return False
        has_it_from_there = item.agency_id in self._graph.sources(other)
        return not has_it_from_there or other.agency_id in sources_of(item)

    def _nearest(self, item: Item, candidates: Sequence[Item]) -> Item:
        """The likeliest: with the same facts, in the same language, then the most alike, then the earliest."""
        best = [(self._contradictions(item, other), other) for other in candidates]
        least = min(count for count, _ in best)
        kept = [other for count, other in best if count == least]
        kept = _in_language(kept, item) or kept
        if len(kept) == 1:
            return kept[0]

        def rank(other: Item) -> tuple[float, bool, datetime, str]:
            alike = round(self._likeness(item, other), 2)
            return -alike, other.agency_id != self._origin_id, *time_of(other)

        return min(kept, key=rank)

    def _contradictions(self, item: Item, other: Item) -> int:
        """By how many corrections one of two items has the old facts and the other the new ones."""
        return sum(
            {self._version_of(item, each), self._version_of(other, each)} == {"old", "new"}
            for each in self._corrections
        )


def _version_of(item: Item, correction: Correction) -> str:
    """Whether an item has the old facts of a correction or the new ones; "" for neither."""
    text, present = text_of(item), text_of(correction.present)
    if is_stale(text, present, correction.replacements):
        return "old"
    facts = [pair.new for pair in correction.replacements]
    return "new" if any(carries(text, fact, present.language) for fact in facts) else ""


def is_undecided(item: Item, parent: Item) -> bool:
    """Whether the times cannot tell which of two items was first, and the later does not say so itself.

    They cannot within a minute; nor, of two agencies, where the later one's feed gives no time that can be
    believed: it was there some while before we saw it.
    """
    if are_versions(item, parent):
        return False
    if parent.agency_id in sources_of(item):
        return False
    is_seen_only = item.published_at is None and item.agency_id != parent.agency_id
    return is_seen_only or are_of_one_time(item, parent)


def are_of_one_time(item: Item, parent: Item) -> bool:
    """Whether two items were reported so near to each other that clocks may have exchanged them."""
    return item.reported_at - parent.reported_at < SAME_TIME


def _in_language(items: Sequence[Item], item: Item) -> list[Item]:
    return [other for other in items if item.language and other.language == item.language]
