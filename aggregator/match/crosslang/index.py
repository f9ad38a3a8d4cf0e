"""An inverted index: which items of other languages share rare features with an item; compact, in blocks.

    item -- its `KEPT` weightiest features --> feature, language -> slot -> posting -> …  (newest first)
                                               |
    query: shared weight of the rarer ones --> the best of each language --> the cosine of all kept

A block has `BLOCK_ITEMS` items of some 0.75 KB, and is dropped whole once all of it is old. An item's
postings lie side by side, ascending by feature: they are its features too. Weights are those of the
time it came in, in steps of 1/100. No Python object is held for an item. One writer at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.crosslang.idf import (
    MOST_LANGUAGES,
    Bytes,
    Flags,
    Weights,
)
from aggregator.match.jit import Hashes, Places, jit
from aggregator.model import Credit

KEPT = 64
BLOCK_ITEMS = 1 << 16
SLOTS = 1 << 21
STEPS = 100.0  # of weight
RARE = 0.25  # weight from which a feature proposes candidates: about one item in eight has it
LONGEST_LIST = 600  # postings of a feature that are followed, newest first …
MOST_POSTINGS = 5_000  # … and of all features of an item, the weightiest first: bounds a query
DAMPING = 0.3  # added to squared lengths: two texts of a few words are never wholly alike

Scores = NDArray[np.float32]


class Entry(NamedTuple):
    """An item as the index knows it; `language` is a number below `MOST_LANGUAGES`."""

    item_id: str
    language: int
    reported_at: datetime
    agency_id: str = ""
    credits: tuple[Credit, ...] = ()


class Near(NamedTuple):
    """A candidate, and the cosine of what is kept of both."""

    entry: Entry
    cosine: float


class Query(NamedTuple):
    """The weightiest features of an item, ascending, with their weights in steps."""

    ids: Hashes
    weights: Bytes


def query(ids: NDArray[np.uint32], weights: Weights) -> Query:
    """What the index keeps of ascending features."""
    return Query(*_kept(ids, weights))


def likeness(a: Query, b: Query) -> float:
    """The cosine of what is kept of two items, as `InvertedIndex.nearest` has it."""
    sizes, only = np.array([len(b.ids)], dtype=np.uint8), np.zeros(1, dtype=np.int64)
    return float(_cosines(a.ids, a.weights, only, sizes, b.ids, b.weights)[0])


def first_of_each_language(candidates: Sequence[Near], most: int) -> list[Near]:
    """The first candidates of each language, at most `most` a language."""
    met: Counter[int] = Counter()
    first = []
    for near in candidates:
        met[near.entry.language] += 1
        if met[near.entry.language] <= most:
            first.append(near)
    return first


class InvertedIndex:
    """Items in the order they came, each with its language and weightiest features."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []

    def __len__(self) -> int:
        return sum(block.used for block in self._blocks)

    def add(self, entry: Entry, kept: Query) -> None:
        """Takes an item in."""
        if not self._blocks or self._blocks[-1].used == BLOCK_ITEMS:
            self._blocks.append(_Block())
        self._blocks[-1].add(entry, kept)

    def nearest(
        self,
        own: Query,
        language: int,
        since_at: datetime,
        until_at: datetime,
        most: int,
        least: float = 0.0,
    ) -> list[Near]:
        """The items of each other language that are most alike, at most `most` a language, best first.

        Of those whose cosine is below `least` only such as cite an agency.
        """
        since, until = int(since_at.timestamp()), int(until_at.timestamp())
        order = np.argsort(-own.weights.astype(np.int64), kind="stable")
        left = np.full(len(own.ids) + 1, LONGEST_LIST, dtype=np.int64)
        left[-1] = MOST_POSTINGS  # of all features together
        found = [
            (-cosine, at, block)
            for block in reversed(self._blocks)
            for cosine, at in block.near(own, order, left, (language, since, until, most))
            if cosine >= least or block.cites(at)
        ]
        best_first = sorted(found, key=lambda one: one[:2])
        return first_of_each_language(
            [Near(block.entry(at), -cosine) for cosine, at, block in best_first], most
        )

    def forget(self, before_at: datetime) -> None:
        """Drops the blocks whose items are all older."""
        before = int(before_at.timestamp())
        self._blocks = [block for block in self._blocks if block.newest >= before]


class _Block:
    """`BLOCK_ITEMS` items. The arrays are allocated lazily by the system: unused room costs nothing."""

    def __init__(self) -> None:
        self.used = 0
        self.newest = -(1 << 62)
        self._heads: Hashes = np.zeros(SLOTS, dtype=np.uint32)  # posting + 1; 0 for none
        self._next: Hashes = np.empty(BLOCK_ITEMS * KEPT, dtype=np.uint32)
        self._ids: Hashes = np.empty(BLOCK_ITEMS * KEPT, dtype=np.uint32)
        self._weights: Bytes = np.empty(BLOCK_ITEMS * KEPT, dtype=np.uint8)
        self._sizes: Bytes = np.zeros(BLOCK_ITEMS, dtype=np.uint8)
        self._languages: Bytes = np.zeros(BLOCK_ITEMS, dtype=np.uint8)
        self._spoken: Flags = np.zeros(MOST_LANGUAGES, dtype=np.bool_)  # languages the block has
        self._times: Places = np.zeros(BLOCK_ITEMS, dtype=np.int64)
        self._shared: Scores = np.zeros(BLOCK_ITEMS, dtype=np.float32)  # all 0 between queries
        self._name_ends: Places = np.zeros(BLOCK_ITEMS + 1, dtype=np.int64)
        self._names = bytearray()
        self._credits: dict[int, tuple[Credit, ...]] = {}

    def add(self, entry: Entry, kept: Query) -> None:
        at = self.used
        self.used += 1
        self._times[at] = int(entry.reported_at.timestamp())
        self.newest = max(self.newest, int(self._times[at]))
        self._languages[at] = entry.language
        self._spoken[entry.language] = True
        self._sizes[at] = len(kept.ids)
        self._names += f"{entry.item_id}\0{entry.agency_id}".encode()
        self._name_ends[at + 1] = len(self._names)
        if entry.credits:
            self._credits[at] = entry.credits
        _link(
            kept.ids, kept.weights, at, entry.language,
            self._heads, self._next, self._ids, self._weights,
        )  # fmt: skip

    def near(
        self, own: Query, order: Places, left: Places, asked: tuple[int, int, int, int]
    ) -> Iterator[tuple[float, int]]:
        """The cosines and places of the nearest of the block; `left` says how many postings may still be followed."""
        items = _propose(
            own.ids, own.weights, order, left, asked,
            self._heads, self._next, self._ids, self._sizes, self._languages, self._spoken, self._times,
            self._shared,
        )  # fmt: skip
        cosines = _cosines(own.ids, own.weights, items, self._sizes, self._ids, self._weights)
        return zip(cosines.tolist(), items.tolist(), strict=True)

    def cites(self, at: int) -> bool:
        """Whether the item at a place of the block has credits."""
        return at in self._credits

    def entry(self, at: int) -> Entry:
        """The item at a place of the block."""
        names = self._names[self._name_ends[at] : self._name_ends[at + 1]].decode()
        item_id, _, agency_id = names.partition("\0")
        reported_at = datetime.fromtimestamp(int(self._times[at]), UTC)
        return Entry(
            item_id, int(self._languages[at]), reported_at, agency_id, self._credits.get(at, ())
        )


@jit
def _kept(ids: Hashes, weights: Weights) -> tuple[Hashes, Bytes]:
    """The `KEPT` weightiest of ascending features, the first of equal ones; weights in steps."""
    least, room = np.float32(-1), KEPT
    if len(ids) > KEPT:
        least = np.partition(weights, len(ids) - KEPT)[len(ids) - KEPT]
        room -= np.sum(weights > least)  # for those that weigh no more than the least
    kept = np.empty(min(len(ids), KEPT), dtype=np.uint32)
    steps = np.empty(len(kept), dtype=np.uint8)
    count = 0
    for i in range(len(ids)):
        if weights[i] == least:
            room -= 1
        if weights[i] > least or (weights[i] == least and room >= 0):
            kept[count] = ids[i]
            steps[count] = np.uint8(min(np.rint(weights[i] * STEPS), 255.0))
            count += 1
    return kept[:count], steps[:count]


@jit
def _head(feature: np.uint32, language: int) -> np.uint32:
    """The chain of a feature in one language: an item asks for those of the others alone."""
    mixed = feature ^ (feature >> np.uint32(11)) ^ (np.uint32(language) * np.uint32(0x9E3779B1))
    return mixed & np.uint32(SLOTS - 1)


@jit
def _link(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    kept: Hashes,
    weights: Bytes,
    item: int,
    language: int,
    heads: Hashes,
    following: Hashes,
    ids: Hashes,
    all_weights: Bytes,
) -> None:
    """Keeps an item's features, and puts it at the head of the chain of each of the rare ones."""
    for i in range(len(kept)):
        posting = item * KEPT + i
        ids[posting] = kept[i]
        all_weights[posting] = weights[i]
        if weights[i] >= RARE * STEPS:
            slot = _head(kept[i], language)
            following[posting] = heads[slot]
            heads[slot] = posting + 1


@jit
def _propose(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    own: Hashes,
    weights: Bytes,
    order: Places,
    left: Places,
    asked: tuple[int, int, int, int],
    heads: Hashes,
    following: Hashes,
    ids: Hashes,
    sizes: Bytes,
    languages: Bytes,
    spoken: Flags,
    times: Places,
    shared: Scores,
) -> Places:
    """The items that share most weight for their size, `most` of each language but the own.

    `left` has the postings that may still be followed, of each feature and last of all together. The
    work is that of what is touched: `shared` is cleared by the list of touched items alone.
    """
    language, since, until, most = asked
    touched = np.empty(max(left[-1], 0), dtype=np.int64)
    count = 0
    for i in order:
        if weights[i] < RARE * STEPS:
            break
        gain = np.float32(weights[i]) * np.float32(weights[i])
        for code in range(MOST_LANGUAGES):
            if code == language or not spoken[code]:
                continue
            posting = heads[_head(own[i], code)]
            while posting and left[i] > 0 and left[-1] > 0:
                item = (posting - 1) // KEPT
                if ids[posting - 1] == own[i] and languages[item] == code:
                    left[i] -= 1
                    left[-1] -= 1
                    if since <= times[item] <= until:
                        if shared[item] == 0:
                            touched[count] = item
                            count += 1
                        shared[item] += gain
                posting = following[posting - 1]
    best = _best(touched[:count], most, sizes, languages, shared)
    for i in range(count):
        shared[touched[i]] = 0
    return best


@jit
def _best(touched: Places, most: int, sizes: Bytes, languages: Bytes, shared: Scores) -> Places:
    """The `most` items of each language with the highest share for their size."""
    best = np.full((MOST_LANGUAGES, most), -1, dtype=np.int64)
    worth = np.zeros((MOST_LANGUAGES, most), dtype=np.float32)
    for i in range(len(touched)):
        item = touched[i]
        code, value = languages[item], shared[item] / np.sqrt(np.float32(sizes[item]))
        if value <= worth[code, most - 1]:
            continue
        place = most - 1
        while place > 0 and worth[code, place - 1] < value:
            best[code, place] = best[code, place - 1]
            worth[code, place] = worth[code, place - 1]
            place -= 1
        best[code, place] = item
        worth[code, place] = value
    flat = best.ravel()
    return flat[flat >= 0]


@jit
def _cosines(
    own: Hashes, weights: Bytes, items: Places, sizes: Bytes, ids: Hashes, all_weights: Bytes
) -> Weights:
    """The cosine of an item with each of some items of the block."""
    cosines = np.zeros(len(items), dtype=np.float32)
    length = DAMPING
    for i in range(len(own)):
        length += (weights[i] / STEPS) ** 2
    for place in range(len(items)):
        start = items[place] * KEPT
        dot, other, i = 0.0, DAMPING, 0
        for at in range(start, start + sizes[items[place]]):
            weight = all_weights[at] / STEPS
            other += weight * weight
            while i < len(own) and own[i] < ids[at]:
                i += 1
            if i < len(own) and own[i] == ids[at]:
                dot += weight * weights[i] / STEPS
        cosines[place] = dot / np.sqrt(length * other)
    return cosines
