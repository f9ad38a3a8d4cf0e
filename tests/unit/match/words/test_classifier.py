"""Which rule decides a pair, and with what score: the table in docs/matching.md, at both sides of each limit.

A pair is given by its measures (`FEATURES`); what is not named says nothing for or against it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.resources import files

import numpy as np
import pytest
from numpy.typing import NDArray

from aggregator.match.words import classifier
from aggregator.match.words.classifier import (
    Verdict,
    apply_repeat_rule,
    classify,
    kind_of_match,
    named_features,
)
from aggregator.match.words.features import FEATURES
from aggregator.model import Kind

SAYS_NOTHING = {
    "numbers_kept": 1.0, "numbers_known": 1.0, "names_kept": 1.0, "names_known": 1.0, "ratio": 0.9,
}  # fmt: skip
COUNTS = {"words": "size", "numbers": "numbers", "names": "names", "replaced": "replaced"}
ALIKE = {"overlap": 0.5, "ratio": 0.6, "numbers": 2.0, "names": 1.0}  # just enough for facts-agree


def pair(*, words: float = 100, **given: float) -> NDArray[np.float64]:
    """A pair's measures; words and facts are counts here, of which the measures are log(1 + count)."""
    values = SAYS_NOTHING | given | {"size": words}
    for measure in ("size", "numbers", "names", "replaced"):
        values[measure] = math.log1p(values.get(measure, 0.0))
    return np.array([values.get(name, 0.0) for name in FEATURES])


@contextmanager
def model_says(score: float) -> Iterator[None]:
    class Model:
        def scores(self, features: NDArray[np.float64]) -> list[float]:
            return [score] * len(features)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifier, "_model", Model)
        yield


def verdict(score: float, of: NDArray[np.float64]) -> Verdict:
    """The verdict on a pair to which the model gives this score."""
    with model_says(score):
        (found,) = classify(of[np.newaxis])
    return found


# ----------------------------------------------------------------------------------------- equal words


@pytest.mark.parametrize(("words", "score"), [(60, 0.0), (300, 0.5), (59, 0.8), (3, 0.9)])
def test_equal_words_are_a_copy_when_they_are_many_or_the_model_is_sure(
    words: float, score: float
) -> None:
    equal = pair(words=words, overlap=1.0, ratio=1.0)

    assert verdict(score, equal) == (1.0, "equal-words")


@pytest.mark.parametrize("words", [5, 24, 59])
def test_few_equal_words_of_which_the_model_is_not_sure_say_too_little(words: float) -> None:
    equal = pair(words=words, overlap=1.0, ratio=1.0)

    assert verdict(0.79, equal) == (0.3, "says-little")
    assert verdict(0.2, equal) == (0.2, "says-little")


@pytest.mark.parametrize("facts", [{"names": 3}, {"numbers": 1, "names": 2}])
def test_of_few_equal_words_that_name_a_subject_the_model_need_be_less_sure(
    facts: dict[str, float],
) -> None:
    equal = pair(words=10, overlap=1.0, ratio=1.0, **facts)

    assert verdict(0.6, equal) == (1.0, "equal-words")
    assert verdict(0.59, equal) == (0.3, "says-little")


@pytest.mark.parametrize("given", [{"overlap": 0.99}, {"ratio": 0.99}])
def test_other_words_are_not_equal_words(given: dict[str, float]) -> None:
    assert verdict(0.5, pair(**({"overlap": 1.0, "ratio": 1.0} | given))).rule != "equal-words"


# ------------------------------------------------------------------------------------------ short texts


def test_under_five_words_there_is_nothing_to_compare() -> None:
    assert verdict(1.0, pair(words=4)) == (0.0, "too-short")
    assert verdict(1.0, pair(words=5)) == (1.0, "model")


@pytest.mark.parametrize("given", [{"replaced": 1}, {"numbers_kept": 0.49}, {"new_title": 1.0}])
def test_under_45_words_another_fact_is_another_report(given: dict[str, float]) -> None:
    assert verdict(0.9, pair(words=44, **given)) == (0.3, "short-facts-differ")
    assert verdict(0.9, pair(words=45, **given)) == (0.9, "model")


def test_under_45_words_half_of_the_numbers_may_be_unknown() -> None:
    assert verdict(0.9, pair(words=44, numbers_kept=0.5)) == (0.9, "model")


def test_a_rule_against_a_pair_does_not_raise_its_score() -> None:
    assert verdict(0.3, pair(words=44, replaced=1)) == (0.3, "model")
    assert verdict(0.2, pair(words=44, replaced=1)) == (0.2, "model")
    assert verdict(0.3, pair(words=11, new_words=0.5)) == (0.3, "model")
    assert verdict(0.2, pair(words=11, new_words=0.5)) == (0.2, "model")


def test_under_12_words_another_word_is_another_report() -> None:
    assert verdict(0.9, pair(words=11, new_words=0.1)) == (0.3, "brief-words-differ")
    assert verdict(0.9, pair(words=12, new_words=0.1)) == (0.9, "model")
    assert verdict(0.9, pair(words=11)) == (0.9, "model")


# ------------------------------------------------------------------------------------------ facts agree


def test_long_texts_that_share_most_phrases_are_a_copy_where_the_model_doubts() -> None:
    given = {"overlap": 0.5, "names_known": 0.9}

    assert verdict(0.5, pair(words=100, **given)) == (0.95, "phrases-agree")
    assert verdict(0.5, pair(words=100, replaced=1, **given)) == (0.95, "phrases-agree")
    assert verdict(0.5, pair(words=99, **given)) == (0.5, "model")
    assert verdict(0.5, pair(words=100, replaced=2, **given)) == (0.5, "model")
    assert verdict(0.3, pair(words=100, **given)) == (0.3, "model")


def test_a_statement_told_anew_is_known_by_its_facts() -> None:
    facts = {"numbers": 3.0, "names": 5.0, "overlap": 0.1}

    assert verdict(0.5, pair(words=50, **facts)) == (0.95, "many-facts-agree")
    assert verdict(0.3, pair(words=50, **facts)) == (0.3, "model")
    assert verdict(0.5, pair(words=50, **facts | {"names": 4.0})) == (0.5, "model")
    assert verdict(0.5, pair(words=50, **facts | {"numbers_known": 0.9})) == (0.5, "model")
    assert verdict(0.5, pair(words=50, replaced=1, **facts)) == (0.5, "model")


def test_nearly_the_same_with_all_facts_is_a_copy_at_least_by_95_percent() -> None:
    assert verdict(0.1, pair(words=30, **ALIKE)) == (0.95, "facts-agree")
    assert verdict(0.99, pair(words=30, **ALIKE)) == (0.99, "facts-agree")


@pytest.mark.parametrize(
    "given",
    [
        {"overlap": 0.49},
        {"ratio": 0.59},
        {"numbers": 1.0},
        {"names": 0.0},
        {"numbers_kept": 0.99},
        {"numbers_known": 0.99},
        {"names_kept": 0.99},
        {"names_known": 0.99},
        {"replaced": 1},
        {"new_title": 1.0},
    ],
)
def test_less_alike_or_with_a_fact_missing_the_model_decides(given: dict[str, float]) -> None:
    assert verdict(0.2, pair(words=30, **(ALIKE | given))) == (0.2, "model")
    assert verdict(0.2, pair(words=60, **(ALIKE | given))) == (0.2, "model")


# ------------------------------------------------------------------------------------------- the model


@pytest.mark.parametrize("words", [12, 100, 400])
def test_the_model_is_the_logistic_regression_that_is_shipped(words: float) -> None:
    shipped = json.loads((files("aggregator.match.words") / "coefficients.json").read_text("utf-8"))
    of = pair(words=words, overlap=0.4, containment=0.7, rare_overlap=0.6, titles=0.5)
    always, when_brief = (
        shipped[half]["bias"]
        + sum(shipped[half][name] * value for name, value in zip(FEATURES, of, strict=True))
        for half in ("always", "when_brief")
    )
    logit = always + math.exp(-words / 30) * when_brief

    (found,) = classify(of[np.newaxis])

    assert found.rule == "model"
    assert found.score == pytest.approx(1 / (1 + math.exp(-logit)), rel=1e-6)


def test_every_measure_has_both_its_weights() -> None:
    shipped = json.loads((files("aggregator.match.words") / "coefficients.json").read_text("utf-8"))

    assert set(shipped) == {"always", "when_brief"}
    assert all(list(half) == ["bias", *FEATURES] for half in shipped.values())


@pytest.mark.parametrize("measured", [1e6, -1e6])
def test_the_model_stays_within_its_bounds_whatever_is_measured(measured: float) -> None:
    (found,) = classify(pair(words=100, longest=measured)[np.newaxis])

    assert min(found.score, 1.0 - found.score) == pytest.approx(0.0, abs=1e-15)
    assert 0.0 <= found.score <= 1.0


def test_each_pair_has_its_own_verdict_in_their_order() -> None:
    rows = np.stack([pair(words=4), pair(words=100, overlap=1.0, ratio=1.0), pair(words=100)])

    assert [each.rule for each in classify(rows)] == ["too-short", "equal-words", "model"]


# ------------------------------------------------------------------------------------------- in time

REPORT, DAY = Verdict(0.9, "model"), timedelta(hours=24)


@pytest.mark.parametrize("given", [{}, {"numbers": 1, "names": 1}])
def test_few_words_without_a_subject_that_come_again_are_a_rubric(given: dict[str, float]) -> None:
    rubric = pair(words=24, **given)

    assert apply_repeat_rule(REPORT, rubric, timedelta(hours=18, seconds=1)) == (
        0.3,
        "short-repeat",
    )
    assert apply_repeat_rule(REPORT, rubric, timedelta(hours=18)) == REPORT


@pytest.mark.parametrize("given", [{"words": 25}, {"words": 24, "numbers": 1, "names": 2}])
def test_a_report_with_a_subject_may_come_again_a_day_later(given: dict[str, float]) -> None:
    assert apply_repeat_rule(REPORT, pair(**given), DAY) == REPORT


@pytest.mark.parametrize("score", [0.3, 0.1])
def test_what_is_no_copy_anyway_keeps_its_verdict(score: float) -> None:
    assert apply_repeat_rule(Verdict(score, "model"), pair(words=24), DAY) == (score, "model")


# ---------------------------------------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("overlap", "ratio", "same_agency", "expected"),
    [
        (1.0, 1.0, False, Kind.IDENTICAL),
        (1.0, 1.0, True, Kind.IDENTICAL),
        (0.99, 1.0, True, Kind.REVISION),
        (0.99, 1.0, False, Kind.NEAR),
        (1.0, 0.99, False, Kind.NEAR),
        (0.5, 0.6, False, Kind.NEAR),
        (0.5, 0.59, False, Kind.EXCERPT),
        (0.5, 0.59, True, Kind.REVISION),
    ],
)
def test_the_kind_of_a_match(
    overlap: float, ratio: float, same_agency: bool, expected: Kind
) -> None:
    assert kind_of_match(pair(overlap=overlap, ratio=ratio), same_agency=same_agency) is expected


def test_evidence_names_each_measure_and_rounds_it() -> None:
    values = named_features(np.arange(len(FEATURES), dtype=np.float64) + 0.123456)

    assert list(values) == list(FEATURES)
    assert values[FEATURES[0]] == 0.1235
    assert values[FEATURES[3]] == 3.1235
