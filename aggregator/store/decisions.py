"""A person's joins, splits and leads, and their undoing.

A decision records, for every item it moved, the story and the match the item had. To undo the last one
moves back those of its items that are still where it put them; items that joined a story since stay
there. A lead moves nothing: it is in force while it is not undone, and goes wherever its item goes
(`Member.chosen`). Every story that changes is summarised anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from aggregator.errors import NotFoundError
from aggregator.model import Action, Decision, DecisionRecord, Item, Move, Summarise
from aggregator.store.items import by_id
from aggregator.store.placement import (
    match_values,
    rearrange,
    story_ids_of,
    successor,
    summaries,
    summarise_again,
)
from aggregator.store.rows import read_item, read_match
from aggregator.store.schema import FORMER_MATCH, ITEM, ITEM_MATCH, decisions, items, moves

_FIELDS = tuple(field.name for field in fields(Decision))
_DECISION = tuple(decisions.c[name] for name in _FIELDS)


def decide(
    connection: Connection,
    decision: Decision,
    planned: Sequence[Move],
    summarise: Summarise,
) -> Decision:
    """Move items as a person decided, and record how to undo it. Returns the decision with its id."""
    former = _former_rows(connection, planned)
    names = ("action", "item_id", "other_id", "made_at", "made_by", "reason")
    values = {name: getattr(decision, name) for name in names}
    decision_id = connection.execute(
        insert(decisions).values(**values, version=0).returning(decisions.c.id)
    ).scalar_one()
    decision = replace(decision, id=decision_id)
    _carry_out(connection, decision, planned, summarise)
    if former:
        connection.execute(insert(moves), [row | {"decision_id": decision_id} for row in former])
    return decision


def last(connection: Connection) -> tuple[Decision, tuple[Move, ...]] | None:
    """Return the decision that `undo` would undo, and the moves that would do it."""
    row = connection.execute(
        select(*_DECISION)
        .where(decisions.c.undone_at.is_(None))
        .order_by(decisions.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    decision = _read(row)
    return decision, _moves_back(connection, decision)


def undo(connection: Connection, now: datetime, summarise: Summarise) -> Decision:
    """Undo the last decision; NotFoundError when there is none."""
    undone = last(connection)
    if undone is None:
        raise NotFoundError("There is nothing to undo: no decision was made, or all were undone.")
    decision, back = undone
    this = decisions.c.id == decision.id
    connection.execute(update(decisions).where(this).values(undone_at=now))
    _carry_out(connection, decision, back, summarise)
    return decision


def version(connection: Connection) -> int:
    """Return the version of the stories after the last decision, made or undone; 0 without any."""
    return connection.execute(select(func.max(decisions.c.version))).scalar_one() or 0


def made(connection: Connection, after_id: int) -> list[Decision]:
    """Return the decisions in force made after the one with this id, oldest first."""
    rows = connection.execute(
        select(*_DECISION)
        .where(decisions.c.id > after_id, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.id)
    )
    return [_read(row) for row in rows]


def records(connection: Connection, limit: int | None) -> list[DecisionRecord]:
    """Return the decisions, undone ones too, with the items they name, the last one first."""
    rows = connection.execute(
        select(*_DECISION, decisions.c.undone_at).order_by(decisions.c.id.desc()).limit(limit)
    ).all()
    ids = {id_ for row in rows for id_ in (row.item_id, row.other_id) if id_}
    named, story_ids = by_id(connection, ids), story_ids_of(connection, ids)
    return [
        DecisionRecord(
            decision=Decision(**dict(zip(_FIELDS, row, strict=False))),
            item=named[row.item_id],
            story_id=story_ids[row.item_id] or "",  # never: what was decided about is in one
            other=named.get(row.other_id),
            other_story_id=story_ids.get(row.other_id),
            undone_at=row.undone_at,
        )
        for row in rows
    ]


def alike(connection: Connection, item_id: str, guid: str | None, link: str | None) -> list[Item]:
    """Return the items that have this id, this guid or this link, by id."""
    same = [items.c.id == item_id]
    if guid:
        same.append(items.c.guid == guid)
    if link:
        same.append(items.c.link == link)
    rows = connection.execute(select(*ITEM).where(or_(*same)).order_by(items.c.id))
    return [read_item(row) for row in rows]


def moves_since(connection: Connection, since_version: int) -> list[tuple[str, str]]:
    """Return the items moved by decisions made or undone since a version, each with its present story."""
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


def _carry_out(
    connection: Connection, decision: Decision, planned: Sequence[Move], summarise: Summarise
) -> None:
    """Make the stories what they are after a decision, made or undone, and note their version."""
    if decision.action is Action.LEAD:
        story_id = story_ids_of(connection, [decision.item_id])[decision.item_id]
        if story_id is None:
            raise NotFoundError(
                "Item %(asked)s is not in a story, so it cannot lead one.", asked=decision.item_id
            )
        version = summarise_again(connection, [story_id], summarise)
    else:
        version = rearrange(connection, planned, summaries(connection, planned, summarise))
    this = decisions.c.id == decision.id
    connection.execute(update(decisions).where(this).values(version=version))


def _former_rows(connection: Connection, planned: Sequence[Move]) -> list[dict[str, object]]:
    """Return the story and match of the items before they move, as rows of `moves`."""
    targets = {move.item_id: move.story_id for move in planned}
    rows = connection.execute(
        select(*ITEM_MATCH, items.c.id, items.c.story_id).where(items.c.id.in_(targets))
    ).all()
    placed = {row.id for row in rows if row.story_id is not None}
    for item_id in targets:
        if item_id not in placed:
            raise NotFoundError(
                "Item %(asked)s is not in a story, so it cannot be moved.", asked=item_id
            )
    return [
        {
            "item_id": row.id,
            "story_id": targets[row.id],
            "former_story_id": row.story_id,
            **match_values(read_match(row), "former_"),
        }
        for row in rows
    ]


def _moves_back(connection: Connection, decision: Decision) -> tuple[Move, ...]:
    """Return the moves that undo a decision, for the items that are still where it put them.

    Stories may have become one since: an item is where it was put as long as it is in the story which
    took that one's items, and what was split off comes back to the story which took the rest's.
    """
    rows = connection.execute(
        select(*FORMER_MATCH, moves.c.item_id, moves.c.former_story_id, moves.c.story_id)
        .add_columns(items.c.story_id.label("present_story_id"))
        .join(items, items.c.id == moves.c.item_id)
        .where(moves.c.decision_id == decision.id)
        .order_by(items.c.reported_at, items.c.id)
    ).all()
    back = [row for row in rows if successor(connection, row.story_id) == row.present_story_id]
    is_split = decision.action is Action.SPLIT
    return tuple(
        Move(
            item_id=row.item_id,
            story_id=successor(connection, row.former_story_id)
            if is_split
            else row.former_story_id,
            match=read_match(row),
        )
        for row in back
    )


def _read(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(**row._asdict())
