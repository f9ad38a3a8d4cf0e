"""Items come into stories. Whatever moves an item ends in `rearrange`, which keeps this true:

- an item is in at most one story, and never in one which was joined into another;
- a story has items, or is an alias of the story that took its last ones;
- a story counts its items, and is led by one of them;
- every UTC day that gained, lost or changed a story has a new version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from aggregator.errors import NotFoundError, StoreError
from aggregator.model import Match, Move, StoryChange
from aggregator.store.changes import day_of, touch
from aggregator.store.chunks import chunks
from aggregator.store.engine import insert_new, upsert
from aggregator.store.schema import PAIR, items, matches, stories

Placed = tuple[Move, StoryChange, tuple[Match, ...]]


def place(connection: Connection, placements: Sequence[Placed]) -> None:
    """Put items into stories; one that is in a story already stays there, whatever is asked."""
    homes = story_ids_of(connection, {move.item_id for move, _, _ in placements})
    fresh = [placed for placed in placements if homes[placed[0].item_id] is None]
    if not fresh:
        return
    moves, changes = _current(
        connection,
        [move for move, _, _ in fresh],
        {change.story_id: change for _, change, _ in fresh},
    )
    rearrange(connection, moves, changes)
    save_matches(connection, [match for _, _, related in fresh for match in related])


def rearrange(
    connection: Connection, moves: Sequence[Move], changes: Collection[StoryChange]
) -> int:
    """Move items, and make every story of them what `changes` say. Gives the new version.

    Raises:
        NotFoundError: an item or a story is not there.
        StoreError: a story would be led by an item it does not hold.
    """
    former = story_ids_of(connection, [move.item_id for move in moves])
    heirs = {former[move.item_id]: move.story_id for move in moves}
    touched = {*filter(None, heirs), *(m.story_id for m in moves), *(c.story_id for c in changes)}
    touched_days = _days(connection, touched)
    _write_stories(connection, changes)
    _move(connection, moves)
    _count_items(connection, touched)
    for emptied in _empty(connection, touched):
        _join(connection, emptied, heirs.get(emptied))
    _refuse_broken(connection, touched)
    return touch(connection, touched_days | _days(connection, touched))


def save_matches(connection: Connection, pairs: Iterable[Match]) -> None:
    """Keep verified pairs; a pair that is there already stays as it is."""
    names = [column.name for column in PAIR]
    rows = [{name: getattr(match, name) for name in names} for match in pairs]
    insert_new(connection, matches, rows)


def story_ids_of(connection: Connection, item_ids: Collection[str]) -> dict[str, str | None]:
    """Give the story each item is in, None for an item in no story; NotFoundError for no item."""
    homes: dict[str, str | None] = {}
    for part in chunks(item_ids):
        rows = connection.execute(select(items.c.id, items.c.story_id).where(items.c.id.in_(part)))
        homes.update((row.id, row.story_id) for row in rows)
    for item_id in item_ids:
        if item_id not in homes:
            raise NotFoundError(f"no item has the id {item_id!r}")
    return homes


def match_values(match: Match | None, prefix: str) -> dict[str, Any]:
    """Give the five columns of a match, under their prefix."""
    return {prefix + column.name: getattr(match, column.name, None) for column in PAIR}


def _current(
    connection: Connection, moves: Sequence[Move], changes: dict[str, StoryChange]
) -> tuple[list[Move], list[StoryChange]]:
    """Bring placements up to what another process decided since they were thought of.

    A story that was joined into another stands for that one, which keeps its own summary; a summary
    whose lead has left the story is not written.
    """
    heirs = {story_id: _heir(connection, story_id) for story_id in _aliases(connection, changes)}
    moves = [
        Move(item_id=m.item_id, story_id=heirs.get(m.story_id, m.story_id), match=m.match)
        for m in moves
    ]
    homes = story_ids_of(connection, {change.lead_id for change in changes.values()})
    homes |= {move.item_id: move.story_id for move in moves}
    return moves, [c for c in changes.values() if homes[c.lead_id] == c.story_id]


def _aliases(connection: Connection, story_ids: Collection[str]) -> list[str]:
    found: list[str] = []
    for part in chunks(story_ids):
        query = select(stories.c.id).where(
            stories.c.id.in_(part), stories.c.joined_into.is_not(None)
        )
        found += connection.scalars(query)
    return found


def _heir(connection: Connection, story_id: str) -> str:
    query = select(stories.c.joined_into).where(stories.c.id == story_id)
    while (heir := connection.execute(query).scalar_one()) is not None:
        story_id = heir
        query = select(stories.c.joined_into).where(stories.c.id == story_id)
    return story_id


def _write_stories(connection: Connection, changes: Iterable[StoryChange]) -> None:
    rows = [
        {
            "id": change.story_id,
            "lead_id": change.lead_id,
            "origin_id": change.origin_id,
            "first_seen_at": change.first_seen_at,
            "updated_at": change.updated_at,
            "day": day_of(change.first_seen_at),
            "joined_into": None,
        }
        for change in changes
    ]
    upsert(connection, stories, rows)


def _move(connection: Connection, moves: Sequence[Move]) -> None:
    rows = [
        {"moved": move.item_id, "story_id": move.story_id, **match_values(move.match, "match_")}
        for move in moves
    ]
    if rows:
        connection.execute(update(items).where(items.c.id == bindparam("moved")), rows)


def _count_items(connection: Connection, story_ids: Collection[str]) -> None:
    counted = select(func.count()).where(items.c.story_id == stories.c.id).scalar_subquery()
    for part in chunks(story_ids):
        connection.execute(update(stories).where(stories.c.id.in_(part)).values(item_count=counted))


def _empty(connection: Connection, story_ids: Collection[str]) -> list[str]:
    found: list[str] = []
    for part in chunks(story_ids):
        query = select(stories.c.id).where(stories.c.id.in_(part), stories.c.item_count == 0)
        found += connection.scalars(query)
    return found


def _join(connection: Connection, emptied: str, heir: str | None) -> None:
    if heir is None:
        raise StoreError(f"story {emptied} cannot be without items")
    connection.execute(update(stories).where(stories.c.id == emptied).values(joined_into=heir))


def _refuse_broken(connection: Connection, story_ids: Collection[str]) -> None:
    for part in chunks(story_ids):
        broken = connection.execute(
            select(stories.c.id, stories.c.lead_id)
            .join(items, items.c.id == stories.c.lead_id, isouter=True)
            .where(
                stories.c.id.in_(part),
                stories.c.item_count > 0,
                or_(
                    items.c.story_id.is_distinct_from(stories.c.id),
                    stories.c.joined_into.is_not(None),
                ),
            )
        ).first()
        if broken is not None:
            raise StoreError(
                f"story {broken.id} cannot be led by {broken.lead_id}, which is not one of its items; "
                "if another process changed it meanwhile, try again"
            )


def _days(connection: Connection, story_ids: Collection[str]) -> set[date]:
    found: set[date] = set()
    for part in chunks(story_ids):
        found.update(connection.scalars(select(stories.c.day).where(stories.c.id.in_(part))))
    return found
