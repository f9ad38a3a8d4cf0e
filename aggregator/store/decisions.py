"""A person's joins and splits, and their undoing.

A decision keeps, for every item it moved, the story and the match the item had. To undo the last one
moves back those of its items which are still where it put them; items that came into a story since stay
there, and every story touched is summarised anew by the caller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from aggregator.errors import NotFoundError
from aggregator.model import Decision, Member, Move, StoryChange
from aggregator.store.placing import match_values, rearrange, story_ids_of
from aggregator.store.rows import read_match
from aggregator.store.schema import FORMER_MATCH, ITEM_MATCH, decisions, items, moves
from aggregator.store.stories import members

Summarise = Callable[[Sequence[Member], str], StoryChange]

_DECISION = tuple(decisions.c[field.name] for field in fields(Decision))


def decide(
    connection: Connection,
    decision: Decision,
    placing: Sequence[Move],
    changes: Sequence[StoryChange],
) -> Decision:
    """Move items as a person says, and remember how to take it back; the decision gets its id."""
    former = _former_rows(connection, placing)
    version = rearrange(connection, placing, changes)
    values = {
        name: getattr(decision, name) for name in ("action", "item_id", "other_id", "made_at")
    }
    decision_id = connection.execute(
        insert(decisions).values(**values, version=version).returning(decisions.c.id)
    ).scalar_one()
    decision = replace(decision, id=decision_id)
    connection.execute(insert(moves), [row | {"decision_id": decision.id} for row in former])
    return decision


def last(connection: Connection) -> tuple[Decision, tuple[Move, ...]] | None:
    """Give the decision `undo` would take back, and the moves that would do it."""
    row = connection.execute(
        select(*_DECISION)
        .where(decisions.c.undone_at.is_(None))
        .order_by(decisions.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (_read(row), _moves_back(connection, row.id))


def undo(connection: Connection, now: datetime, summarise: Summarise) -> Decision:
    """Take back the last decision; NotFoundError when there is none."""
    undone = last(connection)
    if undone is None:
        raise NotFoundError("nothing to undo: no decision was made, or all were taken back")
    decision, back = undone
    version = rearrange(connection, back, _summaries(connection, back, summarise))
    connection.execute(
        update(decisions)
        .where(decisions.c.id == decision.id)
        .values(undone_at=now, version=version)
    )
    return decision


def made(connection: Connection, after_id: int) -> list[Decision]:
    """Give the decisions in force that were made after one, oldest first."""
    rows = connection.execute(
        select(*_DECISION)
        .where(decisions.c.id > after_id, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.id)
    )
    return [_read(row) for row in rows]


def moves_since(connection: Connection, since_version: int) -> list[tuple[str, str]]:
    """Give the items that decisions made or undone since moved, each with its present story."""
    rows = connection.execute(
        select(items.c.id, items.c.story_id)
        .where(
            items.c.story_id.is_not(None),
            items.c.id.in_(
                select(moves.c.item_id)
                .join(decisions, decisions.c.id == moves.c.decision_id)
                .where(decisions.c.version > since_version)
            ),
        )
        .order_by(items.c.reported_at, items.c.id)
    )
    return [(row.id, row.story_id) for row in rows]


def _former_rows(connection: Connection, placing: Sequence[Move]) -> list[dict[str, object]]:
    """Give what the moved items are before they move, as rows of `moves`."""
    targets = {move.item_id: move.story_id for move in placing}
    rows = connection.execute(
        select(*ITEM_MATCH, items.c.id, items.c.story_id).where(items.c.id.in_(targets))
    ).all()
    placed = {row.id for row in rows if row.story_id is not None}
    for item_id in targets:
        if item_id not in placed:
            raise NotFoundError(f"item {item_id} is in no story, so it cannot be moved")
    return [
        {
            "item_id": row.id,
            "story_id": targets[row.id],
            "former_story_id": row.story_id,
            **match_values(read_match(row), "former_"),
        }
        for row in rows
    ]


def _moves_back(connection: Connection, decision_id: int) -> tuple[Move, ...]:
    """Give the moves that take a decision back, for the items that are where it put them."""
    rows = connection.execute(
        select(*FORMER_MATCH, moves.c.item_id, moves.c.former_story_id)
        .join(items, items.c.id == moves.c.item_id)
        .where(moves.c.decision_id == decision_id, items.c.story_id == moves.c.story_id)
        .order_by(items.c.reported_at, items.c.id)
    )
    return tuple(
        Move(item_id=row.item_id, story_id=row.former_story_id, match=read_match(row))
        for row in rows
    )


def _summaries(
    connection: Connection, back: Sequence[Move], summarise: Summarise
) -> list[StoryChange]:
    """Have every story which the moves leave or enter summarised, as it will be."""
    moving = {move.item_id: move for move in back}
    left = set(story_ids_of(connection, moving).values())
    present = members(connection, {*filter(None, left), *(move.story_id for move in back)})
    rooms: dict[str, list[Member]] = defaultdict(list)
    for story_id, room in present.items():
        for member in room:
            move = moving.get(member.item.id)
            if move is None:
                rooms[story_id].append(member)
            else:
                rooms[move.story_id].append(Member(item=member.item, match=move.match))
    return [summarise(sorted(room, key=_reported), story_id) for story_id, room in rooms.items()]


def _reported(member: Member) -> tuple[datetime, datetime, str]:
    return member.item.reported_at, member.item.seen_at, member.item.id


def _read(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(**row._asdict())
