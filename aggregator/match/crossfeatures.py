"""Language-neutral features: what `neutral` finds in a text, and the form in which it is stored.

A feature is a 32-bit id with one byte, its mark: what kind it is, whether it stands in the lead,
whether it is written as a name, how often it occurs. Names are kept whole besides, as twelve sounds
of four bits with flags above, so that two of them can be compared sound by sound.

    version, 0, features, names, words | ids | marks | places | names | ids of the names' words
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.match.skeleton import CLASSES

VERSION = 1
LEAST_FEATURES = 12  # a text with fewer says too little
MOST_NAMES = 48
MOST_PLACE = 255

# A mark, from its lowest bit: three of kind, lead, name, two for the occurrences after the first.
KIND, LEAD, NAME = 0x07, 0x08, 0x10
ONCE, COUNT = 0x20, 0x60

# A packed name: SOUNDS of SOUND_BITS each, then its flags, then in how many places it stands.
SOUNDS, SOUND_BITS, SOUND = 12, 4, 0x0F
CHINESE = 1 << 48  # read from Chinese: coarse sounds
OTHER = 1 << 49  # a second reading of the name before it
LEADING = 1 << 50  # stands in the lead
OPENING = 1 << 51  # only seen where a sentence begins: perhaps no name
COUNT_AT, MOST_COUNTED = 52, 15

SOUND_NUMBERS = {sound: number for number, sound in enumerate(CLASSES, 1)}


class Kind(IntEnum):
    """What a feature is."""

    SOUND = 0  # the beginning of a skeleton
    NUMBER = 1
    DATE = 2
    NAMED = 3  # a concept with a name of its own: a city, an organisation
    CONCEPT = 4
    SYLLABLE = 5  # the beginning of a coarse skeleton, for names in Chinese and their counterparts
    COUNTRY = 6


class Seen(NamedTuple):
    """Features of one kind at one place of the text (characters)."""

    features: tuple[int, ...]
    kind: Kind
    name: bool
    start: int
    end: int


class Name(NamedTuple):
    """A word written as a name: its skeleton (coarse, when from Chinese), and the word."""

    sounds: str
    word: int  # the feature of the word's beginning: how rare it is
    lead: bool
    chinese: bool = False
    other: bool = False
    opening: bool = False


class Reading(NamedTuple):
    """All that was found in a text."""

    written: str
    lead_ends: int
    words: int
    seen: list[Seen]
    names: list[Name]


class Features(NamedTuple):
    """The unpacked form: ids ascending, with a mark and a place each; packed names."""

    ids: NDArray[np.uint32]
    marks: NDArray[np.uint8]
    places: NDArray[np.uint8]  # of the first occurrence, in words, at most `MOST_PLACE`
    names: NDArray[np.uint64]
    of_names: NDArray[np.uint32]  # the feature of each name's word
    words: int


_HEADER = struct.Struct("<BBHHH")


def feature(label: str) -> int:
    """The id of a feature by its label."""
    return crc32(label.encode())


def pack(reading: Reading) -> bytes:
    """The stored form; b"" when there is too little to go by."""
    marks: dict[int, int] = {}
    places: dict[int, int] = {}
    scale = reading.words / max(1, len(reading.written))
    for features, kind, name, start, _ in reading.seen:
        flags = kind | (LEAD if start < reading.lead_ends else 0) | (NAME if name else 0)
        for found in features:
            now = marks.get(found)
            if now is None:
                marks[found] = flags
                places[found] = start
            else:
                marks[found] = (now | flags) + (ONCE if now & COUNT < COUNT else 0)
    if len(marks) < LEAST_FEATURES:
        return b""
    ids = np.array(sorted(marks), dtype="<u4")
    order = ids.tolist()
    values = np.array([marks[found] for found in order], dtype=np.uint8)
    starts = np.array([places[found] for found in order], dtype=np.float64) * scale
    firsts = np.minimum(starts, MOST_PLACE).astype(np.uint8)
    distinct = _distinct_names(reading.names)
    names = np.array(list(distinct), dtype="<u8")
    words = np.array(list(distinct.values()), dtype="<u4")
    header = _HEADER.pack(VERSION, 0, len(ids), len(names), min(reading.words, 0xFFFF))
    return header + b"".join(column.tobytes() for column in (ids, values, firsts, names, words))


def unpack(stored: bytes) -> Features | None:
    """The features that `pack` stored; None when there are none, or they are of another version."""
    if len(stored) < _HEADER.size or stored[0] != VERSION:
        return None
    _, _, size, named, words = _HEADER.unpack_from(stored)
    at = _HEADER.size
    if len(stored) < at + 6 * size + 12 * named:  # what `semantic` keeps may stand behind
        return None
    return Features(
        ids=np.frombuffer(stored, "<u4", size, at),
        marks=np.frombuffer(stored, np.uint8, size, at + 4 * size),
        places=np.frombuffer(stored, np.uint8, size, at + 5 * size),
        names=np.frombuffer(stored, "<u8", named, at + 6 * size),
        of_names=np.frombuffer(stored, "<u4", named, at + 6 * size + 8 * named),
        words=words,
    )


def _distinct_names(names: list[Name]) -> dict[int, int]:
    """Each name once, packed, with the feature of its word."""
    counted: dict[int, int] = {}
    flags: dict[int, int] = {}
    words: dict[int, int] = {}
    for name in names:
        packed = _pack_sounds(name.sounds)
        packed |= (CHINESE if name.chinese else 0) | (OTHER if name.other else 0)
        counted[packed] = counted.get(packed, 0) + 1
        now = (LEADING if name.lead else 0) | (OPENING if name.opening else 0)
        before = flags.get(packed, now)
        flags[packed] = (before | now) & LEADING | before & now & OPENING
        words.setdefault(packed, name.word)
    return {
        packed | flags[packed] | min(count, MOST_COUNTED) << COUNT_AT: words[packed]
        for packed, count in list(counted.items())[:MOST_NAMES]
    }


def _pack_sounds(sounds: str) -> int:
    packed = 0
    for place, sound in enumerate(sounds[:SOUNDS]):
        packed |= SOUND_NUMBERS[sound] << (SOUND_BITS * place)
    return packed
