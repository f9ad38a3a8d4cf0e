"""A packed text as the rules read it, and what two titles have and have not in common.

Words are compared by their stems, for titles inflect: "войната" and "война" are one word here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from aggregator.match.jit import Hashes
from aggregator.match.words.marks import (
    BARE,
    CONTENT,
    FIGURES,
    LEAD,
    RUBRIC,
    SAYS_LITTLE,
    SECOND,
    SEVERAL,
    body_place,
    mark_id,
)
from aggregator.match.words.token_bits import KIND_MASK, NAME, NUMBER, STEM_SHIFT, WORD_SHIFT

_CONTEXT = 3  # words on each side that tell whether two words stand in the same place; set by hand
_BODY = body_place(0)
_PLACE_MASK = 0xFFFF
_VALUE = 1 << 31  # no stem has this bit
_CONTENT = mark_id(CONTENT)
_SECOND = mark_id(SECOND)
_FLAGS = {mark_id(name) for name in (BARE, FIGURES, RUBRIC, SAYS_LITTLE, SEVERAL)}
_NO_CONCEPTS = {*_FLAGS, _CONTENT, _SECOND}


class Passage(NamedTuple):
    """A title, or a lead: the stems of its words, and the concepts that have opposites, by their place."""

    stems: list[int]
    concepts: Mapping[int, int]

    def stem(self, at: int) -> int:
        """The stem of a word; -1 outside the passage."""
        return self.stems[at] if 0 <= at < len(self.stems) else -1

    def places(self, stems: Collection[int]) -> list[int]:
        """Where any of some stems stands."""
        return [at for at, stem in enumerate(self.stems) if stem in stems]


class Reading(NamedTuple):
    """A text as rules read it."""

    title: Passage
    lead: Passage
    content: tuple[int, ...]  # the places of the title's words that say what the report is about
    facts: frozenset[int]  # the places of the title's names and numbers
    stems: list[int]  # of title and body
    known: frozenset[int]  # the same, to look words up
    flags: frozenset[int]  # `mark_id` of BARE, FIGURES, RUBRIC, SAYS_LITTLE, SEVERAL
    seconds: tuple[int, ...]  # the places of the title's words that another headline begins with

    def is_marked(self, name: str) -> bool:
        """Whether the text bears one of these marks."""
        return mark_id(name) in self.flags

    def knows(self, stems: Collection[int]) -> int:
        """How many of some stems stand in title or text."""
        return sum(stem in self.known for stem in stems)

    def knows_numbers(self, stems: Collection[int]) -> bool:
        """Whether all numbers among some stems stand in title or text."""
        numbers = [stem for stem in stems if stem & _VALUE]
        return self.knows(numbers) == len(numbers)

    def title_stems(self) -> frozenset[int]:
        """The stems of the words of the title that say what the report is about."""
        return frozenset(self.title.stem(at) for at in self.content)

    def body_knows(self, stems: Collection[int]) -> int:
        """How many of some stems stand in the text below the title."""
        body = {*self.stems[len(self.title.stems) :]}
        return sum(stem in body for stem in stems)

    def headlines(self) -> list[frozenset[int]]:
        """The stems of each of the headlines that a title is made of; most are made of one."""
        edges = (0, *self.seconds, len(self.title.stems))
        return [
            frozenset(self.title.stem(at) for at in self.content if start <= at < end)
            for start, end in pairwise(edges)
        ]


def read(packed: Hashes) -> Reading:
    """A text as `unpack_tokens` gives it."""
    titled, end = int(packed[0]), 2 + int(packed[0]) + int(packed[1])
    tokens, stems = packed[2:end], _stems(packed[2:end]).tolist()
    noted = [(mark >> 16, mark & _PLACE_MASK) for mark in packed[end:].tolist()]
    concepts = {place: name for name, place in noted if name not in _NO_CONCEPTS}
    kinds = (tokens[:titled] & np.uint32(KIND_MASK)).tolist()
    return Reading(
        title=Passage(stems[:titled], {at: name for at, name in concepts.items() if at < _BODY}),
        lead=Passage(
            stems[titled : titled + LEAD + _CONTEXT],
            {at - _BODY: name for at, name in concepts.items() if at >= _BODY},
        ),
        content=tuple(place for name, place in noted if name == _CONTENT),
        facts=frozenset(at for at, kind in enumerate(kinds) if kind in (NAME, NUMBER)),
        stems=stems,
        known=frozenset(stems),
        flags=frozenset(name for name, _ in noted if name in _FLAGS),
        seconds=tuple(place for name, place in noted if name == _SECOND),
    )


def _stems(tokens: Hashes) -> Hashes:
    """The stems of words, the values of numbers (which have no stem), as far as they can be told apart."""
    numbers = (tokens & np.uint32(KIND_MASK)) == NUMBER
    values = (tokens >> np.uint32(WORD_SHIFT)) | np.uint32(_VALUE)
    return np.where(numbers, values, tokens >> np.uint32(STEM_SHIFT))


def stand_in_place(a: Passage, at: int, b: Passage, other: int, *, least: int) -> bool:
    """Whether two words stand in the same place: words on both sides are the same, `least` in all.

    The edge of a passage counts as a word.
    """
    before, after = (
        len({a.stem(at + step) for step in steps} & {b.stem(other + step) for step in steps})
        for steps in (range(-_CONTEXT, 0), range(1, _CONTEXT + 1))
    )
    return before > 0 and after > 0 and before + after >= least


def inserted(longer: Passage, shorter: Passage) -> range:
    """Where a title has words more than another that is else the same, but for its end; else empty."""
    more = len(longer.stems) - len(shorter.stems)
    start = 0
    while start < len(shorter.stems) and longer.stem(start) == shorter.stem(start):
        start += 1
    rest = range(start, len(shorter.stems))
    if more <= 0 or any(longer.stem(at + more) != shorter.stem(at) for at in rest):
        return range(0)
    return range(start, start + more)
