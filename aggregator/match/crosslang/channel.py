"""The channel of translations: items of different languages that are one report.

    text -- extraction.read --> language-neutral features                            (features)
                                  |
        inverted index: rarest shared features, the best few of each other language
                                  |
        scoring: what is shared, what one side alone has, how far ahead of the next best  (matches)
                                  |
        the story's other members: none of them may speak against it                     (denies)

Names and acts that differ also forbid a pair of one form that another channel found (forbids).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar, NamedTuple

from aggregator.match.channel import (
    BEYOND_DOUBT,
    Channel,
    Fingerprints,
    Pair,
    PrintedItem,
    ReadItem,
    Side,
    Suggestion,
    Thresholds,
    may_share_language,
)
from aggregator.match.crosslang import extraction
from aggregator.match.crosslang.classifier import (
    BACKGROUND,
    Standing,
    Weighed,
    cosine,
    model_features,
    pair_features,
    veto,
)
from aggregator.match.crosslang.facts import compare_facts
from aggregator.match.crosslang.idf import MOST_LANGUAGES, FeatureIdf
from aggregator.match.crosslang.index import Entry, Near
from aggregator.match.crosslang.learned import learned
from aggregator.match.crosslang.lengths import Candidates, Keys
from aggregator.match.crosslang.packed import VERSION, Features, pack, unpack
from aggregator.match.crosslang.scoring import (
    Scorer,
    WeighedItem,
    credit_between,
    not_joined,
    told_apart,
    too_short,
)
from aggregator.match.lru import LruCache
from aggregator.model import Fingerprint, Indexed, Item, Kind, Match, Text

SCHEME = f"wire7-neutral{VERSION}"  # of the text rules, and of extraction and packing
# Set by hand: candidates balance recall against work, the others a missed copy against a false merge.
_CANDIDATES = 4  # of each other language
_RIVALRY = 0.8  # of the best cosine, from which the second candidate is looked at as well
LEAST_COSINE = 0.10  # below this a pair is not looked at more closely
_SAME_REPORT = 0.5  # two items of one language this near are one report
_AGAINST = 0.02  # the score of another member of a story below which it speaks against joining
_ANOTHER_NAME = 0.2  # weight of a name in the lead, less its likeness to one of the other side
_NEVER = datetime.min.replace(tzinfo=UTC)
_CACHED = 4096  # items whose features are kept at hand


class _Known(NamedTuple):
    """The features of an item, and the code of its language."""

    features: Features
    language: int


class CrossLanguageChannel(Channel):
    """The items of a window, and which of them a new one is a translation of.

    `strict` merges only at the higher threshold. `fingerprints` gives those of the item ids asked for
    that it has; what it gave is kept while it is often needed.
    """

    name: ClassVar[str] = "crosslang"
    scheme = SCHEME

    def __init__(
        self, fingerprints: Fingerprints, *, window: timedelta, strict: bool = False
    ) -> None:
        model = learned()
        self._fingerprints = fingerprints
        self._window = window
        self._scorer = Scorer(model, model.strict if strict else model.balanced)
        self.thresholds = Thresholds(best=self._scorer.threshold)
        self._codes = {language: code for code, language in enumerate(model.prior.languages)}
        self._idf = FeatureIdf(model.prior, model.kind_weights)
        self._index = Candidates()
        self._gone_before = _NEVER
        # of the item placed last, until another is counted: its features and language, and the item
        self._last: tuple[bytes, int, WeighedItem] | None = None
        # None for an item that has too little to go by: it is not fetched again
        self._cache = LruCache[_Known | None](self._fetch, capacity=_CACHED)

    def features(self, text: Text) -> bytes:
        """The language-neutral features of a text; b"" when there is too little."""
        return pack(extraction.extract(text))

    def add(self, entry: Indexed) -> None:
        """Takes an item into the index; one without features, or of another version, is left out."""
        data, known = self._read(entry.fingerprint)
        if known is None:
            return
        indexed = Entry(
            entry.item_id, known.language, entry.reported_at, entry.agency_id, entry.credits
        )
        self._index.add(indexed, self._own(indexed, known, data).keys)
        self._idf.count(known.features, known.language)
        self._last = None

    def invalidate(self, item_id: str) -> None:
        """Drops the cached features of an item."""
        self._cache.drop(item_id)

    def forget(self, before_at: datetime) -> None:
        """Lets go of what was reported earlier: never proposed again; dropped in blocks."""
        self._gone_before = max(before_at, self._gone_before)
        self._index.forget(before_at)

    def matches(self, item: Item, fingerprint: Fingerprint) -> list[Pair]:
        """Translations, and related pairs, with items of *other* languages; best first."""
        data, known = self._read(fingerprint)
        if known is None:
            return []
        entry = Entry(item.id, known.language, item.reported_at, item.agency_id, item.credits)
        own = self._own(entry, known, data)
        by_language: dict[int, list[Near]] = {}
        for candidate in self._candidates(own, 0.0 if item.credits else BACKGROUND):
            by_language.setdefault(candidate.entry.language, []).append(candidate)
        near = [rival for rivals in by_language.values() for rival in _worth_a_look(entry, rivals)]
        side = Side(item.id, fingerprint)
        found = [self._judge(own, rival, by_language, side) for rival in near]
        matched = {match.b for match in found if match}
        found += [
            self._judge(own, suggested, by_language, side)
            for suggested in self._suggested(own, self.others.suggest(item, fingerprint))
            if suggested.entry.item_id not in matched
        ]
        best_first = self._uncontested(
            sorted(filter(None, found), key=lambda match: (-match.score, match.b))
        )
        return [Pair(match.b, match.score, partial(_as_joined, match)) for match in best_first]

    def measures(self, entry: Indexed) -> list[tuple[str, dict[str, float]]]:
        """The candidates of an item worth a look with what the model measures of the pair: it is learned from them."""
        _, known = self._read(entry.fingerprint)
        if known is None:
            return []
        own = self._weighed(Entry(entry.item_id, known.language, entry.reported_at), known)
        found, near = [], self._candidates(own)
        for rival in near:
            rivals = [other for other in near if other.entry.language == rival.entry.language]
            for kept in self._fetched([rival.entry.item_id]).values():
                other = self._weighed(rival.entry, kept)
                if cosine(own.weighed, other.weighed) < LEAST_COSINE:
                    continue
                standings = self._standing(own, other, rivals), self._standing(other, own)
                found.append(
                    (rival.entry.item_id, model_features(own.weighed, other.weighed, *standings))
                )
        return found

    def forbids(self, fingerprint: Fingerprint, pair: Pair) -> bool:
        """Whether the items are one form, filled anew.

        They are where each names someone in its lead whom the other does not; and, however alike they are,
        where they tell of different acts or of opposites.
        """
        _, known = self._read(fingerprint)
        other = self._fetched([pair.item_id]).get(pair.item_id)
        if known is None or other is None:
            return False
        if told_apart(known.features, other.features):
            return True
        if pair.score >= BEYOND_DOUBT:
            return False
        own, theirs = (self._weighed(_unnamed(side), side).weighed for side in (known, other))
        values = pair_features(own, theirs)
        nameless = known.language == self._codes.get("zh")  # names are not marked as such there
        another_name = nameless or values["names_missing_lead"] >= _ANOTHER_NAME
        return another_name and bool(veto(values))

    def denies(self, fingerprint: Fingerprint, member_ids: Sequence[str]) -> bool:
        """Whether a story's other members speak against an item that one member is a translation of.

        A member of the item's own language does unless the two are as alike as two translations of one
        text, and decides alone. Those of other languages do by facts that differ or by having next to
        nothing in common with the item; they must be fewer than those who speak for it.
        """
        _, known = self._read(fingerprint)
        if known is None:
            return False
        own = self._weighed(_unnamed(known), known)
        votes_for, votes_against = 1, 0
        for member in self._fetched(member_ids).values():
            score = self._scorer.alone(own, self._weighed(_unnamed(member), member))
            if member.language == known.language and score < self._scorer.threshold:
                return True
            votes_for += score >= self._scorer.threshold
            votes_against += score < _AGAINST
        return votes_against >= votes_for

    def judge(self, a: PrintedItem, b: PrintedItem) -> Match | None:
        """The verdict on a pair of different languages."""
        if may_share_language(a.fingerprint.language, b.fingerprint.language):
            return None
        one, other = self._pair_side(a), self._pair_side(b)
        if one is None or other is None:
            return too_short(a.item.id, b.item.id)
        support = partial(
            self.others.support,
            own=Side(a.item.id, a.fingerprint),
            other=Side(b.item.id, b.fingerprint),
        )
        standings = self._standing(one, other), self._standing(other, one)
        return self._scorer.match(one, other, *standings, support)

    def explain(self, a: ReadItem, b: ReadItem) -> Match | None:
        """The verdict on a pair of different languages, with the facts that agree in both spellings."""
        match = self.judge(a.printed, b.printed)
        one, other = self._pair_side(a.printed), self._pair_side(b.printed)
        if match is None or one is None or other is None:
            return match
        readings = extraction.extract(a.text), extraction.extract(b.text)
        agree, differ = compare_facts(*readings, one.weighed, other.weighed)
        return replace(match, evidence=replace(match.evidence, agree=agree, differ=differ))

    def _pair_side(self, side: PrintedItem) -> WeighedItem | None:
        """One item of a pair to be judged; None where its text says too little."""
        _, known = self._read(side.fingerprint)
        if known is None:
            return None
        item = side.item
        entry = Entry(item.id, known.language, item.reported_at, item.agency_id, item.credits)
        return self._weighed(entry, known)

    # ------------------------------------------------------------------------------- many candidates

    def _judge(
        self,
        own: WeighedItem,
        rival: Near,
        by_language: dict[int, list[Near]],
        side: Side,
    ) -> Match | None:
        """The match with a candidate; None below the score of a related pair."""
        known = self._fetched([rival.entry.item_id])
        if not known:
            return None
        other = self._weighed(rival.entry, known[rival.entry.item_id])
        support = partial(self.others.support, own=side, other=Side(rival.entry.item_id))
        related = self._scorer.learned.related
        if support(self._scorer.at_best(own, other)).score < related:
            return None  # so are most; of a wire of many languages it halves the time of placing an item
        standing = self._standing(own, other, by_language.get(rival.entry.language, []))
        if support(self._scorer.score(own, other, standing, standing)).score < related:
            return None
        match = self._scorer.match(own, other, standing, self._standing(other, own), support)
        return match if match.score >= related else None

    def _uncontested(self, best_first: list[Match]) -> list[Match]:
        """Of an item that translates one of two reports of a language, but which is not sure, neither pair is."""
        by_language: dict[int, list[Match]] = {}
        known = self._fetched([match.b for match in best_first])
        for match in best_first:
            if match.kind is Kind.TRANSLATION:
                by_language.setdefault(known[match.b].language, []).append(match)
        unsure = {
            match.b
            for best, *others in by_language.values()
            if best.score < self._scorer.learned.contested
            and not all(self._are_one(known[best.b], known[other.b]) for other in others)
            for match in (best, *others)
        }
        return [self._scorer.contested(m) if m.b in unsure else m for m in best_first]

    def _are_one(self, one: _Known, other: _Known) -> bool:
        a, b = (self._weighed(_unnamed(known), known).weighed for known in (one, other))
        return cosine(a, b) >= _SAME_REPORT

    def _candidates(self, own: WeighedItem, least: float = 0.0) -> list[Near]:
        reported_at, span = own.entry.reported_at, self._window
        since_at = max(reported_at - span, self._gone_before)
        near = self._index.nearest(
            own.keys, own.entry.language, since_at, reported_at + span, _CANDIDATES, least
        )
        return [candidate for candidate in near if candidate.entry.item_id != own.entry.item_id]

    def _suggested(self, own: WeighedItem, suggestions: Iterable[Suggestion]) -> list[Near]:
        """What other channels suggest of other languages, at whatever cosine."""
        found = []
        for item_id, language, reported_at, agency_id, credits_ in suggestions:
            code = self._code(language)
            if code is not None and code != own.entry.language and item_id != own.entry.item_id:
                found.append(Near(Entry(item_id, code, reported_at, agency_id, credits_), 0.0))
        return found

    def _standing(
        self, own: WeighedItem, best: WeighedItem, candidates: Sequence[Near] | None = None
    ) -> Standing:
        """How `best` stands among the candidates of its language.

        Copies of the best, near to it in its own language, are no rivals.
        """
        lead = own.keys.likeness(best.keys)
        others = [
            candidate.cosine
            for candidate in (self._candidates(own) if candidates is None else candidates)
            if candidate.cosine > BACKGROUND
            and candidate.entry.item_id != best.entry.item_id
            and candidate.entry.language == best.entry.language
            and not self._same_report(candidate.entry, best)
        ]
        return Standing.of(lead, others)

    def _same_report(self, entry: Entry, best: WeighedItem) -> bool:
        known = self._fetched([entry.item_id]).get(entry.item_id)
        if known is None:
            return False
        return cosine(self._weighed(entry, known).weighed, best.weighed) >= _SAME_REPORT

    # ------------------------------------------------------------------------------- what is known

    def _fetched(self, item_ids: Sequence[str]) -> dict[str, _Known]:
        """What is stored of items; one question for all that are not at hand."""
        found = self._cache.of(item_ids)
        return {item_id: known for item_id, known in found.items() if known is not None}

    def _fetch(self, item_ids: Sequence[str]) -> dict[str, _Known | None]:
        fingerprints = self._fingerprints(item_ids)
        return {item_id: self._read(found)[1] for item_id, found in fingerprints.items()}

    def _read(self, fingerprint: Fingerprint) -> tuple[bytes, _Known | None]:
        data = fingerprint.data(self.name, self.scheme)
        return data, self._known(fingerprint.language, data)

    def _known(self, language: str, data: bytes) -> _Known | None:
        features, code = unpack(data), self._code(language)
        return None if features is None or code is None else _Known(features, code)

    def _weighed(self, entry: Entry, known: _Known) -> WeighedItem:
        features, language = known
        weights = self._idf.weigh(features, language)
        names = self._idf.of_names(features.of_names, language)
        return WeighedItem(entry, Weighed(features, weights, names), Keys.of(features, weights))

    def _own(self, entry: Entry, known: _Known, data: bytes) -> WeighedItem:
        """A new item: weighed once to be placed and to be taken in."""
        if self._last and self._last[:2] == (data, known.language):
            return self._last[2]._replace(entry=entry)
        item = self._weighed(entry, known)
        self._last = data, known.language, item
        return item

    def _code(self, language: str) -> int | None:
        """The number of a language: given at first sight, while there are any left."""
        code = self._codes.get(language)
        if code is None and len(self._codes) < MOST_LANGUAGES - 1:
            code = self._codes[language] = len(self._codes) + 1  # one column is for "any other"
        return code


def _as_joined(match: Match, joined: bool) -> Match:
    return match if joined else not_joined(match)


def _worth_a_look(entry: Entry, rivals: Sequence[Near]) -> list[Near]:
    """Of the candidates of one language the best, the second when it is near, and whom a credit joins."""
    least = max(LEAST_COSINE, rivals[0].cosine * _RIVALRY)
    return [
        rival
        for rank, rival in enumerate(rivals)
        if (rank < 2 and rival.cosine >= least) or credit_between(entry, rival.entry)
    ]


def _unnamed(known: _Known) -> Entry:
    return Entry("", known.language, _NEVER)
