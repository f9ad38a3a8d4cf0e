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
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.compare import FEATURES
from aggregator.model import Kind

_OVERLAP, _RATIO, _SIZE, _TITLES, _REPLACED, _NUMBERS_KEPT = map(
    FEATURES.index, ("overlap", "ratio", "size", "titles", "replaced", "numbers_kept")
)
_FEWEST_WORDS = 5  # below this a text is a copy only of its equal
_SPARE_WORDS = 25  # below this the subject may stand in the title alone
_SHORT_WORDS = 40  # below this every fact must agree
_UNSURE = 0.3
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
    if _are_equal(pair) and (words >= _SPARE_WORDS or pair[_TITLES] > 0.0):
        return Verdict(1.0, "equal-words")
    if words < _FEWEST_WORDS:
        return Verdict(0.0, "too-short")
    if words < _SHORT_WORDS and _facts_differ(pair):
        return Verdict(min(score, _UNSURE), "short-facts-differ")
    return Verdict(score, "model")


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


def _facts_differ(pair: Sequence[float]) -> bool:
    """Whether a fact stands where the other text has another, or most numbers are unknown there."""
    return pair[_REPLACED] > 0.0 or pair[_NUMBERS_KEPT] < 0.5


class _Model(NamedTuple):
    """A logistic regression."""

    weights: NDArray[np.float64]
    bias: float

    def scores(self, features: Features) -> list[float]:
        logits: list[float] = (features @ self.weights).tolist()
        return [1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, x + self.bias)))) for x in logits]


@cache
def _model() -> _Model:
    shipped = json.loads((files("aggregator.match") / "coefficients.json").read_text("utf-8"))
    weights = np.array([shipped["weights"][name] for name in FEATURES], dtype=np.float64)
    return _Model(weights, float(shipped["bias"]))
