"""Items of different languages that are one report: the copy that was translated.

    text -- neutral.read --> features (bytes, stored with the item)
                                |
        index: rarest shared features, the best few of each other language
                                |
        judge: what is shared, what one side alone has, how far ahead of the second best
                                |
             sure enough and no fact against it: TRANSLATION, likely: RELATED, else nothing
                                |
        the story's other members: none of them may speak against it

Nothing here knows the time of day, the network or the database; equal calls in equal order give equal
answers. One writer at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from aggregator.match.crosslang import extraction
from aggregator.match.crosslang.classifier import (
    BACKGROUND,
    FACTS_FORBID,
    Weighed,
    cosine,
    pair_features,
    veto,
)
from aggregator.match.crosslang.facts import compare_facts
from aggregator.match.crosslang.idf import MOST_LANGUAGES, FeatureIdf
from aggregator.match.crosslang.index import Entry, InvertedIndex, Near, Query, likeness, query
from aggregator.match.crosslang.learned import Learned, learned
from aggregator.match.crosslang.packed import (
    Extracted,
    Features,
    pack,
    unpack,
)
from aggregator.match.embedding.model import (
    MEASURE,
    Semantic,
    Vectors,
    Window,
)
from aggregator.model import Credit, Evidence, Fingerprint, Item, Kind, Match, Text

_CANDIDATES = 4  # of each other language
_RIVALRY = 0.8  # of the best cosine, from which the second candidate is looked at as well
LEAST_COSINE = 0.10  # below this a pair is not looked at more closely
_SAME_REPORT = 0.5  # two items of one language this near are one report
_AGAINST = 0.02  # the score of another member of a story below which it speaks against joining
_ANOTHER_NAME = 0.2  # weight of a name in the lead, less its likeness to one of the other side
_NEVER = datetime.min.replace(tzinfo=UTC)
_MEANT = 1  # candidates of each other language that the model proposes
_HOT = 4096  # items whose features are kept at hand

Fingerprints = Callable[[Sequence[str]], Mapping[str, Fingerprint]]


class _Known(NamedTuple):
    """The features of an item, the code of its language, and its vector, if a model is asked for."""

    features: Features
    language: int
    vector: Vectors | None = None


class _Side(NamedTuple):
    """One item of a pair: what the index says of it, its weighed features, and those it is found by."""

    entry: Entry
    weighed: Weighed
    kept: Query
    vector: Vectors | None


class CrossLanguage:
    """The items of a window, and which of them a new one is a translation of.

    `strict` merges only at the higher threshold. `fingerprints` gives those of the item ids asked for
    that it has; what it gave is kept while it is often needed. A `semantic` model proposes and supports.
    """

    def __init__(
        self,
        fingerprints: Fingerprints,
        *,
        window: timedelta,
        strict: bool = False,
        semantic: Semantic | None = None,
    ) -> None:
        self._fingerprints = fingerprints
        self._window = window
        self._learned: Learned = learned()
        self._threshold = self._learned.strict if strict else self._learned.balanced
        self._codes = {
            language: code for code, language in enumerate(self._learned.prior.languages)
        }
        self._rarity = FeatureIdf(self._learned.prior, self._learned.kind_weights)
        self._index = InvertedIndex()
        self._semantic = semantic
        self._meanings = Window()
        self._gone_before = _NEVER
        self._last: tuple[bytes, int, _Side] | None = None  # since the last item was counted
        self._hot: OrderedDict[str, _Known | None] = OrderedDict()

    def features(self, text: Text) -> bytes:
        """The language-neutral features of a text, to be stored; b"" when there is too little."""
        return self._stored(text, extraction.extract(text))

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
        self._hot.pop(item_id, None)
        known = self._known(language, features)
        if known is None:
            return
        entry = Entry(item_id, known.language, reported_at, agency_id, tuple(credited))
        self._index.add(entry, self._own_side(entry, known, features).kept)
        self._rarity.count(known.features, known.language)
        self._last = None
        if known.vector is not None:
            self._meanings.add(entry, known.vector)

    def forget(self, before_at: datetime) -> None:
        """Lets go of what was reported earlier: never proposed again; dropped in blocks."""
        self._gone_before = max(before_at, self._gone_before)
        self._index.forget(before_at)
        self._meanings.forget(before_at)

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
        known = self._known(language, features)
        if known is None:
            return []
        entry = Entry(item_id, known.language, reported_at, agency_id, tuple(credited))
        own = self._own_side(entry, known, features)
        by_language: dict[int, list[Near]] = {}
        for candidate in self._candidates(own, 0.0 if credited else BACKGROUND):
            by_language.setdefault(candidate.entry.language, []).append(candidate)
        found = [
            self._judge(own, rival, rivals)
            for rivals in by_language.values()
            for rival in _worth_a_look(own.entry, rivals)
        ]
        looked_at = {match.b for match in found if match}
        found += [
            self._judge(own, near, by_language.get(near.entry.language, []))
            for near in self._meant(own)
            if near.entry.item_id not in looked_at
        ]
        return sorted(filter(None, found), key=lambda match: (-match.score, match.b))

    def measures(
        self, item_id: str, language: str, features: bytes, reported_at: datetime
    ) -> list[tuple[str, dict[str, float]]]:
        """Every candidate of an item with all measures of the pair: what the model is learned from."""
        known = self._known(language, features)
        if known is None:
            return []
        own = self._side(Entry(item_id, known.language, reported_at), known)
        found, near = [], self._candidates(own)
        for rival in near:
            rivals = [other for other in near if other.entry.language == rival.entry.language]
            for kept in self._fetched([rival.entry.item_id]).values():
                other = self._side(rival.entry, kept)
                ahead, back = self._ahead(own, other, rivals), self._ahead(other, own)
                found.append(
                    (rival.entry.item_id, pair_features(own.weighed, other.weighed, ahead, back))
                )
        return found

    def names_differ(self, fingerprint: Fingerprint, item_id: str) -> bool:
        """Whether an item and another, of any language, each name someone in their leads whom the other does not."""
        known = self._known(fingerprint.language, fingerprint.crosslang)
        other = self._fetched([item_id]).get(item_id)
        if known is None or other is None:
            return False
        own, theirs = (self._side(_unnamed(side), side).weighed for side in (known, other))
        values = pair_features(own, theirs, 0.0, 0.0)
        nameless = known.language == self._codes.get("zh")  # names are not marked as such there
        return bool(veto(values)) and (nameless or values["names_missing_lead"] >= _ANOTHER_NAME)

    def denies(self, fingerprint: Fingerprint, member_ids: Sequence[str]) -> bool:
        """Whether a story's other members speak against an item that one member is a translation of.

        A member of the item's own language does unless the two are as alike as two translations of one
        text, and decides alone. Those of other languages do by facts that differ or by having next to
        nothing in common with the item; they must be fewer than those who speak for it.
        """
        known = self._known(fingerprint.language, fingerprint.crosslang)
        if known is None:
            return False
        own = self._side(_unnamed(known), known)
        speakers_for, speakers_against = 1, 0
        for member in self._fetched(member_ids).values():
            score = self._alone(own, self._side(_unnamed(member), member))
            if member.language == known.language and score < self._threshold:
                return True
            speakers_for += score >= self._threshold
            speakers_against += score < _AGAINST
        return speakers_against >= speakers_for

    def explain(self, a: Item, b: Item, texts: tuple[Text, Text]) -> Match:
        """Why two items are, or are not, one report: the facts that agree, with both spellings.

        `RELATED` when the pair alone would not be merged.
        """
        readings = extraction.extract(texts[0]), extraction.extract(texts[1])
        sides = []
        for item, text, reading in zip((a, b), texts, readings, strict=True):
            known = self._known(text.language, self._stored(text, reading))
            if known is None:
                told = Evidence(rule="too-short", reason=_REASONS["too-short"])
                return Match(a=a.id, b=b.id, kind=Kind.RELATED, score=0.0, evidence=told)
            entry = Entry(item.id, known.language, item.reported_at, item.agency_id, text.credits)
            sides.append(self._side(entry, known))
        one, other = sides
        match = self._match(one, other, self._ahead(one, other), self._ahead(other, one))
        agree, differ = compare_facts(*readings, one.weighed, other.weighed)
        return replace(match, evidence=replace(match.evidence, agree=agree, differ=differ))

    # ---------------------------------------------------------------------------------- one pair

    def _judge(self, own: _Side, rival: Near, rivals: Sequence[Near]) -> Match | None:
        known = self._fetched([rival.entry.item_id])
        if not known:
            return None
        other = self._side(rival.entry, known[rival.entry.item_id])
        ahead = self._ahead(own, other, rivals)
        match = self._match(own, other, ahead, ahead)
        if match.score >= self._learned.related:
            match = self._match(own, other, ahead, self._ahead(other, own))
        return match if match.score >= self._learned.related else None

    def _match(self, a: _Side, b: _Side, ahead_a: float, ahead_b: float) -> Match:
        values = pair_features(a.weighed, b.weighed, ahead_a, ahead_b)
        credit = _credit(a.entry, b.entry)
        score = self._learned.score(values, credited=bool(credit))
        if a.vector is not None and b.vector is not None:
            values[MEASURE] = float(a.vector @ b.vector)
            score = self._meanings.supported(score, (a.entry, a.vector), (b.entry, b.vector))
        against = veto(values)
        kind = Kind.TRANSLATION if score >= self._threshold and not against else Kind.RELATED
        rule = against or ("translation" if kind is Kind.TRANSLATION else "not-sure")
        if score < self._learned.related and not against:
            rule = "unlike"
        return Match(
            a=a.entry.item_id,
            b=b.entry.item_id,
            kind=kind,
            score=round(min(score, self._threshold - 0.01) if against else score, 4),
            evidence=Evidence(rule=rule, reason=_REASONS[rule], features=values, credit=credit),
        )

    def _alone(self, a: _Side, b: _Side) -> float:
        """The score of a pair with no other candidates in sight; 0 when names or facts forbid it.

        A pair that has too little in common to be merged for itself speaks neither way.
        """
        ahead = likeness(a.kept, b.kept) - BACKGROUND
        values = pair_features(a.weighed, b.weighed, ahead, ahead)
        against, score = veto(values), self._learned.score(values, credited=False)
        if against in FACTS_FORBID:
            return 0.0
        return min(score, self._threshold - 0.01) if against else score

    # ------------------------------------------------------------------------------- many candidates

    def _candidates(self, own: _Side, least: float = 0.0) -> list[Near]:
        reported_at, span = own.entry.reported_at, self._window
        since_at = max(reported_at - span, self._gone_before)
        near = self._index.nearest(
            own.kept, own.entry.language, since_at, reported_at + span, _CANDIDATES, least
        )
        return [candidate for candidate in near if candidate.entry.item_id != own.entry.item_id]

    def _meant(self, own: _Side) -> list[Near]:
        """The candidates of the model, at whatever cosine."""
        if own.vector is None:
            return []
        reported_at, span = own.entry.reported_at, self._window
        since_at = max(reported_at - span, self._gone_before)
        nearest = self._meanings.nearest(
            own.vector, own.entry.language, since_at, reported_at + span, _MEANT
        )
        return [Near(entry, 0.0) for entry in nearest if entry.item_id != own.entry.item_id]

    def _ahead(self, own: _Side, best: _Side, candidates: Sequence[Near] | None = None) -> float:
        """By how much `best` is more alike than the next candidate of its language.

        Copies of the best, near to it in its own language, are no rivals.
        """
        lead = likeness(own.kept, best.kept)
        for candidate in self._candidates(own) if candidates is None else candidates:
            if candidate.cosine <= BACKGROUND:
                break
            if candidate.entry.item_id == best.entry.item_id:
                continue
            if candidate.entry.language != best.entry.language:
                continue
            if not self._same_report(candidate.entry, best):
                return lead - candidate.cosine
        return lead - BACKGROUND

    def _same_report(self, entry: Entry, best: _Side) -> bool:
        known = self._fetched([entry.item_id]).get(entry.item_id)
        if known is None:
            return False
        return cosine(self._side(entry, known).weighed, best.weighed) >= _SAME_REPORT

    # ------------------------------------------------------------------------------- what is known

    def _fetched(self, item_ids: Sequence[str]) -> dict[str, _Known]:
        """What is kept somewhere of items; one question for all that are not at hand."""
        cold = [item_id for item_id in item_ids if item_id not in self._hot]
        for item_id, fingerprint in self._fingerprints(cold).items() if cold else ():
            self._hot[item_id] = self._known(fingerprint.language, fingerprint.crosslang)
        found = {}
        for item_id in item_ids:
            known = self._hot.get(item_id)
            if known is not None:
                self._hot.move_to_end(item_id)
                found[item_id] = known
        while len(self._hot) > _HOT:
            self._hot.popitem(last=False)
        return found

    def _known(self, language: str, features: bytes) -> _Known | None:
        unpacked, code = unpack(features), self._code(language)
        if unpacked is None or code is None:
            return None
        return _Known(unpacked, code, self._semantic.vector(features) if self._semantic else None)

    def _stored(self, text: Text, reading: Extracted) -> bytes:
        stored = pack(reading)
        return stored + self._semantic.stored(text) if stored and self._semantic else stored

    def _side(self, entry: Entry, known: _Known) -> _Side:
        features, language, vector = known
        weights = self._rarity.weigh(features, language)
        names = self._rarity.of_names(features.of_names, language)
        weighed = Weighed(features, weights, names)
        return _Side(entry, weighed, query(features.ids, weights), vector)

    def _own_side(self, entry: Entry, known: _Known, features: bytes) -> _Side:
        """The side of a new item: weighed once to be placed and to be taken in."""
        if self._last and self._last[:2] == (features, known.language):
            return self._last[2]._replace(entry=entry)
        side = self._side(entry, known)
        self._last = features, known.language, side
        return side

    def _code(self, language: str) -> int | None:
        """The number of a language: given at first sight, while there are any left."""
        code = self._codes.get(language)
        if code is None and len(self._codes) < MOST_LANGUAGES - 1:
            code = self._codes[language] = len(self._codes) + 1  # one column is for "any other"
        return code


_REASONS = {
    "translation": "The texts share so many rare names, figures and notions that one translates the other.",
    "not-sure": "The texts have much in common, but not enough to be one report.",
    "unlike": "The texts share too little.",
    "too-short": "One of the texts says too little to compare.",
    "names-differ": "Each text names someone the other does not.",
    "facts-differ": "Each text has places or figures the other lacks.",
    "order-differs": "What the texts share does not stand in the same order.",
}


def _worth_a_look(entry: Entry, rivals: Sequence[Near]) -> list[Near]:
    """Of the candidates of one language the best, the second when it is near, and whom a credit joins."""
    least = max(LEAST_COSINE, rivals[0].cosine * _RIVALRY)
    return [
        rival
        for rank, rival in enumerate(rivals)
        if (rank < 2 and rival.cosine >= least) or _credit(entry, rival.entry)
    ]


def _unnamed(known: _Known) -> Entry:
    return Entry("", known.language, _NEVER)


def _credit(a: Entry, b: Entry) -> str:
    """The words by which either side names the other's agency, or "" when neither does."""
    for one, other in ((a, b), (b, a)):
        for credit in one.credits:
            if other.agency_id and credit.agency_id == other.agency_id != one.agency_id:
                return credit.phrase
    return ""
