"""Signatures become candidates: one compact hash index over the rows of a time that moves on.

    signature -> 74 band keys --+                 0.6 KB a row, and no Python object
    story id  -> 1 key  --------+--> slot -> entry -> entry -> …    (newest first, at most `MOST_IN_BAND`)
    item id   -> 1 key  --------+            entry = row x KEYS + which of its keys

Two texts meet when they agree on all three values of one of 42 bands of the whole text, or on both
values of one of 32 bands of the lead (Broder's MinHash, banded as in Leskovec, Rajaraman, Ullman,
"Mining of Massive Datasets", 3.4). Stories and items are found through the same chains. Links only
ever lead to older rows, so that the oldest are let go by cutting the arrays: every chain then ends
where it would have led to them. One table for all rows keeps a question as cheap at a million rows
as at ten thousand, which a table for each block of time does not.
"""

from __future__ import annotations

from array import array
from datetime import datetime
from typing import NamedTuple, TypeVar, cast
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, Places, jit
from aggregator.match.words.minhash import BODY_VALUES, LEAD_VALUES

BODY_ROWS, LEAD_ROWS = 3, 2  # values in a band
BANDS = BODY_VALUES // BODY_ROWS + LEAD_VALUES // LEAD_ROWS
KEYS = BANDS + 2  # and the story's, and the item's
MOST_IN_BAND = 24  # rows read from one chain; the newest are enough
MET_ONCE = 3  # candidates that share a single band: of 300 one is a copy
_LEAST_ROWS = 1 << 12
_LEAST_SLOTS, _MOST_SLOTS = 1 << 18, 1 << 28
_CROWDED = 3  # entries a slot has on average before the slots are doubled
_FORGOTTEN = 8  # the oldest are let go when they are an eighth of all

Tags = NDArray[np.uint16]  # the upper half of a key: what tells the keys of one slot apart
_Table = tuple[Hashes, Hashes, Tags]  # heads by slot, and for each entry the next and its tag
_Array = TypeVar("_Array", bound=NDArray[np.generic])


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
        self._used = self._dead = 0
        self._heads: Hashes = np.zeros(_LEAST_SLOTS, dtype=np.uint32)
        self._next: Hashes = np.empty(_LEAST_ROWS * KEYS, dtype=np.uint32)
        self._tags: Tags = np.empty(_LEAST_ROWS * KEYS, dtype=np.uint16)
        self._times: Places = np.empty(_LEAST_ROWS, dtype=np.int64)
        self._alive: NDArray[np.bool_] = np.empty(_LEAST_ROWS, dtype=np.bool_)
        self._labels = _Labels()

    def __len__(self) -> int:
        return self._used - self._dead

    def add(self, row: Row, signature: bytes) -> None:
        """Index a row; one with an empty signature is found by its story and item alone."""
        self._make_room()
        at = self._used
        self._used += 1
        self._times[at], self._alive[at] = row.reported_at, True
        self._labels.append(row)
        ids = _key("s", row.story_id), _key("i", row.item_id)
        _insert(self._table(), np.frombuffer(signature, dtype="<u4"), at, ids)

    def candidates(
        self, signature: bytes, since_at: datetime, until_at: datetime, limit: int
    ) -> list[Row]:
        """The rows that share most bands with a signature, best first, at most `limit`."""
        if not signature or not self._used:
            return []
        rows, hits = _near(
            self._table(),
            np.frombuffer(signature, dtype="<u4"),
            self._times,
            self._alive,
            (int(since_at.timestamp()), int(until_at.timestamp())),
            limit,
        )
        return list(map(self._row, rows.tolist(), hits.tolist()))

    def members(self, story_id: str) -> list[Row]:
        """The indexed rows of a story, the newest first."""
        rows = (self._row(at) for at in self._named("s", story_id))
        return [row for row in rows if row.story_id == story_id]

    def rows(self, item_id: str) -> list[Row]:
        """The rows of an item: one for each of its indexed revisions."""
        rows = (self._row(at) for at in self._named("i", item_id))
        return [row for row in rows if row.item_id == item_id]

    def remove(self, item_id: str) -> None:
        """Take an item's rows out."""
        for at in self._named("i", item_id):
            if self._row(at).item_id == item_id:
                self._alive[at] = False
                self._dead += 1

    def forget(self, before_at: datetime) -> float:
        """Let go of the oldest rows, when they are many; what share of the rows stays."""
        times = self._times[: self._used]
        before = int(before_at.timestamp())
        oldest = int(np.argmax(times >= before)) if (times >= before).any() else self._used
        had = len(self)
        if not oldest or oldest * _FORGOTTEN < self._used:
            return 1.0
        kept = self._used - oldest
        _cut(self._table(), oldest, self._used)
        self._times[:kept] = self._times[oldest : self._used].copy()
        self._alive[:kept] = self._alive[oldest : self._used].copy()
        self._labels.cut(oldest)
        self._used, self._dead = kept, int(kept - np.count_nonzero(self._alive[:kept]))
        return len(self) / had if had else 1.0

    def _table(self) -> _Table:
        return self._heads, self._next, self._tags

    def _make_room(self) -> None:
        if self._used == self._times.size:
            self._times, self._alive = _doubled(self._times), _doubled(self._alive)
            self._next, self._tags = _doubled(self._next), _doubled(self._tags)
        if self._used * KEYS > _CROWDED * self._heads.size and self._heads.size < _MOST_SLOTS:
            self._heads = np.concatenate((self._heads, np.zeros_like(self._heads)))
            _spread(self._table())

    def _named(self, space: str, name: str) -> list[int]:
        """The living rows on the chain of a story's or an item's id; others may be among them."""
        key = np.uint32(_key(space, name))
        rows: list[int] = _chain(self._table(), key).tolist()
        return [at for at in rows if self._alive[at]]

    def _row(self, at: int, hits: int = 0) -> Row:
        return Row(*self._labels[at], int(self._times[at]), hits)


class _Labels:
    """The strings of rows: ids in one byte string, agency and language as one small number."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._ends = array("q", [0])  # of a row's ids, counted from the first row there ever was
        self._sources = array("I")
        self._names: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def append(self, row: Row) -> None:
        ids = f"{row.item_id}\0{row.story_id}".encode()
        self._ids += ids
        self._ends.append(self._ends[-1] + len(ids))
        source = row.agency_id, row.language
        if source not in self._numbers:
            self._numbers[source] = len(self._names)
            self._names.append(source)
        self._sources.append(self._numbers[source])

    def __getitem__(self, at: int) -> tuple[str, str, str, str]:
        start, end, gone = self._ends[at], self._ends[at + 1], self._ends[0]
        item_id, _, story_id = self._ids[start - gone : end - gone].decode().partition("\0")
        return item_id, story_id, *self._names[self._sources[at]]

    def cut(self, rows: int) -> None:
        """Let go of the first rows."""
        del self._ids[: self._ends[rows] - self._ends[0]]
        del self._ends[:rows]
        del self._sources[:rows]


def _doubled(values: _Array) -> _Array:
    """Room for as many again; pages never written to cost nothing."""
    larger = np.empty(2 * values.size, dtype=values.dtype)
    larger[: values.size] = values
    return cast(_Array, larger)


def _key(space: str, name: str) -> int:
    return crc32(f"{space}{name}".encode())


@jit
def _band_keys(signature: Hashes) -> Hashes:
    keys = np.empty(BANDS if signature.size else 0, dtype=np.uint32)
    at = 0
    for band in range(keys.size):
        width = BODY_ROWS if band * BODY_ROWS < BODY_VALUES else LEAD_ROWS
        value = np.uint64(band + 1)
        for k in range(at, at + width):
            value = (value ^ np.uint64(signature[k])) * np.uint64(0x9E3779B97F4A7C15)
            value ^= value >> np.uint64(29)
        keys[band] = np.uint32(value >> np.uint64(32))
        at += width
    return keys


@jit
def _insert(table: _Table, signature: Hashes, row: int, ids: tuple[int, int]) -> None:
    """Put a row at the head of the chain of each of its keys."""
    keys = _band_keys(signature)
    for k in range(keys.size):
        _link(table, keys[k], row * KEYS + k)
    for k in range(2):
        _link(table, np.uint32(ids[k]), row * KEYS + BANDS + k)


@jit
def _link(table: _Table, key: np.uint32, entry: int) -> None:
    heads, following, tags = table
    slot = key & np.uint32(heads.size - 1)
    following[entry] = heads[slot]
    tags[entry] = key >> np.uint32(16)
    heads[slot] = entry + 1


@jit
def _chain(table: _Table, key: np.uint32) -> Places:
    """The rows on a key's chain, newest first."""
    heads, following, tags = table
    rows = np.empty(MOST_IN_BAND, dtype=np.int64)
    count = 0
    entry = heads[key & np.uint32(heads.size - 1)]
    while entry and count < MOST_IN_BAND:
        if tags[entry - 1] == key >> np.uint32(16):
            rows[count] = (entry - 1) // KEYS
            count += 1
        entry = following[entry - 1]
    return rows[:count]


@jit
def _near(
    table: _Table,
    signature: Hashes,
    times: Places,
    alive: NDArray[np.bool_],
    between: tuple[int, int],
    limit: int,
) -> tuple[Places, Places]:
    """The rows on most of a signature's chains, best and newest first; on how many each is."""
    heads, following, tags = table
    keys = _band_keys(signature)
    found = np.empty(keys.size * MOST_IN_BAND, dtype=np.int64)
    count = 0
    for key in keys:
        entry, most = heads[key & np.uint32(heads.size - 1)], count + MOST_IN_BAND
        while entry and count < most:
            if tags[entry - 1] == key >> np.uint32(16):
                row = (entry - 1) // KEYS
                if alive[row] and between[0] <= times[row] <= between[1]:
                    found[count] = row
                    count += 1
            entry = following[entry - 1]
    return _most_met(np.sort(found[:count]), limit)


@jit
def _most_met(found: Places, limit: int) -> tuple[Places, Places]:
    """Of sorted rows those that stand there most often, and how often; few that stand there once."""
    rows, mets = np.empty(found.size, dtype=np.int64), np.empty(found.size, dtype=np.int64)
    once = np.empty(MET_ONCE, dtype=np.int64)
    often = singles = 0
    end = found.size
    while end:
        start = end - 1
        while start and found[start - 1] == found[end - 1]:
            start -= 1
        if end - start > 1:
            rows[often], mets[often] = found[start], end - start
            often += 1
        elif singles < MET_ONCE:
            once[singles] = found[start]
            singles += 1
        end = start
    best = np.argsort(-mets[:often], kind="mergesort")[:limit]
    singles = min(singles, limit - best.size)
    return (
        np.concatenate((rows[best], once[:singles])),
        np.concatenate((mets[best], np.ones(singles, dtype=np.int64))),
    )


@jit
def _spread(table: _Table) -> None:
    """After the slots were doubled: move to the upper half what belongs there, orders kept."""
    heads, following, tags = table
    half = heads.size // 2
    upper = np.uint16(half >> 16)
    lasts = np.zeros(2, dtype=np.int64)
    for slot in range(half):
        entry = heads[slot]
        heads[slot] = 0
        lasts[:] = 0
        while entry:
            after = following[entry - 1]
            side = 1 if tags[entry - 1] & upper else 0
            if lasts[side]:
                following[lasts[side] - 1] = entry
            else:
                heads[slot + side * half] = entry
            lasts[side] = entry
            following[entry - 1] = 0
            entry = after


@jit
def _cut(table: _Table, rows: int, used: int) -> None:
    """Let go of the first rows: what led to them leads nowhere, and all others count from 0."""
    heads, following, tags = table
    gone = rows * KEYS
    for slot in range(heads.size):
        heads[slot] = heads[slot] - gone if heads[slot] > gone else 0
    for entry in range((used - rows) * KEYS):
        after = following[entry + gone]
        following[entry] = after - gone if after > gone else 0
        tags[entry] = tags[entry + gone]
