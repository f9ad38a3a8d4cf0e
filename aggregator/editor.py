"""What a person decides: join the stories of two items, split an item off, undo the last decision.

The store records a decision with the state before it; `match.story` determines what the stories become.
Matching never moves an item that has a story, so a decision remains in force.
"""

from __future__ import annotations

from datetime import datetime
from itertools import count

from aggregator import provenance
from aggregator.errors import NotFoundError, UsageError
from aggregator.match import story
from aggregator.model import Action, Decision, Evidence, Item, Kind, Match, Move, Summarise
from aggregator.store.store import Store


class Editor:
    """Carries out the decisions of one person, who is named with them where known."""

    def __init__(self, store: Store, *, summarise: Summarise, by: str | None = None) -> None:
        self._store = store
        self._summarise = summarise
        self._by = by

    def join(self, a: Item, b: Item, now: datetime) -> Decision:
        """Make the stories of `a` and `b` one: the older keeps its id, the other's id leads there.

        Raises UsageError when they already are one story.
        """
        survivor, absorbed = sorted(
            (self._store.story_of(a.id), self._store.story_of(b.id)),
            key=lambda s: (s.first_seen_at, s.id),
        )
        if survivor.id == absorbed.id:
            raise UsageError(f"{a.id} and {b.id} are already in one story: {survivor.id}.")
        is_a_new = self._store.story_of(b.id).id == survivor.id
        newcomer, resident = (a, b) if is_a_new else (b, a)
        manual = self._manual(newcomer.id, resident.id, now)
        moves = [
            Move(
                item_id=member.item.id,
                story_id=survivor.id,
                match=manual if member.item.id == newcomer.id else member.match or manual,
            )
            for member in absorbed.members
        ]
        return self._decide(Action.JOIN, a.id, b.id, moves, now)

    def split(self, item: Item, now: datetime) -> Decision:
        """Give an item a story of its own.

        Raises UsageError when it is the only item of its story.
        """
        present = self._store.story_of(item.id)
        if len(present.members) == 1:
            raise UsageError(
                f"There is nothing to split: {item.id} is the only item of story {present.id}."
            )
        alone = Move(item_id=item.id, story_id=self._free_id(item), match=None)
        return self._decide(Action.SPLIT, item.id, None, [alone], now)

    def undo(self, now: datetime) -> Decision:
        """Undo the last decision. Raises NotFoundError when there is none."""
        return self._store.undo(now, summarise=self._summarise)

    def _decide(
        self, action: Action, item_id: str, other_id: str | None, moves: list[Move], now: datetime
    ) -> Decision:
        return self._store.decide(
            action,
            item_id=item_id,
            other_id=other_id,
            moves=moves,
            summarise=self._summarise,
            now=now,
            made_by=self._by,
        )

    def _manual(self, a: str, b: str, now: datetime) -> Match:
        """The pair that a decision joins; its evidence says by whom and when."""
        by = self._by or "a person"
        reason = f"Joined by {by} on {provenance.day_and_time(now)}."
        evidence = Evidence(rule="manual", reason=reason)
        return Match(a=a, b=b, kind=Kind.MANUAL, score=1.0, evidence=evidence)

    def _free_id(self, item: Item) -> str:
        """The id of the story an item starts; a number behind it when an earlier story has that id."""
        first = candidate = story.story_id_started_by(item)
        for number in count(2):
            try:
                self._store.story(candidate)
            except NotFoundError:
                return candidate
            candidate = f"{first}-{number}"
        raise AssertionError("count() is endless")
