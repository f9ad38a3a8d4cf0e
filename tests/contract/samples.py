"""Small values for the suite of the store: one feed, items an hour apart, stories summarised plainly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model import (
    Arrival,
    Change,
    ChannelPrint,
    Evidence,
    FeedState,
    Fingerprint,
    Item,
    Kind,
    Match,
    Member,
    Move,
    StoryChange,
)
from aggregator.store.placement import Placed
from aggregator.store.store import Store

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EARLIER = NOON - timedelta(days=365)


def state(feed_id: str = "bta-bg", **changes: Any) -> FeedState:
    url = f"https://{feed_id}.example/rss"
    fresh = FeedState(feed_id=feed_id, url=url, configured_url=url, next_due_at=NOON)
    return replace(fresh, **changes)


def item(item_id: str, **changes: Any) -> Item:
    fresh = Item(
        id=item_id,
        feed_id="bta-bg",
        agency_id="bta",
        title=f"Мостът при Лозен е отворен ({item_id})",
        text="Движението по новия мост започна във вторник.",
        seen_at=NOON,
        reported_at=NOON,
        guid=f"guid-{item_id}",
        link=f"https://bta-bg.example/{item_id}",
        html="<p>Движението по новия мост започна във вторник.</p>",
        language="bg",
        published_at=NOON,
        content_hash=f"hash-{item_id}",
    )
    return replace(fresh, **changes)


def arrival(of: Item, *keys: str) -> Arrival:
    change = Change.NEW if of.revision == 1 else Change.REVISED
    return Arrival(item=of, change=change, keys=keys or (f"guid:{of.guid}",))


def fingerprint(mark: str = "", scheme: str = "plain-1") -> Fingerprint:
    return Fingerprint(
        language="bg",
        parts=(
            ChannelPrint(channel="crosslang", scheme="neutral-1", data=b"\x02"),
            ChannelPrint(
                channel="words", scheme=scheme, data=f"signature {mark}\0\xff".encode("latin-1")
            ),
        ),
    )


def match(a: str, b: str, kind: Kind = Kind.NEAR, score: float = 0.9) -> Match:
    return Match(a=a, b=b, kind=kind, score=score, evidence=Evidence(rule="r", reason="why"))


def summarise(members: Sequence[Member], story_id: str) -> StoryChange:
    """The founder leads; the times are its own, and those of the last revision; nothing has a parent."""
    lead = next((member.item for member in members if member.match is None), members[0].item)
    revised = [member.item.revised_at for member in members if member.item.revised_at]
    return StoryChange(
        story_id=story_id,
        lead_id=lead.id,
        origin_id=lead.agency_id,
        first_seen_at=lead.seen_at,
        updated_at=max([lead.seen_at, *revised]),
        published_at=lead.reported_at,
        scheme="plain-1",
    )


def unlike(item: Item, other: Item) -> Match:
    """The verdict on two items that nothing joins: what `match.story` asks for in tests without texts."""
    return match(item.id, other.id, Kind.RELATED, 0.0)


def save(store: Store, *items: Item) -> None:
    """Store items, those of a feed in one poll."""
    for feed_id in {one.feed_id: None for one in items}:
        filed = [(arrival(one), fingerprint(one.id)) for one in items if one.feed_id == feed_id]
        store.save_polls([state(feed_id)], filed)


def founding(of: Item, *related: Match) -> Placed:
    """The placement of an item which founds its own story, "s" and its id."""
    return Move(item_id=of.id, story_id=f"s{of.id}"), related


def joining(of: Item, to: Item, *related: Match, story_id: str | None = None) -> Placed:
    """The placement of an item into the story that `to` founded."""
    move = Move(item_id=of.id, story_id=story_id or f"s{to.id}", match=match(of.id, to.id))
    return move, related


def place(store: Store, *placements: Placed) -> None:
    """Put items into stories, summarised plainly."""
    store.place(placements, summarise=summarise)


def found(store: Store, *items: Item) -> None:
    """Store items and give each a story of its own."""
    save(store, *items)
    place(store, *map(founding, items))
