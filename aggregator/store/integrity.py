"""Is the database sound, and how large is it?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, and_, false, func, or_, select

from aggregator.store import fulltext
from aggregator.store.engine import integrity_problems, size_bytes
from aggregator.store.schema import (
    days,
    decisions,
    feeds,
    fingerprints,
    item_keys,
    item_words,
    items,
    matches,
    stories,
)

_LISTED = 5  # ids listed for each kind of problem

_lead, _successor = items.alias("lead"), stories.alias("successor")
_item_count = select(func.count()).where(items.c.story_id == stories.c.id).scalar_subquery()
_story_count = (
    select(func.count())
    .where(stories.c.day == days.c.day, stories.c.item_count > 0)
    .scalar_subquery()
)


# What must always hold: what is wrong where it does not, and a query for the ids.
_INVARIANTS: tuple[tuple[str, Select[Any]], ...] = (
    (
        "items without a fingerprint, so never placed",
        select(items.c.id).where(items.c.id.not_in(select(fingerprints.c.item_id))),
    ),
    (
        "items without a key, so stored again at the next poll",
        select(items.c.id).where(items.c.id.not_in(select(item_keys.c.item_id))),
    ),
    (
        "items without words, so that no search finds them",
        select(items.c.id).where(items.c.id.not_in(select(item_words.c.item_id))),
    ),
    (
        "items in a story that was joined into another",
        select(items.c.id)
        .join(stories, stories.c.id == items.c.story_id)
        .where(stories.c.joined_into.is_not(None)),
    ),
    (
        "stories without items that were not joined into another",
        select(stories.c.id).where(_item_count == 0, stories.c.joined_into.is_(None)),
    ),
    (
        "stories whose lead is not one of their items",
        select(stories.c.id)
        .outerjoin(_lead, and_(_lead.c.id == stories.c.lead_id, _lead.c.story_id == stories.c.id))
        .where(stories.c.joined_into.is_(None), _lead.c.id.is_(None)),
    ),
    (
        "stories with a wrong count of items",
        select(stories.c.id).where(stories.c.item_count != _item_count),
    ),
    (
        "stories joined into themselves",
        select(stories.c.id)
        .join(_successor, _successor.c.id == stories.c.joined_into)
        .where(or_(_successor.c.id == stories.c.id, _successor.c.joined_into == stories.c.id)),
    ),
    (
        "days with a wrong count of stories",
        select(days.c.day).where(days.c.story_count != _story_count),
    ),
)


def problems(connection: Connection) -> list[str]:
    """Describe what is wrong; empty when the database is sound. Reads all of it."""
    found = (_problem(connection, words, query) for words, query in _INVARIANTS)
    in_engine = integrity_problems(connection) + fulltext.problems(connection)
    return in_engine + [problem for problem in found if problem]


def figures(connection: Connection) -> dict[str, int]:
    """Count what the database holds."""
    counted = {
        "feeds": select(func.count()).select_from(feeds).where(feeds.c.retired == false()),
        "items": select(func.count()).select_from(items),
        "unplaced": select(func.count()).select_from(items).where(items.c.story_id.is_(None)),
        "stories": select(func.coalesce(func.sum(days.c.story_count), 0)),
        "related": select(func.count()).select_from(matches),
        "decisions": select(func.count()).where(decisions.c.undone_at.is_(None)),
    }
    numbers = {name: int(connection.execute(q).scalar_one()) for name, q in counted.items()}
    return numbers | {"bytes": size_bytes(connection)}


def _problem(connection: Connection, words: str, query: Select[Any]) -> str:
    ids = [str(name) for name in connection.scalars(query)]
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return f"{len(ids)} {words}: {', '.join(ids[:_LISTED])}{more}" if ids else ""
