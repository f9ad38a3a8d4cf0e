"""Which story an item joins: the best mean over a story's members, and limits that are themselves enough."""

from __future__ import annotations

import numpy as np
import pytest

from aggregator.match.assign import BARS, Bar, Pair, Standing, choose, standings
from aggregator.match.words.classifier import Verdict
from aggregator.match.words.lsh import Row


def of(story: str, *scores: float) -> list[Pair]:
    """The pairs of an item with the members of a story."""
    return [
        Pair(Row(f"{story}{number}", story, "", "en", 0), np.empty(0), Verdict(score, "model"))
        for number, score in enumerate(scores)
    ]


def chosen(*pairs: Pair, bar: Bar = Bar(0.7, 0.35)) -> str | None:  # noqa: B008
    found: Standing | None = choose(standings(pairs), bar)
    return found and found.story_id


def test_stories_are_ranked_by_their_best_member_and_members_by_their_score() -> None:
    ranked = standings([*of("a", 0.4, 0.7), *of("b", 0.1, 0.8)])

    assert [standing.story_id for standing in ranked] == ["b", "a"]
    assert [pair.verdict.score for pair in ranked[0].pairs] == [0.8, 0.1]
    assert [pair.row.item_id for pair in ranked[1].pairs] == ["a1", "a0"]
    assert ranked[1].best.row.item_id == "a1"
    assert ranked[1].mean == pytest.approx(0.55)


def test_members_of_one_score_stay_in_the_order_they_were_found() -> None:
    (standing,) = standings(of("a", 0.8, 0.9, 0.8))

    assert [pair.row.item_id for pair in standing.pairs] == ["a1", "a0", "a2"]


def test_what_reaches_both_limits_exactly_joins() -> None:
    assert chosen(*of("a", 0.75, 0.25), bar=Bar(best=0.75, mean=0.5)) == "a"


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
    assert BARS[mode] == Bar(best=best, mean=mean)
