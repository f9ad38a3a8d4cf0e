"""Stories as they are told: items with what each was taken from, for tests of how they are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model import Credit, Evidence, Item, Kind, Lineage, Match, Member, Story

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REASON = "The same figures and names stand in both."


def report(item_id: str, agency_id: str, minutes: float = 0, **changes: Any) -> Item:
    """An English item reported so many minutes after noon, and seen then."""
    at = NOON + timedelta(minutes=minutes)
    fresh = Item(
        id=item_id,
        feed_id=f"{agency_id}-feed",
        agency_id=agency_id,
        title="Dry port opens at Saryagash",
        text="More than 40 wagons a day.",
        link=f"https://{agency_id}.example/{item_id}",
        language="en",
        published_at=at,
        reported_at=at,
        seen_at=at,
    )
    return replace(fresh, **changes)


def pair(a: str, b: str, kind: Kind = Kind.NEAR, score: float = 0.9, reason: str = REASON) -> Match:
    return Match(a=a, b=b, kind=kind, score=score, evidence=Evidence(rule="facts", reason=reason))


def credited(agency_id: str, *, background: bool = False) -> Credit:
    return Credit(agency_id=agency_id, phrase=f"{agency_id} reports", background=background)


def first(item: Item, **lineage: Any) -> Member:
    """An item that was taken from none of the others."""
    return Member(item=item, lineage=Lineage(**lineage))


def taken(item: Item, parent: Item, kind: Kind = Kind.NEAR, **lineage: Any) -> Member:
    """An item taken from another, by which it also came into the story."""
    match = pair(item.id, parent.id, kind)
    return Member(item=item, match=match, lineage=Lineage(parent=match, **lineage))


def story_of(*members: Member, **changes: Any) -> Story:
    """The story of these members, in the order of their reports; the first leads and is the origin's."""
    ordered = tuple(sorted(members, key=lambda each: (each.item.reported_at, each.item.id)))
    lead = members[0].item
    told = Story(
        id=f"s{lead.id}",
        members=ordered,
        lead_id=lead.id,
        origin_id=lead.agency_id,
        first_seen_at=min(member.item.seen_at for member in members),
        updated_at=min(member.item.seen_at for member in members),
        published_at=ordered[0].item.reported_at,
    )
    return replace(told, **changes)
