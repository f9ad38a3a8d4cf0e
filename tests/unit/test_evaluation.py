"""Which pairs decisions are about, and how often matching says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.evaluation import ENOUGH, Case, Scores, pairs, scores
from aggregator.model import Action, Decision, DecisionRecord, Kind
from tests.contract.samples import NOON, item, match


def record(
    action: Action, one: str = "a", other: str | None = "b", *, together: bool | None = None
) -> DecisionRecord:
    """A decision that the stories still say, unless told otherwise."""
    is_one = action is Action.JOIN if together is None else together
    return DecisionRecord(
        decision=Decision(id=1, action=action, item_id=one, other_id=other, made_at=NOON),
        item=item(one),
        story_id="s",
        other=item(other) if other else None,
        other_story_id="s" if is_one else "t",
    )


def decided(records: Sequence[DecisionRecord]) -> list[tuple[str, str, bool]]:
    return [(pair.item.id, pair.other.id, pair.is_one) for pair in pairs(records)]


def case(action: Action, kind: Kind) -> Case:
    (pair,) = pairs([record(action)])
    return Case(pair=pair, verdict=match("a", "b", kind))


def test_a_join_is_a_pair_of_one_report_and_a_split_one_of_two() -> None:
    assert decided([record(Action.JOIN), record(Action.SPLIT, "c", "d")]) == [
        ("a", "b", True),
        ("c", "d", False),
    ]


def test_a_lead_and_a_split_of_which_nothing_else_is_known_are_no_pairs() -> None:
    assert decided([record(Action.LEAD, other=None), record(Action.SPLIT, other=None)]) == []


def test_a_decision_undone_or_reversed_since_says_nothing() -> None:
    undone = replace(record(Action.JOIN), undone_at=NOON)
    parted = record(Action.JOIN, "c", "d", together=False)
    rejoined = record(Action.SPLIT, "e", "f", together=True)

    assert decided([undone, parted, rejoined]) == []


def test_a_pair_decided_twice_counts_once() -> None:
    assert decided([record(Action.JOIN), record(Action.JOIN, "b", "a")]) == [("a", "b", True)]


@pytest.mark.parametrize(
    ("action", "kind", "is_right"),
    [
        (Action.JOIN, Kind.NEAR, True),
        (Action.JOIN, Kind.RELATED, False),
        (Action.SPLIT, Kind.TRANSLATION, False),
        (Action.SPLIT, Kind.RELATED, True),
    ],
)
def test_matching_is_right_where_it_says_what_a_person_said(
    action: Action, kind: Kind, *, is_right: bool
) -> None:
    assert case(action, kind).is_right is is_right


def test_precision_and_recall_are_of_the_pairs_that_matching_joins() -> None:
    found = scores(
        [
            *[case(Action.JOIN, Kind.NEAR)] * 3,
            case(Action.JOIN, Kind.RELATED),
            *[case(Action.SPLIT, Kind.NEAR)] * 2,
            case(Action.SPLIT, Kind.RELATED),
        ]
    )

    assert found == Scores(joined=4, found=3, split=3, merged=2)
    assert (found.precision, found.recall) == (3 / 5, 3 / 4)


def test_of_no_pairs_there_is_no_share() -> None:
    assert scores([]) == Scores(joined=0, found=0, split=0, merged=0)
    assert (scores([]).precision, scores([]).recall) == (None, None)
    assert scores([case(Action.SPLIT, Kind.RELATED)]).precision is None


def test_there_are_enough_pairs_from_twenty_on() -> None:
    few = [case(Action.JOIN, Kind.NEAR)] * (ENOUGH - 1)

    assert not scores(few).are_enough
    assert scores([*few, case(Action.SPLIT, Kind.RELATED)]).are_enough


CASES = st.builds(case, st.sampled_from([Action.JOIN, Action.SPLIT]), st.sampled_from(Kind))


@given(st.lists(CASES))
def test_every_case_is_right_exactly_where_nothing_is_missed_or_merged(cases: list[Case]) -> None:
    found = scores(cases)

    is_perfect = found.found == found.joined and not found.merged
    assert all(one.is_right for one in cases) == is_perfect
    assert found.pairs == len(cases)
