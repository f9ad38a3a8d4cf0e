"""IDF (inverse document frequency) of features among the recent items of their language: what they weigh.

    feature id -> slot (open addressing) -> in how many items of each language it stands

Counts begin with what was learned of agency news, so that the first item is weighed like the
thousandth. Once a language has `MOST_DOCUMENTS` its counts are halved: what is rare is told by its
recent items, weights mean the same on a small wire and a large one, and features that are seen no
more leave the table, whose size therefore does not depend on the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from aggregator.match.crosslang.packed import (
    KIND,
    LEAD,
    NAME,
    Features,
)
from aggregator.match.jit import Hashes, jit

MOST_LANGUAGES = 32  # codes of languages are below this
MOST_DOCUMENTS = 4096.0  # of a language: then its counts are halved
# Set by hand on the development set (docs/matching.md): a name and a lead say more than the rest.
NAME_WEIGHT, LEAD_WEIGHT = 1.4, 1.15
LEAST_COUNT = 0.4  # in all languages together: below this a feature is forgotten
# IDF of a name that everyday news does not have, however often a wire has it now.
LEAST_OF_NAMES = 0.9
# The logarithm that counts as 1: the rarest features of a few thousand items are near it.
SCALE = 8.0

Weights = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Exact = NDArray[np.float64]
Flags = NDArray[np.bool_]


class PriorCounts(NamedTuple):
    """What is known before the first item: in how many of `documents` items each feature stands.

    `counts` has a row for each id and a column for each of the studied `languages`, by their codes, and
    a last column for any other language; `unseen` is the count of a feature that is not listed, for
    each column.
    """

    languages: tuple[str, ...]
    ids: NDArray[np.uint32]  # ascending
    counts: Weights
    unseen: Exact
    documents: float

    @classmethod
    def of(cls, table: Mapping[str, NDArray[Any]], documents: float) -> Self:
        """From a table as it is stored (`common.npz`): `languages`, `ids`, `counts` and `unseen`."""
        return cls(
            languages=tuple(table["languages"].tolist()),
            ids=table["ids"],
            counts=table["counts"].astype(np.float32),
            unseen=table["unseen"].astype(np.float64),
            documents=documents,
        )


class FeatureIdf:
    """In how many items of each language each feature stands. One writer at a time."""

    def __init__(self, prior: PriorCounts, kind_weights: Weights) -> None:
        columns = len(prior.languages) + 1
        self._kind_weights = kind_weights
        self._documents: Exact = np.full(MOST_LANGUAGES, prior.documents)
        self._unseen: Exact = np.full(MOST_LANGUAGES, prior.unseen[-1])
        self._unseen[:columns] = prior.unseen
        self._other = columns - 1  # that of every language that was not studied
        size = 1 << (4 * len(prior.ids) + 4096).bit_length()
        self._keys, self._counts, self._taken = _slots(size, columns)
        _move(prior.ids, prior.counts, self._keys, self._counts, self._taken)
        self._used = len(prior.ids)
        self._prior = prior

    def weigh(self, features: Features, language: int) -> Weights:
        """The weight of each feature: how rare, how telling its kind, whether a name, whether in the lead."""
        rarities = self.of(features.ids, language)
        return _weights(features.marks, rarities, self._kind_weights)

    def of(self, ids: NDArray[np.uint32], language: int) -> Weights:
        """How rare features are in a language: 0 for what every item has, about 1 for the rarest."""
        self._make_column(language)
        return _rarities(
            ids, language, self._documents[language], self._unseen[language],
            self._keys, self._counts, self._taken,
        )  # fmt: skip

    def of_names(self, words: NDArray[np.uint32], language: int) -> Weights:
        """How rare the words of names are, and at least `LEAST_OF_NAMES` where they are none of everyday news.

        However often a wire names a place or a minister these days, another name is another report.
        """
        column, known = min(language, self._other), self._prior
        unseen = known.unseen[column]
        unusual = _unusual(words, known.ids, known.counts, column, known.documents, unseen)
        rarities: Weights = np.maximum(self.of(words, language), unusual)
        return rarities

    def count(self, features: Features, language: int) -> None:
        """Takes note of an item: its features, and the words of its names."""
        self._make_column(language)
        words = np.sort(features.of_names)
        if self._used + len(features.ids) + len(words) > len(self._keys) // 2:
            self._rehash()
        for ids in (features.ids, words):
            self._used += _count(ids, language, self._keys, self._counts, self._taken)
        self._documents[language] += 1
        if self._documents[language] >= MOST_DOCUMENTS:
            self._documents[language] /= 2
            self._counts[:, language] *= np.float32(0.5)

    def _make_column(self, language: int) -> None:
        """A language met for the first time begins with what is expected of any."""
        while language >= self._counts.shape[1]:
            others = self._counts[:, [self._other]]
            self._counts = np.concatenate((self._counts, others), axis=1)

    def _rehash(self) -> None:
        """Forgets what is seen no more; grows when what remains needs the room."""
        kept = self._taken & (self._counts.sum(axis=1) >= LEAST_COUNT)
        keys, counts = self._keys[kept], self._counts[kept]
        size = len(self._keys) * (2 if len(keys) > len(self._keys) // 4 else 1)
        self._keys, self._counts, self._taken = _slots(size, counts.shape[1])
        _move(keys, counts, self._keys, self._counts, self._taken)
        self._used = len(keys)


def _slots(size: int, columns: int) -> tuple[Hashes, Weights, Flags]:
    return (
        np.zeros(size, dtype=np.uint32),
        np.zeros((size, columns), dtype=np.float32),
        np.zeros(size, dtype=np.bool_),
    )


@jit
def _slot(feature: np.uint32, keys: Hashes, taken: Flags) -> np.uint32:
    """The slot of a feature, or the empty one where it belongs."""
    mask = np.uint32(len(keys) - 1)
    at = (feature ^ (feature >> np.uint32(15))) & mask
    while taken[at] and keys[at] != feature:
        at = (at + np.uint32(1)) & mask
    return at


@jit
def _count(ids: Hashes, language: int, keys: Hashes, counts: Weights, taken: Flags) -> int:
    """Counts an item once for each of its ascending features; how many of them were never seen."""
    fresh = 0
    for i in range(len(ids)):
        if i and ids[i] == ids[i - 1]:
            continue
        at = _slot(ids[i], keys, taken)
        if not taken[at]:
            taken[at] = True
            keys[at] = ids[i]
            fresh += 1
        counts[at, language] += np.float32(1)
    return fresh


@jit
def _move(ids: Hashes, expected: Weights, keys: Hashes, counts: Weights, taken: Flags) -> None:
    for i in range(len(ids)):
        at = _slot(ids[i], keys, taken)
        taken[at] = True
        keys[at] = ids[i]
        counts[at] = expected[i]


@jit
def _rarities(
    ids: Hashes,
    language: int,
    documents: float,
    unseen: float,
    keys: Hashes,
    counts: Weights,
    taken: Flags,
) -> Weights:
    rarities = np.empty(len(ids), dtype=np.float32)
    for i in range(len(ids)):
        at = _slot(ids[i], keys, taken)
        count = counts[at, language] if taken[at] else np.float32(0)
        rarity = np.log((documents + 1) / (count + unseen)) / SCALE
        rarities[i] = max(rarity, 0.0)
    return rarities


@jit
def _unusual(
    words: Hashes, ids: Hashes, counts: Weights, column: int, documents: float, unseen: float
) -> Weights:
    """How rare words are in everyday news, at most `LEAST_OF_NAMES`; `ids` ascending, a row of counts each."""
    rarities = np.empty(len(words), dtype=np.float32)
    for i in range(len(words)):
        at = np.searchsorted(ids, words[i])
        is_listed = at < len(ids) and ids[at] == words[i]
        expected = counts[at, column] if is_listed else np.float32(0)
        rarity = np.log((documents + 1) / (expected + unseen)) / SCALE
        rarities[i] = min(max(rarity, 0.0), LEAST_OF_NAMES)
    return rarities


@jit
def _weights(marks: Bytes, rarities: Weights, kind_weights: Weights) -> Weights:
    weights = np.empty(len(marks), dtype=np.float32)
    for i in range(len(marks)):
        weight = rarities[i] * kind_weights[marks[i] & KIND]
        if marks[i] & NAME:
            weight *= NAME_WEIGHT
        if marks[i] & LEAD:
            weight *= LEAD_WEIGHT
        weights[i] = weight
    return weights
