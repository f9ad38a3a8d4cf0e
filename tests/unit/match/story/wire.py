"""Items of one report, made in a line. Times are hours after noon.

`kaz` and `bta` are partners, `mia` and `tanjug` carry their reports. All have the same text unless
another is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from aggregator.match.story import summarise
from aggregator.match.story.stated import Relate
from aggregator.model import (
    Credit,
    Evidence,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    StoryChange,
)

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def mention(agency: str) -> Credit:
    return Credit(agency_id=agency, phrase=f"{agency} reports")


def agreement(agency: str) -> Credit:
    return Credit(agency_id=agency, phrase=f"by agreement with {agency}", agreement=True)


def background(agency: str) -> Credit:
    return Credit(agency_id=agency, phrase=f"as {agency} wrote last year", background=True)


def item(
    agency: str,
    hours: float,
    *said: Credit,
    item_id: str = "",
    seen: float | None = None,
    revised: float | None = None,
    text: str = "It spans the river.",
    **changes: Any,
) -> Item:
    """An English item reported at that time, and seen then where nothing else is said."""
    fresh = Item(
        id=item_id or f"{agency}-{hours}",
        feed_id=f"{agency}-en",
        agency_id=agency,
        title="A bridge is opened",
        text=text,
        language="en",
        seen_at=at(hours if seen is None else seen),
        reported_at=at(hours),
        published_at=at(hours),
        revised_at=None if revised is None else at(revised),
        revision=1 if revised is None else 2,
        credits=said,
    )
    return replace(fresh, **changes)


def match(a: str, b: str, kind: Kind = Kind.NEAR, score: float = 0.9, rule: str = "model") -> Match:
    return Match(a=a, b=b, kind=kind, score=score, evidence=Evidence(rule=rule, reason="why"))


def related(one: Item, other: Item) -> Match:
    """No two would be joined by themselves."""
    return match(one.id, other.id, Kind.RELATED, 0.0)


def alike(scores: Mapping[tuple[str, str], float]) -> Relate:
    """Pairs are as alike as is given, whichever is asked for first; the others are not."""

    def relate(one: Item, other: Item) -> Match:
        score = scores.get((one.id, other.id)) or scores.get((other.id, one.id)) or 0.0
        return match(one.id, other.id, Kind.NEAR if score > 0.5 else Kind.RELATED, score)

    return relate


def of(
    *items: Item, relate: Relate = related, story_id: str = "s", chosen: Sequence[str] = ()
) -> StoryChange:
    """The story of these items, which is the same in whatever order they come.

    `chosen` are the ids of those that a person made the lead, the last one last.
    """
    decisions = {item_id: number for number, item_id in enumerate(chosen, start=1)}
    first, *others = [
        summarise(
            [Member(item=each, chosen=decisions.get(each.id)) for each in order],
            story_id,
            relate=relate,
        )
        for order in _orders(items)
    ]
    assert all(other == first for other in others)
    return first


def _orders(items: Sequence[Item]) -> list[Sequence[Item]]:
    return list(permutations(items)) if len(items) < 5 else [items, items[::-1]]


def parents(story: StoryChange) -> dict[str, str | None]:
    """The id of each item's parent."""
    return {name: each.parent.b if each.parent else None for name, each in story.lineages.items()}


def lineage(story: StoryChange, item_id: str) -> Lineage:
    return story.lineages[item_id]
