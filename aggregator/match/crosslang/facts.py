"""What two texts of different languages both say, and what only one does, each in its own spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from aggregator.match.crosslang.classifier import Weighed
from aggregator.match.crosslang.packed import Extracted, FeatureKind
from aggregator.model import Fact

_MOST = 16
_FACTS = frozenset({FeatureKind.NUMBER, FeatureKind.DATE, FeatureKind.NAMED, FeatureKind.COUNTRY})
_FACT_FIRST = 4.0  # by what names, places and figures stand before other words
_ALIKE_NAMES = (
    0.3  # share of two names' sounds from which they are one; some have a second skeleton
)
# Of two other words all sounds must be the same, and so many: with half of them in common, a programme was
# one with an overload. Of 2 and more on 60 pairs of translations nearly all mean the same, of 1 few.
_LEAST_SOUNDS = 2
# What stands before the first word of a sentence, of a paragraph, of a quotation.
_BEFORE = 8  # characters before a word that are looked at
_OPENING = re.compile(r"(?:^|[.!?…:]|\n|[«„“\"(–—-])[\s«„“\"(–—-]*$")


class _Passage(NamedTuple):
    """A word or phrase of a text, and what it means and sounds like."""

    word: str
    start: int
    end: int
    meanings: set[int]
    sounds: set[int]
    syllables: set[int]
    fact: bool  # a name, a place or a figure

    def is_like(self, other: _Passage) -> bool:
        """Whether both mean the same, or have enough of their sounds in common."""
        if self.meanings & other.meanings:
            return True
        if not (self.fact and other.fact) or self.meanings or other.meanings:
            return self.sounds == other.sounds and len(self.sounds) >= _LEAST_SOUNDS
        sounds, others = self.sounds, other.sounds
        if not sounds or not others:
            sounds, others = self.syllables, other.syllables
        return bool(sounds & others) and len(sounds & others) >= _ALIKE_NAMES * len(sounds | others)


def compare_facts(
    a: Extracted, b: Extracted, weighed_a: Weighed, weighed_b: Weighed
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Facts that agree and facts only one side has, the most telling first, at most `_MOST` each."""
    passages_a, passages_b = _passages(a), _passages(b)
    weights_a, weights_b = _weight_of(weighed_a), _weight_of(weighed_b)
    agree: dict[tuple[str, str], float] = {}
    meant: dict[tuple[str, str], set[int]] = {}
    for one in passages_a:
        for other in passages_b:
            if one.is_like(other):
                shared = (one.meanings & other.meanings) or (one.sounds & other.sounds)
                shared = shared or (one.syllables & other.syllables)
                worth = max(weights_a[f] * weights_b[f] for f in shared)
                worth *= _FACT_FIRST if one.fact and other.fact else 1.0
                pair = one.word, other.word
                agree[pair] = max(agree.get(pair, 0.0), worth)
                meant[pair] = one.meanings & other.meanings
    same = _each_once(sorted(agree, key=lambda pair: (-agree[pair], pair)), meant)
    only_a = [Fact(a=word, b="") for word in _alone(passages_a, passages_b)]
    only_b = [Fact(a="", b=word) for word in _alone(passages_b, passages_a)]
    differ = (*only_a[: _MOST // 2], *only_b[: _MOST // 2])
    return tuple(Fact(a=one, b=other) for one, other in same[:_MOST]), differ


def _passages(extracted: Extracted) -> list[_Passage]:
    """Each word or phrase once, in the order of the text; words within a phrase left out."""
    found: dict[tuple[int, int], _Passage] = {}
    openings = _openings(extracted)
    for features, kind, name, start, end in extracted.seen:
        passage = found.get((start, end)) or _Passage(
            extracted.written[start:end], start, end, set(), set(), set(), fact=False
        )
        sort = {
            FeatureKind.SKELETON: passage.sounds,
            FeatureKind.COARSE_SKELETON: passage.syllables,
        }
        sort.get(kind, passage.meanings).update(features)
        is_fact = kind in _FACTS or (name and (start, end) not in openings)
        found[start, end] = passage._replace(fact=passage.fact or is_fact)
    kept: dict[str, _Passage] = {}
    ends = 0
    for passage in sorted(found.values(), key=lambda one: (one.start, -one.end)):
        if passage.end > ends:
            ends = passage.end
            kept.setdefault(passage.word, passage)
    return list(kept.values())


def _openings(extracted: Extracted) -> set[tuple[int, int]]:
    """Where words have a capital because they open a sentence, and nowhere else in the text have one."""
    written = extracted.written
    places = {(start, end) for _, _, name, start, end in extracted.seen if name}
    opening = {(start, end) for start, end in places if _opens_sentence(written, start)}
    named = {written[start:end].casefold() for start, end in places - opening}
    return {place for place in opening if written[slice(*place)].casefold() not in named}


def _opens_sentence(written: str, start: int) -> bool:
    return bool(_OPENING.search(written, max(0, start - _BEFORE), start))


def _each_once(
    pairs: list[tuple[str, str]], meant: Mapping[tuple[str, str], set[int]]
) -> list[tuple[str, str]]:
    """Each word and each meaning once: what stands in a more telling pair is left out."""
    kept: list[tuple[str, str]] = []
    seen: tuple[set[str], set[str]] = set(), set()
    shown: set[int] = set()
    for pair in pairs:
        one, other = (word.casefold() for word in pair)
        is_shown = bool(meant[pair]) and meant[pair] <= shown
        if one not in seen[0] and other not in seen[1] and not is_shown:
            kept.append(pair)
            seen[0].add(one)
            seen[1].add(other)
            shown |= meant[pair]
    return kept


def _weight_of(weighed: Weighed) -> dict[int, float]:
    return dict(zip(weighed.features.ids.tolist(), weighed.weights.tolist(), strict=True))


def _alone(passage: list[_Passage], others: list[_Passage]) -> list[str]:
    """Names, places and figures nothing in the other text is like, in the order of the text."""
    return [
        one.word for one in passage if one.fact and not any(one.is_like(other) for other in others)
    ]
