"""Two texts as rows, sentence beside sentence, in the order of both.

    sentences of either, the marks they share --align--> rows

The best monotone alignment (Gale and Church, 1993, by dynamic programming), in which marks with the same label and
words in common count in the place of lengths: a sentence stands beside one sentence, beside two, or beside none. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.web.marked_text import Mark, MarkedText, Segment, segments

_Range = tuple[int, int]

_MOST_SENTENCES = 80  # of a text: some 3,000 words
_PLACE = 0.1  # what it is worth to stand in the same place; a shared name is worth up to 1
_SPLIT_COST = 0.2  # of one sentence beside two
# The end of a sentence, but not an initial or an abbreviation of two letters; or of a paragraph.
_END = re.compile(r"(?<!\b\w)(?<!\b\w\w)[.!?…]+[\"'»”’)\]]*\s+|[。！？]+|\n\s*")
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What stands beside each other; () on a side that has nothing there."""

    left: tuple[Segment, ...]
    right: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence by its place, its words, and the labels of the marks in it."""

    place: _Range
    words: frozenset[str]
    labels: frozenset[int]


def rows(left: MarkedText, right: MarkedText) -> list[Row]:
    """The rows of two marked texts; the first lines, the headlines, make the first."""
    (title, *ours), (other_title, *theirs) = _sentences(left), _sentences(right)
    found = [([title], [other_title]), *_aligned(ours, theirs)]
    return [Row(left=_cut(left, one), right=_cut(right, other)) for one, other in found]


def _cut(marked: MarkedText, sentences: Sequence[_Sentence]) -> tuple[Segment, ...]:
    if not sentences:
        return ()
    return segments(marked.text, marked.marks, sentences[0].place[0], sentences[-1].place[1])


def _sentences(marked: MarkedText) -> list[_Sentence]:
    """The headline, which may be empty, and the sentences; the last one has all that goes beyond the limit."""
    found = list(_split(marked.text))
    if len(found) > _MOST_SENTENCES:
        found[_MOST_SENTENCES - 1 :] = [(found[_MOST_SENTENCES - 1][0], found[-1][1])]
    return [_sentence(marked, start, end) for start, end in found]


def _split(text: str) -> Iterator[_Range]:
    headline = text.find("\n")
    headline = len(text) if headline < 0 else headline
    yield 0, headline
    start = headline
    for end in (*(found.end() for found in _END.finditer(text, headline)), len(text)):
        goes_on = text[end : end + 1].islower() and "\n" not in text[end - 1 : end]
        if text[start:end].strip() and not goes_on:
            yield start, end
            start = end


def _sentence(marked: MarkedText, start: int, end: int) -> _Sentence:
    words = frozenset(word.casefold() for word in _WORD.findall(marked.text[start:end]))
    return _Sentence((start, end), words, frozenset(_labels(marked.marks, start, end)))


def _labels(marks: Sequence[Mark], start: int, end: int) -> Iterator[int]:
    return (
        each.label
        for each in marks
        if each.label is not None and each.start < end and each.end > start
    )


def _aligned(
    ours: Sequence[_Sentence], theirs: Sequence[_Sentence]
) -> list[tuple[Sequence[_Sentence], Sequence[_Sentence]]]:
    """The rows with the greatest sum of what the sentences beside each other have in common."""
    likeness = _Likeness(ours, theirs)
    best = {(0, 0): (0.0, (0, 0))}  # of each cell: the sum up to it, and the step that leads there
    for i in range(len(ours) + 1):
        for j in range(len(theirs) + 1):
            if i or j:
                best[i, j] = max(
                    (best[i - a, j - b][0] + worth, (a, b)) for a, b, worth in likeness.steps(i, j)
                )
    found = []
    i, j = len(ours), len(theirs)
    while i or j:
        a, b = best[i, j][1]
        found.append((ours[i - a : i], theirs[j - b : j]))
        i, j = i - a, j - b
    return found[::-1]


class _Likeness:
    """What sentences of two texts have in common."""

    def __init__(self, ours: Sequence[_Sentence], theirs: Sequence[_Sentence]) -> None:
        self._weights = _weights(ours, theirs)
        self._table = [[self._of(one, other) for other in theirs] for one in ours]

    def steps(self, i: int, j: int) -> Iterator[tuple[int, int, float]]:
        """The ways to have come to so many sentences of both: those of the last row, and what it is worth."""
        if i:
            yield 1, 0, 0.0
        if j:
            yield 0, 1, 0.0
        if i and j:
            last = self._table[i - 1][j - 1]
            yield 1, 1, last + _PLACE
            if j > 1:
                yield from self._double(1, 2, last, self._table[i - 1][j - 2])
            if i > 1:
                yield from self._double(2, 1, last, self._table[i - 2][j - 1])

    @staticmethod
    def _double(a: int, b: int, one: float, other: float) -> Iterator[tuple[int, int, float]]:
        if one and other:
            yield a, b, one + other - _SPLIT_COST

    def _of(self, one: _Sentence, other: _Sentence) -> float:
        shared = sum(self._weights[label] for label in one.labels & other.labels)
        return shared + 2 * len(one.words & other.words) / (len(one.words) + len(other.words) + 1)


def _weights(ours: Sequence[_Sentence], theirs: Sequence[_Sentence]) -> dict[int, float]:
    """What a label is worth: the less, the more sentences have it."""
    counts: dict[int, int] = {}
    for sentence in (*ours, *theirs):
        for label in sentence.labels:
            counts[label] = counts.get(label, 0) + 1
    return {label: 2 / number for label, number in counts.items()}
