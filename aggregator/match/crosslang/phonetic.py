"""Phonetic similarity of names: which of one text's names another text has too.

A name is its skeleton, twelve classes of sound of four bits (`packed`). The similarity is one less the
weighted edit distance (Levenshtein) divided by the longer length: two classes that transcriptions mix
up (k and s, b and f, d and t, p and f) cost half, an ending nearly nothing, since languages decline names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.match.crosslang.idf import Exact, Weights
from aggregator.match.crosslang.packed import (
    CHINESE,
    ENTITY,
    ENTITY_AT,
    IN_LEAD,
    SECOND,
    SENTENCE_INITIAL,
    SOUND,
    SOUND_BITS,
    SOUND_NUMBERS,
    SOUNDS,
)
from aggregator.match.jit import Places, jit

Names = NDArray[np.uint64]

# Set by hand on the development set (docs/matching.md). They balance spellings of one name that are
# missed against two names that sound alike.
SAME_NAME, SAME_NAME_CHINESE = 0.75, 0.6  # similarity from which two names are taken for one
COMMON_NAME = 0.3  # IDF up to which a capitalised word says nothing
SHORT_NAME = 0.6  # what a name of two sounds weighs: two names may well sound so
ENDING = 0.05  # the cost of a further sound at the end
VOWEL = 0.4  # the cost of an initial vowel that one side lacks
PRIOR = 0.3  # added to both sides of the share that agrees: one name more or less does not decide

_A, _B, _D, _F, _K, _L, _M, _N, _P, _R, _S, _T = (SOUND_NUMBERS[s] for s in "ABDFKLMNPRST")


@jit
def _unpack(packed: np.uint64, coarse: bool, into: Places) -> int:
    """The sounds of a packed name, coarse if asked (see `names.coarse`); how many there are."""
    size, last = 0, 0
    for place in range(SOUNDS):
        sound = int((packed >> np.uint64(SOUND_BITS * place)) & np.uint64(SOUND))
        if sound == 0:
            break
        if coarse:
            if sound == _A:
                continue
            sound = _L if sound == _R else _N if sound == _M else sound
            if sound == last:
                continue
        into[size] = sound
        last = sound
        size += 1
    return size


@jit
def _substitution_cost(one: int, other: int) -> float:
    """What it costs to substitute one class of sound for another: 0, 0.5 or 1."""
    low, high = min(one, other), max(one, other)
    if low == high:
        return 0.0
    mixed = (
        (low == _K and high == _S) or (low == _B and high == _F) or (low == _D and high == _T)
        or (low == _F and high == _P)
    )  # fmt: skip
    return 0.5 if mixed else 1.0


@jit
def _similarity(
    first: Places, size_first: int, second: Places, size_second: int, row: Exact
) -> float:
    """1 - cost of turning one name into the other / length; an ending after three sounds costs little."""
    common = 0
    while common < size_first and common < size_second and first[common] == second[common]:
        common += 1
    shorter, longer = min(size_first, size_second), max(size_first, size_second)
    if shorter == 0:
        return 0.0
    if common == shorter and (common >= 3 or longer - common <= 1):
        return 1.0 - ENDING * (longer - common)
    for j in range(size_second + 1):
        row[j] = VOWEL * j if j < 2 and second[0] == _A else j
    for i in range(1, size_first + 1):
        corner = row[0]
        row[0] += VOWEL if i == 1 and first[0] == _A else 1.0
        for j in range(1, size_second + 1):
            above = row[j]
            row[j] = min(
                min(above, row[j - 1]) + 1.0,
                corner + _substitution_cost(first[i - 1], second[j - 1]),
            )
            corner = above
    return float(1.0 - row[size_second] / longer)


@jit
def best_similarities(names_a: Names, names_b: Names) -> Weights:
    """For each name of a the similarity, in [0, 1], of the most similar name of b."""
    best = np.zeros(len(names_a), dtype=np.float32)
    first, second = np.zeros(SOUNDS, np.int64), np.zeros(SOUNDS, np.int64)
    row = np.zeros(SOUNDS + 1, np.float64)
    for i in range(len(names_a)):
        for j in range(len(names_b)):
            coarse = ((names_a[i] | names_b[j]) & np.uint64(CHINESE)) != 0
            size_first = _unpack(names_a[i], coarse, first)
            size_second = _unpack(names_b[j], coarse, second)
            found = _similarity(first, size_first, second, size_second, row)
            best[i] = max(best[i], found)
    return best


@jit
def compare_names(
    names_a: Names, rarities: Weights, names_b: Names
) -> tuple[float, float, float, float]:
    """Of a's entities: the share b has too, their weight, and that of those it lacks, in all and in the lead.

    An entity is a name with all its parts, and is worth no more than its rarest part: three parts of one
    person's name that agree are one agreement. What may be no name (`SENTENCE_INITIAL`) can only agree.
    """
    similarities = best_similarities(names_a, names_b)
    # of each entity: what it is worth, what of it b has, what it lacks, in all and in the lead
    entities = np.zeros((4, ENTITY + 1), np.float64)
    at = 0
    while at < len(names_a):
        packed, best = names_a[at], similarities[at]
        worth = _worth(packed, rarities[at])
        at += 1
        while at < len(names_a) and names_a[at] & np.uint64(SECOND):
            best = max(best, similarities[at])
            at += 1
        same = best >= (SAME_NAME_CHINESE if packed & np.uint64(CHINESE) else SAME_NAME)
        if packed & np.uint64(SENTENCE_INITIAL) and not same:
            continue
        entity = int(packed >> np.uint64(ENTITY_AT)) & ENTITY
        _raise(entities, 0, entity, worth)
        if same:
            _raise(entities, 1, entity, worth * best)
        else:
            _raise(entities, 2, entity, worth * (1 - best))
            if packed & np.uint64(IN_LEAD):
                _raise(entities, 3, entity, worth * (1 - best))
    weight, found, missing, lead = entities.sum(axis=1)
    return (found + PRIOR) / (weight + 2 * PRIOR), found, missing, lead


@jit
def _worth(packed: np.uint64, rarity: float) -> float:
    """What a name is worth as evidence, in [0, 1]; nothing when it has a single sound."""
    if (packed >> np.uint64(SOUND_BITS)) & np.uint64(SOUND) == 0:
        return 0.0
    worth = min(max(2 * (rarity - COMMON_NAME), 0.0), 1.0)
    is_short = (packed >> np.uint64(2 * SOUND_BITS)) & np.uint64(SOUND) == 0
    return worth * SHORT_NAME if is_short else worth


@jit
def _raise(entities: Exact, row: int, entity: int, to: float) -> None:
    entities[row, entity] = max(entities[row, entity], to)
