"""Stories told in a few words and put into a real store: who reported what, when, taken from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.match import story
from aggregator.model import (
    Arrival,
    Change,
    Credit,
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
from aggregator.store.store import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVIDENCE = Evidence(rule="model", reason="The texts are alike.")


def item(item_id: str, agency: str, at: datetime, *sources: str, **changes: Any) -> Item:
    """A whole report of an agency, by default in English, that names these agencies as its source."""
    fresh = Item(
        id=item_id,
        feed_id=f"{agency}-en",
        agency_id=agency,
        title=f"Ferry sails again ({item_id})",
        text="The night ferry sails again after a week in the dock.",
        seen_at=at + 5 * MINUTE,
        reported_at=at,
        published_at=at,
        guid=item_id,
        link=f"https://{agency}.example/{item_id}",
        language="en",
        content_hash=item_id,
        credits=tuple(Credit(agency_id=one, phrase=f"{one} reports") for one in sources),
        is_whole=True,
    )
    return replace(fresh, **changes)


def save(store: Store, *items: Item) -> None:
    """Store items, in no story yet."""
    for one in items:
        url = f"https://{one.agency_id}.example/rss"
        state = FeedState(feed_id=one.feed_id, url=url, configured_url=url, next_due_at=NOON)
        arrival = Arrival(item=one, change=Change.NEW, keys=(f"guid:{one.guid}",))
        store.save_polls([state], [(arrival, Fingerprint(language="en"))])


def tell(
    store: Store,
    *items: Item,
    lineages: Mapping[str, Mapping[str, Any]] | None = None,
    **changes: Any,
) -> str:
    """Store items as one story, which the first founds; its id.

    What their lineages or the story are said to be beside what follows from the items is in `lineages`,
    by item, and `changes`.
    """
    save(store, *items)

    def summarise(members: Sequence[Member], story_id: str) -> StoryChange:
        made = story.summarise(members, story_id, relate=relate)
        said = {
            item_id: replace(lineage, **(lineages or {}).get(item_id, {}))
            for item_id, lineage in made.lineages.items()
        }
        return replace(made, lineages=said, **changes)

    first, *others = items
    story_id = f"s{first.id}"
    founding = Move(item_id=first.id, story_id=story_id)
    joining = [Move(item_id=o.id, story_id=story_id, match=relate(o, first)) for o in others]
    store.place([(move, ()) for move in (founding, *joining)], summarise=summarise)
    return story_id


def relate(a: Item, b: Item) -> Match:
    """Any two are copies, by their languages."""
    kind = Kind.NEAR if a.language == b.language else Kind.TRANSLATION
    return Match(a=a.id, b=b.id, kind=kind, score=0.9, evidence=EVIDENCE)
