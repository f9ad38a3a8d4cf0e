"""Items become stories: which id a story has, who leads it, and whose report it is.

The origin is the agency most members credit, for a copy says whose it is; an agreement line says
so with more force, and where nobody is credited the earliest report has it. The lead is the
origin's own item if we have one, in its earliest form, else the first item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from aggregator.model import Item, Member, StoryChange

_AGREEMENT_WEIGHT = 100  # an agreement line outweighs any number of mere mentions


def found(item: Item) -> str:
    """The id of the story an item founds."""
    return f"s{item.id}"


def summarise(members: Sequence[Member], *, story_id: str | None = None) -> StoryChange:
    """What a story of these members is.

    `members` is not empty. Without `story_id` it is the story the earliest member founds. A copy
    does not make a story new, a correction does: `updated_at` is the time of the last revision of
    any member, and that of the first sight where there was none.
    """
    items = sorted((member.item for member in members), key=_order)
    origin_id = _origin(items)
    first_seen_at = min(item.seen_at for item in items)
    return StoryChange(
        story_id=story_id or found(items[0]),
        lead_id=next((item for item in items if item.agency_id == origin_id), items[0]).id,
        origin_id=origin_id,
        first_seen_at=first_seen_at,
        updated_at=max(item.revised_at or first_seen_at for item in items),
    )


def _order(item: Item) -> tuple[datetime, datetime, str]:
    return item.reported_at, item.seen_at, item.id


def _origin(items: Sequence[Item]) -> str:
    """The agency most credited by others; among equals the one that reported first."""
    votes: Counter[str] = Counter()
    for item in items:
        for credit in item.credits:
            if credit.agency_id != item.agency_id:
                votes[credit.agency_id] += _AGREEMENT_WEIGHT if credit.agreement else 1
    if not votes:
        return items[0].agency_id
    first = {item.agency_id: rank for rank, item in reversed(list(enumerate(items)))}
    return min(votes, key=lambda agency: (-votes[agency], first.get(agency, len(items)), agency))
