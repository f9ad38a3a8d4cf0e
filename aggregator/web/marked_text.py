"""Where two texts say the same, each in its own words, and where one says something else.

    both texts, the evidence of their comparison --mark--> marks of either --segments--> text in pieces

The evidence quotes the texts as the matcher read them. A quotation is marked where it stands in the text that is
shown; one that stands in none, as from the page of an article, is left out. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count, pairwise

from aggregator.model import Evidence, Passage

_LONGEST_REPLACED = 8  # words; what is longer between two shared passages is other text
_MOST_PLACES = 20  # of one word
_WORD = re.compile(r"\w+")


class Sort(StrEnum):
    """What a mark says of the words it stands on."""

    PASSAGE = "passage"  # the other text has them too, word for word
    FACT = "fact"  # a name or figure that the other text has too, in its spelling
    REPLACED = "replaced"  # other words stand in their place, between the same two passages
    ALONE = "alone"  # a name or figure that the other text does not have
    OLD = "old"  # a fact that was corrected
    NEW = "new"  # what it was corrected to
    CREDIT = "credit"  # they name a source


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in a text. Equal labels mark the same in both texts; `is_first` of such places in this one."""

    start: int
    end: int
    sort: Sort
    label: int | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Words on which the same marks stand; `labels` are those of first places that begin here."""

    text: str
    sorts: frozenset[Sort]
    labels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the texts, and what is to be marked in it for itself: words, and as what."""

    text: str
    quoted: tuple[tuple[Sort, str], ...] = ()
    marks: list[Mark] = field(default_factory=list)


_Place = tuple[int, int]


def mark(left: Side, right: Side, evidence: Evidence | None) -> None:
    """Mark both texts; of the evidence, `a` is the left one. Both sides then have all of their marks."""
    for side in (left, right):
        for sort, words in side.quoted:
            _mark_all(side, _places(side.text, words), sort)
    if evidence is None:
        return
    labels = count(1)
    runs = _runs(left.text, right.text, evidence.passages)
    for one, other in runs:
        label = next(labels)
        _mark_all(left, [one], Sort.PASSAGE, label)
        _mark_all(right, [other], Sort.PASSAGE, label)
    for before, after in pairwise(runs):
        _mark_replaced(left, right, before, after)
    _mark_facts(left, right, evidence, labels)


def _mark_facts(left: Side, right: Side, evidence: Evidence, labels: Iterable[int]) -> None:
    """Mark the facts that agree, numbered unless they are alike within shared passages, and those that do not."""
    numbers = iter(labels)
    for fact in evidence.agree:
        one, other = _places(left.text, fact.a), _places(right.text, fact.b)
        if one and other:
            is_plain = _within_passages(left, one) and _within_passages(right, other)
            label = None if is_plain else next(numbers)
            _mark_all(left, one, Sort.FACT, label)
            _mark_all(right, other, Sort.FACT, label)
    for fact in evidence.differ:
        _mark_all(left, _places(left.text, fact.a), Sort.ALONE)
        _mark_all(right, _places(right.text, fact.b), Sort.ALONE)


def _mark_all(side: Side, places: Iterable[_Place], sort: Sort, label: int | None = None) -> None:
    side.marks.extend(
        Mark(start=start, end=end, sort=sort, label=label, is_first=at == 0)
        for at, (start, end) in enumerate(places)
    )


def _mark_replaced(
    left: Side, right: Side, before: tuple[_Place, _Place], after: tuple[_Place, _Place]
) -> None:
    """Mark the few words that stand, in either text, between the same two passages."""
    gaps = [
        _trimmed(side.text, start[1], end[0])
        for side, start, end in zip((left, right), before, after, strict=True)
    ]
    words = [
        len(side.text[slice(*gap)].split()) for side, gap in zip((left, right), gaps, strict=True)
    ]
    if all(0 < number <= _LONGEST_REPLACED for number in words):
        for side, gap in zip((left, right), gaps, strict=True):
            _mark_all(side, [gap], Sort.REPLACED)


def _runs(left: str, right: str, passages: Sequence[Passage]) -> list[tuple[_Place, _Place]]:
    """Where the shared passages stand in both texts, in the order of the left one."""
    runs: list[tuple[_Place, _Place]] = []
    for passage in passages:
        if not passage.same:
            continue
        behind = runs[-1] if runs else ((0, 0), (0, 0))
        one = _next_place(left, passage.a, behind[0][1])
        other = _next_place(right, passage.b, behind[1][1])
        if one and other:
            runs.append((one, other))
    return runs


def _next_place(text: str, words: str, start: int) -> _Place | None:
    """The first place of words behind another, else anywhere."""
    pattern = _pattern(words)
    found = pattern.search(text, start) or pattern.search(text)
    return found.span() if found else None


def _places(text: str, words: str) -> list[_Place]:
    """Where words stand in a text, however they are spaced and broken into lines."""
    if not words.strip():
        return []
    return [found.span() for found in _pattern(words).finditer(text)][:_MOST_PLACES]


def _pattern(words: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)")


def _trimmed(text: str, start: int, end: int) -> _Place:
    """The place without the signs and spaces at its edges; empty where it has no word."""
    words = [found.span() for found in _WORD.finditer(text, start, max(start, end))]
    return (words[0][0], words[-1][1]) if words else (start, start)


def _within_passages(side: Side, places: Sequence[_Place]) -> bool:
    passages = [each for each in side.marks if each.sort is Sort.PASSAGE]
    return all(any(p.start <= start and end <= p.end for p in passages) for start, end in places)


def segments(text: str, marks: Sequence[Mark], start: int, end: int) -> tuple[Segment, ...]:
    """A part of a text, cut wherever a mark begins or ends."""
    here = [each for each in marks if each.start < end and each.end > start]
    edges = {edge for each in here for edge in (each.start, each.end) if start < edge < end}
    cuts = [start, *sorted(edges), end]
    return tuple(
        Segment(
            text=text[one:other],
            sorts=frozenset(each.sort for each in here if each.start <= one and other <= each.end),
            labels=tuple(
                each.label
                for each in here
                if each.label is not None
                and each.is_first
                and max(each.start, start) == one == each.start
            ),
        )
        for one, other in pairwise(cuts)
        if one < other
    )
