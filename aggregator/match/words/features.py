"""Two texts become the numbers that tell copies from reports that only look alike.

`a` is the shorter text. Overlap is measured plainly and weighted by rarity: their difference says
whether what is shared is common text. Numbers and names are asked both ways, since a copy may be
cut or extended. What stands in place of what comes from `align`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, Places, jit
from aggregator.match.words.align import (
    COVERED,
    LONGEST,
    NEW_NAMES,
    NEW_NUMBERS,
    NEW_WORDS,
    SAME_NAMES,
    SAME_NUMBERS,
    anchors,
    tally,
)
from aggregator.match.words.idf import (
    LOGS,
    PRIOR,
    Counts,
    Frequency,
    Logs,
    weight,
)
from aggregator.match.words.positions import (
    Profile,
    first,
    has,
    profile,
)
from aggregator.match.words.tokens import NAME, NUMBER, WORD

FEATURES = (
    "overlap",  # shared shingles over all (Jaccard)
    "containment",  # shared shingles over those of the shorter text
    "rare_overlap",  # the same, each shingle weighted by its rarity
    "rare_containment",
    "words",  # share of the shorter text's words the longer has
    "numbers_kept",  # share of the shorter text's numbers the longer has; 1 when it has none
    "numbers_known",  # share of the longer text's numbers the shorter has
    "numbers",  # log(1 + numbers of the shorter)
    "names_kept",
    "names_known",
    "names",
    "lead_kept",  # share of the first 30 words of the shorter that stand in runs of the longer
    "lead_known",
    "titles",  # shared title words over the shorter title's
    "title_in_body",  # share of the shorter's title words that the longer's text has
    "covered",  # share of the shorter text that lies in shared runs
    "longest",  # log(1 + words of the longest shared run)
    "shared",  # log(1 + shared shingles)
    "rare_shared",  # log(1 + their weights)
    "size",  # log(1 + words of the shorter)
    "ratio",  # words of the shorter over those of the longer
    "same_numbers",  # log(1 + numbers within shared runs)
    "same_names",
    "new_numbers",  # numbers replaced, over those replaced and kept in place
    "new_names",
    "new_words",
    "replaced",  # log(1 + numbers and names replaced)
    "new_title",  # 1 when the titles are one form with another number or name in it
)
_LEAD = 30
_COUNT = len(FEATURES)
Values = NDArray[np.float64]


def compare(own: Hashes, others: Sequence[Hashes], frequency: Frequency) -> Values:
    """The features of a text with each of others: a row for each, columns as in `FEATURES`.

    Texts are given as `fingerprint.unpack` gives them. The features of a pair are the same
    whichever text comes first. All pairs are one compiled call: the call costs more than a pair.
    """
    if not others:
        return np.empty((0, _COUNT))
    ends = np.array([*accumulate(other.size for other in others)], dtype=np.int64)
    top = math.log(frequency.stories + PRIOR)
    return _compare(own, np.concatenate(others), ends, frequency.counts, LOGS, top)


@jit
def _compare(
    own: Hashes, others: Hashes, ends: Places, counts: Counts, logs: Logs, top: float
) -> Values:
    features = np.empty((ends.size, _COUNT))
    a = profile(own)
    a_weights, a_rare = _weigh(a, counts, logs, top)
    start = 0
    for row in range(ends.size):
        other = others[start : ends[row]]
        b = profile(other)
        b_weights, b_rare = _weigh(b, counts, logs, top)
        if _follows(own, other):
            features[row] = _pair(b, a, b_weights, b_rare, a_rare)
        else:
            features[row] = _pair(a, b, a_weights, a_rare, b_rare)
        start = ends[row]
    return features


@jit
def _follows(a: Hashes, b: Hashes) -> bool:
    """Whether a text is the longer of two, or stands behind the other of its length in their order."""
    if a[1] != b[1]:
        return bool(a[1] > b[1])
    for i in range(min(a.size, b.size)):
        if a[i] != b[i]:
            return bool(a[i] > b[i])
    return False


@jit
def _weigh(
    text: Profile, counts: Counts, logs: Logs, top: float
) -> tuple[Values, tuple[float, float]]:
    """The weight of each shingle, at its first position; how many there are, and their sum."""
    weights = np.zeros(text.grams.size)
    size = total = 0.0
    for place in text.heads:
        if place >= 0:
            weights[place] = weight(counts, logs, top, text.grams[place])
            size += 1.0
            total += weights[place]
    return weights, (size, total)


@jit
def _pair(
    a: Profile,
    b: Profile,
    a_weights: Values,
    of_a: tuple[float, float],
    of_b: tuple[float, float],
) -> Values:
    """The features of a pair; `a` is the shorter."""
    places = anchors(a, b)
    tallies = tally(a.body, b.body, places)
    shared = rare = 0.0
    for place in a.heads:
        if place >= 0 and first(b.grams, b.heads, a.grams[place]) >= 0:
            shared += 1.0
            rare += a_weights[place]
    (a_size, a_rare), (b_size, b_rare) = of_a, of_b
    titles = min(a.title.size, b.title.size)
    length = max(a.body.size, 1)
    numbers_kept, numbers = _found(a.body, b.known, NUMBER)
    names_kept, names = _found(a.body, b.known, NAME)
    return np.array(
        [
            shared / max(a_size + b_size - shared, 1.0),
            shared / max(min(a_size, b_size), 1.0),
            rare / max(a_rare + b_rare - rare, 1e-9),
            rare / max(min(a_rare, b_rare), 1e-9),
            _known(a.words, b.known) / max(min(a.words.size, b.words.size), 1),
            numbers_kept,
            _found(b.body, a.known, NUMBER)[0],
            np.log1p(numbers),
            names_kept,
            _found(b.body, a.known, NAME)[0],
            np.log1p(names),
            np.mean(places[:_LEAD] >= 0) if places.size else 0.0,
            _lead(b, a),
            _common(a.title, b.title) / titles if titles else 0.5,
            _known(a.title, b.known) / a.title.size if a.title.size else 0.5,
            tallies[COVERED] / length,
            np.log1p(tallies[LONGEST]),
            np.log1p(shared),
            np.log1p(rare),
            np.log1p(float(length)),
            length / max(b.body.size, 1),
            np.log1p(tallies[SAME_NUMBERS]),
            np.log1p(tallies[SAME_NAMES]),
            _share(tallies[NEW_NUMBERS], tallies[SAME_NUMBERS]),
            _share(tallies[NEW_NAMES], tallies[SAME_NAMES]),
            np.log1p(tallies[NEW_WORDS]),
            np.log1p(tallies[NEW_NUMBERS] + tallies[NEW_NAMES]),
            _is_refilled(a.headline, b.headline),
        ]
    )


@jit
def _is_refilled(a: Hashes, b: Hashes) -> float:
    """Whether titles of one length differ in few places, and there in numbers or capitalised words."""
    if a.size != b.size:
        return 0.0
    differ = 0
    for i in range(a.size):
        if a[i] >> np.uint32(18) != b[i] >> np.uint32(18):
            plain = a[i] & np.uint32(3) == WORD and b[i] & np.uint32(3) == WORD
            differ += a.size if plain else 1
    return 1.0 if 0 < 2 * differ <= a.size else 0.0


@jit
def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part else 0.0


@jit
def _known(words: Hashes, known: Hashes) -> int:
    """How many of some words a table has."""
    count = 0
    for word in words:
        count += has(known, word)
    return count


@jit
def _common(a: Hashes, b: Hashes) -> int:
    """How many values two sorted lists share."""
    count = i = j = 0
    while i < a.size and j < b.size:
        if a[i] == b[j]:
            count += 1
        step = a[i] <= b[j]
        j += b[j] <= a[i]
        i += step
    return count


@jit
def _found(body: Hashes, known: Hashes, kind: int) -> tuple[float, int]:
    """The share of a body's facts of a kind that a table of words has, and how many there are."""
    facts = found = 0
    for token in body:
        if token & np.uint32(3) == kind:
            facts += 1
            found += has(known, token >> np.uint32(2))
    return (found / facts if facts else 1.0), facts


@jit
def _lead(text: Profile, other: Profile) -> float:
    """The share of a text's first shingles that the other has."""
    lead = text.grams[:_LEAD]
    found = 0
    for gram in lead:
        found += first(other.grams, other.heads, gram) >= 0
    return found / lead.size if lead.size else 0.0
