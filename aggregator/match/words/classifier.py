"""The 42 features of a candidate pair become a verdict: how sure it is one report, and by which rule.

    features -> logistic model -> too little to compare? facts replaced in a short text? -> score
                                                                                 |   a rule forbids? (`rules`)
                  identical · near · excerpt · revision   <-- kind --   score and mode's threshold

The model's coefficients lie in `coefficients.json`; `scripts/learn` wrote them. Rules come before
it where a false match would be certain, and each verdict names the rule that gave it.
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

from aggregator.match.words.features import FEATURES, Features
from aggregator.model import Kind

# The columns that rules read.
_OVERLAP = FEATURES.index("overlap")
_RATIO = FEATURES.index("ratio")
_SIZE = FEATURES.index("size")
_REPLACED = FEATURES.index("replaced")
_NEW_TITLE = FEATURES.index("new_title")
_NEW_WORDS = FEATURES.index("new_words")
_NUMBERS = FEATURES.index("numbers")
_NAMES = FEATURES.index("names")
_NUMBERS_KEPT = FEATURES.index("numbers_kept")
_FACTS_BOTH_WAYS = (
    _NUMBERS_KEPT,
    FEATURES.index("numbers_known"),
    FEATURES.index("names_kept"),
    FEATURES.index("names_known"),
)

# Where rules take over from the model. Texts of under some 40 words that differ by one name or figure
# are the commonest false merge: so measured on 5,500 edited copies of real news, and on 115 Reuters pairs
# (briefs of 15 to 45 words). Of 500 reports of one form 2 were joined wrongly when whole, 74 when cut to
# 25 words, 290 when cut to 12. The limits were set by hand, between copies missed and reports of one form
# joined.
_MIN_WORDS = 5  # fewer: a text is a copy only of its equal
_BRIEF_WORDS = 12  # fewer, as in feeds of headlines: every word must agree (convicted, acquitted)
# Fewer words that are equal may be two reports of one form, cut before their figures: then the model must be
# so sure. Of equal pairs of 12 to 60 words that it scores .8 or more 94 in 100 are copies, of others 10.
_TELLING_WORDS, _TELLING_SCORE = 60, 0.8
_TELLING_WITH_FACTS = 0.6  # of .6 to .8 with a subject's facts 54 of 66 are copies
_SUBJECT_WORDS = 25  # fewer: the subject may stand in the title alone
_SHORT_WORDS = 45  # fewer: every fact must agree
_SUBJECT_FACTS = 3  # so many numbers and names make a subject whatever the length
REPEATED_AFTER = timedelta(hours=18)  # by hand: a daily rubric comes again after about a day
# What a rule against a merge leaves of a score: below every threshold, still "related".
UNSURE = 0.3
_SURE = 0.95  # the least score where all facts agree: above every threshold
_NEARLY_SAME = 0.5  # by hand: the overlap of short texts that differ in a word or two, of long ones in passages
_PASSAGES_WORDS = 100  # by hand: fewer that are shared may be the background under two reports
_MANY_FACTS, _MANY_NUMBERS = 8, 3  # by hand: no two reports of one event have so many, and no other
_ONE_FACT = math.log1p(1.0)  # of the feature "replaced"
_KNOWN_NUMBERS = 0.5  # by hand: a copy has most of the shorter text's numbers
_EXCERPT_RATIO = 0.6  # shorter over longer; by hand: below it one text is a part of the other
_BRIEF = 30.0  # words, by hand: at so many a text is brief by 1/e, at a hundred hardly
_MAX_LOGIT = 40.0  # beyond it a score is 0 or 1 to sixteen digits, and from 710 on exp overflows


HALVES = ("always", "when_brief")  # of `columns`, as coefficients.json names them


class Verdict(NamedTuple):
    """How sure a pair is one report (0 to 1), and the name of the rule that said so."""

    score: float
    rule: str


def classify(features: Features) -> list[Verdict]:
    """The verdict on each pair; `features` has a row for each, shape (pairs, 42)."""
    return [
        _apply_rules(row, score)
        for row, score in zip(features.tolist(), _model().scores(features), strict=True)
    ]


def _apply_rules(pair: Sequence[float], score: float) -> Verdict:
    words = math.expm1(pair[_SIZE])
    if _are_equal(pair) and (words >= _TELLING_WORDS or score >= _telling_score(pair)):
        return Verdict(1.0, "equal-words")
    if words < _MIN_WORDS:
        return Verdict(0.0, "too-short")
    if _are_equal(pair):
        return Verdict(min(score, UNSURE), "says-little")
    objection = _objection(pair, words) if score > UNSURE else None
    if objection:
        return Verdict(UNSURE, objection)
    agreement = _agreement(pair, words, score)
    return Verdict(max(score, _SURE), agreement) if agreement else Verdict(score, "model")


def _telling_score(pair: Sequence[float]) -> float:
    """How sure the model must be that few equal words are one report."""
    return _TELLING_WITH_FACTS if _count_facts(pair) >= _SUBJECT_FACTS else _TELLING_SCORE


def _objection(pair: Sequence[float], words: float) -> str | None:
    """The rule that forbids to join texts so short, whatever the model says."""
    if words < _SHORT_WORDS and _facts_differ(pair):
        return "short-facts-differ"
    if words < _BRIEF_WORDS and pair[_NEW_WORDS] > 0.0:
        return "brief-words-differ"
    return None


def _agreement(pair: Sequence[float], words: float, score: float) -> str | None:
    """The rule that makes a pair sure that shares most of its phrases, or very many facts.

    Of 15 long pairs that the model doubted, with most phrases and at most one fact replaced (a slip, another
    spelling), all were copies, 11 of them of real news; of those below .3 few are: disclaimers of a company
    share as much. Of three doubted pairs with so many facts all were: a press statement, told anew.
    """
    is_nearly_same = pair[_OVERLAP] >= _NEARLY_SAME
    if is_nearly_same and pair[_RATIO] >= _EXCERPT_RATIO and _facts_agree(pair):
        return "facts-agree"
    if score <= UNSURE:
        return None
    if is_nearly_same and words >= _PASSAGES_WORDS and pair[_REPLACED] <= _ONE_FACT:
        return "phrases-agree"
    return "many-facts-agree" if _has_many_facts(pair) and _facts_agree(pair) else None


def _has_many_facts(pair: Sequence[float]) -> bool:
    numbers = round(math.expm1(pair[_NUMBERS]))
    return numbers >= _MANY_NUMBERS and _count_facts(pair) >= _MANY_FACTS


def apply_repeat_rule(verdict: Verdict, features: Features, apart: timedelta) -> Verdict:
    """The verdict on a pair whose reports are so far apart (features of shape (42,)).

    Words too few to have a subject, come again a day later, are a rubric ("Weather for today") and
    not a copy.
    """
    if apart <= REPEATED_AFTER or verdict.score <= UNSURE:
        return verdict
    says_little = math.expm1(features[_SIZE]) < _SUBJECT_WORDS
    if says_little and _count_facts(features.tolist()) < _SUBJECT_FACTS:
        return Verdict(UNSURE, "short-repeat")
    return verdict


def kind_of_match(features: Features, *, same_agency: bool) -> Kind:
    """What a pair that matches is: identical, a revision, an excerpt or near (features of shape (42,))."""
    if _are_equal(features):
        return Kind.IDENTICAL
    if same_agency:
        return Kind.REVISION
    return Kind.EXCERPT if features[_RATIO] < _EXCERPT_RATIO else Kind.NEAR


def named_features(features: Features) -> dict[str, float]:
    """The features of a pair by name, rounded to four places, as evidence shows them."""
    return dict(zip(FEATURES, features.round(4).tolist(), strict=True))


def _are_equal(pair: Sequence[float] | Features) -> bool:
    return bool(pair[_OVERLAP] >= 1.0 and pair[_RATIO] >= 1.0)


def _count_facts(pair: Sequence[float]) -> int:
    return round(math.expm1(pair[_NUMBERS]) + math.expm1(pair[_NAMES]))


def _facts_agree(pair: Sequence[float]) -> bool:
    """Whether two texts have the same numbers and names, enough of them, in the same places."""
    same = all(pair[feature] == 1.0 for feature in _FACTS_BOTH_WAYS)
    return same and not _facts_differ(pair) and _count_facts(pair) >= _SUBJECT_FACTS


def _facts_differ(pair: Sequence[float]) -> bool:
    """Whether a fact stands where the other text has another, or most numbers are unknown there."""
    return pair[_REPLACED] > 0.0 or pair[_NUMBERS_KEPT] < _KNOWN_NUMBERS or pair[_NEW_TITLE] > 0.0


def columns(features: Features) -> NDArray[np.float64]:
    """What the model weighs, shape (pairs, 2 x 42 + 2): all features, then all by brevity.

    A share means little in twenty words and much in two hundred: so each feature has two weights, of which the
    second counts as far as the shorter text is brief. In front of each half stands a one, for the bias.
    """
    brevity = np.exp(-np.expm1(features[:, _SIZE : _SIZE + 1]) / _BRIEF)
    with_bias = np.column_stack((np.ones(len(features)), features))
    return np.concatenate((with_bias, brevity * with_bias), axis=1)


class _LogisticModel(NamedTuple):
    """A logistic regression over `columns` as they are (not standardised)."""

    weights: NDArray[np.float64]

    def scores(self, features: Features) -> list[float]:
        logits: list[float] = (columns(features) @ self.weights).tolist()
        return list(map(_logistic, logits))


def _logistic(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-_MAX_LOGIT, min(_MAX_LOGIT, logit))))


@cache
def _model() -> _LogisticModel:
    shipped = json.loads((files("aggregator.match.words") / "coefficients.json").read_text("utf-8"))
    names = ("bias", *FEATURES)  # a new feature weighs nothing until it is learned of
    halves = [[shipped[half].get(name, 0.0) for name in names] for half in HALVES]
    return _LogisticModel(np.array(halves, dtype=np.float64).ravel())
