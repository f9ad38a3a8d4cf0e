"""Two texts become the numbers that tell copies from reports that only look alike.

`a` is the shorter text. Overlap is measured plainly and weighted by rarity: their difference says
whether what is shared is common text. Numbers and names are asked both ways, since a copy may be
cut or extended. What stands in place of what comes from `align`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.match.align import (
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
from aggregator.match.compiled import Hashes, Places, compiled
from aggregator.match.frequency import Counts, Frequency, weight
from aggregator.match.profile import Profile
from aggregator.match.tokens import NAME, NUMBER

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
)
_LEAD = 30
_Arrays = tuple[Hashes, Hashes, Places, Hashes, Hashes, Hashes]  # a `Profile`


def compare(a: Profile, b: Profile, frequency: Frequency) -> NDArray[np.float64]:
    """The features of a pair, in the order of `FEATURES`; the same whichever text comes first."""
    if a.body.size > b.body.size or (a.body.size == b.body.size and _follows(a.body, b.body)):
        a, b = b, a
    # Plain tuples: handing named ones to compiled code costs more than the comparison.
    return _compare((*a,), (*b,), frequency.counts, frequency.stories)


@compiled
def _follows(a: Hashes, b: Hashes) -> bool:
    """Whether one of two bodies of equal size stands behind the other in their order."""
    for i in range(a.size):
        if a[i] != b[i]:
            return bool(a[i] > b[i])
    return False


@compiled
def _compare(a: _Arrays, b: _Arrays, counts: Counts, stories: float) -> NDArray[np.float64]:
    a_body, a_grams, _, a_ranked, a_words, a_title = a
    b_body, b_grams, b_order, b_ranked, b_words, b_title = b
    places = anchors(a_grams, b_grams, b_ranked, b_order)
    tallies = tally(a_body, b_body, places)
    shared, a_size, b_size, rare, a_rare, b_rare = _overlap(a_ranked, b_ranked, counts, stories)
    numbers_kept, numbers = _found(a_body, b_words, NUMBER)
    numbers_known, _ = _found(b_body, a_words, NUMBER)
    names_kept, names = _found(a_body, b_words, NAME)
    names_known, _ = _found(b_body, a_words, NAME)
    titles = min(a_title.size, b_title.size)
    replaced = tallies[NEW_NUMBERS] + tallies[NEW_NAMES]
    length = max(a_body.size, 1)
    return np.array(
        [
            shared / max(a_size + b_size - shared, 1.0),
            shared / max(min(a_size, b_size), 1.0),
            rare / max(a_rare + b_rare - rare, 1e-9),
            rare / max(min(a_rare, b_rare), 1e-9),
            _common(a_words, b_words) / max(min(a_words.size, b_words.size), 1),
            numbers_kept,
            numbers_known,
            np.log1p(numbers),
            names_kept,
            names_known,
            np.log1p(names),
            np.mean(places[:_LEAD] >= 0) if places.size else 0.0,
            _lead(b_grams, a_ranked),
            _common(a_title, b_title) / titles if titles else 0.5,
            _common(a_title, b_words) / a_title.size if a_title.size else 0.5,
            tallies[COVERED] / length,
            np.log1p(tallies[LONGEST]),
            np.log1p(shared),
            np.log1p(rare),
            np.log1p(float(length)),
            length / max(b_body.size, 1),
            np.log1p(tallies[SAME_NUMBERS]),
            np.log1p(tallies[SAME_NAMES]),
            _share(tallies[NEW_NUMBERS], tallies[SAME_NUMBERS]),
            _share(tallies[NEW_NAMES], tallies[SAME_NAMES]),
            np.log1p(tallies[NEW_WORDS]),
            np.log1p(replaced),
        ]
    )


@compiled
def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part else 0.0


@compiled
def _overlap(
    a: Hashes, b: Hashes, counts: Counts, stories: float
) -> tuple[float, float, float, float, float, float]:
    """Sizes and weights of two sorted lists of shingles and of what they share, each once."""
    sizes, weights = np.zeros(3), np.zeros(3)
    i = j = 0
    while i < a.size or j < b.size:
        from_a = j == b.size or (i < a.size and a[i] <= b[j])
        from_b = i == a.size or (j < b.size and b[j] <= a[i])
        shingle = a[i] if from_a else b[j]
        rarity = weight(counts, stories, shingle)
        sides = (from_a and from_b, from_a, from_b)
        for k in range(3):
            sizes[k] += sides[k]
            weights[k] += rarity if sides[k] else 0.0
        while i < a.size and a[i] == shingle:
            i += 1
        while j < b.size and b[j] == shingle:
            j += 1
    return sizes[0], sizes[1], sizes[2], weights[0], weights[1], weights[2]


@compiled
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


@compiled
def _found(body: Hashes, words: Hashes, kind: int) -> tuple[float, int]:
    """The share of a body's facts of a kind that the words hold, and how many it has."""
    facts = found = 0
    for token in body:
        if token & np.uint32(3) == kind:
            facts += 1
            at = np.searchsorted(words, token >> np.uint32(2))
            found += at < words.size and words[at] == token >> np.uint32(2)
    return (found / facts if facts else 1.0), facts


@compiled
def _lead(grams: Hashes, ranked: Hashes) -> float:
    lead = grams[:_LEAD]
    found = 0
    for gram in lead:
        at = np.searchsorted(ranked, gram)
        found += at < ranked.size and ranked[at] == gram
    return found / lead.size if lead.size else 0.0
