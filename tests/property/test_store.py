"""Whatever is polled, placed, joined, split, corrected and undone, in any order: nothing is lost."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aggregator.model import Action, Item, Move, Story, StoryQuery
from tests.contract.samples import NOON, founding, item, match, place, save, summarise
from tests.databases import store_at

PICK = st.integers(min_value=0, max_value=10_000)


class Newsroom(RuleBasedStateMachine):
    """A database and, beside it, the items it must hold and what a person's decisions were made on."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = store_at(Path(self.folder.name, "aggregator.db"))
        self.items: dict[str, Item] = {}
        # The stories before each decision in force; None where something came since.
        self.decided: list[list[Story] | None] = []
        self.founded: list[str] = []

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(days=st.integers(min_value=0, max_value=3))
    def an_item_founds_a_story(self, days: int) -> None:
        one = self._arrive(days)
        place(self.store, founding(one))
        self.founded.append(f"s{one.id}")

    @precondition(lambda self: self.items)
    @rule(pick=PICK, days=st.integers(min_value=0, max_value=3))
    def a_copy_joins(self, pick: int, days: int) -> None:
        story = self._story(pick)
        one = self._arrive(days)
        move = Move(item_id=one.id, story_id=story.id, match=match(one.id, story.lead_id))
        place(self.store, (move, ()))

    @precondition(lambda self: self.items)
    @rule(pick=PICK)
    def an_item_is_revised(self, pick: int) -> None:
        former = self._item(pick)
        number = former.revision + 1
        revised = replace(former, revision=number, revised_at=NOON + timedelta(days=number))
        save(self.store, revised)
        self.items[former.id] = revised
        self.decided = [None] * len(self.decided)

    @precondition(lambda self: self.items)
    @rule(pick=PICK, other=PICK)
    def a_person_joins(self, pick: int, other: int) -> None:
        goes, stays = self._story(pick), self._story(other)
        if goes.id == stays.id:
            return
        moves = [
            Move(item_id=m.item.id, story_id=stays.id, match=match(m.item.id, stays.lead_id))
            for m in goes.members
        ]
        self._decide(Action.JOIN, moves)

    @precondition(lambda self: self.items)
    @rule(pick=PICK)
    def a_person_splits(self, pick: int) -> None:
        one = self._item(pick)
        story = self.store.story_of(one.id)
        if len(story.members) == 1:
            return
        alone = f"s{one.id}-{len(self.decided)}-{self.store.version()}"
        self._decide(Action.SPLIT, [Move(item_id=one.id, story_id=alone)])

    @precondition(lambda self: self.decided)
    @rule()
    def a_person_undoes(self) -> None:
        before = self.decided.pop()
        self.store.undo(NOON, summarise=summarise)
        if before is not None:
            assert self.store.stories(StoryQuery()) == before

    @invariant()
    def every_item_is_in_one_story(self) -> None:
        stories = self.store.stories(StoryQuery())
        held = {m.item.id: m.item for story in stories for m in story.members}
        assert sum(len(story.members) for story in stories) == len(held)
        assert held == self.items

    @invariant()
    def every_story_ever_founded_answers(self) -> None:
        for story_id in self.founded:
            assert self.store.story(story_id).members

    @invariant()
    def the_database_is_sound(self) -> None:
        assert self.store.check() == []

    def _arrive(self, days: int) -> Item:
        at = NOON + timedelta(days=days, minutes=len(self.items))
        one = item(f"i{len(self.items):04}", seen_at=at, reported_at=at)
        save(self.store, one)
        self.items[one.id] = one
        self.decided = [None] * len(self.decided)
        return one

    def _decide(self, action: Action, moves: list[Move]) -> None:
        self.decided.append(self.store.stories(StoryQuery()))
        self.store.decide(
            action,
            item_id=moves[0].item_id,
            other_id=None,
            moves=moves,
            summarise=summarise,
            now=NOON,
        )

    def _item(self, pick: int) -> Item:
        return self.items[sorted(self.items)[pick % len(self.items)]]

    def _story(self, pick: int) -> Story:
        return self.store.story_of(self._item(pick).id)


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)
