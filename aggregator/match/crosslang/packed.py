"""Language-neutral features: what `extraction` finds in a text, and the form in which it is stored.

A feature is a 32-bit id with one byte, its mark: what kind it is, whether it stands in the lead,
whether it is written as a name, how often it occurs. Names are kept whole besides, as twelve sounds
of four bits with flags above, so that two of them can be compared sound by sound. Features and names
have their first place, so that a report can be read as far as a shorter one goes.

    version, flags, turned, features, names, words | ids | marks | places | names | their words' ids | their places | turned
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.languages import SOUND_CLASSES
from aggregator.match.jit import Hashes, jit

VERSION = 3
LEAST_MEANINGS = 6  # a text of fewer distinct words says too little; set by hand
MOST_NAMES = 48
MOST_PLACE = 255
LONGEST_HEADLINE = 14  # words; set by hand

# A mark, from its lowest bit: three of kind, lead, name, two for the occurrences after the first, title.
KIND, LEAD, NAME, TITLE = 0x07, 0x08, 0x10, 0x80
ONCE, COUNT = 0x20, 0x60

# Flags of a text: how it is written.
TITLE_IS_SENTENCE = 1  # the title ends with a full stop: no headline
IS_COMPLETE = 2  # the body ends where a sentence does: a feed did not cut it

# Of what has an opposite: the lowest bit of its id tells whether the title has it.
IN_TITLE = 1
MOST_TURNED = 255
NOTHING_TURNED: NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)

# A packed name: SOUNDS of SOUND_BITS each, then its flags, then in how many places it stands, then the
# number of the entity that it is a part of.
SOUNDS, SOUND_BITS, SOUND = 12, 4, 0x0F
CHINESE = 1 << 48  # read from Chinese: coarse sounds
SECOND = 1 << 49  # the second skeleton of the name before it
IN_LEAD = 1 << 50  # stands in the lead
SENTENCE_INITIAL = 1 << 51  # only seen where a sentence begins: perhaps no name
COUNT_AT, MOST_COUNTED = 52, 15
ENTITY_AT, ENTITY = 56, 0x3F
CONTINUES = 1 << 62  # stands right after the name before it; until names are merged

SOUND_NUMBERS = {sound: number for number, sound in enumerate(SOUND_CLASSES, 1)}


class FeatureKind(IntEnum):
    """What a feature is."""

    SKELETON = 0  # the beginning of a skeleton
    NUMBER = 1
    DATE = 2
    NAMED = 3  # a concept with a name of its own: a city, an organisation
    CONCEPT = 4
    COARSE_SKELETON = (
        5  # the beginning of a coarse skeleton: names in Chinese, and their counterparts
    )
    COUNTRY = 6
    ACT = 7  # a concept: what was done


class Occurrence(NamedTuple):
    """Features of one kind at one place of the text (characters)."""

    features: tuple[int, ...]
    kind: FeatureKind
    name: bool
    start: int
    end: int


class Name(NamedTuple):
    """A word written as a name: its skeleton (coarse, when from Chinese), and the word."""

    sounds: str
    word: int  # the feature of the word's beginning: how rare it is
    start: int  # characters
    lead: bool
    chinese: bool = False
    other: bool = False
    opening: bool = False
    continues: bool = False  # the name before it: parts of one


class Columns(NamedTuple):
    """What `Occurrence` and `Name` say, in columns: a row for each feature at each place."""

    ids: NDArray[np.uint32]
    flags: NDArray[np.uint8]  # kind, name
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    names: NDArray[np.uint64]  # packed
    of_names: NDArray[np.uint32]
    name_starts: NDArray[np.int32]


class Extracted(NamedTuple):
    """All that was found in a text."""

    written: str
    title_ends: int
    lead_ends: int
    words: int
    found: Columns
    turned: tuple[int, ...] = ()  # see `Features`
    flags: int = 0

    @property
    def seen(self) -> list[Occurrence]:
        """What was found, feature by feature."""
        rows = zip(*(column.tolist() for column in self.found[:4]), strict=True)
        return [
            Occurrence((found,), FeatureKind(flags & KIND), bool(flags & NAME), start, end)
            for found, flags, start, end in rows
        ]


class Features(NamedTuple):
    """The unpacked form: ids ascending, with a mark and a place each; packed names."""

    ids: NDArray[np.uint32]
    marks: NDArray[np.uint8]
    places: NDArray[np.uint8]  # of the first occurrence, in words, at most `MOST_PLACE`
    names: NDArray[np.uint64]
    of_names: NDArray[np.uint32]  # the feature of each name's word
    name_places: NDArray[np.uint8]  # as `places`
    words: int
    # what title and lead say of things that have an opposite, ascending; with the bit `IN_TITLE`
    turned: NDArray[np.uint32] = NOTHING_TURNED
    flags: int = 0


def has_headline(features: Features) -> bool:
    """Whether the title is a headline: neither all there is, nor a whole sentence in place of one."""
    if features.flags & TITLE_IS_SENTENCE:
        return False
    in_title, in_lead = (features.marks & TITLE) != 0, (features.marks & LEAD) != 0
    longest = features.places[in_title].max(initial=0)
    return longest < LONGEST_HEADLINE and not in_title[in_lead].all()


_HEADER = struct.Struct("<BBBHHH")


def feature_id(label: str) -> int:
    """The id of a feature by its label."""
    return crc32(label.encode())


def as_columns(seen: Sequence[Occurrence], names: Sequence[Name] = ()) -> Columns:
    """What was found one by one, as columns."""
    rows = [
        (found, kind | (NAME if name else 0), start, end)
        for features, kind, name, start, end in seen
        for found in features
    ]
    ids, flags, starts, ends = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Columns(
        np.array(ids, dtype=np.uint32),
        np.array(flags, dtype=np.uint8),
        np.array(starts, dtype=np.int32),
        np.array(ends, dtype=np.int32),
        np.array([_packed(name) for name in names], dtype=np.uint64),
        np.array([name.word for name in names], dtype=np.uint32),
        np.array([name.start for name in names], dtype=np.int32),
    )


def concatenated(first: Columns, second: Columns) -> Columns:
    """All of the one, then all of the other."""
    return Columns(
        np.concatenate((first.ids, second.ids)),
        np.concatenate((first.flags, second.flags)),
        np.concatenate((first.starts, second.starts)),
        np.concatenate((first.ends, second.ends)),
        np.concatenate((first.names, second.names)),
        np.concatenate((first.of_names, second.of_names)),
        np.concatenate((first.name_starts, second.name_starts)),
    )


def pack(reading: Extracted) -> bytes:
    """The stored form; b"" when there is too little to go by."""
    found = reading.found
    places = np.arange(len(found.ids), dtype=np.uint64)
    order = np.sort(found.ids.astype(np.uint64) << np.uint64(32) | places)
    scale = reading.words / max(1, len(reading.written))
    if _meanings(found) < LEAST_MEANINGS:
        return b""
    ends = reading.title_ends, reading.lead_ends
    ids, marks, firsts = _merged(order, found.flags, found.starts, ends, scale)
    names, words, named = _each_once(found.names, found.of_names, found.name_starts, scale)
    turned = np.array(sorted(reading.turned)[:MOST_TURNED], dtype="<u4")
    sizes = len(turned), len(ids), len(names), min(reading.words, 0xFFFF)
    header = _HEADER.pack(VERSION, reading.flags, *sizes)
    little = (
        ids.astype("<u4"), marks, firsts,
        names.astype("<u8"), words.astype("<u4"), named, turned,
    )  # fmt: skip
    return header + b"".join(column.tobytes() for column in little)


def unpack(stored: bytes) -> Features | None:
    """The features that `pack` stored; None when there are none, or they are of another version."""
    if len(stored) < _HEADER.size or stored[0] != VERSION:
        return None
    _, flags, turned, size, named, words = _HEADER.unpack_from(stored)
    at = _HEADER.size
    if len(stored) != at + 6 * size + 13 * named + 4 * turned:
        return None
    return Features(
        ids=np.frombuffer(stored, "<u4", size, at),
        marks=np.frombuffer(stored, np.uint8, size, at + 4 * size),
        places=np.frombuffer(stored, np.uint8, size, at + 5 * size),
        names=np.frombuffer(stored, "<u8", named, at + 6 * size),
        of_names=np.frombuffer(stored, "<u4", named, at + 6 * size + 8 * named),
        name_places=np.frombuffer(stored, np.uint8, named, at + 6 * size + 12 * named),
        words=words,
        turned=np.frombuffer(stored, "<u4", turned, at + 6 * size + 13 * named),
        flags=flags,
    )


def pack_sounds(sounds: str) -> int:
    """The first `SOUNDS` of a skeleton as a number; 0 for none."""
    packed = 0
    for place, sound in enumerate(sounds[:SOUNDS]):
        packed |= SOUND_NUMBERS[sound] << (SOUND_BITS * place)
    return packed


def _meanings(found: Columns) -> int:
    """How many different words and phrases a text is made of, such as have features."""
    _, first = np.unique(found.starts, return_index=True)
    return len(np.unique(found.ids[first]))


def _packed(name: Name) -> int:
    flags = (CHINESE if name.chinese else 0) | (SECOND if name.other else 0)
    flags |= (IN_LEAD if name.lead else 0) | (SENTENCE_INITIAL if name.opening else 0)
    flags |= CONTINUES if name.continues else 0
    return pack_sounds(name.sounds) | flags


@jit
def _merged(
    order: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    starts: NDArray[np.int32],
    ends: tuple[int, int],
    scale: float,
) -> tuple[Hashes, NDArray[np.uint8], NDArray[np.uint8]]:
    """Each feature once, with its mark and first place; `order`: id above, row below, ascending.

    `ends`: where title and lead end.
    """
    title_ends, lead_ends = ends
    ids = np.empty(len(order), dtype=np.uint32)
    marks = np.empty(len(order), dtype=np.uint8)
    places = np.empty(len(order), dtype=np.uint8)
    count = 0
    for i in range(len(order)):
        found, row = np.uint32(order[i] >> np.uint64(32)), order[i] & np.uint64(0xFFFFFFFF)
        flag = flags[row] | np.uint8(LEAD if starts[row] < lead_ends else 0)
        flag |= np.uint8(TITLE if starts[row] < title_ends else 0)
        if count and ids[count - 1] == found:
            now = marks[count - 1]
            marks[count - 1] = (now | flag) + np.uint8(ONCE if now & COUNT < COUNT else 0)
            continue
        ids[count], marks[count] = found, flag
        places[count] = np.uint8(min(starts[row] * scale, float(MOST_PLACE)))
        count += 1
    return ids[:count], marks[:count], places[:count]


@jit
def _each_once(
    names: NDArray[np.uint64], of_names: Hashes, starts: NDArray[np.int32], scale: float
) -> tuple[NDArray[np.uint64], Hashes, NDArray[np.uint8]]:
    """The first `MOST_NAMES` distinct names, their words and first places; with their counts.

    A name is in the lead if one of them is, and opens a sentence if all do.

    Names that stood side by side once are parts of one entity wherever they stand.
    """
    kept = np.empty(MOST_NAMES, dtype=np.uint64)
    words = np.empty(MOST_NAMES, dtype=np.uint32)
    places = np.empty(MOST_NAMES, dtype=np.uint8)
    counts = np.zeros(MOST_NAMES, dtype=np.uint64)
    entities = np.arange(MOST_NAMES)
    leading, opening = np.uint64(IN_LEAD), np.uint64(SENTENCE_INITIAL)
    either, joined = leading | opening, np.uint64(CONTINUES | SECOND)
    size, before = 0, -1
    for i in range(len(names)):
        name, at = names[i] & ~np.uint64(CONTINUES), 0
        while at < size and (kept[at] ^ name) & ~either:
            at += 1
        if at == MOST_NAMES:
            before = -1
            continue
        if at == size:
            kept[at], words[at] = name, of_names[i]
            places[at] = np.uint8(min(starts[i] * scale, float(MOST_PLACE)))
            size += 1
        both, one = kept[at] & name & opening, (kept[at] | name) & leading
        kept[at] = (kept[at] & ~either) | both | one
        counts[at] = min(counts[at] + np.uint64(1), np.uint64(MOST_COUNTED))
        if before >= 0 and names[i] & joined:
            entities[entities == entities[at]] = entities[before]
        before = at
    numbers = entities[:size].astype(np.uint64) << np.uint64(ENTITY_AT)
    counted = counts[:size] << np.uint64(COUNT_AT)
    return kept[:size] | counted | numbers, words[:size], places[:size]
