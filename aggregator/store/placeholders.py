"""Texts that stand in for reports: which items have a text in common, and what becomes of those stored before it was known.

mark: fingerprints and readings without the text --+-- in a story by that text alone --> a story of their own
                                                   +-- in any story --> awaited: to be looked at again
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import count

from sqlalchemy import Connection, select, update

from aggregator.model import Fingerprint, Item, Member, Move, Summarise
from aggregator.store.chunks import chunks
from aggregator.store.items import save_fingerprints, save_readings
from aggregator.store.placement import rearrange, story_ids_of, summaries
from aggregator.store.rows import read_item
from aggregator.store.schema import ITEM, items, stories
from aggregator.store.stories import members

StartedBy = Callable[[Item], str]  # the id of the story that an item starts


def with_text(connection: Connection, keys: Collection[str], limit: int) -> dict[str, list[Item]]:
    """Return some items of each key, no more than `limit`; known placeholders first, the latest first."""
    stored = {
        key
        for part in chunks(keys)
        for key in connection.scalars(
            select(items.c.text_key).where(items.c.text_key.in_(part)).distinct()
        )
    }
    found = {}
    for key in stored:
        rows = connection.execute(
            select(*ITEM)
            .where(items.c.text_key == key)
            .order_by(items.c.is_placeholder.desc(), items.c.seen_at.desc(), items.c.id)
            .limit(limit)
        )
        found[key] = [read_item(row) for row in rows]
    return found


def unmarked(connection: Connection, limit: int) -> list[Item]:
    """Return items whose text is known as a placeholder by others, the earliest seen first."""
    known = select(items.c.text_key).where(items.c.is_placeholder, items.c.text_key.is_not(None))
    rows = connection.execute(
        select(*ITEM)
        .where(items.c.text_key.in_(known), items.c.is_placeholder.is_(False))
        .order_by(items.c.seen_at, items.c.id)
        .limit(limit)
    )
    return [read_item(row) for row in rows]


def mark(
    connection: Connection,
    read: Sequence[tuple[Item, Fingerprint]],
    *,
    started_by: StartedBy,
    summarise: Summarise,
) -> list[tuple[str, str]]:
    """Store items as read without their text; returns those that got a story of their own, with its id."""
    save_readings(connection, [item for item, _ in read])
    save_fingerprints(connection, {item.id: made for item, made in read})
    placed = items.c.story_id.is_not(None)
    for part in chunks([item.id for item, _ in read]):
        connection.execute(
            update(items).where(items.c.id.in_(part), placed).values(is_awaited=True)
        )
    moves = _partings(connection, [item for item, _ in read], started_by)
    if moves:
        rearrange(connection, moves, summaries(connection, moves, summarise))
    return [(move.item_id, move.story_id) for move in moves]


def _partings(connection: Connection, marked: Sequence[Item], started_by: StartedBy) -> list[Move]:
    """Move the items that are in a story for what their text has in common with another placeholder there."""
    story_ids = story_ids_of(connection, [item.id for item in marked])
    moves = list[Move]()
    for held in members(connection, {id_ for id_ in story_ids.values() if id_}).values():
        placeholders = {member.item.id for member in held if member.item.is_placeholder}
        for member in held:
            if member.item.id in placeholders and _is_joined_by_text(member, placeholders):
                own_id = _free_id(connection, started_by(member.item))
                moves.append(Move(item_id=member.item.id, story_id=own_id, match=None))
    return moves


def _is_joined_by_text(member: Member, placeholders: Collection[str]) -> bool:
    """Whether a member is joined to one of these by a comparison; a person and an address measure nothing."""
    match = member.match
    return match is not None and match.b in placeholders and bool(match.evidence.features)


def _free_id(connection: Connection, first: str) -> str:
    """Return the id of a story to be; a number behind it where an earlier story has that id."""
    candidates = (first if number == 1 else f"{first}-{number}" for number in count(1))
    return next(
        candidate
        for candidate in candidates
        if connection.scalar(select(stories.c.id).where(stories.c.id == candidate)) is None
    )
