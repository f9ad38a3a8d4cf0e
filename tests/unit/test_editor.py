"""What a person decides: which story stays, which ids lead where, what is remembered, and how it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from aggregator.editor import REASON_LENGTH, Editor
from aggregator.errors import NotFoundError, UsageError
from aggregator.match import story as story_rules
from aggregator.model import Action, Credit, Item, Kind, Match, Notice, Story
from aggregator.store.store import Store
from tests.contract.samples import (
    HOUR,
    NOON,
    found,
    founding,
    item,
    joining,
    place,
    save,
    unlike,
)
from tests.contract.samples import (
    match as pair_of,
)
from tests.databases import store_at

LATER = NOON + 24 * HOUR


def report(name: str, hours: int, agency: str = "bta", *credited: str) -> Item:
    """An item reported and seen so many hours after noon."""
    at = NOON + hours * HOUR
    credits_ = tuple(Credit(agency_id=each, phrase=f"{each} reports") for each in credited)
    return item(name, agency_id=agency, seen_at=at, reported_at=at, credits=credits_)


A, B, C = report("a", 0), report("b", 1, "kaz"), report("c", 2, "mia", "kaz")
D = report("d", 3, "sta")


def two_stories(store: Store) -> None:
    """`a` alone, and `b` with its copy `c`."""
    found(store, A)
    save(store, B, C)
    place(store, founding(B), joining(C, B))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = store_at(tmp_path / "aggregator.db", two_stories)
    yield store
    store.close()


RULES = partial(story_rules.summarise, relate=unlike)


def by_hand(store: Store, by: str | None = "nadia") -> Editor:
    return Editor(store, summarise=RULES, by=by)


def members(story: Story) -> list[str]:
    return [member.item.id for member in story.members]


def match_of(story: Story, name: str) -> Match | None:
    return next(member.match for member in story.members if member.item.id == name)


# ----------------------------------------------------------------------------------------------- join


@pytest.mark.parametrize(("one", "other"), [(A, B), (B, A), (C, A), (A, C)])
def test_the_older_story_keeps_its_id_and_that_of_the_other_leads_there(
    store: Store, one: Item, other: Item
) -> None:
    decision = by_hand(store).join(one, other, LATER)

    assert members(store.story("sa")) == ["a", "b", "c"]
    assert store.story("sb").id == "sa"
    assert (decision.action, decision.made_at) == (Action.JOIN, LATER)
    assert (decision.item_id, decision.other_id) == (one.id, other.id)


def test_of_two_stories_first_seen_at_once_the_first_by_id_stays(store: Store) -> None:
    twin = report("0", 0)
    found(store, twin)

    by_hand(store).join(A, twin, LATER)

    assert store.story("sa").id == "s0"


@pytest.mark.parametrize(("one", "other"), [(C, A), (A, C)])
def test_the_pair_a_person_named_is_a_match_by_hand(store: Store, one: Item, other: Item) -> None:
    before = match_of(store.story("sb"), "c")
    assert before
    assert before.kind is Kind.NEAR

    by_hand(store).join(one, other, LATER)

    named = match_of(store.story("sa"), "c")
    assert named
    assert (named.a, named.b, named.kind, named.score) == ("c", "a", Kind.MANUAL, 1.0)
    assert named.evidence.rule == "manual"
    assert match_of(store.story("sa"), "a") is None
    assert match_of(store.story("sa"), "b") == named, "it had none: it came with the pair"


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        ("nadia", "Joined by nadia on 5 Nov 2026, 12:00 UTC."),
        (None, "Joined by a person on 5 Nov 2026, 12:00 UTC."),
    ],
)
def test_a_decision_is_remembered_with_who_made_it_and_when(
    store: Store, by: str | None, reason: str
) -> None:
    decision = by_hand(store, by).join(C, A, LATER)

    (remembered,) = store.decisions()
    assert remembered == decision
    assert (remembered.made_by, remembered.made_at) == (by, LATER)
    made = match_of(store.story("sa"), "c")
    assert made
    assert made.evidence.reason == reason


def test_who_split_an_item_off_is_remembered_too(store: Store) -> None:
    by_hand(store).split(C, LATER)

    assert [decision.made_by for decision in store.decisions()] == ["nadia"]


def test_items_that_only_a_decision_joins_are_stated_by_that_decision(store: Store) -> None:
    found(store, D)

    by_hand(store).join(D, A, LATER)

    stated = {member.item.id: member.lineage.parent for member in store.story("sa").members}
    assert stated["a"] is None
    assert stated["d"]
    assert (stated["d"].b, stated["d"].kind) == ("a", Kind.MANUAL)
    assert stated["d"].evidence.reason == "Joined by nadia on 5 Nov 2026, 12:00 UTC."


def test_the_other_members_keep_their_matches(store: Store) -> None:
    before = match_of(store.story("sb"), "c")

    by_hand(store).join(B, A, LATER)

    assert match_of(store.story("sa"), "c") == before


def test_the_story_is_summarised_by_all_its_members(store: Store) -> None:
    by_hand(store).join(A, B, LATER)

    story = store.story("sa")
    assert (story.origin_id, story.lead_id) == ("kaz", "b"), "c credits Kazinform"
    assert story.first_seen_at == NOON


def test_items_of_one_story_cannot_be_joined(store: Store) -> None:
    with pytest.raises(UsageError, match=r"\bsb\b"):
        by_hand(store).join(B, C, LATER)


# ---------------------------------------------------------------------------------------------- split


def test_an_item_split_off_has_a_story_of_its_own(store: Store) -> None:
    decision = by_hand(store).split(C, LATER)

    assert members(store.story_of("c")) == ["c"]
    assert members(store.story("sb")) == ["b"]
    assert store.story_of("c").id == "sc"
    assert match_of(store.story("sc"), "c") is None
    assert (decision.action, decision.item_id, decision.other_id) == (Action.SPLIT, "c", "b")
    assert decision.made_at == LATER


def test_both_stories_are_summarised_anew_after_a_split(store: Store) -> None:
    by_hand(store).join(A, B, LATER)

    by_hand(store).split(C, LATER)

    rest, alone = store.story("sa"), store.story_of("c")
    assert (rest.origin_id, rest.lead_id) == ("bta", "a"), "nobody is credited any more"
    assert (alone.origin_id, alone.lead_id) == ("kaz", "c")


def test_the_item_that_started_a_story_leaves_its_id_behind(store: Store) -> None:
    by_hand(store).split(B, LATER)

    assert members(store.story("sb")) == ["c"]
    assert members(store.story("sb-2")) == ["b"]


def test_an_id_that_a_story_once_had_is_not_given_again(store: Store) -> None:
    by_hand(store).split(B, LATER)
    by_hand(store).join(B, C, LATER)
    assert store.story("sb-2").id == store.story("sb").id

    by_hand(store).split(B, LATER)

    assert store.story_of("b").id == "sb-3"


def test_an_item_alone_cannot_be_split_off(store: Store) -> None:
    with pytest.raises(UsageError, match=r"\ba\b.*\bsa\b"):
        by_hand(store).split(A, LATER)


# ----------------------------------------------------------------------------------------------- lead


def test_the_item_chosen_leads_its_story_and_the_decision_is_remembered(store: Store) -> None:
    before = store.story("sb")

    decision = by_hand(store).lead(C, LATER, reason="the fuller text")

    assert before.lead_id == "b"
    after = store.story("sb")
    assert (after.lead_id, after.origin_id, after.updated_at) == (
        "c",
        before.origin_id,
        before.updated_at,
    )
    assert store.decisions() == [decision]
    assert (decision.action, decision.item_id, decision.other_id) == (Action.LEAD, "c", None)
    assert (decision.made_by, decision.reason) == ("nadia", "the fuller text")


def test_whatever_is_matched_later_the_item_chosen_leads(store: Store) -> None:
    by_hand(store).lead(C, LATER)
    early = replace(report("e", -5, "kaz"), seen_at=LATER)
    save(store, early)

    store.place([joining(early, B)], summarise=RULES)

    assert members(store.story("sb")) == ["e", "b", "c"]
    assert store.story("sb").lead_id == "c"


def test_the_item_chosen_leads_a_story_that_matching_unites_with_its_own(store: Store) -> None:
    by_hand(store).lead(C, LATER)
    save(store, D)

    store.place([joining(D, A)], united=[pair_of("d", "c")], summarise=RULES)

    assert members(store.story("sa")) == ["a", "b", "c", "d"]
    assert store.story("sa").lead_id == "c"


def test_the_item_chosen_leads_the_story_that_takes_its_own(store: Store) -> None:
    by_hand(store).lead(C, LATER)

    by_hand(store).join(A, B, LATER)

    assert store.story("sa").lead_id == "c"


@pytest.mark.parametrize(("first", "last"), [(A, C), (C, A)])
def test_of_two_stories_joined_the_lead_chosen_last_leads(
    store: Store, first: Item, last: Item
) -> None:
    by_hand(store).lead(first, LATER)
    by_hand(store).lead(last, LATER)

    by_hand(store).join(A, B, LATER)

    assert store.story("sa").lead_id == last.id


def test_a_choice_goes_with_its_item_and_comes_back_with_it(store: Store) -> None:
    by_hand(store).lead(C, LATER)

    by_hand(store).split(C, LATER)
    assert (store.story("sb").lead_id, store.story_of("c").lead_id) == ("b", "c")

    by_hand(store).join(C, B, LATER)
    assert store.story("sb").lead_id == "c"


def test_the_item_chosen_before_leads_again_once_the_last_one_left(store: Store) -> None:
    by_hand(store).join(A, B, LATER)
    by_hand(store).lead(C, LATER)
    by_hand(store).lead(A, LATER)
    assert store.story("sa").lead_id == "a"

    by_hand(store).split(A, LATER)

    assert store.story("sa").lead_id == "c"


def test_a_choice_is_taken_back_whole(store: Store) -> None:
    store.summarise_again(["sb"], summarise=RULES)
    before = store.story("sb")
    made = by_hand(store).lead(C, LATER)
    assert store.story("sb") != before

    assert by_hand(store).undo(LATER) == made

    assert store.story("sb") == before
    assert store.decisions() == []


def test_a_choice_taken_back_leaves_the_one_before_it_in_force(store: Store) -> None:
    by_hand(store).lead(C, LATER)
    by_hand(store).lead(B, LATER)

    by_hand(store).undo(LATER)

    assert store.story("sb").lead_id == "c"


def test_an_item_that_is_chosen_already_is_not_chosen_again(store: Store) -> None:
    by_hand(store).lead(C, LATER)
    with pytest.raises(UsageError, match=r"c is already the chosen lead of story sb"):
        by_hand(store).lead(C, LATER)

    by_hand(store).lead(B, LATER)
    by_hand(store).lead(C, LATER)
    assert store.story("sb").lead_id == "c"


def test_an_item_that_cannot_lead_is_not_chosen(store: Store) -> None:
    kill = replace(report("k", 4, "mia"), notice=Notice.KILL)
    save(store, kill)
    store.place([joining(kill, B)], summarise=RULES)

    with pytest.raises(UsageError, match="k withdraws a report"):
        by_hand(store).lead(kill, LATER)

    with pytest.raises(NotFoundError):
        by_hand(store).lead(D, LATER)
    assert store.decisions() == []


def test_an_item_that_was_corrected_is_not_chosen_but_its_correction(store: Store) -> None:
    corrected = replace(report("c2", 4, "mia"), notice=Notice.CORRECTION)
    save(store, corrected)
    store.place([joining(corrected, B)], summarise=RULES)

    with pytest.raises(UsageError, match="c was corrected by c2"):
        by_hand(store).lead(C, LATER)


# --------------------------------------------------------------------------------------------- reasons


def test_the_reason_of_a_join_is_part_of_its_evidence(store: Store) -> None:
    by_hand(store).join(C, A, LATER, reason=" the same\nspeech\x1b[31m ")

    made = match_of(store.story("sa"), "c")
    assert made
    said = "Joined by nadia on 5 Nov 2026, 12:00 UTC: the same speech [31m"
    assert made.evidence.reason == said
    assert [decision.reason for decision in store.decisions()] == ["the same speech [31m"]


def test_the_reason_of_a_split_is_kept(store: Store) -> None:
    assert by_hand(store).split(C, LATER, reason="another day").reason == "another day"


@pytest.mark.parametrize("decide", ["join", "split", "lead"])
def test_a_reason_that_is_too_long_decides_nothing(store: Store, decide: str) -> None:
    call = {
        "join": partial(by_hand(store).join, C, A),
        "split": partial(by_hand(store).split, C),
        "lead": partial(by_hand(store).lead, C),
    }[decide]

    with pytest.raises(UsageError, match="501 characters"):
        call(LATER, reason="x" * (REASON_LENGTH + 1))

    assert store.decisions() == []


# ----------------------------------------------------------------------------------- what was split from


def test_a_split_names_the_item_it_came_by_or_that_came_by_it(store: Store) -> None:
    assert by_hand(store).split(C, LATER).other_id == "b"
    by_hand(store).undo(LATER)

    assert by_hand(store).split(B, LATER).other_id == "c"


def test_a_decision_on_behalf_of_another_is_theirs(store: Store) -> None:
    assert by_hand(store).on_behalf_of("ivo").split(C, LATER).made_by == "ivo"


# ----------------------------------------------------------------------------------------------- undo


@pytest.mark.parametrize("decide", ["join", "split"])
def test_the_last_decision_is_taken_back_whole(store: Store, decide: str) -> None:
    before = store.story("sa"), store.story("sb")
    made = by_hand(store).join(C, A, LATER) if decide == "join" else by_hand(store).split(C, LATER)

    assert by_hand(store).undo(LATER + HOUR) == made

    assert [members(story) for story in (store.story("sa"), store.story("sb"))] == [
        ["a"],
        ["b", "c"],
    ]
    assert match_of(store.story("sb"), "c") == match_of(before[1], "c")
    assert store.decisions() == []


def test_stories_are_summarised_anew_when_a_decision_is_taken_back(store: Store) -> None:
    by_hand(store).join(A, B, LATER)

    by_hand(store).undo(LATER)

    assert (store.story("sa").origin_id, store.story("sa").lead_id) == ("bta", "a")
    assert (store.story("sb").origin_id, store.story("sb").lead_id) == ("kaz", "b")


def test_nothing_to_take_back_is_said(store: Store) -> None:
    with pytest.raises(NotFoundError):
        by_hand(store).undo(LATER)
