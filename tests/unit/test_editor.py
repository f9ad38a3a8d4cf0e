"""What a person decides: which story stays, which ids lead where, what is remembered, and how it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator import editor
from aggregator.errors import NotFoundError, UsageError
from aggregator.model import Action, Credit, Item, Kind, Match, Story
from aggregator.store.store import Store
from tests.contract.samples import HOUR, NOON, found, founding, item, joining, save
from tests.databases import store_at

LATER = NOON + 24 * HOUR


def report(name: str, hours: int, agency: str = "bta", *credited: str) -> Item:
    """An item reported and seen so many hours after noon."""
    at = NOON + hours * HOUR
    credits_ = tuple(Credit(agency_id=each, phrase=f"{each} reports") for each in credited)
    return item(name, agency_id=agency, seen_at=at, reported_at=at, credits=credits_)


A, B, C = report("a", 0), report("b", 1, "kaz"), report("c", 2, "mia", "kaz")


def two_stories(store: Store) -> None:
    """`a` alone, and `b` with its copy `c`."""
    found(store, A)
    save(store, B, C)
    store.place([founding(B), joining(C, B)])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = store_at(tmp_path / "aggregator.db", two_stories)
    yield store
    store.close()


def members(story: Story) -> list[str]:
    return [member.item.id for member in story.members]


def match_of(story: Story, name: str) -> Match | None:
    return next(member.match for member in story.members if member.item.id == name)


# ----------------------------------------------------------------------------------------------- join


@pytest.mark.parametrize(("one", "other"), [(A, B), (B, A), (C, A), (A, C)])
def test_the_older_story_keeps_its_id_and_that_of_the_other_leads_there(
    store: Store, one: Item, other: Item
) -> None:
    decision = editor.join(store, one, other, LATER)

    assert members(store.story("sa")) == ["a", "b", "c"]
    assert store.story("sb").id == "sa"
    assert (decision.action, decision.made_at) == (Action.JOIN, LATER)
    assert (decision.item_id, decision.other_id) == (one.id, other.id)


def test_of_two_stories_first_seen_at_once_the_first_by_id_stays(store: Store) -> None:
    twin = report("0", 0)
    found(store, twin)

    editor.join(store, A, twin, LATER)

    assert store.story("sa").id == "s0"


@pytest.mark.parametrize(("one", "other"), [(C, A), (A, C)])
def test_the_pair_a_person_named_is_a_match_by_hand(store: Store, one: Item, other: Item) -> None:
    before = match_of(store.story("sb"), "c")
    assert before
    assert before.kind is Kind.NEAR

    editor.join(store, one, other, LATER)

    by_hand = match_of(store.story("sa"), "c")
    assert by_hand
    assert (by_hand.a, by_hand.b, by_hand.kind, by_hand.score) == ("c", "a", Kind.MANUAL, 1.0)
    assert by_hand.evidence.rule == "manual"
    assert match_of(store.story("sa"), "a") is None
    assert match_of(store.story("sa"), "b") == by_hand, "it had none: it came with the pair"


def test_the_other_members_keep_their_matches(store: Store) -> None:
    before = match_of(store.story("sb"), "c")

    editor.join(store, B, A, LATER)

    assert match_of(store.story("sa"), "c") == before


def test_the_story_is_summarised_by_all_its_members(store: Store) -> None:
    editor.join(store, A, B, LATER)

    story = store.story("sa")
    assert (story.origin_id, story.lead_id) == ("kaz", "b"), "c credits Kazinform"
    assert story.first_seen_at == NOON


def test_items_of_one_story_cannot_be_joined(store: Store) -> None:
    with pytest.raises(UsageError, match=r"\bsb\b"):
        editor.join(store, B, C, LATER)


# ---------------------------------------------------------------------------------------------- split


def test_an_item_split_off_has_a_story_of_its_own(store: Store) -> None:
    decision = editor.split(store, C, LATER)

    assert members(store.story_of("c")) == ["c"]
    assert members(store.story("sb")) == ["b"]
    assert store.story_of("c").id == "sc"
    assert match_of(store.story("sc"), "c") is None
    assert (decision.action, decision.item_id, decision.other_id) == (Action.SPLIT, "c", None)
    assert decision.made_at == LATER


def test_both_stories_are_summarised_anew_after_a_split(store: Store) -> None:
    editor.join(store, A, B, LATER)

    editor.split(store, C, LATER)

    rest, alone = store.story("sa"), store.story_of("c")
    assert (rest.origin_id, rest.lead_id) == ("bta", "a"), "nobody is credited any more"
    assert (alone.origin_id, alone.lead_id) == ("kaz", "c")


def test_the_item_that_started_a_story_leaves_its_id_behind(store: Store) -> None:
    editor.split(store, B, LATER)

    assert members(store.story("sb")) == ["c"]
    assert members(store.story("sb-2")) == ["b"]


def test_an_id_that_a_story_once_had_is_not_given_again(store: Store) -> None:
    editor.split(store, B, LATER)
    editor.join(store, B, C, LATER)
    assert store.story("sb-2").id == store.story("sb").id

    editor.split(store, B, LATER)

    assert store.story_of("b").id == "sb-3"


def test_an_item_alone_cannot_be_split_off(store: Store) -> None:
    with pytest.raises(UsageError, match=r"\ba\b.*\bsa\b"):
        editor.split(store, A, LATER)


# ----------------------------------------------------------------------------------------------- undo


@pytest.mark.parametrize("decide", ["join", "split"])
def test_the_last_decision_is_taken_back_whole(store: Store, decide: str) -> None:
    before = store.story("sa"), store.story("sb")
    made = editor.join(store, C, A, LATER) if decide == "join" else editor.split(store, C, LATER)

    assert editor.undo(store, LATER + HOUR) == made

    assert [members(story) for story in (store.story("sa"), store.story("sb"))] == [
        ["a"],
        ["b", "c"],
    ]
    assert match_of(store.story("sb"), "c") == match_of(before[1], "c")
    assert store.decisions() == []


def test_stories_are_summarised_anew_when_a_decision_is_taken_back(store: Store) -> None:
    editor.join(store, A, B, LATER)

    editor.undo(store, LATER)

    assert (store.story("sa").origin_id, store.story("sa").lead_id) == ("bta", "a")
    assert (store.story("sb").origin_id, store.story("sb").lead_id) == ("kaz", "b")


def test_nothing_to_take_back_is_said(store: Store) -> None:
    with pytest.raises(NotFoundError):
        editor.undo(store, LATER)
