"""Two items of different languages become a score, a rule and a sentence.

measures of the pair --> logistic model --> score --> other channels' support
                    \\--> veto: facts each side alone has --> never a translation
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from aggregator.match.channel import Support
from aggregator.match.crosslang.acts import acts_differ
from aggregator.match.crosslang.classifier import (
    FACTS_FORBID,
    Standing,
    Weighed,
    is_hot,
    model_features,
    one_sided,
    pair_features,
    tells_otherwise,
    veto,
)
from aggregator.match.crosslang.index import Entry
from aggregator.match.crosslang.learned import Learned
from aggregator.match.crosslang.lengths import Keys
from aggregator.match.crosslang.opposites import are_opposed
from aggregator.match.crosslang.packed import Features
from aggregator.model import Evidence, Kind, Match

_UNDER = 0.01  # how far below the threshold a vetoed pair is put: shown as close, never merged
_REASONS = {
    "translation": "The texts share so many rare names, figures and notions that one translates the other.",
    "not-sure": "The texts have much in common, but not enough to tell that they are one report.",
    "unlike": "The texts share too little.",
    "too-short": "One of the texts says too little to compare.",
    "names-differ": "Each text names someone the other does not.",
    "facts-differ": "Each text has places or figures the other lacks.",
    "acts-differ": "Each text tells of something done that the other does not.",
    "opposite-word": "One title says the opposite of the other.",
    "contested": "Another report of the same language is about as near.",
    "tells-otherwise": "Both texts are whole and short, and say different things of whom and what they share.",
    "no-facts": "The texts are short, share no name, place or figure, and are not alike enough without.",
    "no-notions": "The texts are short and share names or figures, but nothing that is said of them.",
    "unrelated-titles": "Neither title has anything to do with the other text.",
    "own-report": "One of the texts names the agency's own reporter, and they share no figure.",
    "hot-subject": "The texts share what many reports of these days have.",
    "order-differs": "What the texts share does not stand in the same order.",
}


class WeighedItem(NamedTuple):
    """One item of a pair: what the index says of it, its weighed features, and those it is found by."""

    entry: Entry
    weighed: Weighed
    keys: Keys


class Scorer(NamedTuple):
    """The model, and the score in [0, 1] from which a pair is a translation."""

    learned: Learned
    threshold: float

    def match(
        self,
        a: WeighedItem,
        b: WeighedItem,
        from_a: Standing,
        from_b: Standing,
        support: Callable[[float], Support],
    ) -> Match:
        """The match of a pair: TRANSLATION, or RELATED with a score below the threshold.

        `from_…`: how the other stands among the candidates of each side.
        """
        values = pair_features(a.weighed, b.weighed, from_a, from_b)
        credit = credit_between(a.entry, b.entry)
        score, measured = support(self.learned.score(values, credited=bool(credit)))
        values |= measured
        against = veto(values) or told_apart(a.weighed.features, b.weighed.features)
        if not against and not credit and tells_otherwise(values):
            against = "tells-otherwise"
        least = self._least(values)
        kind = Kind.TRANSLATION if score >= least and not against else Kind.RELATED
        rule = against or self._rule(score, least, values)
        return Match(
            a=a.entry.item_id,
            b=b.entry.item_id,
            kind=kind,
            score=round(score if kind is Kind.TRANSLATION else self._vetoed(score), 4),
            evidence=Evidence(rule=rule, reason=_REASONS[rule], features=values, credit=credit),
        )

    def score(self, a: WeighedItem, b: WeighedItem, from_a: Standing, from_b: Standing) -> float:
        """The score of a pair by itself: whatever speaks against a merge, and other channels, are not heard."""
        values = model_features(a.weighed, b.weighed, from_a, from_b)
        return self.learned.score(values, credited=bool(credit_between(a.entry, b.entry)))

    def at_best(self, a: WeighedItem, b: WeighedItem) -> float:
        """The score of a pair with no other candidates in sight.

        No other candidate raises a score: the model has it from `ahead` and `rivals`, whose signs are bounded.
        """
        standing = _alone(a, b)
        return self.score(a, b, standing, standing)

    def _least(self, values: Mapping[str, float]) -> float:
        """The score from which a pair is a translation."""
        if one_sided(values):
            return max(self.threshold, self.learned.contested)
        return max(self.threshold, self.learned.hot) if is_hot(values) else self.threshold

    def _rule(self, score: float, least: float, values: Mapping[str, float]) -> str:
        if score >= least:
            return "translation"
        if score < self.learned.related:
            return "unlike"
        return one_sided(values) or "not-sure"

    def contested(self, match: Match) -> Match:
        """A pair of an item that might as well translate another report: shown, not merged."""
        evidence = replace(match.evidence, rule="contested", reason=_REASONS["contested"])
        score = round(self._vetoed(match.score), 4)
        return replace(match, kind=Kind.RELATED, score=score, evidence=evidence)

    def alone(self, a: WeighedItem, b: WeighedItem) -> float:
        """The score of a pair with no other candidates in sight; 0 when names or facts forbid it.

        A pair that has too little in common to be merged for itself speaks neither way.
        """
        standing = _alone(a, b)
        values = pair_features(a.weighed, b.weighed, standing, standing)
        against = veto(values) or told_apart(a.weighed.features, b.weighed.features)
        score = self.learned.score(values, credited=False)
        if against in FACTS_FORBID:
            return 0.0
        return self._vetoed(score) if against or score < self._least(values) else score

    def _vetoed(self, score: float) -> float:
        return min(score, self.threshold - _UNDER)


def _alone(a: WeighedItem, b: WeighedItem) -> Standing:
    """How either side of a pair stands with no other candidates in sight."""
    return Standing.of(a.keys.likeness(b.keys))


def told_apart(a: Features, b: Features) -> str:
    """The rule by which two reports tell of different things done, or of opposites; "" where none does."""
    if acts_differ(a, b):
        return "acts-differ"
    return "opposite-word" if are_opposed(a, b) else ""


def too_short(a: str, b: str) -> Match:
    """The match of two items of which one says too little to compare."""
    evidence = Evidence(rule="too-short", reason=_REASONS["too-short"])
    return Match(a=a, b=b, kind=Kind.RELATED, score=0.0, evidence=evidence)


def not_joined(match: Match) -> Match:
    """A pair that is shown, not merged; also one that is a translation by itself."""
    if match.kind is Kind.RELATED:
        return match
    reason = "The two are alike, but other copies decided to which story each belongs."
    evidence = replace(match.evidence, rule="others-decide", reason=reason)
    return replace(match, kind=Kind.RELATED, evidence=evidence)


def credit_between(a: Entry, b: Entry) -> str:
    """The words by which either side names the other's agency, or "" when neither does."""
    for one, other in ((a, b), (b, a)):
        for credit in one.credits:
            names_other = credit.agency_id == other.agency_id != one.agency_id
            if other.agency_id and names_other and not credit.background:
                return credit.phrase
    return ""
