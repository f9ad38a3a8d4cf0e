"""The tables that scripts/learn-crosslang makes, as one model, checked against the code and the languages.

model.json: coefficients, thresholds, weights of kinds    common.npz: what is common beforehand
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from aggregator.errors import LanguageError
from aggregator.languages import languages
from aggregator.match.crosslang.classifier import PAIR_FEATURES, brevity
from aggregator.match.crosslang.idf import MOST_LANGUAGES, PriorCounts, Weights
from aggregator.match.crosslang.packed import FeatureKind
from aggregator.match.lexicon import rows

CREDIT = 0.7  # what a credit that names the other's agency adds to the log odds: it is no proof

_AGAIN = "run scripts/learn-crosslang with labelled items"


class Regression(NamedTuple):
    """A logistic regression over the features of a pair."""

    bias: float
    coefficients: dict[str, float]

    def log_odds(self, values: Mapping[str, float]) -> float:
        """The log odds that a pair with these features is one report."""
        return self.bias + sum(weight * values[name] for name, weight in self.coefficients.items())


class Learned(NamedTuple):
    """What scripts/learn-crosslang found: the model, its thresholds, and what is common beforehand."""

    brief: Regression  # of pairs of a title and a sentence …
    full: Regression  # … and of long reports; between them a pair is judged by both
    balanced: float  # scores from which a pair is one story …
    hot: float  # … where others are about as alike …
    contested: float  # … and where one of another story is as near
    strict: float
    related: float  # from which it is worth telling
    kind_weights: Weights
    prior: PriorCounts

    def score(self, values: Mapping[str, float], *, credited: bool) -> float:
        """The probability, in [0, 1], that a pair with these features is one report."""
        share = brevity(values["length"])
        total = share * self.brief.log_odds(values) + (1 - share) * self.full.log_odds(values)
        total += CREDIT if credited else 0.0
        return 1 / (1 + math.exp(-total)) if total > -500 else 0.0


@cache
def learned() -> Learned:
    """The shipped model. Raises LanguageError where it does not fit the code or the languages."""
    folder = files("aggregator.match.crosslang")
    stored = json.loads(folder.joinpath("model.json").read_text("utf-8"))
    with folder.joinpath("common.npz").open("rb") as file, np.load(file) as common:
        prior = PriorCounts.of(common, float(stored["documents"]))
    model = Learned(
        brief=Regression(**stored["brief"]),
        full=Regression(**stored["full"]),
        balanced=stored["balanced"],
        hot=stored["hot"],
        contested=stored["contested"],
        strict=stored["strict"],
        related=stored["related"],
        kind_weights=np.array(stored["kind_weights"], dtype=np.float32),
        prior=prior,
    )
    check_model(model)
    return model


def check_tables() -> None:
    """Whether languages, lexicon, counts and model fit each other. Raises LanguageError, with the mend."""
    rows()
    learned()
    _check_equivalents()


def check_model(model: Learned) -> None:
    """Whether a model fits the code and the languages. Raises LanguageError, with the mend."""
    _check_counts(model.prior)
    for name in (*model.brief.coefficients, *model.full.coefficients):
        if name not in PAIR_FEATURES:
            raise LanguageError(f"model.json: there is no feature {name!r} of pairs: {_AGAIN}")
    if len(model.kind_weights) != len(FeatureKind):
        raise LanguageError(
            f"model.json: kind_weights: there must be {len(FeatureKind)} of them, one for each kind of"
            f" feature, not {len(model.kind_weights)}"
        )


def _check_counts(prior: PriorCounts) -> None:
    for code in prior.languages:
        if code not in languages():
            raise LanguageError(
                f"common.npz: there is no language {code!r}: write aggregator/languages/{code}.toml,"
                f" or {_AGAIN}"
            )
    columns = len(prior.languages) + 1
    if columns > MOST_LANGUAGES:
        raise LanguageError(
            f"common.npz: {len(prior.languages)} languages are more than {MOST_LANGUAGES - 1}:"
            " raise MOST_LANGUAGES in match/crosslang/idf.py"
        )
    if prior.counts.shape != (len(prior.ids), columns) or len(prior.unseen) != columns:
        raise LanguageError(
            f"common.npz: counts and unseen must have a column for each of"
            f" {', '.join(prior.languages)} and one for any other language: {_AGAIN}"
        )


def _check_equivalents() -> None:
    """No word may stand for one thing in one language and for another in the next: all are read as one table."""
    meanings: dict[str, tuple[str, str]] = {}
    for code, language in languages().items():
        for meaning, words in language.equivalents.items():
            for word in words:
                known, first = meanings.setdefault(word, (meaning, code))
                if known != meaning:
                    raise LanguageError(
                        f"languages/{code}.toml: equivalents: {word!r} stands for {meaning} here and"
                        f" for {known} in {first}.toml: leave it out of one of them"
                    )
