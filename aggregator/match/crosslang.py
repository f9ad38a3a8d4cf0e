"""Items of different languages that are one report: the copy that was translated.

    text -- neutral.read --> features (bytes, stored with the item)
                                |
        crossindex: rarest shared features, the best few of each other language
                                |
        crossmodel: what is shared, what one side alone has, how far ahead of the second best
                                |
             sure enough and no fact against it: TRANSLATION, likely: RELATED, else nothing

Nothing here knows the time of day, the network or the database; equal calls in equal order give equal
answers. One writer at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.match import neutral
from aggregator.match.crossindex import MOST_LANGUAGES, CrossIndex
from aggregator.match.crossmodel import (
    BACKGROUND,
    Learned,
    Weighed,
    cosine,
    evidence,
    learned,
    veto,
)
from aggregator.match.facts import compare_facts
from aggregator.match.lexicon import LANGUAGES
from aggregator.model import Credit, Evidence, Kind, Match, Text

_CANDIDATES = 4  # examined of each other language
_RIVALRY = 0.8  # of the best cosine, from which the second candidate is looked at as well
_LEAST_COSINE = 0.10  # below this a pair is not looked at more closely
_SAME_REPORT = 0.5  # two items of one language this near are one report to the margins
_FORGET_SHARE = 0.25  # of the items that must be gone before the index is laid out anew


@dataclass(frozen=True, slots=True)
class _Entry:
    item_id: str
    language: str
    reported_at: datetime
    features: bytes
    agency_id: str
    credits: tuple[Credit, ...]


class _Candidate(NamedTuple):
    entry: _Entry
    cosine: float


class CrossLanguage:
    """The items of a window, and which of them a new one is a translation of.

    `strict` merges only at the higher threshold.
    """

    def __init__(self, *, window: timedelta, strict: bool = False) -> None:
        self._window = window
        self._learned: Learned = learned()
        self._threshold = self._learned.strict if strict else self._learned.balanced
        self._codes = {language: code for code, language in enumerate(LANGUAGES)}
        self._entries: list[_Entry] = []
        self._index = CrossIndex(self._learned.expectation, self._learned.kind_weights)
        self._gone_before: datetime | None = None

    def features(self, text: Text) -> bytes:
        """The language-neutral features of a text, to be stored; b"" when there is too little."""
        return neutral.pack(neutral.read(text))

    def add(
        self,
        item_id: str,
        language: str,
        reported_at: datetime,
        features: bytes,
        *,
        agency_id: str = "",
        credited: Sequence[Credit] = (),
    ) -> None:
        """Takes an item into the index; one without features, or of another version, is left out."""
        unpacked = neutral.unpack(features)
        code = self._code(language)
        if unpacked is None or code is None:
            return
        self._index.add(unpacked, code)
        self._entries.append(
            _Entry(item_id, language, reported_at, features, agency_id, tuple(credited))
        )

    def forget(self, before_at: datetime) -> None:
        """Lets go of what was reported earlier: never proposed again; laid out anew now and then."""
        self._gone_before = max(before_at, self._gone_before or before_at)
        kept = [entry for entry in self._entries if entry.reported_at >= self._gone_before]
        if len(self._entries) - len(kept) > _FORGET_SHARE * len(self._entries):
            self._entries = []
            self._index = CrossIndex(self._learned.expectation, self._learned.kind_weights)
            for entry in kept:
                self.add(
                    entry.item_id, entry.language, entry.reported_at, entry.features,
                    agency_id=entry.agency_id, credited=entry.credits,
                )  # fmt: skip

    def matches(
        self,
        item_id: str,
        language: str,
        features: bytes,
        *,
        agency_id: str,
        credited: Sequence[Credit],
        reported_at: datetime,
    ) -> list[Match]:
        """Matches with items of *other* languages in the window, TRANSLATION or RELATED, best first."""
        own = self._weigh(language, features)
        if own is None:
            return []
        entry = _Entry(item_id, language, reported_at, features, agency_id, tuple(credited))
        by_language: dict[str, list[_Candidate]] = {}
        for candidate in self._candidates(entry, own):
            by_language.setdefault(candidate.entry.language, []).append(candidate)
        found = [
            self._judge(entry, own, rival, rivals)
            for rivals in by_language.values()
            for rival in rivals[:2]
            if rival.cosine >= max(_LEAST_COSINE, rivals[0].cosine * _RIVALRY)
        ]
        return sorted(filter(None, found), key=lambda match: (-match.score, match.b))

    def compare(self, a: tuple[str, str, bytes], b: tuple[str, str, bytes]) -> Match | None:
        """The match of two items by themselves (item id, language, features); None when unlike."""
        one, other = self._weigh(a[1], a[2]), self._weigh(b[1], b[2])
        if one is None or other is None or a[1] == b[1]:
            return None
        values = evidence(one, other, 0.0, 0.0)
        return self._match(a[0], b[0], values, credit="")

    def explain(self, a: Text, b: Text) -> Evidence:
        """Why two texts are, or are not, one report: the facts that agree, with both spellings."""
        readings = neutral.read(a), neutral.read(b)
        one = self._weigh(a.language, neutral.pack(readings[0]))
        other = self._weigh(b.language, neutral.pack(readings[1]))
        credit = next((credit.phrase for credit in (*a.credits, *b.credits)), "")
        if one is None or other is None:
            return Evidence(rule="too-short", reason="One of the texts says too little to compare.")
        values = evidence(one, other, 0.0, 0.0)
        match = self._match("a", "b", values, credit)
        agree, differ = compare_facts(*readings, one, other)
        rule, reason = ("unlike", "The texts share too little.")
        if match is not None:
            rule, reason = match.evidence.rule, match.evidence.reason
        return Evidence(
            rule=rule, reason=reason, features=values, agree=agree, differ=differ, credit=credit
        )

    # ---------------------------------------------------------------------------------- one pair

    def _judge(
        self, entry: _Entry, own: Weighed, rival: _Candidate, rivals: list[_Candidate]
    ) -> Match | None:
        other = self._weigh(rival.entry.language, rival.entry.features)
        if other is None:
            return None
        credit = _credit(entry, rival.entry)
        values = evidence(own, other, self._second(rival, rivals), 0.0)
        if self._learned.score(values, credited=bool(credit)) < self._learned.related:
            return None
        back = [
            c for c in self._candidates(rival.entry, other) if c.entry.language == entry.language
        ]
        second = self._second(_Candidate(entry, rival.cosine), back)
        values["ahead_b"] = values["cosine"] - max(second, BACKGROUND)
        return self._match(entry.item_id, rival.entry.item_id, values, credit)

    def _match(self, a: str, b: str, values: dict[str, float], credit: str) -> Match | None:
        score = self._learned.score(values, credited=bool(credit))
        if score < self._learned.related:
            return None
        against = veto(values)
        kind = Kind.TRANSLATION if score >= self._threshold and not against else Kind.RELATED
        rule = against or ("translation" if kind is Kind.TRANSLATION else "not-sure")
        return Match(
            a=a,
            b=b,
            kind=kind,
            score=min(score, self._threshold - 0.01) if against else score,
            evidence=Evidence(rule=rule, reason=_REASONS[rule], features=values, credit=credit),
        )

    # ------------------------------------------------------------------------------- many candidates

    def _candidates(self, entry: _Entry, own: Weighed) -> list[_Candidate]:
        code = self._codes[entry.language]
        near = self._index.nearest(own.features, own.weights, code, _CANDIDATES)
        candidates = (_Candidate(self._entries[item], cosine) for item, _, cosine in near)
        return [c for c in candidates if self._may_be(entry, c.entry)]

    def _second(self, best: _Candidate, candidates: list[_Candidate]) -> float:
        """The cosine of the best candidate that is another report: copies of the best are no rivals."""
        for candidate in candidates:
            if candidate.entry.item_id == best.entry.item_id:
                continue
            if candidate.cosine < BACKGROUND or not self._same_report(candidate.entry, best.entry):
                return candidate.cosine
        return 0.0

    def _same_report(self, a: _Entry, b: _Entry) -> bool:
        one, other = self._weigh(a.language, a.features), self._weigh(b.language, b.features)
        return one is not None and other is not None and cosine(one, other) >= _SAME_REPORT

    def _may_be(self, entry: _Entry, other: _Entry) -> bool:
        if other.item_id == entry.item_id:
            return False
        gone = self._gone_before is not None and other.reported_at < self._gone_before
        return not gone and abs(entry.reported_at - other.reported_at) <= self._window

    def _weigh(self, language: str, features: bytes) -> Weighed | None:
        unpacked = neutral.unpack(features)
        code = self._code(language)
        if unpacked is None or code is None:
            return None
        return Weighed(
            unpacked,
            self._index.weigh(unpacked, code),
            self._index.rarity(unpacked.of_names, code),
        )

    def _code(self, language: str) -> int | None:
        """The number of a language: given at first sight, while there are any left."""
        code = self._codes.get(language)
        if code is None and len(self._codes) < MOST_LANGUAGES - 1:
            code = self._codes[language] = len(self._codes) + 1  # one column is for "any other"
        return code


_REASONS = {
    "translation": "The texts share so many rare names, figures and notions that one translates the other.",
    "not-sure": "The texts have much in common, but not enough to be one report.",
    "names-differ": "Each text names someone the other does not.",
    "facts-differ": "Each text has places or figures the other lacks.",
}


def _credit(a: _Entry, b: _Entry) -> str:
    """The words by which either side names the other's agency, or "" when neither does."""
    for one, other in ((a, b), (b, a)):
        for credit in one.credits:
            if other.agency_id and credit.agency_id == other.agency_id != one.agency_id:
                return credit.phrase
    return ""
