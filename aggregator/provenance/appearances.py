"""The items of a story as appearances of its report: who had it from whom, and how much later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import (
    Credit,
    CreditState,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    Notice,
    Story,
)

# Feeds give times to the minute, and clocks differ: of two reports so near, neither is known to be the first.
SAME_TIME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One item of a story as an appearance of its report, relative to the item it was taken from.

    `match` is the pair with that item, its parent, and `lag` the time since that was reported, never
    negative; both are None for an item that was taken from none of the others. `depth` counts the
    items between it and the root of its tree. `credited` is None where `credit` is, as for an item of the
    origin itself, else whether its text names the origin or the parent's agency.
    """

    item: Item
    lineage: Lineage
    parent: Item | None
    depth: int
    lag: timedelta | None
    since_first: timedelta
    credit: CreditState | None
    credited: bool | None

    @property
    def match(self) -> Match | None:
        """The pair with the parent."""
        return self.lineage.parent

    @property
    def kind(self) -> Kind | None:
        """What it is to its parent; None for a root."""
        return self.match.kind if self.match else None

    @property
    def known_lag(self) -> timedelta | None:
        """`lag` where it is known: both feeds gave a time, and the times tell which of the two was first."""
        times = [each.published_at for each in (self.item, self.parent) if each]
        return None if None in times or self.lineage.is_undecided else self.lag


def appearances(story: Story) -> tuple[Appearance, ...]:
    """Every item of the story in the order of `reported_at`, so the first appearance comes first."""
    items = {member.item.id: member.item for member in story.members}
    parents = {
        member.item.id: items.get(member.lineage.parent.b) if member.lineage.parent else None
        for member in story.members
    }
    first_at = story.members[0].item.reported_at
    found = []
    for member in story.members:
        item, parent = member.item, parents[member.item.id]
        credit = _credit(member, story.origin_id)
        found.append(
            Appearance(
                item=item,
                lineage=member.lineage if parent else replace(member.lineage, parent=None),
                parent=parent,
                depth=_depth(item, parents),
                lag=max(item.reported_at - parent.reported_at, timedelta(0)) if parent else None,
                since_first=max(item.reported_at - first_at, timedelta(0)),
                credit=credit,
                credited=_credited(item, credit, parent, story.origin_id),
            )
        )
    return tuple(found)


def tree(story: Story) -> tuple[Appearance, ...]:
    """The appearances with each item behind the one it was taken from; siblings by time."""
    by_parent: dict[str | None, list[Appearance]] = {}
    for one in appearances(story):
        by_parent.setdefault(one.parent.id if one.parent else None, []).append(one)

    def below(item_id: str | None) -> Iterator[Appearance]:
        for one in by_parent.get(item_id, ()):
            yield one
            yield from below(one.item.id)

    return tuple(below(None))


def first_items(story: Story) -> tuple[Item, ...]:
    """The first item of a story; where the times do not tell which it was, each that may have been it."""
    first, *others = story.members
    return (first.item, *(each.item for each in others if _may_precede(each, first.item)))


def _may_precede(member: Member, first: Item) -> bool:
    item = member.item
    is_of_one_time = item.reported_at - first.reported_at < SAME_TIME or item.published_at is None
    return member.lineage.is_undecided and is_of_one_time


def chain(story: Story, a: str, b: str) -> tuple[Match, ...]:
    """The pairs that lead from one item of a story to another, each from the item before to the next.

    They are those of items and their parents; where these do not connect the two, pairs by which items
    came into the story complete them. Empty where nothing leads there.
    """
    stated = [member.lineage.parent for member in story.members]
    came_by = [member.match for member in story.members]
    return _path(filter(None, stated), a, b) or _path(filter(None, (*stated, *came_by)), a, b)


def _path(pairs: Iterable[Match], a: str, b: str) -> tuple[Match, ...]:
    """The shortest way from one item to another over pairs (breadth first); empty where there is none."""
    steps: dict[str, list[Match]] = {}
    for match in pairs:
        steps.setdefault(match.a, []).append(match)
        steps.setdefault(match.b, []).append(turned(match))
    reached: dict[str, Match | None] = {a: None}
    waiting = [a]
    while waiting and b not in reached:
        for match in steps.get(waiting.pop(0), ()):
            if match.b not in reached:
                reached[match.b] = match
                waiting.append(match.b)
    found = []
    while (step := reached.get(b)) is not None:
        found.append(step)
        b = step.a
    return tuple(reversed(found))


def credits_of(item: Item) -> tuple[Credit, ...]:
    """Whom an item's text credits, but for its own agency."""
    return tuple(credit for credit in item.credits if credit.agency_id != item.agency_id)


def sources_of(item: Item) -> tuple[str, ...]:
    """The agencies an item names as the source of its report, in the order of its credits."""
    named = (credit.agency_id for credit in credits_of(item) if not credit.background)
    return tuple(dict.fromkeys(named))


def _credit(member: Member, origin_id: str) -> CreditState | None:
    """Whom an item credits; not known of a copy whose story was summarised by rules that did not say."""
    if member.item.agency_id == origin_id:
        return None
    unsaid = CreditState.UNKNOWN if member.lineage.parent else None
    return member.lineage.credit or unsaid


def _credited(
    item: Item, credit: CreditState | None, parent: Item | None, origin_id: str
) -> bool | None:
    if credit is None:
        return None
    sources = {origin_id, parent.agency_id if parent else origin_id} - {item.agency_id}
    return not sources.isdisjoint(sources_of(item))


def _depth(item: Item, parents: Mapping[str, Item | None]) -> int:
    depth, above = 0, parents[item.id]
    while above is not None and depth < len(parents):
        depth, above = depth + 1, parents[above.id]
    return depth


def matches_from(members: Sequence[Member], root_id: str) -> Mapping[str, Match | None]:
    """The match of each item, by its id, as they lead to one of the items; None for that one.

    Matches lead from an item to the one it joined the story by, so they form a tree whose root is the
    founder. Another may be wanted as its root: the first by time (it was seen late, or the founder was
    split off), or the one by which the story came to another. The matches on the path from it to the
    root are reversed.
    """
    matches = {member.item.id: member.match for member in members}
    item_id, reversed_match = root_id, None
    visited = set[str]()
    while item_id in matches and item_id not in visited:
        visited.add(item_id)
        match, matches[item_id] = matches[item_id], reversed_match
        if match is None:
            break
        item_id, reversed_match = match.b, turned(match)
    return matches


def turned(match: Match) -> Match:
    """The same pair, from the other item's side."""
    return replace(match, a=match.b, b=match.a)


def was_corrected_at(story: Story) -> datetime | None:
    """When the origin last corrected the report, as it says; None where it did not."""
    times = [
        stated_at(member.item)
        for member in story.members
        if member.item.agency_id == story.origin_id and corrects(member.item, member.lineage)
    ]
    return max(times, default=None)


def corrects(item: Item, lineage: Lineage) -> bool:
    """Whether an item corrects something: by its mark, or by facts that it replaced."""
    return bool(lineage.corrects) or item.notice is Notice.CORRECTION


def stated_at(item: Item) -> datetime:
    """When an item said what it says now: when it was revised, else when it was reported."""
    return item.revised_at or item.reported_at


def carriers(story: Story) -> tuple[str, ...]:
    """The agencies that have the report beside the origin, in the order in which they came."""
    agencies = (member.item.agency_id for member in story.members)
    return tuple(dict.fromkeys(each for each in agencies if each != story.origin_id))


def was_withdrawn_at(story: Story) -> datetime | None:
    """When the origin withdrew the report, as its notice says, else when we saw it; None where it did not."""
    if story.killed_at is None:
        return None
    notices = [
        member.item
        for member in story.members
        if member.item.agency_id == story.origin_id and member.item.notice is Notice.KILL
    ]
    return min(map(stated_at, notices), default=story.killed_at)


def updated_at(story: Story) -> datetime:
    """When the report was last corrected or withdrawn; never before `published_at`."""
    return max(story.updated_at, story.published_at)
