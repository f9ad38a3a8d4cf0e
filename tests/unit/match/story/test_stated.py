"""The pair of an item and its parent: what the two are to each other, and what joins them."""

from __future__ import annotations

import pytest

from aggregator.match.story.stated import LINKED, Relate, StatedPairs
from aggregator.model import Evidence, Item, Kind, Match, Member
from tests.unit.match.story.wire import alike, item, match, mention, related

LONG = "It spans the river near Lozen and will carry nine thousand cars a day, the mayor said."
kaz = item("kaz", 0, item_id="k", text=LONG)
copy = item("bta", 1, item_id="b", text=LONG)
other = item("mia", 2, item_id="m", text=LONG)
DECISION = Match(
    a="m",
    b="k",
    kind=Kind.MANUAL,
    score=1.0,
    evidence=Evidence(rule="manual", reason="Joined by nadia on 5 Nov 2026, 12:00 UTC."),
)


def stated(*members: tuple[Item, Match | None], relate: Relate = related) -> StatedPairs:
    return StatedPairs([Member(item=one, match=by) for one, by in members], relate)


def test_the_pair_an_item_came_by_is_stated_as_it_is() -> None:
    came_by = match("b", "k", Kind.IDENTICAL, 1.0)
    assert stated((kaz, None), (copy, came_by)).of(copy, kaz) == came_by


def test_the_same_pair_is_stated_from_the_other_side_where_the_parent_came_later() -> None:
    came_by = match("k", "b", Kind.EXCERPT, 0.8)
    assert stated((copy, None), (kaz, came_by)).of(copy, kaz) == match("b", "k", Kind.EXCERPT, 0.8)


def test_a_pair_that_nobody_came_by_is_judged_by_itself() -> None:
    pairs = stated(
        (kaz, None),
        (copy, match("b", "k")),
        (other, match("m", "b")),
        relate=alike({("m", "k"): 0.8}),
    )
    assert pairs.of(other, kaz) == match("m", "k", Kind.NEAR, 0.8)
    assert pairs.likeness(other, kaz) == 0.8


def test_a_later_version_is_a_revision_however_it_came() -> None:
    later = item("kaz", 3, item_id="k2", text="Quite another text.")
    assert stated((kaz, None), (later, match("k2", "k"))).of(later, kaz).kind is Kind.REVISION
    by_itself = stated((kaz, None), (later, match("k2", "b"))).of(later, kaz)
    assert (by_itself.kind, by_itself.score) == (Kind.REVISION, 0.0)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("bg", LONG, Kind.TRANSLATION),
        ("en", LONG, Kind.NEAR),
        ("en", "It spans the river.", Kind.EXCERPT),
        ("en", f"{LONG} {LONG} {LONG}", Kind.EXCERPT),
    ],
)
def test_a_pair_too_unlike_to_be_joined_is_what_it_is_within_its_story(
    language: str, text: str, kind: Kind
) -> None:
    weak = item("mia", 2, item_id="m", text=text, language=language)

    pair = stated((kaz, None), (weak, match("m", "b"))).of(weak, kaz)

    assert (pair.a, pair.b, pair.kind, pair.score) == ("m", "k", kind, 0.0)
    assert pair.evidence.rule == LINKED
    assert "other items of the story join the two" in pair.evidence.reason.lower()


def test_that_the_text_names_its_parent_is_said_as_the_reason() -> None:
    credited = item("mia", 2, mention("kaz"), item_id="m", text=LONG)

    pair = stated((kaz, None), (credited, match("m", "b"))).of(credited, kaz)

    assert pair.evidence.reason.startswith("The text names the agency as its source")


# ---------------------------------------------------------------------------------------- joined by a person


def test_items_that_only_a_decision_joins_are_stated_by_it() -> None:
    pairs = stated((kaz, None), (copy, match("b", "k")), (other, DECISION))

    assert pairs.of(other, kaz) == DECISION
    by_another = pairs.of(other, copy)
    assert (by_another.a, by_another.b, by_another.kind) == ("m", "b", Kind.MANUAL)
    assert by_another.evidence == DECISION.evidence


def test_items_that_a_decision_did_not_join_are_stated_by_their_texts() -> None:
    pairs = stated((kaz, None), (copy, match("b", "k")), (other, DECISION))

    assert pairs.of(copy, kaz) == match("b", "k")


def test_what_came_with_the_joined_item_was_joined_by_the_same_decision() -> None:
    later = item("tanjug", 3, item_id="t", text=LONG)
    pairs = stated((kaz, None), (other, DECISION), (later, match("t", "m")))

    assert pairs.of(later, kaz).kind is Kind.MANUAL
    assert pairs.of(later, other) == match("t", "m")
