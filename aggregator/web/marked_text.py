"""Where two texts say the same, each in its own words, and where one says something else.

    both texts, the evidence of their comparison --mark--> marks of either --segments--> text in pieces

The evidence quotes the texts as the matcher read them. A quotation is marked where it stands in the text that is
shown; one that stands in none, as from the page of an article, is left out. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count, pairwise

from aggregator.model import Evidence, Passage

_LONGEST_REPLACED = 8  # words; what is longer between two shared passages is other text
_SHORTEST_PIECE = 3  # words, as the shortest passage the matcher sees
_MOST_PLACES = 20  # of one word
_WORD = re.compile(r"\w+")
_Place = tuple[int, int]


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
    """One of the texts, and the words that are to be marked in it for themselves, each as what."""

    text: str
    quoted: tuple[tuple[Sort, str], ...] = ()


@dataclass(slots=True)
class MarkedText:
    """A text and the marks on it, in no order; `add` is for `mark`."""

    text: str
    marks: list[Mark] = field(default_factory=list)

    def add(self, places: Iterable[_Place], sort: Sort, label: int | None = None) -> None:
        """Mark places, which are in the order of the text."""
        self.marks.extend(
            Mark(start=start, end=end, sort=sort, label=label, is_first=at == 0)
            for at, (start, end) in enumerate(places)
        )


def mark(left: Side, right: Side, evidence: Evidence | None) -> tuple[MarkedText, MarkedText]:
    """Both texts with their marks; of the evidence, `a` is the left one."""
    one, other = MarkedText(left.text), MarkedText(right.text)
    for marked, side in ((one, left), (other, right)):
        for sort, words in side.quoted:
            marked.add(_places(side.text, words), sort)
    if evidence is not None:
        labels = count(1)
        for sort, ours, theirs in _aligned(left.text, right.text, evidence.passages):
            label = next(labels) if sort is Sort.PASSAGE else None
            one.add([ours], sort, label)
            other.add([theirs], sort, label)
        _mark_facts(one, other, evidence, labels)
    return one, other


def _mark_facts(
    left: MarkedText, right: MarkedText, evidence: Evidence, labels: Iterator[int]
) -> None:
    """Mark the facts that agree, numbered unless they are alike within shared passages, and those that do not."""
    for fact in evidence.agree:
        ours, theirs = _places(left.text, fact.a), _places(right.text, fact.b)
        if ours and theirs:
            is_plain = _within_passages(left, ours) and _within_passages(right, theirs)
            label = None if is_plain else next(labels)
            left.add(ours, Sort.FACT, label)
            right.add(theirs, Sort.FACT, label)
    for fact in evidence.differ:
        for marked, opposite, word in ((left, right, fact.a), (right, left, fact.b)):
            if word.casefold() not in opposite.text.casefold():  # as in a line that names a source
                marked.add(_places(marked.text, word), Sort.ALONE)


def _aligned(
    left: str, right: str, passages: Sequence[Passage]
) -> Iterator[tuple[Sort, _Place, _Place]]:
    """Where shared passages stand in both texts, in the order of the left one, and what is replaced behind one."""
    one, other = (0, 0), (0, 0)
    for passage in passages:
        if passage.same:
            for ours, theirs in _pieces(left, right, passage):
                places = _next_place(left, ours, one[1]), _next_place(right, theirs, other[1])
                if places[0] and places[1]:
                    one, other = places[0], places[1]
                    yield Sort.PASSAGE, one, other
        elif other[1]:
            replaced = (
                _replaced(left, passage.a, passage.b, one[1]),
                _replaced(right, passage.b, passage.a, other[1]),
            )
            if replaced[0] and replaced[1]:
                yield Sort.REPLACED, replaced[0], replaced[1]


def _replaced(text: str, words: str, others: str, start: int) -> _Place | None:
    """Where words stand right behind a place, from the first to the last that is not among the others."""
    place = _next_place(text, words, start) if words else None
    if place is None or place[0] < start or _WORD.search(text, start, place[0]):
        return None
    known = {word.casefold() for word in _WORD.findall(others)}
    found = [each for each in _WORD.finditer(text, *place) if each[0].casefold() not in known]
    if not 0 < len(found) <= _LONGEST_REPLACED:
        return None
    return found[0].start(), found[-1].end()


def _pieces(left: str, right: str, passage: Passage) -> Iterator[tuple[str, str]]:
    """A passage, or its longest parts that stand in both texts: the matcher leaves out lines that name a source."""
    ours, theirs = passage.a.split(), passage.b.split()

    def is_beyond(words: int) -> bool:
        parts = " ".join(ours[at : at + words]), " ".join(theirs[at : at + words])
        return _next_place(left, parts[0]) is None or _next_place(right, parts[1]) is None

    at = 0
    if len(ours) != len(theirs) or not is_beyond(len(ours)):
        yield passage.a, passage.b
        return
    while at < len(ours):
        found = bisect_left(range(1, len(ours) - at + 1), x=True, key=is_beyond)
        if found >= _SHORTEST_PIECE:
            yield " ".join(ours[at : at + found]), " ".join(theirs[at : at + found])
        at += max(found, 1)


def _next_place(text: str, words: str, start: int = 0) -> _Place | None:
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


def _within_passages(marked: MarkedText, places: Sequence[_Place]) -> bool:
    passages = [each for each in marked.marks if each.sort is Sort.PASSAGE]
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
