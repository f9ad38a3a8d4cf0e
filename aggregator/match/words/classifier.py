"""A candidate becomes a match, or nothing, with the evidence.

    features -> too little to compare? -> facts replaced in a short text? -> logistic model -> score
                                                                                 |
                  identical · near · excerpt · revision   <-- kind --   score and mode's threshold

The model's coefficients lie in `coefficients.json`; `scripts/learn` wrote them. Rules come before
it where a false match would be certain, and each decision names the rule that made it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.words.features import FEATURES
from aggregator.model import Kind

_READ = (
    "overlap ratio size titles replaced new_title new_words numbers names"
    " numbers_kept numbers_known names_kept names_known"
)
(
    _OVERLAP,
    _RATIO,
    _SIZE,
    _TITLES,
    _REPLACED,
    _NEW_TITLE,
    _NEW_WORDS,
    _NUMBERS,
    _NAMES,
    *_AGREEING,
) = map(FEATURES.index, _READ.split())
_NUMBERS_KEPT = _AGREEING[0]
_FEWEST_WORDS = 5  # below this a text is a copy only of its equal
_SPARE_WORDS = 25  # below this the subject may stand in the title alone
_ENOUGH_FACTS = 3  # numbers and names that make a subject all the same
_SHORT_WORDS = 45  # below this every fact must agree
_BRIEF_WORDS = 12  # below this, as in feeds of headlines, every word must: convicted, acquitted
_REPEATED_AFTER = timedelta(hours=18)  # a daily rubric comes again after about a day
_UNSURE, _SURE = 0.3, 0.95
_ALIKE = 0.5  # overlap of short texts that differ in a word or two
_EXCERPT_RATIO = 0.6  # shorter over longer


Features = NDArray[np.float64]


class Verdict(NamedTuple):
    """How sure a pair is one report (0 to 1), and the name of the rule that said so."""

    score: float
    rule: str


def judge(features: Features) -> list[Verdict]:
    """The verdict on each pair, a row of features each (`compare.FEATURES`)."""
    return [
        _verdict(row, score)
        for row, score in zip(features.tolist(), _model().scores(features), strict=True)
    ]


def _verdict(pair: Sequence[float], score: float) -> Verdict:
    words = math.expm1(pair[_SIZE])
    if _are_equal(pair) and (words >= _SPARE_WORDS or _have_subject(pair)):
        return Verdict(1.0, "equal-words")
    if words < _FEWEST_WORDS:
        return Verdict(0.0, "too-short")
    if words < _SHORT_WORDS and score > _UNSURE and _facts_differ(pair):
        return Verdict(_UNSURE, "short-facts-differ")
    if words < _BRIEF_WORDS and score > _UNSURE and pair[_NEW_WORDS] > 0.0:
        return Verdict(_UNSURE, "brief-words-differ")
    if pair[_OVERLAP] >= _ALIKE and pair[_RATIO] >= _EXCERPT_RATIO and _facts_agree(pair):
        return Verdict(max(score, _SURE), "facts-agree")
    return Verdict(score, "model")


def in_time(verdict: Verdict, features: Features, apart: timedelta) -> Verdict:
    """The verdict on a pair whose reports are so far apart.

    Words too few to have a subject, come again a day later, are a rubric ("Weather for today") and
    not a copy.
    """
    if apart <= _REPEATED_AFTER or verdict.score <= _UNSURE:
        return verdict
    says_little = math.expm1(features[_SIZE]) < _SPARE_WORDS
    if says_little and _count_of_facts(features.tolist()) < _ENOUGH_FACTS:
        return Verdict(_UNSURE, "short-repeat")
    return verdict


def kind(features: Features, *, same_agency: bool) -> Kind:
    """What a matching pair is."""
    if _are_equal(features):
        return Kind.IDENTICAL
    if same_agency:
        return Kind.REVISION
    return Kind.EXCERPT if features[_RATIO] < _EXCERPT_RATIO else Kind.NEAR


def named(features: Features) -> dict[str, float]:
    """The features by name, rounded, as evidence shows them."""
    return dict(zip(FEATURES, features.round(4).tolist(), strict=True))


def _are_equal(pair: Sequence[float] | Features) -> bool:
    return bool(pair[_OVERLAP] >= 1.0 and pair[_RATIO] >= 1.0)


def _have_subject(pair: Sequence[float]) -> bool:
    """Whether short texts of equal words are of one subject: by their facts, or by their titles."""
    return pair[_NEW_TITLE] == 0.0 and (
        pair[_TITLES] > 0.0 or _count_of_facts(pair) >= _ENOUGH_FACTS
    )


def _count_of_facts(pair: Sequence[float]) -> int:
    return round(math.expm1(pair[_NUMBERS]) + math.expm1(pair[_NAMES]))


def _facts_agree(pair: Sequence[float]) -> bool:
    """Whether two texts have the same numbers and names, enough of them, in the same places."""
    same = all(pair[feature] == 1.0 for feature in _AGREEING)
    return same and not _facts_differ(pair) and _count_of_facts(pair) >= _ENOUGH_FACTS


def _facts_differ(pair: Sequence[float]) -> bool:
    """Whether a fact stands where the other text has another, or most numbers are unknown there."""
    return pair[_REPLACED] > 0.0 or pair[_NUMBERS_KEPT] < 0.5 or pair[_NEW_TITLE] > 0.0


class _Model(NamedTuple):
    """A logistic regression."""

    weights: NDArray[np.float64]
    bias: float

    def scores(self, features: Features) -> list[float]:
        logits: list[float] = (features @ self.weights).tolist()
        return [1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, x + self.bias)))) for x in logits]


@cache
def _model() -> _Model:
    shipped = json.loads((files("aggregator.match.words") / "coefficients.json").read_text("utf-8"))
    weights = np.array([shipped["weights"][name] for name in FEATURES], dtype=np.float64)
    return _Model(weights, float(shipped["bias"]))
