"""What a person decides: join two stories, split an item off, choose a story's lead, undo the last decision.

The store records a decision with the state before it; `match.story` determines what the stories become.
Matching never moves an item that has a story, so a decision remains in force.
"""

from __future__ import annotations

from datetime import datetime
from itertools import count

from aggregator import provenance
from aggregator.decision_file import printable
from aggregator.errors import NotFoundError, UsageError
from aggregator.match import story
from aggregator.model import (
    Action,
    Decision,
    Evidence,
    Item,
    Kind,
    Match,
    Move,
    Notice,
    Story,
    Summarise,
)
from aggregator.store.store import Store

REASON_LENGTH = 500  # characters; set by hand: two sentences


class Editor:
    """Carries out the decisions of one person, who is named with them where known."""

    def __init__(self, store: Store, *, summarise: Summarise, by: str | None = None) -> None:
        self._store = store
        self._summarise = summarise
        self._by = by

    def join(self, a: Item, b: Item, now: datetime, *, reason: str = "") -> Decision:
        """Make the stories of `a` and `b` one: the older keeps its id, the other's id leads there.

        Raises UsageError when they already are one story, and for a reason that is too long.
        """
        reason = one_line(reason)
        survivor, absorbed = sorted(
            (self._store.story_of(a.id), self._store.story_of(b.id)),
            key=lambda s: (s.first_seen_at, s.id),
        )
        if survivor.id == absorbed.id:
            raise UsageError(
                "%(a)s and %(b)s are already in one story: %(story)s.",
                a=a.id,
                b=b.id,
                story=survivor.id,
            )
        is_a_new = self._store.story_of(b.id).id == survivor.id
        newcomer, resident = (a, b) if is_a_new else (b, a)
        manual = self._manual(newcomer.id, resident.id, now, reason)
        moves = [
            Move(
                item_id=member.item.id,
                story_id=survivor.id,
                match=manual if member.item.id == newcomer.id else member.match or manual,
            )
            for member in absorbed.members
        ]
        return self._decide(Action.JOIN, a.id, b.id, moves, now, reason)

    def split(self, item: Item, now: datetime, *, reason: str = "") -> Decision:
        """Give an item a story of its own.

        Raises UsageError when it is the only item of its story, and for a reason that is too long.
        """
        reason = one_line(reason)
        present = self._store.story_of(item.id)
        if len(present.members) == 1:
            raise UsageError(
                "There is nothing to split: %(item)s is the only item of story %(story)s.",
                item=item.id,
                story=present.id,
            )
        alone = Move(item_id=item.id, story_id=self._free_id(item), match=None)
        split_from = _partner(item, present)
        return self._decide(Action.SPLIT, item.id, split_from.id, [alone], now, reason)

    def lead(self, item: Item, now: datetime, *, reason: str = "") -> Decision:
        """Let an item, or its last correction, stand for the story it is in, whatever arrives later.

        Raises UsageError where it cannot lead, or was chosen already, and for a reason that is too long.
        """
        reason = one_line(reason)
        refuse_lead(item, self._store.story_of(item.id))
        return self._decide(Action.LEAD, item.id, None, [], now, reason)

    def undo(self, now: datetime) -> Decision:
        """Undo the last decision. Raises NotFoundError when there is none."""
        return self._store.undo(now, summarise=self._summarise)

    def on_behalf_of(self, by: str | None) -> Editor:
        """An editor like this one, who carries out the decisions of another person."""
        return Editor(self._store, summarise=self._summarise, by=by)

    def are_together(self, a: Item, b: Item) -> bool:
        """Whether two items are in one story. Raises NotFoundError for one that is in none yet."""
        return self._store.story_of(a.id).id == self._store.story_of(b.id).id

    def _decide(
        self,
        action: Action,
        item_id: str,
        other_id: str | None,
        moves: list[Move],
        now: datetime,
        reason: str,
    ) -> Decision:
        return self._store.decide(
            action,
            item_id=item_id,
            other_id=other_id,
            moves=moves,
            summarise=self._summarise,
            now=now,
            made_by=self._by,
            reason=reason,
        )

    def _manual(self, a: str, b: str, now: datetime, reason: str) -> Match:
        """The pair that a decision joins; its evidence says by whom, when and why."""
        made = f"Joined by {self._by or 'a person'} on {provenance.day_and_time(now)}"
        evidence = Evidence(rule="manual", reason=f"{made}: {reason}" if reason else f"{made}.")
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


def refuse_lead(item: Item, story: Story) -> None:
    """Raise UsageError where an item of a story cannot lead it, or was chosen to already."""
    own = next(member for member in story.members if member.item.id == item.id)
    if own.item.notice is Notice.KILL:
        raise UsageError("%(item)s withdraws a report, so it cannot stand for one.", item=item.id)
    if successor := own.lineage.superseded_by:
        raise UsageError(
            "%(item)s was corrected by %(later)s. Choose that one.", item=item.id, later=successor
        )
    if own.chosen and own.chosen == max(member.chosen or 0 for member in story.members):
        raise UsageError(
            "%(item)s is already the chosen lead of story %(story)s.", item=item.id, story=story.id
        )


def one_line(reason: str) -> str:
    """A reason as it is kept: on one line. Raises UsageError for one that is too long."""
    shown = printable(reason)
    if len(shown) > REASON_LENGTH:
        raise UsageError(
            "The reason has %(length)s characters. Say it in %(most)s or fewer.",
            length=len(shown),
            most=REASON_LENGTH,
        )
    return shown


def _partner(item: Item, story: Story) -> Item:
    """The item of its story that another came by, or that came by it; else the first of the others."""
    others = [member for member in story.members if member.item.id != item.id]
    match = next(member.match for member in story.members if member.item.id == item.id)
    pairs = [
        *(member.item for member in others if match and match.b == member.item.id),
        *(member.item for member in others if member.match and member.match.b == item.id),
    ]
    return next(iter(pairs), others[0].item)
