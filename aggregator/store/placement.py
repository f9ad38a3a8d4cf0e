"""Items are put into stories. Whatever moves an item calls `rearrange`, which keeps these invariants:

- an item is in at most one story, and never in one that was joined into another;
- a story has items, or is an alias of the story that took its last ones;
- a story has the count of its items, and its lead is one of them;
- a story has the copies among its items (copies.py), and in its row what it is listed by (heads.py);
- every UTC day that gained, lost or changed a story has a new version (changes.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from aggregator.errors import NotFoundError, StoreError
from aggregator.model import Lineage, Match, Member, Move, StoryChange, Summarise
from aggregator.store import copies, heads
from aggregator.store.changes import day_of, touch
from aggregator.store.chunks import chunks
from aggregator.store.engine import insert_new, upsert
from aggregator.store.items import by_id
from aggregator.store.rows import lineage_values
from aggregator.store.schema import PAIR, items, matches, stories
from aggregator.store.stories import members

Placed = tuple[Move, tuple[Match, ...]]  # an item into its story, and its related pairs


def place(connection: Connection, placements: Sequence[Placed], summarise: Summarise) -> None:
    """Put items into stories; one that already is in a story stays there."""
    story_ids = story_ids_of(connection, {move.item_id for move, _ in placements})
    waiting = [placed for placed in placements if story_ids[placed[0].item_id] is None]
    if not waiting:
        return
    moves = _into_present_stories(connection, [move for move, _ in waiting])
    rearrange(connection, moves, summaries(connection, moves, summarise))
    save_matches(connection, [match for _, related in waiting for match in related])


def summaries(
    connection: Connection, moves: Sequence[Move], summarise: Summarise
) -> list[StoryChange]:
    """Summarise every story that items leave or enter, as it will be."""
    moving = {move.item_id: move for move in moves}
    left = {story_id for story_id in story_ids_of(connection, moving).values() if story_id}
    present = members(connection, {*left, *(move.story_id for move in moves)}, markup=False)
    future: dict[str, list[Member]] = defaultdict(list)
    for story_id, held in present.items():
        for member in held:
            move = moving.pop(member.item.id, None)
            if move is None:
                future[story_id].append(member)
            else:
                future[move.story_id].append(arriving(member, move.match))
    for item_id, item in by_id(connection, moving).items():  # those in no story yet
        move = moving[item_id]
        future[move.story_id].append(Member(item=item, match=move.match))
    return [summarise(sorted(held, key=_report_order), id_) for id_, held in future.items()]


def arriving(member: Member, match: Match | None) -> Member:
    """Return a member as it arrives in another story by `match`: a person's choice goes with it."""
    return replace(member, match=match, lineage=Lineage())


def summarise_again(
    connection: Connection, story_ids: Collection[str], summarise: Summarise
) -> int:
    """Give stories the summaries of their present items. Returns the new version."""
    present = members(connection, story_ids, markup=False)
    changes = [summarise(held, story_id) for story_id, held in present.items()]
    return rearrange(connection, (), changes)


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
    _write_lineages(connection, changes)
    _count_items(connection, story_ids)
    for emptied in _emptied(connection, story_ids):
        _join(connection, emptied, successors.get(emptied))
    _refuse_broken(connection, story_ids)
    copies.keep(connection, story_ids)
    heads.keep(connection, story_ids)
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
            raise NotFoundError("There is no item with the id %(asked)r.", asked=item_id)
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


def _into_present_stories(connection: Connection, moves: Sequence[Move]) -> list[Move]:
    """Lead the moves into a story that another process has joined into another to that one."""
    successors = {
        story_id: successor(connection, story_id)
        for story_id in _aliases(connection, {move.story_id for move in moves})
    }
    return [replace(move, story_id=successors.get(move.story_id, move.story_id)) for move in moves]


def _report_order(member: Member) -> tuple[datetime, str]:
    return member.item.reported_at, member.item.id


def _aliases(connection: Connection, story_ids: Collection[str]) -> list[str]:
    found: list[str] = []
    for part in chunks(story_ids):
        query = select(stories.c.id).where(
            stories.c.id.in_(part), stories.c.joined_into.is_not(None)
        )
        found += connection.scalars(query)
    return found


def _write_stories(connection: Connection, changes: Collection[StoryChange]) -> None:
    published = _publication_dates(connection, [change.story_id for change in changes])
    rows = [
        {
            "id": change.story_id,
            "lead_id": change.lead_id,
            "origin_id": change.origin_id,
            "first_seen_at": change.first_seen_at,
            "updated_at": change.updated_at,
            "published_at": published.get(change.story_id, change.published_at),
            "killed_at": change.killed_at,
            "scheme": change.scheme,
            "day": day_of(change.first_seen_at),
            "joined_into": None,
        }
        for change in changes
    ]
    upsert(connection, stories, rows)


def _publication_dates(connection: Connection, story_ids: Collection[str]) -> dict[str, datetime]:
    """Return the dates of those stories that were published: they do not change any more."""
    found: dict[str, datetime] = {}
    for part in chunks(story_ids):
        rows = connection.execute(
            select(stories.c.id, stories.c.published_at).where(
                stories.c.id.in_(part), stories.c.is_published
            )
        )
        found.update((row.id, row.published_at) for row in rows)
    return found


def _write_lineages(connection: Connection, changes: Iterable[StoryChange]) -> None:
    """Write what the items of stories are to each other, but for those that have left theirs."""
    rows = [
        {"of_item": item_id, "in_story": change.story_id, **lineage_values(lineage)}
        for change in changes
        for item_id, lineage in change.lineages.items()
    ]
    if rows:
        here = (items.c.id == bindparam("of_item"), items.c.story_id == bindparam("in_story"))
        connection.execute(update(items).where(*here), rows)


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
