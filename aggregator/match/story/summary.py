"""What a story of given items is: its origin, lead and times, and the lineage of each item.

1. The story's id is made of that of the item which starts it, and stays when an earlier item arrives.
2. The lead is the origin's earliest item, or the last correction of it; where the origin has none, the
   earliest of all. An item that a person chose leads in its place, or the last correction of that one;
   of several the one chosen last, of those that their agencies have not withdrawn. The notice of a kill
   never leads.
3. `published_at` is the earliest time at which any of its items was reported. It counts until the story
   is first published: the store keeps the one that was published, whatever arrives later.
4. A copy does not make a story new, a correction does: `updated_at` is when the last correction of the
   origin was seen, or `first_seen_at` where there was none. What a carrier corrects does not move it.
5. A kill by the origin withdraws the story, from when it was seen: `killed_at`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from aggregator.match.story.credit import credit_state
from aggregator.match.story.origin import CreditGraph, origin_of, time_of
from aggregator.match.story.parent import Parents, are_of_one_time, in_order, is_undecided
from aggregator.match.story.stale import stale_items
from aggregator.match.story.stated import Relate, StatedPairs
from aggregator.match.story.versions import (
    Correction,
    are_versions,
    corrections_in,
    versions_of,
    withdrawals_in,
)
from aggregator.model import Item, Lineage, Member, Notice, Replacement, StoryChange

SCHEME = "lineage1"  # changed with the rules: what a store has by others is made anew


def story_id_started_by(item: Item) -> str:
    """The id of the story that an item starts."""
    return f"s{item.id}"


def summarise(members: Sequence[Member], story_id: str, *, relate: Relate) -> StoryChange:
    """What a story of these members is, in whatever order they come. `members` is not empty.

    `relate` gives the verdict on a pair of items by itself.
    """
    return _Summary(members, relate).change(story_id)


class _Summary:
    """The parts of a summary, each made of those before it."""

    def __init__(self, members: Sequence[Member], relate: Relate) -> None:
        items = [member.item for member in members]
        self._chosen = {member.item.id: member.chosen for member in members if member.chosen}
        self._graph = CreditGraph(items)
        self._items = in_order(items, self._graph)
        self._by_id = {item.id: item for item in items}
        self._origin_id = origin_of(sorted(items, key=time_of), self._graph)
        versions = versions_of(self._items)
        self._corrections = [one for each in versions for one in corrections_in(each)]
        self._kills = [one for each in versions for one in withdrawals_in(each)]
        self._superseded = {c.corrected.id: c.item.id for c in self._corrections if c.corrected}
        self._withdrawn = {kill.withdrawn.id for kill in self._kills}
        self._pairs = StatedPairs(members, relate)

    def change(self, story_id: str) -> StoryChange:
        """The summary."""
        items = self._items
        first_seen_at = min(item.seen_at for item in items)
        corrected = [_seen_at(c.item) for c in self._corrections if self._is_origins(c.item)]
        killed = [_seen_at(kill.item) for kill in self._kills if self._is_origins(kill.item)]
        return StoryChange(
            story_id=story_id,
            lead_id=self._lead().id,
            origin_id=self._origin_id,
            first_seen_at=first_seen_at,
            updated_at=max([first_seen_at, *corrected, *killed]),
            published_at=min(item.reported_at for item in items),
            killed_at=min(killed, default=None),
            lineages=self._lineages(is_killed=bool(killed)),
            scheme=SCHEME,
        )

    def _lead(self) -> Item:
        reports = [item for item in self._items if item.notice is not Notice.KILL] or self._items
        chosen = (item for item in reports if item.id in self._chosen)
        last_first = sorted(chosen, key=lambda item: self._chosen[item.id], reverse=True)
        leads = (self._last_corrected(item) for item in last_first)
        first = next((item for item in reports if self._is_origins(item)), reports[0])
        return next(
            (lead for lead in leads if lead.id not in self._withdrawn), self._last_corrected(first)
        )

    def _last_corrected(self, item: Item) -> Item:
        """An item, or the last of the corrections that took its place."""
        while item.id in self._superseded:
            item = self._by_id[self._superseded[item.id]]
        return item

    def _lineages(self, *, is_killed: bool) -> Mapping[str, Lineage]:
        parents = self._parents()
        undecided = self._undecided(parents)
        stale = stale_items(
            self._items, self._corrections, parents, self._superseded, self._origin_id
        )
        if is_killed:
            stale |= {item.id for item in self._items if self._carries_killed(item)}
        corrects = _replacements(self._corrections)
        editions = _editions(self._items)
        found = {}
        for item in self._items:
            parent = parents.get(item.id)
            found[item.id] = Lineage(
                parent=self._pairs.of(item, parent) if parent else None,
                is_undecided=item.id in undecided,
                credit=credit_state(item, self._origin_id, parent),
                is_edition=item.id in editions,
                is_stale=item.id in stale,
                superseded_by=self._superseded.get(item.id),
                corrects=corrects.get(item.id, ()),
            )
        return found

    def _parents(self) -> dict[str, Item]:
        choice = Parents(
            self._items,
            self._graph,
            self._origin_id,
            self._corrections,
            self._pairs.likeness,
        )
        found = ((item.id, choice.parent_of(item)) for item in self._items)
        return {item_id: parent for item_id, parent in found if parent}

    def _undecided(self, parents: Mapping[str, Item]) -> set[str]:
        """The ids of the items of which the times do not tell whether they or others were first."""
        found: set[str] = set()
        for item in self._items:
            parent = parents.get(item.id)
            if parent and is_undecided(item, parent):
                found.add(item.id)
                if are_of_one_time(item, parent) and parent.id not in parents:
                    found.add(parent.id)
        return found

    def _carries_killed(self, item: Item) -> bool:
        """Whether an item of a killed story still carries the report."""
        if item.notice is Notice.KILL:
            return False
        killed = [kill.withdrawn for kill in self._kills if self._is_origins(kill.item)]
        is_version = any(are_versions(item, other) for other in killed)
        return not is_version and item.id not in self._withdrawn

    def _is_origins(self, item: Item) -> bool:
        return item.agency_id == self._origin_id


def _seen_at(item: Item) -> datetime:
    """When we first held the item as it is now."""
    return item.revised_at or item.seen_at


def _replacements(corrections: Sequence[Correction]) -> dict[str, tuple[Replacement, ...]]:
    found: dict[str, tuple[Replacement, ...]] = {}
    for one in corrections:
        pairs = (*found.get(one.item.id, ()), *one.replacements)
        found[one.item.id] = tuple(dict.fromkeys(pairs))
    return found


def _editions(items: Sequence[Item]) -> set[str]:
    """The ids of the items whose agency had the report in another language before, or at the same time.

    A later version is to the other languages what the first of its own was.
    """
    first: dict[tuple[str, str | None], Item] = {}
    for item in items:
        first.setdefault((item.agency_id, item.language), item)
    return {
        item.id
        for item in items
        if any(
            agency_id == item.agency_id
            and language != item.language
            and other.reported_at <= first[item.agency_id, item.language].reported_at
            for (agency_id, language), other in first.items()
        )
    }
