"""Items become stories: the one object the pipeline speaks to, over the parts of this room.

    Item --read--> Text --fingerprint--> Fingerprint --place--> Placement
                                             |                      ^
                                             v                      |
                        index.candidates -> tokens -> features -> classify -> choose a story

`place` decides and changes nothing; `add` makes an item known once the caller has kept it. Two
items of different known languages are compared by `crosslang` alone, all others by their words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.config import MatchSettings
from aggregator.match.assign import (
    BARS,
    Pair,
    Standing,
    choose,
    standings,
)
from aggregator.match.crosslang.channel import CrossLanguage
from aggregator.match.embedding.model import semantic
from aggregator.match.explain import complete_evidence, reason
from aggregator.match.jit import Hashes
from aggregator.match.text.reader import Reader
from aggregator.match.words import minhash as prints
from aggregator.match.words.cache import token_cache
from aggregator.match.words.classifier import (
    Verdict,
    apply_repeat_rule,
    classify,
    kind_of_match,
    named_features,
)
from aggregator.match.words.features import Features, pair_features
from aggregator.match.words.idf import DocumentFrequency
from aggregator.match.words.lsh import LshIndex, Row
from aggregator.model import (
    Agency,
    Evidence,
    Fingerprint,
    Indexed,
    Item,
    Kind,
    Match,
    Placement,
    Text,
)

MEMBERS_INDEXED = 8  # of a story: enough to know it by, and one reprinted 300 times costs no more
LANGUAGE_INDEXED = 2  # of a story in each language, even beyond those
_CANDIDATES = 16
_STORIES = 3  # whose other members are examined too
_BEYOND_DOUBT = 0.96  # the score of two texts of one language from which names are not asked
_RELATED = 5  # pairs told, at most
_RELATED_SCORE = 0.3


class Matcher:
    """Reads, fingerprints and places items; knows those of the window.

    `fingerprints` gives the fingerprints of those of the item ids asked for that it has; what it
    gave is kept while it is often needed. Nothing here reads a clock, a network or a database.
    """

    scheme = prints.SCHEME

    def __init__(
        self,
        settings: MatchSettings,
        agencies: Sequence[Agency],
        fingerprints: Callable[[Sequence[str]], Mapping[str, Fingerprint]],
    ) -> None:
        self._window = settings.window
        self._bar = BARS[settings.mode]
        self._reader = Reader(agencies)
        self._fingerprints = fingerprints
        self._known = token_cache(fingerprints)
        self._index = LshIndex()
        self._frequency = DocumentFrequency()
        self._crosslang = CrossLanguage(
            fingerprints,
            window=settings.window,
            strict=settings.mode == "strict",
            semantic=semantic(settings.semantic),
        )

    def read(self, item: Item) -> Text:
        """The cleaned words of an item; pure but for the boilerplate learned of its feed."""
        return self._reader.read(item)

    def fingerprint(self, text: Text) -> Fingerprint:
        """What matching keeps of a text."""
        return prints.fingerprint(text, crosslang=self._crosslang.features(text))

    def place(self, item: Item, fingerprint: Fingerprint) -> Placement:
        """Where an item belongs: with the story whose members it resembles most, or in a new one."""
        ranked = self._rank(item, fingerprint)
        chosen = choose(ranked, self._bar)
        if chosen and self._is_another_report(fingerprint, chosen.best):
            chosen = None
        translations = self._translations(item, fingerprint)
        match = _match(item, chosen.best) if chosen else None
        story_id = chosen.story_id if chosen else None
        translated = self._translated(item, fingerprint, translations)
        if translated and not (chosen and chosen.mean >= translated[1].score):
            story_id, match = translated
        others = [standing for standing in ranked if standing.story_id != story_id]
        return Placement(
            item_id=item.id,
            story_id=story_id,
            match=match if story_id else None,
            related=self._related(item, others, translations, story_id),
        )

    def pairs(self, item: Item, fingerprint: Fingerprint) -> list[Pair]:
        """The pairs of one language that `place` would look at first, each with its verdict."""
        own = prints.unpack_tokens(fingerprint.features)
        return self._judge(item, fingerprint.language, own, self._candidates(item, fingerprint))

    def add(self, entries: Iterable[Indexed]) -> None:
        """Make items known to `place`; also many at once, in the order of their time."""
        for entry in entries:
            self._known.drop(entry.item_id)
            members = self._index.members(entry.story_id)
            alike = [row for row in members if row.language == entry.fingerprint.language]
            if len(members) < MEMBERS_INDEXED or len(alike) < LANGUAGE_INDEXED:
                self._add(entry, founds=not members)

    def move(self, item_id: str, story_id: str) -> None:
        """A person put an item into another story; one that is not indexed is left alone."""
        rows = self._index.rows(item_id)
        if all(row.story_id == story_id for row in rows):
            return
        fingerprint = self._fingerprints([item_id]).get(item_id)
        self._index.remove(item_id)
        if fingerprint:
            self._index.add(rows[0]._replace(story_id=story_id), fingerprint.signature)

    def forget(self, before_at: datetime) -> None:
        """Let go of items reported before a time; in blocks, so that some stay a while longer."""
        self._frequency.shrink(self._index.forget(before_at))
        self._crosslang.forget(before_at)

    def explain(self, a: Item, b: Item) -> Match:
        """Why two items are, or are not, one story, with facts and passages side by side.

        `RELATED` when the pair alone would not be merged; the score says how far it is from it.
        """
        texts = self.read(a), self.read(b)
        fingerprints = self.fingerprint(texts[0]), self.fingerprint(texts[1])
        if not _one_language(texts[0].language, texts[1].language):
            return self._crosslang.explain(a, b, texts)
        tokens = (
            prints.unpack_tokens(fingerprints[0].features),
            prints.unpack_tokens(fingerprints[1].features),
        )
        features = pair_features(tokens[0], [tokens[1]], self._frequency)
        (verdict,) = classify(features)
        verdict = apply_repeat_rule(verdict, features[0], abs(a.reported_at - b.reported_at))
        decided = Kind.RELATED
        if verdict.score >= self._bar.best:
            decided = kind_of_match(features[0], same_agency=_same_agency(a.agency_id, b.agency_id))
        evidence = complete_evidence(
            _evidence(features[0], verdict, decided),
            texts,
            tokens,
            (fingerprints[0].signature, fingerprints[1].signature),
        )
        return Match(a=a.id, b=b.id, kind=decided, score=verdict.score, evidence=evidence)

    # ------------------------------------------------------------------------------- the same words

    def _rank(self, item: Item, fingerprint: Fingerprint) -> list[Standing]:
        """How the item stands to the stories that have candidates, the most alike first."""
        own = prints.unpack_tokens(fingerprint.features)
        pairs = self._judge(item, fingerprint.language, own, self._candidates(item, fingerprint))
        examined = {pair.row.item_id for pair in pairs}
        likely = [s for s in standings(pairs)[:_STORIES] if s.best.verdict.score >= self._bar.best]
        rest = [row for s in likely for row in self._index.members(s.story_id)]
        rest = [row for row in rest if row.item_id not in examined]
        return standings(pairs + self._judge(item, fingerprint.language, own, rest))

    def _candidates(self, item: Item, fingerprint: Fingerprint) -> list[Row]:
        return self._index.candidates(
            fingerprint.signature,
            item.reported_at - self._window,
            item.reported_at + self._window,
            _CANDIDATES,
        )

    def _judge(self, item: Item, language: str, own: Hashes, rows: Sequence[Row]) -> list[Pair]:
        others = [
            row for row in rows if row.item_id != item.id and _one_language(row.language, language)
        ]
        if not others:
            return []
        known = self._known.of([row.item_id for row in others])
        others = [row for row in others if row.item_id in known]
        features = pair_features(own, [known[row.item_id] for row in others], self._frequency)
        at = item.reported_at.timestamp()
        return [
            Pair(
                row,
                pair,
                apply_repeat_rule(verdict, pair, timedelta(seconds=abs(at - row.reported_at))),
            )
            for row, pair, verdict in zip(others, features, classify(features), strict=True)
        ]

    def _related(
        self,
        item: Item,
        others: Sequence[Standing],
        translations: Sequence[Match],
        story_id: str | None,
    ) -> tuple[Match, ...]:
        """The pairs worth telling: the best of each other story."""
        told = [s.best for s in others if s.best.verdict.score >= _RELATED_SCORE][:_RELATED]
        matches = [_match(item, pair, joined=False) for pair in told]
        matches += [
            _not_joined(match)
            for match in translations
            if match.score >= _RELATED_SCORE and self._story_of(match.b) != story_id
        ]
        return tuple(sorted(matches, key=lambda match: -match.score)[:_RELATED])

    # ----------------------------------------------------------------------------- other languages

    def _translations(self, item: Item, fingerprint: Fingerprint) -> list[Match]:
        if not fingerprint.crosslang:
            return []
        return self._crosslang.matches(
            item.id,
            fingerprint.language,
            fingerprint.crosslang,
            agency_id=item.agency_id,
            credited=item.credits,
            reported_at=item.reported_at,
        )

    def _is_another_report(self, fingerprint: Fingerprint, best: Pair) -> bool:
        """Whether names forbid a likeness that is not beyond doubt: one form, filled in anew."""
        return best.verdict.score < _BEYOND_DOUBT and self._crosslang.names_differ(
            fingerprint, best.row.item_id
        )

    def _translated(
        self, item: Item, fingerprint: Fingerprint, translations: Sequence[Match]
    ) -> tuple[str, Match] | None:
        """The story of the surest translation none of whose members speaks against the item."""
        for match in translations:
            story_id = self._story_of(match.b) if match.kind is Kind.TRANSLATION else None
            if not story_id:
                continue
            others = [row.item_id for row in self._index.members(story_id)]
            others = [other for other in others if other not in {item.id, match.b}]
            if not self._crosslang.denies(fingerprint, others):
                return story_id, match
        return None

    # ------------------------------------------------------------------------------------ the index

    def _add(self, entry: Indexed, *, founds: bool) -> None:
        fingerprint = entry.fingerprint
        row = Row(
            entry.item_id,
            entry.story_id,
            entry.agency_id,
            fingerprint.language,
            int(entry.reported_at.timestamp()),
        )
        self._index.add(row, fingerprint.signature)
        if founds:
            self._frequency.add(prints.unpack_tokens(fingerprint.features))
        if fingerprint.crosslang:
            self._crosslang.add(
                entry.item_id,
                fingerprint.language,
                entry.reported_at,
                fingerprint.crosslang,
                agency_id=entry.agency_id,
                credited=entry.credits,
            )

    def _story_of(self, item_id: str) -> str | None:
        rows = self._index.rows(item_id)
        return rows[0].story_id if rows else None


def _match(item: Item, pair: Pair, *, joined: bool = True) -> Match:
    same_agency = _same_agency(item.agency_id, pair.row.agency_id)
    decided = kind_of_match(pair.features, same_agency=same_agency) if joined else Kind.RELATED
    return Match(
        a=item.id,
        b=pair.row.item_id,
        kind=decided,
        score=round(pair.verdict.score, 4),
        evidence=_evidence(pair.features, pair.verdict, decided),
    )


def _not_joined(match: Match) -> Match:
    """A pair across languages that is told, not merged; also one that is a translation by itself."""
    if match.kind is Kind.RELATED:
        return match
    reason = "The two are alike, but other copies decided to which story each belongs."
    evidence = replace(match.evidence, rule="others-decide", reason=reason)
    return replace(match, kind=Kind.RELATED, evidence=evidence)


def _evidence(features: Features, verdict: Verdict, decided: Kind) -> Evidence:
    figures = named_features(features)
    return Evidence(rule=verdict.rule, reason=reason(verdict, decided, figures), features=figures)


def _one_language(a: str, b: str) -> bool:
    return a == b or "und" in {a, b}


def _same_agency(a: str, b: str) -> bool:
    return a == b and bool(a)
