"""Signatures become candidates: a compact index in blocks, the oldest of which are dropped whole.

    signature -> 74 band keys --+                      block: 65,536 rows of about 0.6 KB
    story id  -> 1 key  --------+--> slot -> row -> row -> …    (newest first, at most `MOST_IN_BAND`)
    item id   -> 1 key  --------+

Two texts meet when they agree on all three values of one of 42 bands of the whole text, or on both
values of one of 32 bands of the lead (Broder's MinHash, banded as in Leskovec, Rajaraman, Ullman,
"Mining of Massive Datasets", 3.4). Stories and items are found through the same chains. A row holds
no Python object: ids lie in one byte string per block.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.match.compiled import Hashes, Places, compiled
from aggregator.match.fingerprint import BODY_VALUES, LEAD_VALUES

BODY_ROWS, LEAD_ROWS = 3, 2  # values in a band
BANDS = BODY_VALUES // BODY_ROWS + LEAD_VALUES // LEAD_ROWS
KEYS = BANDS + 2  # and the story's, and the item's
BLOCK_ROWS = 1 << 16
SLOTS = 1 << 21
MOST_IN_BAND = 48  # rows read from one chain; the newest are enough
MET_ONCE = 3  # candidates that share a single band: of 300 one is a copy


class Row(NamedTuple):
    """An indexed item; `hits` counts the bands it shares with the query (0 outside queries)."""

    item_id: str
    story_id: str
    agency_id: str
    language: str
    reported_at: int  # seconds since 1970, UTC
    hits: int = 0


class Index:
    """Rows by signature, by story and by item, within a time that moves on."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._names = _Names()

    def __len__(self) -> int:
        return sum(block.used - block.dead for block in self._blocks)

    def add(self, row: Row, signature: bytes) -> None:
        """Index a row; one with an empty signature is found by its story and item alone."""
        if not self._blocks or self._blocks[-1].used == BLOCK_ROWS:
            self._blocks.append(_Block(self._names))
        self._blocks[-1].add(row, signature)

    def candidates(
        self, signature: bytes, since_at: datetime, until_at: datetime, limit: int
    ) -> list[Row]:
        """The rows that share most bands with a signature, best first, at most `limit`."""
        if not signature:
            return []
        keys = _band_keys(np.frombuffer(signature, dtype="<u4"))
        since, until = int(since_at.timestamp()), int(until_at.timestamp())
        found = [row for block in self._blocks for row in block.near(keys, since, until, limit)]
        found.sort(key=lambda row: -row.hits)
        met_once = [row for row in found if row.hits == 1]
        return found[: min(limit, len(found) - len(met_once) + MET_ONCE)]

    def members(self, story_id: str) -> list[Row]:
        """The indexed rows of a story."""
        return [row for block in self._blocks for row in block.of_story(story_id)]

    def rows(self, item_id: str) -> list[Row]:
        """The rows of an item: one for each of its indexed revisions."""
        return [row for block in self._blocks for row in block.of_item(item_id)]

    def remove(self, item_id: str) -> None:
        """Take an item's rows out."""
        for block in self._blocks:
            block.remove(item_id)

    def forget(self, before_at: datetime) -> float:
        """Drop the blocks whose rows are all older; what share of the rows stays."""
        before, had = int(before_at.timestamp()), len(self)
        self._blocks = [block for block in self._blocks if block.newest >= before]
        return len(self) / had if had else 1.0


class _Names:
    """Short strings that recur (agencies, languages), each as a number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.names: list[str] = []

    def number(self, name: str) -> int:
        if name not in self.numbers:
            self.numbers[name] = len(self.names)
            self.names.append(name)
        return self.numbers[name]


class _Block:
    """`BLOCK_ROWS` rows. The arrays are allocated lazily by the system: unused rows cost nothing."""

    def __init__(self, names: _Names) -> None:
        self.used = self.dead = 0
        self.newest = -(1 << 62)
        self._names = names
        self._heads: Hashes = np.zeros(SLOTS, dtype=np.uint32)
        self._next: Hashes = np.empty(BLOCK_ROWS * KEYS, dtype=np.uint32)
        self._tags: NDArray[np.uint8] = np.empty(BLOCK_ROWS * KEYS, dtype=np.uint8)
        self._times: Places = np.zeros(BLOCK_ROWS, dtype=np.int64)
        self._labels: Hashes = np.zeros((BLOCK_ROWS, 2), dtype=np.uint32)
        self._alive: NDArray[np.bool_] = np.zeros(BLOCK_ROWS, dtype=np.bool_)
        self._ends: Hashes = np.zeros(BLOCK_ROWS + 1, dtype=np.uint32)
        self._ids = bytearray()

    def add(self, row: Row, signature: bytes) -> None:
        at = self.used
        self.used += 1
        self.newest = max(self.newest, row.reported_at)
        self._times[at] = row.reported_at
        self._labels[at] = self._names.number(row.agency_id), self._names.number(row.language)
        self._alive[at] = True
        self._ids += f"{row.item_id}\0{row.story_id}".encode()
        self._ends[at + 1] = len(self._ids)
        bands = _band_keys(np.frombuffer(signature, dtype="<u4")) if signature else _NO_BANDS
        _link(self._heads, self._next, self._tags, bands, at, 0)
        names = np.array([_key("s", row.story_id), _key("i", row.item_id)], dtype=np.uint32)
        _link(self._heads, self._next, self._tags, names, at, BANDS)

    def near(self, keys: Hashes, since: int, until: int, limit: int) -> Iterator[Row]:
        rows, hits = _collect(self._heads, self._next, self._tags, keys, self._times, since, until)
        best = np.argsort(-hits, kind="stable")[:limit]
        best = best[: np.count_nonzero(hits > 1) + MET_ONCE]
        for at, met in zip(rows[best].tolist(), hits[best].tolist(), strict=True):
            if self._alive[at]:
                yield self._row(at, met)

    def of_story(self, story_id: str) -> list[Row]:
        return [row for _, row in self._named(_key("s", story_id)) if row.story_id == story_id]

    def of_item(self, item_id: str) -> list[Row]:
        return [row for _, row in self._named(_key("i", item_id)) if row.item_id == item_id]

    def remove(self, item_id: str) -> None:
        for at, row in list(self._named(_key("i", item_id))):
            if row.item_id == item_id:
                self._alive[at] = False
                self.dead += 1

    def _named(self, key: int) -> Iterator[tuple[int, Row]]:
        for at in _chain(self._heads, self._next, self._tags, np.uint32(key)).tolist():
            if self._alive[at]:
                yield at, self._row(at, 0)

    def _row(self, at: int, hits: int) -> Row:
        ids = self._ids[self._ends[at] : self._ends[at + 1]].decode()
        item_id, _, story_id = ids.partition("\0")
        agency, language = self._labels[at].tolist()
        names = self._names.names
        return Row(item_id, story_id, names[agency], names[language], int(self._times[at]), hits)


_NO_BANDS: Hashes = np.empty(0, dtype=np.uint32)


def _key(space: str, name: str) -> int:
    return crc32(f"{space}{name}".encode())


@compiled
def _band_keys(signature: Hashes) -> Hashes:
    keys = np.empty(BANDS, dtype=np.uint32)
    at = 0
    for band in range(BANDS):
        width = BODY_ROWS if band * BODY_ROWS < BODY_VALUES else LEAD_ROWS
        value = np.uint64(band + 1)
        for k in range(at, at + width):
            value = (value ^ np.uint64(signature[k])) * np.uint64(0x9E3779B97F4A7C15)
            value ^= value >> np.uint64(29)
        keys[band] = np.uint32(value >> np.uint64(32))
        at += width
    return keys


@compiled
def _link(
    heads: Hashes, following: Hashes, tags: NDArray[np.uint8], keys: Hashes, row: int, first: int
) -> None:
    """Put a row at the head of the chain of each of its keys, counted from `first`."""
    for k in range(keys.size):
        slot, entry = keys[k] & np.uint32(SLOTS - 1), row * KEYS + first + k
        following[entry] = heads[slot]
        tags[entry] = keys[k] >> np.uint32(24)
        heads[slot] = entry + 1


@compiled
def _chain(heads: Hashes, following: Hashes, tags: NDArray[np.uint8], key: np.uint32) -> Places:
    """The rows on a key's chain, newest first."""
    rows = np.empty(MOST_IN_BAND, dtype=np.int64)
    count = 0
    entry = heads[key & np.uint32(SLOTS - 1)]
    while entry and count < MOST_IN_BAND:
        if tags[entry - 1] == key >> np.uint32(24):
            rows[count] = (entry - 1) // KEYS
            count += 1
        entry = following[entry - 1]
    return rows[:count]


@compiled
def _collect(
    heads: Hashes,
    following: Hashes,
    tags: NDArray[np.uint8],
    keys: Hashes,
    times: Places,
    since: int,
    until: int,
) -> tuple[Places, Places]:
    """The rows on the chains of any of the keys, each with how many chains it is on."""
    found = np.empty(keys.size * MOST_IN_BAND, dtype=np.int64)
    count = 0
    for k in range(keys.size):
        rows = _chain(heads, following, tags, keys[k])
        for row in rows:
            if since <= times[row] <= until:
                found[count] = row
                count += 1
    found = np.sort(found[:count])
    hits = np.zeros(count, dtype=np.int64)
    unique = 0
    for i in range(count):
        if i == 0 or found[i] != found[i - 1]:
            found[unique] = found[i]
            unique += 1
        hits[unique - 1] += 1
    return found[:unique], hits[:unique]
