"""Who published a story first, who carried it when, in which language, credited or not.

Everything is derived from the values of the model alone, so that the feeds, the JSON listings, the
command line and the web pages say the same of a story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aggregator.model import Agency, Item, Kind, Match, Member, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One item of a story as an appearance of its report, relative to the first one.

    `match` is the pair it was recognised by, None for the first. `lag` is the time since the first
    item's `reported_at`, never negative. `credited` is None for an item of the origin itself, else
    whether its text names the origin.
    """

    item: Item
    match: Match | None
    lag: timedelta
    credited: bool | None

    @property
    def kind(self) -> Kind | None:
        """The kind of its match; None for the first."""
        return self.match.kind if self.match else None


def appearances(story: Story) -> tuple[Appearance, ...]:
    """Every item of the story in the order of `reported_at`, so the first appearance comes first."""
    first_at = story.members[0].item.reported_at
    matches = matches_from(story.members, story.members[0].item.id)
    return tuple(
        Appearance(
            item=member.item,
            match=matches[member.item.id],
            lag=max(member.item.reported_at - first_at, timedelta(0)),
            credited=credited(member.item, story.origin_id),
        )
        for member in story.members
    )


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


def credited(item: Item, origin_id: str) -> bool | None:
    """Whether the item credits the agency of origin; None when it is that agency's own item."""
    if item.agency_id == origin_id:
        return None
    return any(credit.agency_id == origin_id for credit in item.credits)


def published_at(story: Story) -> datetime:
    """When the item that founded the story was reported: a copy that comes later does not change it."""
    founder = min(
        (member.item for member in story.members), key=lambda item: (item.seen_at, item.id)
    )
    return founder.reported_at


def updated_at(story: Story) -> datetime:
    """When the report was last corrected; never before `published_at`."""
    return max(story.updated_at, published_at(story))


def agency_name(agencies: Mapping[str, Agency], agency_id: str) -> str:
    """The agency's name, or its id when it is no longer configured."""
    agency = agencies.get(agency_id)
    return agency.name if agency else agency_id


def summary_line(story: Story, agencies: Mapping[str, Agency]) -> str:
    """One line such as "4 items, 3 agencies; first: Kazinform"."""
    items = len(story.members)
    outlets = len({member.item.agency_id for member in story.members})
    first = agency_name(agencies, story.members[0].item.agency_id)
    return (
        f"{items} item{'s' if items > 1 else ''}, "
        f"{outlets} {'agencies' if outlets > 1 else 'agency'}; first: {first}"
    )


def lag_in_words(lag: timedelta) -> str:
    """A lag in words: "+45 s", "+12 min", "+2 h 05 min", "+3 d 4 h"."""
    seconds = int(lag.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"+{days} d {hours % 24} h"
    if hours:
        return f"+{hours} h {minutes % 60:02} min"
    return f"+{minutes} min" if minutes else f"+{seconds} s"


def rfc3339(at: datetime) -> str:
    """A time in UTC, to the second, with "Z" (RFC 3339, section 5.6)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
