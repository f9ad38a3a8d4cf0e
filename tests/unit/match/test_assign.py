"""Which story an item joins: the best mean over a story's members, and limits that are themselves enough."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from aggregator.match.assign import by_preference, rank
from aggregator.match.channel import Pair, Thresholds
from aggregator.match.registry import IndexRow
from aggregator.match.words.channel import THRESHOLDS
from aggregator.model import Evidence, Kind, Match


class NoRegistry:
    """The pairs below name their stories themselves: nobody is asked."""

    def members(self, story_id: str) -> Sequence[IndexRow]:
        raise AssertionError(story_id)

    def story_of(self, item_id: str) -> str | None:
        raise AssertionError(item_id)

    def move(self, item_id: str, story_id: str) -> None:
        raise AssertionError(item_id, story_id)


NOBODY = NoRegistry()


def no_match(_joined: bool) -> Match:
    return Match(a="a", b="b", kind=Kind.NEAR, score=0.0, evidence=Evidence(rule="", reason=""))


def of(story: str, *scores: float) -> list[Pair]:
    """The pairs of an item with the members of a story."""
    return [Pair(f"{story}{number}", score, no_match, story) for number, score in enumerate(scores)]


def chosen(*pairs: Pair, thresholds: Thresholds = Thresholds(0.7, 0.35)) -> str | None:  # noqa: B008
    preferred = by_preference(rank(pairs, NOBODY), thresholds)
    return preferred[0].story_id if preferred else None


def test_stories_are_ranked_by_their_best_member_and_members_by_their_score() -> None:
    ranked = rank([*of("a", 0.4, 0.7), *of("b", 0.1, 0.8)], NOBODY)

    assert [ranking.story_id for ranking in ranked] == ["b", "a"]
    assert [pair.score for pair in ranked[0].pairs] == [0.8, 0.1]
    assert [pair.item_id for pair in ranked[1].pairs] == ["a1", "a0"]
    assert ranked[1].best.item_id == "a1"
    assert ranked[1].mean == pytest.approx(0.55)


def test_members_of_one_score_stay_in_the_order_they_were_found() -> None:
    (ranking,) = rank(of("a", 0.8, 0.9, 0.8), NOBODY)

    assert [pair.item_id for pair in ranking.pairs] == ["a1", "a0", "a2"]


def test_what_reaches_both_limits_exactly_joins() -> None:
    assert chosen(*of("a", 0.75, 0.25), thresholds=Thresholds(best=0.75, mean=0.5)) == "a"


def test_a_best_member_below_the_limit_does_not_join_however_good_the_mean() -> None:
    assert chosen(*of("a", 0.69, 0.69)) is None


def test_a_mean_below_the_limit_does_not_join_however_good_the_best_member() -> None:
    assert chosen(*of("a", 0.99, 0.01, 0.01)) is None


def test_the_best_mean_wins_over_the_best_member() -> None:
    assert chosen(*of("a", 0.99, 0.1), *of("b", 0.8, 0.8)) == "b"
    assert chosen(*of("b", 0.99, 0.1), *of("a", 0.8, 0.8)) == "a"


def test_a_story_that_fails_a_limit_does_not_keep_the_item_from_another() -> None:
    assert chosen(*of("a", 0.69, 0.69), *of("b", 0.7, 0.1)) == "b"


def test_of_two_stories_of_one_mean_the_one_with_the_best_member_is_joined() -> None:
    assert chosen(*of("a", 0.75, 0.75), *of("b", 1.0, 0.5)) == "b"


@pytest.mark.parametrize(("mode", "best", "mean"), [("balanced", 0.7, 0.35), ("strict", 0.9, 0.5)])
def test_the_limits_of_each_mode(mode: str, best: float, mean: float) -> None:
    assert THRESHOLDS[mode] == Thresholds(best=best, mean=mean)
