"""A packed text as the rules read it, and what two titles have and have not in common.

Words are compared by their stems, for titles inflect: "войната" and "война" are one word here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
_KIND_MASK, _IS_VALUE = np.uint32(KIND_MASK), np.uint32(_VALUE)
_WORD_SHIFT, _STEM_SHIFT = np.uint32(WORD_SHIFT), np.uint32(STEM_SHIFT)
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


@dataclass
class Reading:
    """A text as rules read it; what not every rule asks for is made when one does."""

    title: Passage
    lead: Passage
    content: Sequence[int]  # the places of the title's words that say what the report is about
    facts: Collection[int]  # the places of the title's names and numbers
    stems: list[int]  # of title and body
    flags: Collection[int]  # `mark_id` of BARE, FIGURES, RUBRIC, SAYS_LITTLE, SEVERAL
    seconds: Sequence[int]  # the places of the title's words that another headline begins with

    @cached_property
    def known(self) -> frozenset[int]:
        """The stems of title and body, to look words up."""
        return frozenset(self.stems)

    @cached_property
    def title_stems(self) -> frozenset[int]:
        """The stems of the words of the title that say what the report is about."""
        return frozenset([self.title.stem(at) for at in self.content])

    @cached_property
    def headlines(self) -> list[frozenset[int]]:
        """The stems of each of the headlines that a title is made of; most are made of one."""
        if not self.seconds:
            return [self.title_stems]
        edges = (0, *self.seconds, len(self.title.stems))
        return [
            frozenset(self.title.stem(at) for at in self.content if start <= at < end)
            for start, end in pairwise(edges)
        ]

    def is_marked(self, name: str) -> bool:
        """Whether the text bears one of these marks."""
        return mark_id(name) in self.flags

    def knows(self, stems: Collection[int]) -> int:
        """How many of some stems stand in title or text."""
        return len(self.known.intersection(stems))

    def knows_numbers(self, stems: Collection[int]) -> bool:
        """Whether all numbers among some stems stand in title or text."""
        return all(stem in self.known for stem in stems if stem & _VALUE)

    def body_knows(self, stems: Collection[int]) -> int:
        """How many of some stems stand in the text below the title."""
        body = {*self.stems[len(self.title.stems) :]}
        return sum(stem in body for stem in stems)


def read(packed: Hashes) -> Reading:
    """A text as `unpack_tokens` gives it."""
    titled, end = int(packed[0]), 2 + int(packed[0]) + int(packed[1])
    kinds = packed[2:end] & _KIND_MASK
    stems = _stems(packed[2:end], kinds).tolist()
    in_title, in_lead, places = (
        dict[int, int](),
        dict[int, int](),
        defaultdict[int, list[int]](list),
    )
    for mark in packed[end:].tolist():
        name, place = mark >> 16, mark & _PLACE_MASK
        if name in _NO_CONCEPTS:
            places[name].append(place)
        elif place < _BODY:
            in_title[place] = name
        else:
            in_lead[place - _BODY] = name
    return Reading(
        title=Passage(stems[:titled], in_title),
        lead=Passage(stems[titled : titled + LEAD + _CONTEXT], in_lead),
        content=places[_CONTENT],
        facts=[at for at, kind in enumerate(kinds[:titled].tolist()) if kind in (NAME, NUMBER)],
        stems=stems,
        flags=places.keys() & _FLAGS,
        seconds=places[_SECOND],
    )


def _stems(tokens: Hashes, kinds: Hashes) -> Hashes:
    """The stems of words, the values of numbers (which have no stem), as far as they can be told apart."""
    values = (tokens >> _WORD_SHIFT) | _IS_VALUE
    return np.where(kinds == NUMBER, values, tokens >> _STEM_SHIFT)


def is_number(stem: int) -> bool:
    """Whether what `Passage.stem` gives is the value of a number; -1, which is beyond the passage, is none."""
    return stem >= 0 and bool(stem & _VALUE)


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
    more, start = len(longer.stems) - len(shorter.stems), 0
    if more <= 0:
        return range(0)
    while start < len(shorter.stems) and longer.stems[start] == shorter.stems[start]:
        start += 1
    is_same_behind = longer.stems[start + more :] == shorter.stems[start:]
    return range(start, start + more) if is_same_behind else range(0)
