"""Signatures become candidates: LSH banding over one compact hash index of the window's items.

    signature -> 74 band keys --+                 0.6 KB a row, and no Python object
    story id  -> 1 key  --------+--> slot -> entry -> entry -> …    (newest first)
    item id   -> 1 key  --------+            entry = row x KEYS_PER_ROW + which of its keys

**Banding** (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4): a signature is cut into b
bands of r values, and two texts meet when they agree on all values of one band, which happens with
probability 1 - (1 - s^r)^b at a Jaccard of s. The whole body has 42 bands of 3 (even chances at s = .25),
the lead 32 of 2 (at s = .15): only 44 % of true copies have a Jaccard of .5, so bands are narrow, and
`features` sorts out what they let through.

**Chains**: each key hashes to a slot, and the entries of a slot hang on one singly linked chain. An entry
is a number, no object: its row and which of the row's keys it is can be divided out of it. Stories and
items are found through the same chains.

**Cutting**: a link leads to an older entry, always. So the oldest rows are let go by cutting the arrays'
front off and subtracting: whatever led there leads nowhere. One table for all rows keeps a query as cheap
at a million rows as at ten thousand, which a table for each block of time does not.
"""

from __future__ import annotations

from array import array
from datetime import datetime
from typing import TypeVar, cast
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, Places, jit
from aggregator.match.registry import IndexRow
from aggregator.match.words.minhash import BODY_PERMUTATIONS, LEAD_PERMUTATIONS

BODY_BAND, LEAD_BAND = 3, 2  # r: values in a band of the whole body, and of the lead
BANDS = BODY_PERMUTATIONS // BODY_BAND + LEAD_PERMUTATIONS // LEAD_BAND  # b: 42 + 32
KEYS_PER_ROW = BANDS + 2  # and the story's, and the item's
MAX_CHAIN_ROWS = 24  # read from one chain; set by hand: the newest are enough
MAX_SINGLE_BAND = 3  # candidates that share one band only: of 300 such one is a copy
_INITIAL_ROWS = 1 << 12
_INITIAL_SLOTS, _MAX_SLOTS = 1 << 18, 1 << 28
_MAX_LOAD = 3  # entries a slot has on average before the slots are doubled
_FORGET_SHARE = 1 / 8  # of all rows are let go at once, or more: cutting copies those that stay

Tags = NDArray[np.uint16]  # the upper half of a key: what tells the keys of one slot apart
# Three arrays: by slot the newest entry + 1, or 0; by entry the next one of its chain + 1, or 0; by entry
# the tag of its key.
_Table = tuple[Hashes, Hashes, Tags]
_Array = TypeVar("_Array", bound=NDArray[np.generic])


class LshIndex:
    """Rows by signature, by story and by item, within a window that moves on."""

    def __init__(self) -> None:
        self._used = self._dead = 0
        self._heads: Hashes = np.zeros(_INITIAL_SLOTS, dtype=np.uint32)
        self._next: Hashes = np.empty(_INITIAL_ROWS * KEYS_PER_ROW, dtype=np.uint32)
        self._tags: Tags = np.empty(_INITIAL_ROWS * KEYS_PER_ROW, dtype=np.uint16)
        self._times: Places = np.empty(_INITIAL_ROWS, dtype=np.int64)
        self._alive: NDArray[np.bool_] = np.empty(_INITIAL_ROWS, dtype=np.bool_)
        self._strings = _StringColumns()

    def __len__(self) -> int:
        return self._used - self._dead

    def add(self, row: IndexRow, signature: bytes) -> None:
        """Index a row; one with an empty signature is found by its story and item alone."""
        self._make_room()
        at = self._used
        self._used += 1
        self._times[at], self._alive[at] = row.reported_at, True
        self._strings.append(row)
        ids = _key("s", row.story_id), _key("i", row.item_id)
        _insert(self._table(), np.frombuffer(signature, dtype="<u4"), at, ids)

    def candidates(
        self, signature: bytes, since_at: datetime, until_at: datetime, limit: int
    ) -> list[IndexRow]:
        """The rows that share most bands with a signature, best first, at most `limit`.

        `signature` is that of a fingerprint: 190 values, uint32, little-endian, or empty.
        """
        if not signature or not self._used:
            return []
        rows, shared_bands = _query(
            self._table(),
            np.frombuffer(signature, dtype="<u4"),
            self._times,
            self._alive,
            (int(since_at.timestamp()), int(until_at.timestamp())),
            limit,
        )
        return list(map(self._row, rows.tolist(), shared_bands.tolist()))

    def members(self, story_id: str) -> list[IndexRow]:
        """The indexed rows of a story, the newest first."""
        rows = (self._row(at) for at in self._rows_on_chain("s", story_id))
        return [row for row in rows if row.story_id == story_id]

    def rows(self, item_id: str) -> list[IndexRow]:
        """The rows of an item: one for each of its indexed revisions."""
        rows = (self._row(at) for at in self._rows_on_chain("i", item_id))
        return [row for row in rows if row.item_id == item_id]

    def remove(self, item_id: str) -> None:
        """Take an item's rows out."""
        for at in self._rows_on_chain("i", item_id):
            if self._row(at).item_id == item_id:
                self._alive[at] = False
                self._dead += 1

    def forget(self, before_at: datetime) -> float:
        """Let go of the oldest rows when they are many; the share of rows that stays, in [0, 1]."""
        times = self._times[: self._used]
        before = int(before_at.timestamp())
        oldest = int(np.argmax(times >= before)) if (times >= before).any() else self._used
        had = len(self)
        if not oldest or oldest < _FORGET_SHARE * self._used:
            return 1.0
        kept = self._used - oldest
        _cut_front(self._table(), oldest, self._used)
        self._times[:kept] = self._times[oldest : self._used].copy()
        self._alive[:kept] = self._alive[oldest : self._used].copy()
        self._strings.cut_front(oldest)
        self._used, self._dead = kept, int(kept - np.count_nonzero(self._alive[:kept]))
        return len(self) / had if had else 1.0

    def _table(self) -> _Table:
        return self._heads, self._next, self._tags

    def _make_room(self) -> None:
        if self._used == self._times.size:
            self._times, self._alive = _doubled(self._times), _doubled(self._alive)
            self._next, self._tags = _doubled(self._next), _doubled(self._tags)
        if (
            self._used * KEYS_PER_ROW > _MAX_LOAD * self._heads.size
            and self._heads.size < _MAX_SLOTS
        ):
            self._heads = np.concatenate((self._heads, np.zeros_like(self._heads)))
            _split_slots(self._table())

    def _rows_on_chain(self, space: str, name: str) -> list[int]:
        """The living rows on the chain of a story's or an item's id; others may be among them."""
        key = np.uint32(_key(space, name))
        rows: list[int] = _walk(self._table(), key).tolist()
        return [at for at in rows if self._alive[at]]

    def _row(self, at: int, shared_bands: int = 0) -> IndexRow:
        return IndexRow(*self._strings[at], int(self._times[at]), shared_bands)


class _StringColumns:
    """The strings of rows, compactly: ids in one byte string, agency and language as one small number."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._ends = array("q", [0])  # of a row's ids, counted from the first row there ever was
        self._sources = array("I")
        self._names: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def append(self, row: IndexRow) -> None:
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

    def cut_front(self, rows: int) -> None:
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
    """A 32-bit hash of each band, shape (74,), or (0,) of an empty signature."""
    keys = np.empty(BANDS if signature.size else 0, dtype=np.uint32)
    at = 0
    for band in range(keys.size):
        width = BODY_BAND if band * BODY_BAND < BODY_PERMUTATIONS else LEAD_BAND
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
        _push(table, keys[k], row * KEYS_PER_ROW + k)
    for k in range(2):
        _push(table, np.uint32(ids[k]), row * KEYS_PER_ROW + BANDS + k)


@jit
def _push(table: _Table, key: np.uint32, entry: int) -> None:
    """Put an entry at the head of its key's chain."""
    heads, following, tags = table
    slot = key & np.uint32(heads.size - 1)
    following[entry] = heads[slot]
    tags[entry] = key >> np.uint32(16)
    heads[slot] = entry + 1


@jit
def _walk(table: _Table, key: np.uint32) -> Places:
    """The rows on a key's chain, newest first."""
    heads, following, tags = table
    rows = np.empty(MAX_CHAIN_ROWS, dtype=np.int64)
    count = 0
    entry = heads[key & np.uint32(heads.size - 1)]
    while entry and count < MAX_CHAIN_ROWS:
        if tags[entry - 1] == key >> np.uint32(16):
            rows[count] = (entry - 1) // KEYS_PER_ROW
            count += 1
        entry = following[entry - 1]
    return rows[:count]


@jit
def _query(
    table: _Table,
    signature: Hashes,
    times: Places,
    alive: NDArray[np.bool_],
    between: tuple[int, int],
    limit: int,
) -> tuple[Places, Places]:
    """The living rows on most of a signature's chains, best and newest first; on how many each is."""
    heads, following, tags = table
    keys = _band_keys(signature)
    found = np.empty(keys.size * MAX_CHAIN_ROWS, dtype=np.int64)
    count = 0
    for key in keys:
        entry, most = heads[key & np.uint32(heads.size - 1)], count + MAX_CHAIN_ROWS
        while entry and count < most:
            if tags[entry - 1] == key >> np.uint32(16):
                row = (entry - 1) // KEYS_PER_ROW
                if alive[row] and between[0] <= times[row] <= between[1]:
                    found[count] = row
                    count += 1
            entry = following[entry - 1]
    return _rank(np.sort(found[:count]), limit)


@jit
def _rank(found: Places, limit: int) -> tuple[Places, Places]:
    """Of sorted rows those that occur most often, and how often; few that occur once."""
    rows, counts = np.empty(found.size, dtype=np.int64), np.empty(found.size, dtype=np.int64)
    once = np.empty(MAX_SINGLE_BAND, dtype=np.int64)
    often = singles = 0
    end = found.size
    while end:
        start = end - 1
        while start and found[start - 1] == found[end - 1]:
            start -= 1
        if end - start > 1:
            rows[often], counts[often] = found[start], end - start
            often += 1
        elif singles < MAX_SINGLE_BAND:
            once[singles] = found[start]
            singles += 1
        end = start
    best = np.argsort(-counts[:often], kind="mergesort")[:limit]
    singles = min(singles, limit - best.size)
    return (
        np.concatenate((rows[best], once[:singles])),
        np.concatenate((counts[best], np.ones(singles, dtype=np.int64))),
    )


@jit
def _split_slots(table: _Table) -> None:
    """After the slots were doubled: move to the upper half what belongs there, orders kept.

    A slot is the lower bits of a key and a tag its upper 16. There are 2^18 slots or more, so the bit
    that now counts as well is in the tag, and no key need be computed again.
    """
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
def _cut_front(table: _Table, rows: int, used: int) -> None:
    """Let go of the first rows: what led to them leads nowhere, and all others count from 0."""
    heads, following, tags = table
    gone = rows * KEYS_PER_ROW
    for slot in range(heads.size):
        heads[slot] = heads[slot] - gone if heads[slot] > gone else 0
    for entry in range((used - rows) * KEYS_PER_ROW):
        after = following[entry + gone]
        following[entry] = after - gone if after > gone else 0
        tags[entry] = tags[entry + gone]
