"""What a person decides: join the stories of two items, split an item off, undo the last decision.

The store records a decision with the state before it; `match.story` determines the new lead and origin.
Matching never moves an item that has a story, so a decision remains in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from aggregator.errors import NotFoundError, UsageError
from aggregator.match import story
from aggregator.model import (
    Action,
    Decision,
    Evidence,
    Item,
    Kind,
    Match,
    Member,
    Move,
    StoryChange,
)
from aggregator.store.store import Store


def join(store: Store, a: Item, b: Item, now: datetime) -> Decision:
    """Make the stories of `a` and `b` one: the older keeps its id, the other's id leads there.

    Raises UsageError when they already are one story.
    """
    survivor, absorbed = sorted(
        (store.story_of(a.id), store.story_of(b.id)), key=lambda s: (s.first_seen_at, s.id)
    )
    if survivor.id == absorbed.id:
        raise UsageError(f"{a.id} and {b.id} are already in one story: {survivor.id}.")
    newcomer, resident = (a, b) if store.story_of(b.id).id == survivor.id else (b, a)
    manual = _manual(newcomer.id, resident.id, "a person joined them")
    moves = [
        Move(
            item_id=member.item.id,
            story_id=survivor.id,
            match=manual if member.item.id == newcomer.id else member.match or manual,
        )
        for member in absorbed.members
    ]
    members = [*survivor.members, *_moved(absorbed.members, moves)]
    change = story.summarise(members, story_id=survivor.id)
    return store.decide(
        Action.JOIN, item_id=a.id, other_id=b.id, moves=moves, changes=[change], now=now
    )


def split(store: Store, item: Item, now: datetime) -> Decision:
    """Give an item a story of its own.

    Raises UsageError when it is the only item of its story.
    """
    present = store.story_of(item.id)
    rest = [member for member in present.members if member.item.id != item.id]
    if not rest:
        raise UsageError(
            f"There is nothing to split: {item.id} is the only item of story {present.id}."
        )
    story_id = _free_id(store, item)
    alone = Move(item_id=item.id, story_id=story_id, match=None)
    changes = [
        story.summarise([Member(item=item)], story_id=story_id),
        story.summarise(rest, story_id=present.id),
    ]
    return store.decide(
        Action.SPLIT, item_id=item.id, other_id=None, moves=[alone], changes=changes, now=now
    )


def undo(store: Store, now: datetime) -> Decision:
    """Undo the last decision. Raises NotFoundError when there is none."""
    return store.undo(now, summarise=_summarise)


def _summarise(members: Sequence[Member], story_id: str) -> StoryChange:
    return story.summarise(members, story_id=story_id)


def _moved(members: tuple[Member, ...], moves: list[Move]) -> list[Member]:
    return [replace(member, match=move.match) for member, move in zip(members, moves, strict=True)]


def _manual(a: str, b: str, reason: str) -> Match:
    return Match(
        a=a, b=b, kind=Kind.MANUAL, score=1.0, evidence=Evidence(rule="manual", reason=reason)
    )


def _free_id(store: Store, item: Item) -> str:
    """The id of the story an item starts; a number behind it when an earlier story has that id."""
    first = candidate = story.story_id_started_by(item)
    for number in count(2):
        try:
            store.story(candidate)
        except NotFoundError:
            return candidate
        candidate = f"{first}-{number}"
    raise AssertionError("count() is endless")
