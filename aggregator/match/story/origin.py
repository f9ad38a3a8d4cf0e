"""Whose report it is: by what the items say of their sources first, by time second.

1. An item speaks for each agency it credits, once by an agreement line and once by mentions. What it
   says of its own agency, and of earlier reports (`Credit.background`), does not count.
2. An agency that is credited but credits another in turn is between: it had the report from there.
   Only where two credit each other neither is.
3. The origin is, of the credited agencies that are not between, the one with the most agreement lines;
   among equals that which most items have the report from, directly or through others; then that
   whose item is the earliest, one without any coming last; then the one named first. An agency can be
   the origin without having an item in the story.
4. Where no item credits another agency, the origin is that of the earliest item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from aggregator.model import Item
from aggregator.provenance import sources_of


def time_of(item: Item) -> tuple[datetime, str]:
    """What items are ordered by: when they were reported. Which of equals was seen first says nothing."""
    return item.reported_at, item.id


class CreditGraph:
    """Which agency of a story has it from which, as their items say."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._direct: dict[str, dict[str, None]] = {}
        for item in items:
            self._direct.setdefault(item.agency_id, {}).update(dict.fromkeys(sources_of(item)))

    def sources(self, item: Item) -> set[str]:
        """The agencies an item has its report from, directly or through others."""
        return self._closure(sources_of(item))

    def is_between(self, agency_id: str) -> bool:
        """Whether an agency credits one that does not credit it in turn."""
        above = self._above(agency_id)
        return any(agency_id not in self._above(source) for source in above)

    def _above(self, agency_id: str) -> set[str]:
        return self._closure(self._direct.get(agency_id, ()))

    def _closure(self, agencies: Iterable[str]) -> set[str]:
        """Some agencies, and all that these have it from."""
        found: set[str] = set()
        new = [*agencies]
        while new:
            agency = new.pop()
            if agency not in found:
                found.add(agency)
                new += self._direct.get(agency, ())
        return found


def origin_of(items: Sequence[Item], graph: CreditGraph) -> str:
    """The id of the agency whose report it is; `items` stand in the order of `time_of`."""
    agreements: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    named: dict[str, None] = {}
    for item in items:
        sources = sources_of(item)
        named.update(dict.fromkeys(sources))
        agreed = {c.agency_id for c in item.credits if c.agreement and c.agency_id in sources}
        agreements.update(agreed)
        if not agreed.issuperset(sources):
            carried.update(graph.sources(item) - agreed)
    if not named:
        return items[0].agency_id
    reported = list(dict.fromkeys(item.agency_id for item in items))
    in_order = list(named)

    def rank(agency_id: str) -> tuple[int, int, int, int]:
        place = reported.index(agency_id) if agency_id in reported else len(reported)
        return (
            -agreements[agency_id],
            -carried[agency_id],
            place,
            in_order.index(agency_id),
        )

    first = [agency for agency in named if not graph.is_between(agency)]
    return min(first or named, key=rank)


def lead_of(items: Sequence[Item]) -> Item:
    """The item that stands for a story: the origin's earliest, or the earliest of all where it has none."""
    in_order = sorted(items, key=time_of)
    origin_id = origin_of(in_order, CreditGraph(in_order))
    return next((item for item in in_order if item.agency_id == origin_id), in_order[0])
