"""A packed text as the rules read it, and what two titles have and have not in common.

Words are compared by their stems, for titles inflect: "войната" and "война" are one word here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    SEVERAL,
    body_place,
    mark_id,
)
from aggregator.match.words.token_bits import STEM_SHIFT

_CONTEXT = 3  # words on each side that tell whether two words stand in the same place; set by hand
_IN_PLACE = 2  # so many of them must be the same, the edge of the text being one
_BODY = body_place(0)
_PLACE_MASK = 0xFFFF
_CONTENT = mark_id(CONTENT)
_FLAGS = {mark_id(name) for name in (BARE, FIGURES, RUBRIC, SAYS_LITTLE, SEVERAL)}


class Passage(NamedTuple):
    """A title, or a lead: its tokens, and the concepts that have opposites by their place."""

    tokens: list[int]
    concepts: Mapping[int, int]

    def stem(self, at: int) -> int:
        """The stem of a token, -1 outside the passage."""
        return self.tokens[at] >> STEM_SHIFT if 0 <= at < len(self.tokens) else -1

    def stems(self, places: Collection[int]) -> set[int]:
        """The stems of some of its tokens."""
        return {self.stem(at) for at in places}


class Reading(NamedTuple):
    """A text as rules read it."""

    title: Passage
    lead: Passage
    content: tuple[int, ...]  # the places of the title's words that say what the report is about
    stems: Hashes  # of title and body, shape (tokens,)
    flags: frozenset[int]  # `mark_id` of BARE, SAYS_LITTLE, SEVERAL

    def is_marked(self, name: str) -> bool:
        """Whether the text bears one of these three marks."""
        return mark_id(name) in self.flags

    def knows(self, stems: Collection[int]) -> int:
        """How many of some stems stand in title or text."""
        return int(np.isin(np.array(list(stems), dtype=np.uint32), self.stems).sum())

    def title_stems(self) -> set[int]:
        """The stems of the words of the title that say what the report is about."""
        return self.title.stems(self.content)


def read(packed: Hashes) -> Reading:
    """A text as `unpack_tokens` gives it."""
    titled, end = int(packed[0]), 2 + int(packed[0]) + int(packed[1])
    title, body = packed[2 : 2 + titled].tolist(), packed[2 + titled : end]
    noted = [(mark >> 16, mark & _PLACE_MASK) for mark in packed[end:].tolist()]
    concepts = {place: name for name, place in noted if name not in _FLAGS and name != _CONTENT}
    return Reading(
        title=Passage(title, {at: name for at, name in concepts.items() if at < _BODY}),
        lead=Passage(
            body[: LEAD + _CONTEXT].tolist(),
            {at - _BODY: name for at, name in concepts.items() if at >= _BODY},
        ),
        content=tuple(place for name, place in noted if name == _CONTENT),
        stems=packed[2:end] >> np.uint32(STEM_SHIFT),
        flags=frozenset(name for name, _ in noted if name in _FLAGS),
    )


def stand_in_place(a: Passage, at: int, b: Passage, other: int) -> bool:
    """Whether two words stand in the same place: enough of the words around them are the same."""
    shared = 0
    for steps in (range(-_CONTEXT, 0), range(1, _CONTEXT + 1)):
        around_a = {a.stem(at + step) for step in steps}
        shared += len(around_a & {b.stem(other + step) for step in steps})
    return shared >= _IN_PLACE


def inserted(longer: Passage, shorter: Passage) -> range:
    """Where a title has words more than another that is else the same, but for its end; else empty."""
    more = len(longer.tokens) - len(shorter.tokens)
    start = 0
    while start < len(shorter.tokens) and longer.stem(start) == shorter.stem(start):
        start += 1
    rest = range(start, len(shorter.tokens))
    if more <= 0 or any(longer.stem(at + more) != shorter.stem(at) for at in rest):
        return range(0)
    return range(start, start + more)
