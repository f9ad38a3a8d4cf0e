"""Items are put into stories. Whatever moves an item calls `rearrange`, which keeps these invariants:

- an item is in at most one story, and never in one that was joined into another;
- a story has items, or is an alias of the story that took its last ones;
- a story has the count of its items, and its lead is one of them;
- every UTC day that gained, lost or changed a story has a new version (changes.py).
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
    """Put items into stories; one that already is in a story stays there."""
    story_ids = story_ids_of(connection, {move.item_id for move, _, _ in placements})
    waiting = [placed for placed in placements if story_ids[placed[0].item_id] is None]
    if not waiting:
        return
    moves, changes = _current(
        connection,
        [move for move, _, _ in waiting],
        {change.story_id: change for _, change, _ in waiting},
    )
    rearrange(connection, moves, changes)
    save_matches(connection, [match for _, _, related in waiting for match in related])


def rearrange(
    connection: Connection, moves: Sequence[Move], changes: Collection[StoryChange]
) -> int:
    """Move items, and give their stories the summaries in `changes`. Returns the new version.

    Raises:
        NotFoundError: an item or a story does not exist.
        StoreError: a story would be led by an item it does not hold.
    """
    former = story_ids_of(connection, [move.item_id for move in moves])
    successors = {former[move.item_id]: move.story_id for move in moves}
    story_ids = {
        *filter(None, successors),
        *(m.story_id for m in moves),
        *(c.story_id for c in changes),
    }
    days_before = _days(connection, story_ids)
    _write_stories(connection, changes)
    _move(connection, moves)
    _count_items(connection, story_ids)
    for emptied in _emptied(connection, story_ids):
        _join(connection, emptied, successors.get(emptied))
    _refuse_broken(connection, story_ids)
    return touch(connection, days_before | _days(connection, story_ids))


def save_matches(connection: Connection, pairs: Iterable[Match]) -> None:
    """Store verified pairs; one that is stored already stays as it is."""
    names = [column.name for column in PAIR]
    rows = [{name: getattr(match, name) for name in names} for match in pairs]
    insert_new(connection, matches, rows)


def story_ids_of(connection: Connection, item_ids: Collection[str]) -> dict[str, str | None]:
    """Return the story each item is in, None where it is in none; NotFoundError for an unknown item."""
    story_ids: dict[str, str | None] = {}
    for part in chunks(item_ids):
        rows = connection.execute(select(items.c.id, items.c.story_id).where(items.c.id.in_(part)))
        story_ids.update((row.id, row.story_id) for row in rows)
    for item_id in item_ids:
        if item_id not in story_ids:
            raise NotFoundError(f"There is no item with the id {item_id!r}.")
    return story_ids


def match_values(match: Match | None, prefix: str) -> dict[str, Any]:
    """Return the five columns of a match, under their prefix."""
    return {prefix + column.name: getattr(match, column.name, None) for column in PAIR}


def successor(connection: Connection, story_id: str) -> str:
    """Return the story that one was joined into, at last; its own id when it was not."""
    query = select(stories.c.joined_into).where(stories.c.id == story_id)
    while (successor := connection.execute(query).scalar_one()) is not None:
        story_id = successor
        query = select(stories.c.joined_into).where(stories.c.id == story_id)
    return story_id


def _current(
    connection: Connection, moves: Sequence[Move], changes: dict[str, StoryChange]
) -> tuple[list[Move], list[StoryChange]]:
    """Adapt placements to what another process has decided since they were made.

    A story that was joined into another is replaced by that one, which keeps its own summary; a summary
    whose lead has left the story is not written.
    """
    successors = {
        story_id: successor(connection, story_id) for story_id in _aliases(connection, changes)
    }
    moves = [
        Move(item_id=m.item_id, story_id=successors.get(m.story_id, m.story_id), match=m.match)
        for m in moves
    ]
    story_ids = story_ids_of(connection, {change.lead_id for change in changes.values()})
    story_ids |= {move.item_id: move.story_id for move in moves}
    return moves, [c for c in changes.values() if story_ids[c.lead_id] == c.story_id]


def _aliases(connection: Connection, story_ids: Collection[str]) -> list[str]:
    found: list[str] = []
    for part in chunks(story_ids):
        query = select(stories.c.id).where(
            stories.c.id.in_(part), stories.c.joined_into.is_not(None)
        )
        found += connection.scalars(query)
    return found


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


def _emptied(connection: Connection, story_ids: Collection[str]) -> list[str]:
    found: list[str] = []
    for part in chunks(story_ids):
        query = select(stories.c.id).where(stories.c.id.in_(part), stories.c.item_count == 0)
        found += connection.scalars(query)
    return found


def _join(connection: Connection, emptied: str, successor: str | None) -> None:
    if successor is None:
        raise StoreError(f"Story {emptied} cannot be without items.")
    connection.execute(update(stories).where(stories.c.id == emptied).values(joined_into=successor))


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
                f"Story {broken.id} cannot be led by {broken.lead_id}, which is not one of its items. "
                "If another process has changed it in the meantime, try again."
            )


def _days(connection: Connection, story_ids: Collection[str]) -> set[date]:
    found: set[date] = set()
    for part in chunks(story_ids):
        found.update(connection.scalars(select(stories.c.day).where(stories.c.id.in_(part))))
    return found
