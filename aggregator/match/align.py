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

from aggregator.match.compiled import Hashes, Places, compiled
from aggregator.match.profile import NOWHERE, Profile, first, profile
from aggregator.match.tokens import NAME, NUMBER, OPENING

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
Tallies = NDArray[np.float64]


@compiled
def align(a: Hashes, b: Hashes) -> Places:
    """For each three-word anchor of `a` (tokens as `unpack` gives them) its position in `b`, or -1."""
    return anchors(profile(a), profile(b))


@compiled
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


@compiled
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


@compiled
def _gap(counts: Tallies, a_gap: Hashes, b_gap: Hashes, forward: bool) -> None:
    if not forward or not 0 < a_gap.size <= SHORT or not 0 < b_gap.size <= SHORT:
        return
    numbers = _replaced(a_gap, b_gap, NUMBER, NUMBER, np.uint32(2))
    names = _replaced(a_gap, b_gap, NAME, OPENING, np.uint32(18))
    counts[NEW_NUMBERS] += numbers
    counts[NEW_NAMES] += names
    counts[NEW_WORDS] += not numbers and not names


@compiled
def _replaced(a_gap: Hashes, b_gap: Hashes, kind: int, other_kind: int, shift: np.uint32) -> bool:
    """Whether both gaps have facts of the kind, and share none (compared from bit `shift`)."""
    in_a = in_b = False
    for x in a_gap:
        if (x & np.uint32(3)) not in (kind, other_kind):
            continue
        in_a = True
        for y in b_gap:
            if x >> shift == y >> shift:
                return False
    for y in b_gap:
        in_b = in_b or (y & np.uint32(3)) in (kind, other_kind)
    return in_a and in_b
