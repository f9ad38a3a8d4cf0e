"""Stories become one because matching found an item that is certainly one report with both.

No person decided it, so there is nothing to undo: the story that went is an alias of the one that stays,
and the pair is the match of the item by which it came. A person who disagrees splits items off, and what
a person has parted is never united.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from aggregator.model import Action, Match, Member, Move, Summarise
from aggregator.provenance import matches_from, turned
from aggregator.store.placement import arriving, rearrange, story_ids_of, successor
from aggregator.store.schema import decisions, items, moves, stories
from aggregator.store.stories import members


def unite(
    connection: Connection, pairs: Sequence[Match], summarise: Summarise
) -> list[tuple[str, str]]:
    """Make the stories of each pair one; returns the items moved, each with its story now."""
    moved: dict[str, str] = {}
    for pair in pairs:
        held = story_ids_of(connection, [pair.a, pair.b])
        one, other = held[pair.a], held[pair.b]
        if one is None or other is None or one == other or _are_parted(connection, one, other):
            continue
        survivor, absorbed = _by_age(connection, one, other)
        present = members(connection, [survivor, absorbed], markup=False)
        arrived_by = pair if absorbed == one else turned(pair)
        planned = _moves(present[absorbed], arrived_by, survivor)
        matches = {move.item_id: move.match for move in planned}
        future = [
            *present[survivor],
            *(arriving(member, matches[member.item.id]) for member in present[absorbed]),
        ]
        rearrange(connection, planned, [summarise(future, survivor)])
        moved.update(dict.fromkeys(matches, survivor))
    return [*moved.items()]


def _by_age(connection: Connection, one: str, other: str) -> tuple[str, str]:
    """Return two stories, the one that was seen first before the other."""
    first, second = connection.scalars(
        select(stories.c.id)
        .where(stories.c.id.in_([one, other]))
        .order_by(stories.c.first_seen_at, stories.c.id)
    )
    return first, second


def _moves(absorbed: Sequence[Member], arrived_by: Match, story_id: str) -> list[Move]:
    """Move a story's items: their matches lead to the one whose match leads out of it."""
    matches = {**matches_from(absorbed, arrived_by.a), arrived_by.a: arrived_by}
    return [
        Move(item_id=member.item.id, story_id=story_id, match=matches[member.item.id])
        for member in absorbed
    ]


def _are_parted(connection: Connection, one: str, other: str) -> bool:
    """Return whether a person split an item that is in one of two stories off the other."""
    splits = connection.execute(
        select(items.c.story_id, moves.c.former_story_id)
        .join(moves, moves.c.item_id == items.c.id)
        .join(decisions, decisions.c.id == moves.c.decision_id)
        .where(
            decisions.c.action == Action.SPLIT,
            decisions.c.undone_at.is_(None),
            items.c.story_id.in_([one, other]),
        )
    )
    return any(
        {row.story_id, successor(connection, row.former_story_id)} == {one, other} for row in splits
    )
