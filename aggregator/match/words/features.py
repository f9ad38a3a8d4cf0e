"""Two texts become the 42 numbers that tell copies from reports that only look alike.

    packed tokens -> positional index --+-- shingles, plain and weighted by IDF: what is shared is rare
                                        +-- numbers and names: both ways, for a copy may be cut or extended
                                        +-- title, lead, sizes
                                        +-- alignment (`align`): which facts stand in place of which
        +-- evidence (`evidence`): how many rare words and facts agree, how many one side alone has

`a` is the shorter text. Plain and weighted overlap are both needed: their difference says whether
what is shared is common text; without either, recall falls by .055.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

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
from aggregator.match.words.evidence import EVIDENCE, count_evidence, share_of_title_known
from aggregator.match.words.idf import DocumentFrequency, Frequencies, idf
from aggregator.match.words.positions import (
    PositionalIndex,
    first_position,
    has_figure,
    has_word,
    positional_index,
)
from aggregator.match.words.token_bits import kind_of, stem_of
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
    "titles",  # shared title words over the shorter title's; less where no phrases are shared
    "title_in_body",  # share of the shorter's title words that the longer's text has; likewise
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
    *EVIDENCE,
)
_LEAD_SHINGLES = 30
_VOUCHING_SHINGLES = (
    3.0  # by hand: so many shared phrases, and what the titles share counts in full
)
_COUNT = len(FEATURES)
Features = NDArray[np.float64]  # shape (pairs, 42), or (42,) of one pair; columns as in FEATURES
Weights = NDArray[np.float64]  # shape (shingles,): IDF at a shingle's first position, else 0


class _Phrases(NamedTuple):
    """What the shingles of a text weigh, how many there are, and the sum of their weights."""

    weights: Weights
    size: float
    total: float


def pair_features(own: Hashes, others: Sequence[Hashes], frequency: DocumentFrequency) -> Features:
    """The features of a text with each of others, shape (others, 28), columns as in `FEATURES`.

    Texts are given as `unpack_tokens` gives them. The features of a pair are the same whichever text
    comes first. All pairs are one compiled call: the call costs more than a pair (2.5 to 6.4 µs).
    """
    if not others:
        return np.empty((0, _COUNT))
    ends = np.array([*accumulate(other.size for other in others)], dtype=np.int64)
    return _pair_features(own, np.concatenate(others), ends, frequency.frequencies())


@jit
def _pair_features(own: Hashes, others: Hashes, ends: Places, frequencies: Frequencies) -> Features:
    features = np.empty((ends.size, _COUNT))
    a = positional_index(own)
    a_phrases = _weigh(a, frequencies)
    start = 0
    for row in range(ends.size):
        other = others[start : ends[row]]
        b = positional_index(other)
        b_phrases = _weigh(b, frequencies)
        if _comes_second(own, other):
            features[row] = _features_of(b, a, b_phrases, a_phrases, frequencies)
        else:
            features[row] = _features_of(a, b, a_phrases, b_phrases, frequencies)
        start = ends[row]
    return features


@jit
def _comes_second(a: Hashes, b: Hashes) -> bool:
    """Whether `a` is the longer of two texts; of two as long, the one with the greater tokens."""
    if a[1] != b[1]:
        return bool(a[1] > b[1])
    for i in range(min(a.size, b.size)):
        if a[i] != b[i]:
            return bool(a[i] > b[i])
    return False


@jit
def _weigh(text: PositionalIndex, frequencies: Frequencies) -> _Phrases:
    weights = np.zeros(text.shingles.size)
    size = total = 0.0
    for place in text.heads:
        if place >= 0:
            weights[place] = idf(frequencies, text.shingles[place])
            size += 1.0
            total += weights[place]
    return _Phrases(weights, size, total)


@jit
def _features_of(
    a: PositionalIndex,
    b: PositionalIndex,
    a_phrases: _Phrases,
    b_phrases: _Phrases,
    frequencies: Frequencies,
) -> Features:
    """The features of a pair; `a` is the shorter."""
    places = anchors(a, b)
    tallies = tally(a.body, b.body, places)
    shared, rare = _share_phrases(a, b, a_phrases.weights)
    vouched = min(shared / _VOUCHING_SHINGLES, 1.0)
    titles = min(a.title_words.size, b.title_words.size)
    length = max(a.body.size, 1)
    numbers_kept, numbers = _share_known(a.body, b, NUMBER)
    names_kept, names = _share_known(a.body, b, NAME)
    measures = np.array(
        [
            shared / max(a_phrases.size + b_phrases.size - shared, 1.0),
            shared / max(min(a_phrases.size, b_phrases.size), 1.0),
            rare / max(a_phrases.total + b_phrases.total - rare, 1e-9),
            rare / max(min(a_phrases.total, b_phrases.total), 1e-9),
            _count_known(a.words, b) / max(min(a.words.size, b.words.size), 1),
            numbers_kept,
            _share_known(b.body, a, NUMBER)[0],
            np.log1p(numbers),
            names_kept,
            _share_known(b.body, a, NAME)[0],
            np.log1p(names),
            np.mean(places[:_LEAD_SHINGLES] >= 0) if places.size else 0.0,
            _share_of_lead_known(b, a),
            vouched * _count_common(a.title_words, b.title_words) / titles if titles else 0.5,
            vouched * share_of_title_known(a, b) if a.title.size else 0.5,
            tallies[COVERED] / length,
            np.log1p(tallies[LONGEST]),
            np.log1p(shared),
            np.log1p(rare),
            np.log1p(float(length)),
            length / max(b.body.size, 1),
            np.log1p(tallies[SAME_NUMBERS]),
            np.log1p(tallies[SAME_NAMES]),
            _share_of_sum(tallies[NEW_NUMBERS], tallies[SAME_NUMBERS]),
            _share_of_sum(tallies[NEW_NAMES], tallies[SAME_NAMES]),
            np.log1p(tallies[NEW_WORDS]),
            np.log1p(tallies[NEW_NUMBERS] + tallies[NEW_NAMES]),
            _is_same_form(a.title, b.title),
        ]
    )
    return np.concatenate((measures, count_evidence(a, b, frequencies)))


@jit
def _share_phrases(
    a: PositionalIndex, b: PositionalIndex, a_weights: Weights
) -> tuple[float, float]:
    """How many shingles two texts share, and the sum of their weights."""
    shared = rare = 0.0
    for place in a.heads:
        if place >= 0 and first_position(b, a.shingles[place]) >= 0:
            shared += 1.0
            rare += a_weights[place]
    return shared, rare


@jit
def _is_same_form(a: Hashes, b: Hashes) -> float:
    """Whether titles of one length differ in few places, and there in numbers or capitalised words."""
    if a.size != b.size:
        return 0.0
    differ = 0
    for i in range(a.size):
        if stem_of(a[i]) != stem_of(b[i]):
            plain = kind_of(a[i]) == WORD and kind_of(b[i]) == WORD
            differ += a.size if plain else 1
    return 1.0 if 0 < 2 * differ <= a.size else 0.0


@jit
def _share_of_sum(part: float, rest: float) -> float:
    return part / (part + rest) if part else 0.0


@jit
def _count_known(words: Hashes, other: PositionalIndex) -> int:
    """How many of some words a text has."""
    count = 0
    for word in words:
        count += has_word(other, word)
    return count


@jit
def _count_common(a: Hashes, b: Hashes) -> int:
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
def _share_known(body: Hashes, other: PositionalIndex, kind: int) -> tuple[float, int]:
    """The share of a body's facts of a kind that another text has, and how many there are."""
    facts = found = 0
    for token in body:
        if kind_of(token) == kind:
            facts += 1
            found += has_figure(other, token) if kind == NUMBER else has_word(other, token)
    return (found / facts if facts else 1.0), facts


@jit
def _share_of_lead_known(text: PositionalIndex, other: PositionalIndex) -> float:
    """The share of a text's first shingles that the other has."""
    lead = text.shingles[:_LEAD_SHINGLES]
    found = 0
    for shingle in lead:
        found += first_position(other, shingle) >= 0
    return found / lead.size if lead.size else 0.0
