"""Which words of one text stand where in another: the shared runs, and what replaced what between.

    a   … magnitude [5.4] earthquake struck near Fajon  …
              |       x        |       |     |          anchors: three equal words in a row
    b   … magnitude [4.9] earthquake struck near Fajon  …
                      ^ a gap between two anchors, short on both sides: a replaced number

A number in a gap against another number, a name against another name, is a fact replaced: a copy
keeps the facts of its original, another report of the same form has its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, Places, jit
from aggregator.match.words.positions import (
    NOWHERE,
    Profile,
    first,
    profile,
)
from aggregator.match.words.tokens import NAME, NUMBER, OPENING

SHORT = 8  # tokens: a longer gap is other text, not a replacement
(
    COVERED,  # tokens of a that lie in shared runs
    LONGEST,  # tokens of the longest shared run
    SAME_NUMBERS,  # numbers within shared runs
    SAME_NAMES,
    NEW_NUMBERS,  # gaps in which other numbers stand
    NEW_NAMES,
    NEW_WORDS,  # gaps in which only other words stand
) = range(7)
TALLIES = 7
_WHOLE, _FORM = np.uint32(2), np.uint32(18)  # bits from which words, and forms of a name, are equal
Tallies = NDArray[np.float64]


@jit
def align(a: Hashes, b: Hashes) -> Places:
    """For each three-word anchor of `a` (tokens as `unpack` gives them) its position in `b`, or -1."""
    return anchors(profile(a), profile(b))


@jit
def anchors(a: Profile, b: Profile) -> Places:
    """The same of profiles; a run is followed before the table is asked."""
    places = np.full(a.grams.size, NOWHERE, dtype=np.int64)
    last = NOWHERE
    for i in range(a.grams.size):
        gram = a.grams[i]
        if last >= 0 and last + 1 < b.grams.size and b.grams[last + 1] == gram:
            last += 1
            places[i] = last
            continue
        place = first(b.grams, b.heads, gram)
        while place >= 0 and place <= last and b.following[place] >= 0:
            place = b.following[place]
        places[i] = place
        if place >= 0:
            last = place
    return places


@jit
def tally(a_body: Hashes, b_body: Hashes, places: Places) -> Tallies:
    """Count what the shared runs hold and what the short gaps between them replace."""
    counts = np.zeros(TALLIES, dtype=np.float64)
    a_end, b_end, run = 0, 0, 0
    for i in range(places.size):
        if places[i] < 0:
            continue
        follows = i > 0 and places[i] == places[i - 1] + 1 and places[i - 1] >= 0
        if not follows:
            _gap(counts, a_body[a_end:i], b_body[b_end : places[i]], places[i] >= b_end)
            run = 0
        for k in range(max(a_end, i), min(i + 3, a_body.size)):
            kind = a_body[k] & np.uint32(3)
            counts[COVERED] += 1
            counts[SAME_NUMBERS] += kind == NUMBER
            counts[SAME_NAMES] += kind == NAME
        run = run + 1 if run else 3
        counts[LONGEST] = max(counts[LONGEST], run)
        a_end, b_end = max(a_end, i + 3), places[i] + 3
    if a_end:
        _gap(counts, a_body[a_end:], b_body[b_end:], True)
    return counts


@jit
def _gap(counts: Tallies, a_gap: Hashes, b_gap: Hashes, forward: bool) -> None:
    if not forward or not 0 < a_gap.size <= SHORT or not 0 < b_gap.size <= SHORT:
        return
    numbers = _strange(a_gap, b_gap, NUMBER, _WHOLE) and _strange(b_gap, a_gap, NUMBER, _WHOLE)
    names = names_replaced(a_gap, b_gap)
    counts[NEW_NUMBERS] += numbers
    counts[NEW_NAMES] += names
    counts[NEW_WORDS] += not numbers and not names


@jit
def names_replaced(a: Hashes, b: Hashes) -> bool:
    """Whether each of two passages has a name that the other lacks.

    A capital that opens a sentence may be a name: it is taken for one against a certain name, and
    where the two words are all that differs.
    """
    a_names, b_names = _strange(a, b, NAME, _FORM), _strange(b, a, NAME, _FORM)
    a_opens, b_opens = _strange(a, b, OPENING, _FORM), _strange(b, a, OPENING, _FORM)
    alone = a.size == 1 and b.size == 1
    return bool(
        (a_names and (b_names or b_opens))
        or (a_opens and b_names)
        or (alone and a_opens and b_opens)
    )


@jit
def _strange(a: Hashes, b: Hashes, kind: int, shift: np.uint32) -> bool:
    """Whether `a` has a word of a kind that `b` has not (compared from bit `shift`)."""
    for x in a:
        if x & np.uint32(3) == kind:
            known = False
            for y in b:
                known = known or x >> shift == y >> shift
            if not known:
                return True
    return False
