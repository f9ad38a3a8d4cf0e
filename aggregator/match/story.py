"""The items of a story decide its id, whose report it is (the origin), and which item leads it.

1. The earliest item is the first by `reported_at`, then by `seen_at`, then by id. It starts the story,
   whose id is made of its own and stays when an earlier item arrives.
2. An item speaks for each agency its text credits, once by an agreement line and once by mentions. What
   it says of its own agency does not count.
3. The origin is the agency with the most agreement lines; among equals that with the most mentions;
   then that whose item is the earliest, one without any coming last; then the first by its id. An
   agency can be the origin without having an item in the story.
4. Where no item credits another agency, the origin is that of the earliest item.
5. The lead is the origin's earliest item; where it has none, the earliest of all.
6. A copy does not make a story new, a correction does: `updated_at` is the time of the last revision of
   any item, or `first_seen_at` where there was none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from aggregator.model import Item, Member, StoryChange


def story_id_started_by(item: Item) -> str:
    """The id of the story that an item starts."""
    return f"s{item.id}"


def summarise(members: Sequence[Member], *, story_id: str | None = None) -> StoryChange:
    """What a story of these members is, in whatever order they come.

    `members` is not empty. Without `story_id` it is the story that the earliest member starts.
    """
    items = sorted((member.item for member in members), key=_time)
    origin_id = _origin(items)
    first_seen_at = min(item.seen_at for item in items)
    return StoryChange(
        story_id=story_id or story_id_started_by(items[0]),
        lead_id=next((item for item in items if item.agency_id == origin_id), items[0]).id,
        origin_id=origin_id,
        first_seen_at=first_seen_at,
        updated_at=max(item.revised_at or first_seen_at for item in items),
    )


def _time(item: Item) -> tuple[datetime, datetime, str]:
    return item.reported_at, item.seen_at, item.id


def _origin(items: Sequence[Item]) -> str:
    """The id of the agency whose report it is; `items` have the earliest in front."""
    agreements: Counter[str] = Counter()
    mentions: Counter[str] = Counter()
    for item in items:
        for credit in item.credits:
            if credit.agency_id != item.agency_id:
                (agreements if credit.agreement else mentions)[credit.agency_id] += 1
    credited = agreements.keys() | mentions.keys()
    if not credited:
        return items[0].agency_id
    reported = list(dict.fromkeys(item.agency_id for item in items))

    def rank(agency_id: str) -> tuple[int, int, int, str]:
        place = reported.index(agency_id) if agency_id in reported else len(reported)
        return -agreements[agency_id], -mentions[agency_id], place, agency_id

    return min(credited, key=rank)
