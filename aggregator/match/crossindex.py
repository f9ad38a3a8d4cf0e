"""Which items of other languages share rare features with an item: a compact inverted index.

    feature id -> slot (open addressing) -> document frequency for each language
                                         -> newest posting -> older -> oldest

An item's postings lie side by side in flat arrays (feature, mark, item, next posting of the feature),
so that they are its features too, and adding an item is a few writes. Candidates are proposed by the
rarer features, then ranked by the cosine of all. Not thread-safe: one writer.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from aggregator.match.compiled import Hashes, compiled
from aggregator.match.neutral import Features

MOST_LANGUAGES = 32  # codes of languages are below this
LONGEST_LIST = 1_500  # postings of one feature that are walked, newest first
RARE = 0.25  # rarity from which a feature proposes candidates: about one item in eight has it
NAME_WEIGHT, LEAD_WEIGHT = 1.4, 1.15
DAMPING = 0.3  # added to squared lengths: two texts of a few words are never wholly alike
FREE, NO_MORE = -2, -1

Weights = NDArray[np.float32]
Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Exact = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)


class Expectation(NamedTuple):
    """What is known before the first item: in how many of `documents` items each feature stands.

    `counts` has a row for each id and a column for each language that was studied, the last column
    for any other; `unseen` is the count of a feature that is not listed, for each column.
    """

    ids: NDArray[np.uint32]
    counts: NDArray[np.float32]
    unseen: NDArray[np.float64]
    documents: float


class Near(NamedTuple):
    """A candidate: the item's number, its language's code, and the cosine."""

    item: int
    language: int
    cosine: float


class CrossIndex:
    """Items by number (0, 1, 2, …), each with its language's code and features."""

    def __init__(self, expectation: Expectation, kind_weights: Weights) -> None:
        self.documents = np.full(MOST_LANGUAGES, expectation.documents, dtype=np.float64)
        self.unseen = np.full(MOST_LANGUAGES, expectation.unseen[-1], dtype=np.float64)
        self.unseen[: len(expectation.unseen)] = expectation.unseen
        self.size = 0
        self._kind_weights = kind_weights
        self._other = expectation.counts.shape[1] - 1  # the column that others are modelled on
        self._columns = expectation.counts.shape[1]
        self._keys: Hashes
        self._heads: Numbers
        self._counts: Weights
        self._grow_slots(1 << (4 * len(expectation.ids) + 4096).bit_length())
        _seed(expectation.ids, expectation.counts, self._keys, self._heads, self._counts)
        self._slots_used = len(expectation.ids)
        self._ids: Hashes = np.zeros(1 << 12, np.uint32)
        self._items: Numbers = np.zeros(1 << 12, np.int32)
        self._next: Numbers = np.zeros(1 << 12, np.int32)
        self._marks: Bytes = np.zeros(1 << 12, np.uint8)
        self._starts: Offsets = np.zeros(257, np.int64)
        self._languages: Bytes = np.zeros(256, np.uint8)

    def add(self, features: Features, language: int) -> int:
        """Takes an item in; returns its number."""
        self._make_room(len(features.ids), len(features.of_names), language)
        start, number = int(self._starts[self.size]), self.size
        self._languages[number] = language
        self._starts[number + 1] = start + len(features.ids)
        self._ids[start : start + len(features.ids)] = features.ids
        self._marks[start : start + len(features.ids)] = features.marks
        self._slots_used += _insert(
            features.ids, number, language, start,
            self._keys, self._heads, self._counts, self._items, self._next,
        )  # fmt: skip
        self._slots_used += _count(
            np.unique(features.of_names), language, self._keys, self._heads, self._counts
        )
        self.documents[language] += 1
        self.size += 1
        return number

    def rarity(self, features: NDArray[np.uint32], language: int) -> Weights:
        """How rare each feature is in a language: 0 for what every item has, about 1 for the rarest."""
        self._make_column(language)
        return _rarities(
            features, language, self.documents, self.unseen, self._keys, self._heads, self._counts
        )

    def weigh(self, features: Features, language: int) -> Weights:
        """The weight of each feature: how rare, how telling its kind, whether a name, whether in the lead."""
        rarities = self.rarity(features.ids, language)
        return _weights(features.marks, rarities, self._kind_weights)

    def nearest(self, features: Features, weights: Weights, language: int, most: int) -> list[Near]:
        """The items of each other language that are most alike, at most `most` a language, best first."""
        if not self.size:
            return []
        found = _propose(
            features.ids, weights, language, most, self._languages[: self.size], self._starts,
            self._keys, self._heads, self._items, self._next, RARE,
        )  # fmt: skip
        cosines = _cosines(
            features.ids, weights, found, self._languages, self._starts, self._ids, self._marks,
            self._kind_weights, self.documents, self.unseen, self._keys, self._heads, self._counts,
        )  # fmt: skip
        near = [
            Near(item, int(self._languages[item]), cosine)
            for item, cosine in zip(found.tolist(), cosines.tolist(), strict=True)
        ]
        return sorted(near, key=lambda candidate: (-candidate.cosine, candidate.item))

    def _make_room(self, postings: int, names: int, language: int) -> None:
        self._make_column(language)
        if self._slots_used + postings + names > len(self._keys) // 2:
            self._rehash()
        while self._starts[self.size] + postings > len(self._ids):
            self._ids, self._marks = _doubled(self._ids), _doubled(self._marks)
            self._items, self._next = _doubled(self._items), _doubled(self._next)
        if self.size == len(self._languages):
            self._languages = _doubled(self._languages)
            self._starts = np.concatenate((self._starts, np.zeros_like(self._starts[1:])))

    def _make_column(self, language: int) -> None:
        """A language met for the first time begins with what is expected of any."""
        while language >= self._columns:
            self._counts = np.concatenate((self._counts, self._counts[:, [self._other]]), axis=1)
            self._columns += 1

    def _grow_slots(self, size: int) -> None:
        self._keys = np.zeros(size, dtype=np.uint32)
        self._heads = np.full(size, FREE, dtype=np.int32)
        self._counts = np.zeros((size, self._columns), dtype=np.float32)

    def _rehash(self) -> None:
        keys, heads, counts = self._keys, self._heads, self._counts
        self._grow_slots(len(keys) * 2)
        _move(keys, heads, counts, self._keys, self._heads, self._counts)


def _doubled(array: NDArray[Scalar]) -> NDArray[Scalar]:
    return np.concatenate((array, np.zeros_like(array)))


@compiled
def _slot(feature: np.uint32, keys: Hashes, heads: Numbers) -> np.uint32:
    """The slot of a feature, or the empty one where it belongs."""
    mask = np.uint32(len(keys) - 1)
    at = (feature ^ (feature >> np.uint32(15))) & mask
    while heads[at] != FREE and keys[at] != feature:
        at = (at + np.uint32(1)) & mask
    return at


@compiled
def _insert(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    ids: Hashes,
    number: int,
    language: int,
    posting: int,
    keys: Hashes,
    heads: Numbers,
    counts: Weights,
    items: Numbers,
    following: Numbers,
) -> int:
    """Puts an item at the head of the list of each of its features; how many were never seen."""
    fresh = 0
    for i in range(len(ids)):
        at = _slot(ids[i], keys, heads)
        if heads[at] == FREE:
            keys[at] = ids[i]
            heads[at] = NO_MORE
            fresh += 1
        items[posting] = number
        following[posting] = heads[at]
        heads[at] = posting
        counts[at, language] += 1
        posting += 1
    return fresh


@compiled
def _count(ids: Hashes, language: int, keys: Hashes, heads: Numbers, counts: Weights) -> int:
    """Counts an item for features that propose nothing; how many were never seen."""
    fresh = 0
    for i in range(len(ids)):
        at = _slot(ids[i], keys, heads)
        if heads[at] == FREE:
            keys[at] = ids[i]
            heads[at] = NO_MORE
            fresh += 1
        counts[at, language] += 1
    return fresh


@compiled
def _move(
    keys: Hashes,
    heads: Numbers,
    counts: Weights,
    to_keys: Hashes,
    to_heads: Numbers,
    to_counts: Weights,
) -> None:
    for i in range(len(keys)):
        if heads[i] != FREE:
            at = _slot(keys[i], to_keys, to_heads)
            to_keys[at] = keys[i]
            to_heads[at] = heads[i]
            to_counts[at] = counts[i]


@compiled
def _seed(ids: Hashes, expected: Weights, keys: Hashes, heads: Numbers, counts: Weights) -> None:
    for i in range(len(ids)):
        at = _slot(ids[i], keys, heads)
        keys[at] = ids[i]
        heads[at] = NO_MORE
        counts[at] = expected[i]


@compiled
def _rarity(
    feature: np.uint32,
    language: int,
    documents: Exact,
    unseen: Exact,
    keys: Hashes,
    heads: Numbers,
    counts: Weights,
) -> float:
    at = _slot(feature, keys, heads)
    count = counts[at, language] if heads[at] != FREE else np.float32(0)
    return float(np.log((documents[language] + 1) / (count + unseen[language])) / 8)


@compiled
def _rarities(
    ids: Hashes,
    language: int,
    documents: Exact,
    unseen: Exact,
    keys: Hashes,
    heads: Numbers,
    counts: Weights,
) -> Weights:
    rarities = np.empty(len(ids), dtype=np.float32)
    for i in range(len(ids)):
        rarities[i] = _rarity(ids[i], language, documents, unseen, keys, heads, counts)
    return rarities


@compiled
def _weight(mark: int, rarity: float, kind_weights: Weights) -> float:
    weight = rarity * float(kind_weights[mark & 7])
    if mark & 0x10:
        weight *= NAME_WEIGHT
    return weight * LEAD_WEIGHT if mark & 0x08 else weight


@compiled
def _weights(marks: Bytes, rarities: Weights, kind_weights: Weights) -> Weights:
    weights = np.empty(len(marks), dtype=np.float32)
    for i in range(len(marks)):
        weights[i] = _weight(marks[i], rarities[i], kind_weights)
    return weights


@compiled
def _propose(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    ids: Hashes,
    weights: Weights,
    language: int,
    most: int,
    languages: Bytes,
    starts: Offsets,
    keys: Hashes,
    heads: Numbers,
    items: Numbers,
    following: Numbers,
    rare: float,
) -> Numbers:
    """The items that share most weight for their size, `most` of each language but the own."""
    shared = np.zeros(len(languages), dtype=np.float32)
    for i in range(len(ids)):
        at = _slot(ids[i], keys, heads)
        posting = heads[at] if weights[i] >= rare else NO_MORE
        steps = 0
        while posting >= 0 and steps < LONGEST_LIST:
            shared[items[posting]] += weights[i] * weights[i]
            posting = following[posting]
            steps += 1
    best = np.full((MOST_LANGUAGES, most), -1, dtype=np.int32)
    least = np.zeros(MOST_LANGUAGES, dtype=np.float32)
    for item in range(len(languages)):
        code = languages[item]
        if shared[item] <= 0 or code == language:
            continue
        shared[item] /= np.sqrt(starts[item + 1] - starts[item])
        if shared[item] <= least[code]:
            continue
        place = most - 1
        while place > 0 and (
            best[code, place - 1] < 0 or shared[best[code, place - 1]] < shared[item]
        ):
            best[code, place] = best[code, place - 1]
            place -= 1
        best[code, place] = item
        least[code] = shared[best[code, most - 1]] if best[code, most - 1] >= 0 else 0
    flat = best.ravel()
    return flat[flat >= 0]


@compiled
def _cosines(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    ids: Hashes,
    weights: Weights,
    found: Numbers,
    languages: Bytes,
    starts: Offsets,
    all_ids: Hashes,
    marks: Bytes,
    kind_weights: Weights,
    documents: Exact,
    unseen: Exact,
    keys: Hashes,
    heads: Numbers,
    counts: Weights,
) -> Weights:
    """The cosine of an item with each of some items of the index."""
    cosines = np.zeros(len(found), dtype=np.float32)
    own = DAMPING
    for i in range(len(ids)):
        own += weights[i] * weights[i]
    for place in range(len(found)):
        item = found[place]
        dot, other, i = 0.0, DAMPING, 0
        for at in range(starts[item], starts[item + 1]):
            rarity = _rarity(all_ids[at], languages[item], documents, unseen, keys, heads, counts)
            weight = _weight(marks[at], rarity, kind_weights)
            other += weight * weight
            while i < len(ids) and ids[i] < all_ids[at]:
                i += 1
            if i < len(ids) and ids[i] == all_ids[at]:
                dot += weight * weights[i]
        cosines[place] = dot / np.sqrt(own * other)
    return cosines
