"""The channel of the words: copies, edited copies and excerpts in one language.

    text --> MinHash signature, packed tokens                                     (features)
    signature --> LSH index --> candidates --> features of each pair --> verdict  (matches)
    the other members of a likely story --> features of each pair --> verdict     (compare)

A pair of items whose languages are both known and differ is none of its business, unless they share so many
words that one of the languages is a wrong label. Its LSH index is also the registry of who is a member of
which story.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.channel import (
    Channel,
    Fingerprints,
    Pair,
    PrintedItem,
    ReadItem,
    Side,
    Thresholds,
    may_share_language,
)
from aggregator.match.explain import complete_evidence, reason
from aggregator.match.jit import Hashes
from aggregator.match.registry import IndexRow, cites_another
from aggregator.match.words import minhash
from aggregator.match.words.cache import token_cache
from aggregator.match.words.classifier import (
    Verdict,
    apply_repeat_rule,
    classify,
    kind_of_match,
    named_features,
)
from aggregator.match.words.features import FEATURES, Features, pair_features
from aggregator.match.words.idf import DocumentFrequency
from aggregator.match.words.lsh import LshIndex
from aggregator.match.words.minhash import WordsPrint
from aggregator.match.words.rules import RULES, apply_rules
from aggregator.model import Evidence, Fingerprint, Indexed, Item, Kind, Match, Text

THRESHOLDS = {"balanced": Thresholds(0.8, 0.35), "strict": Thresholds(0.9, 0.5)}
_CANDIDATES = 16  # of an item; the mean is 15 (docs/matching.md)
CERTAIN = {
    "balanced": 0.95,
    "strict": 0.98,
}  # the score from which two stories become one by a pair
_CERTAIN_WORDS = 25  # of the shorter text; set by hand: fewer may have their subject in the title
# The overlap from which two texts are in one language whatever they are said to be in; set by hand: no translation
# has half of its phrases in common with its original, but for tables.
_ONE_LANGUAGE = 0.5
_SIZE, _OVERLAP = FEATURES.index("size"), FEATURES.index("overlap")


class ScoredPair(NamedTuple):
    """An item against an indexed one: the features of the pair, by `features.FEATURES`, and the verdict."""

    row: IndexRow
    features: NDArray[np.float64]
    verdict: Verdict


class WordsChannel(Channel):
    """The indexed items of the window, compared by their words; also the `Registry` of stories.

    `fingerprints` gives the fingerprints of those of the item ids asked for that it has.
    """

    name: ClassVar[str] = "words"
    scheme = minhash.SCHEME

    def __init__(self, fingerprints: Fingerprints, *, window: timedelta, mode: str) -> None:
        self.thresholds = THRESHOLDS[mode]
        self._certain = CERTAIN[mode]
        self._window = window
        self._fingerprints = fingerprints
        self._tokens = token_cache(self._prints)
        self._index = LshIndex()
        self._citing: dict[str, datetime] = {}  # items that credit another agency: when reported
        self._frequency = DocumentFrequency()

    def features(self, text: Text) -> bytes:
        """The MinHash signature and the tokens of title and body."""
        return minhash.fingerprint(text).pack()

    def add(self, entry: Indexed) -> None:
        """Index an item; the words of a story's first item are counted for their document frequency."""
        words = self._of(entry.fingerprint)
        if not self._index.members(entry.story_id):
            self._frequency.add(minhash.unpack_tokens(words.tokens))
        row = IndexRow(
            entry.item_id,
            entry.story_id,
            entry.agency_id,
            entry.fingerprint.language,
            int(entry.reported_at.timestamp()),
        )
        self._index.add(row, words.signature)
        if cites_another(entry.credits, entry.agency_id):
            self._citing[entry.item_id] = entry.reported_at
        else:
            self._citing.pop(entry.item_id, None)

    def invalidate(self, item_id: str) -> None:
        """Drop the cached tokens of an item."""
        self._tokens.drop(item_id)

    def forget(self, before_at: datetime) -> None:
        """Let go of the oldest rows, and of their share in the document frequencies."""
        self._frequency.shrink(self._index.forget(before_at))
        self._citing = {item: at for item, at in self._citing.items() if at >= before_at}

    def matches(self, item: Item, fingerprint: Fingerprint) -> list[Pair]:
        """The candidates of the LSH index, verified. Suggestions of others are not needed."""
        return self._pairs(item, self.scored(item, fingerprint))

    def compare(
        self, item: Item, fingerprint: Fingerprint, members: Sequence[IndexRow]
    ) -> list[Pair]:
        """The members of the item's language, verified."""
        alike = [row for row in members if may_share_language(row.language, fingerprint.language)]
        return self._pairs(item, self._score(item.id, fingerprint, alike, item.reported_at))

    def scores(self, own: Side, members: Sequence[IndexRow]) -> list[float]:
        """The scores of the pairs with the members of the item's own language; 0 where a rule forbids them.

        Two reports that only look alike deny each other, whatever a third item has in common with both.
        """
        fingerprint = own.fingerprint or self._fingerprints([own.item_id]).get(own.item_id)
        if fingerprint is None:
            return []
        alike = [row for row in members if row.language == fingerprint.language != "und"]
        verdicts = (pair.verdict for pair in self._score(own.item_id, fingerprint, alike))
        return [
            0.0 if verdict.rule in RULES else verdict.score
            for verdict in verdicts
            if verdict.rule != "too-short"
        ]

    def judge(self, a: PrintedItem, b: PrintedItem) -> Match | None:
        """The verdict on a pair in one language."""
        left, right = (self._unpacked(side.fingerprint) for side in (a, b))
        features = pair_features(left, [right], self._frequency)
        languages = a.fingerprint.language, b.fingerprint.language
        if not _in_one_language(*languages, float(features[0, _OVERLAP])):
            return None
        apart = abs(a.item.reported_at - b.item.reported_at)
        repeated = [apply_repeat_rule(v, features[0], apart) for v in classify(features)]
        (verdict,) = apply_rules(repeated, left, [right], features, [apart])
        decided = Kind.RELATED
        if verdict.score >= self.thresholds.best:
            same_agency = _are_one_agency(a.item.agency_id, b.item.agency_id)
            decided = kind_of_match(features[0], same_agency=same_agency)
        return Match(
            a=a.item.id,
            b=b.item.id,
            kind=decided,
            score=round(verdict.score, 4),
            evidence=_evidence(features[0], verdict, decided),
        )

    def explain(self, a: ReadItem, b: ReadItem) -> Match | None:
        """The verdict on the pair, with its facts, its passages side by side, and the credit."""
        match = self.judge(a.printed, b.printed)
        if match is None:
            return None
        words = self._of(a.fingerprint), self._of(b.fingerprint)
        evidence = complete_evidence(
            match.evidence,
            (a.text, b.text),
            (self._unpacked(a.fingerprint), self._unpacked(b.fingerprint)),
            (words[0].signature, words[1].signature),
        )
        return replace(match, evidence=evidence)

    def scored(self, item: Item, fingerprint: Fingerprint) -> list[ScoredPair]:
        """The candidates with all features of each pair: what the model is learned from."""
        rows = self._index.candidates(
            self._of(fingerprint).signature,
            item.reported_at - self._window,
            item.reported_at + self._window,
            _CANDIDATES,
        )
        return self._score(item.id, fingerprint, rows, item.reported_at)

    # ------------------------------------------------------------------------------- the registry

    def members(self, story_id: str) -> list[IndexRow]:
        """The indexed members of a story, the newest first, one for each revision."""
        return self._index.members(story_id)

    def story_of(self, item_id: str) -> str | None:
        """The story of an indexed item; None for one that is not indexed."""
        rows = self._index.rows(item_id)
        return rows[0].story_id if rows else None

    def cites(self, item_id: str) -> bool:
        """Whether an indexed item credits another agency than its own."""
        return item_id in self._citing

    def move(self, item_id: str, story_id: str) -> None:
        """Index an item anew under another story; one that is not indexed is left alone."""
        rows = self._index.rows(item_id)
        if all(row.story_id == story_id for row in rows):
            return
        words = self._prints([item_id]).get(item_id)
        self._index.remove(item_id)
        if words:
            self._index.add(rows[0]._replace(story_id=story_id), words.signature)

    # ---------------------------------------------------------------------------------- the pairs

    def _score(
        self,
        item_id: str,
        fingerprint: Fingerprint,
        rows: Sequence[IndexRow],
        reported_at: datetime | None = None,
    ) -> list[ScoredPair]:
        """The pairs with the rows that are in its language, by all rules.

        Without a time nothing is held against a pair for being far apart.
        """
        known = self._tokens.of([row.item_id for row in rows if row.item_id != item_id])
        compared = [row for row in rows if row.item_id in known]
        own = minhash.unpack_tokens(self._of(fingerprint).tokens)
        found = pair_features(own, [known[row.item_id] for row in compared], self._frequency)
        overlaps: list[float] = found[:, _OVERLAP].tolist()
        kept = [
            at
            for at, row in enumerate(compared)
            if _in_one_language(row.language, fingerprint.language, overlaps[at])
        ]
        if not kept:
            return []
        features, others = found[kept], [compared[at] for at in kept]
        theirs = [known[row.item_id] for row in others]
        at = reported_at.timestamp() if reported_at else None
        apart = [
            timedelta(seconds=0 if at is None else abs(at - row.reported_at)) for row in others
        ]
        verdicts = apply_rules(
            list(map(apply_repeat_rule, classify(features), features, apart)),
            own,
            theirs,
            features,
            apart,
        )
        return list(map(ScoredPair, others, features, verdicts))

    def _pairs(self, item: Item, scored: Sequence[ScoredPair]) -> list[Pair]:
        return [
            Pair(
                pair.row.item_id,
                pair.verdict.score,
                partial(_match, item, pair),
                pair.row.story_id,
                is_certain=self._is_certain(pair),
            )
            for pair in scored
        ]

    def _is_certain(self, pair: ScoredPair) -> bool:
        if pair.verdict.score < self._certain:
            return False
        return round(math.expm1(pair.features[_SIZE])) >= _CERTAIN_WORDS

    def _prints(self, item_ids: Sequence[str]) -> Mapping[str, WordsPrint]:
        known = self._fingerprints(item_ids)
        return {item_id: self._of(fingerprint) for item_id, fingerprint in known.items()}

    def _unpacked(self, fingerprint: Fingerprint) -> Hashes:
        return minhash.unpack_tokens(self._of(fingerprint).tokens)

    def _of(self, fingerprint: Fingerprint) -> WordsPrint:
        return WordsPrint.unpack(fingerprint.data(self.name, self.scheme))


def _match(item: Item, pair: ScoredPair, joined: bool) -> Match:
    same_agency = _are_one_agency(item.agency_id, pair.row.agency_id)
    decided = kind_of_match(pair.features, same_agency=same_agency) if joined else Kind.RELATED
    return Match(
        a=item.id,
        b=pair.row.item_id,
        kind=decided,
        score=round(pair.verdict.score, 4),
        evidence=_evidence(pair.features, pair.verdict, decided),
    )


def _evidence(features: Features, verdict: Verdict, decided: Kind) -> Evidence:
    figures = named_features(features)
    return Evidence(rule=verdict.rule, reason=reason(verdict, decided, figures), features=figures)


def _in_one_language(a: str, b: str, overlap: float) -> bool:
    """Whether two texts are in one language, by what they are said to be in, or by their words."""
    return may_share_language(a, b) or overlap >= _ONE_LANGUAGE


def _are_one_agency(a: str, b: str) -> bool:
    return a == b and bool(a)
