"""A text as features that do not depend on its language: what another language's copy would share.

    words ---- skeletons of each, in beginnings of 2 (names) 3 4 5 7 consonants ---+
      |------- concepts of the lexicon, longest phrase first ----------------------+--> (id, mark)
    figures -- numbers, dates -----------------------------------------------------+
    Chinese -- concepts by longest match; runs of name syllables, coarse ----------+

An id is the CRC-32 of the feature's label, a mark one byte: what kind it is, whether it stands in the
lead, whether it is written as a name, how often it occurs. Names are kept whole besides, so that two of
them can be compared letter by letter. `pack` and `unpack` are the stored form, which begins with a
version: other versions are not read.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import cache, lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.match import quantities
from aggregator.match.lexicon import Rank, plain
from aggregator.match.places import ideographs_of, lexicon_of
from aggregator.match.skeleton import CLASSES, alternative, coarse, skeleton
from aggregator.match.syllables import runs, sounds
from aggregator.model import Text

VERSION = 1
LONGEST_TEXT = 2_400  # characters of title and body that are read: a wire item's facts stand first
LEAD_WORDS = 45
LEAD_IDEOGRAPHS = 110
LEAST_FEATURES = 12
MOST_NAMES = 48
NAME_LETTERS = 6  # of a word tell one name from another: endings come later


class Kind(IntEnum):
    """What a feature is (three bits of its mark)."""

    SOUND = 0  # the beginning of a skeleton
    NUMBER = 1
    DATE = 2
    NAMED = 3  # a concept with a name of its own: a country, a city, an organisation
    CONCEPT = 4
    COUNTRY = 6
    SYLLABLE = 5  # the beginning of a coarse skeleton, for names in Chinese and their counterparts


_KIND_OF = {Rank.NOTION: Kind.CONCEPT, Rank.NAMED: Kind.NAMED, Rank.COUNTRY: Kind.COUNTRY}
_NUMERALS = dict(
    enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
)  # fmt: skip
LEAD, NAME, ONCE = 0x08, 0x10, 0x20  # marks; the occurrences after the first stand in bits 5 and 6
COUNT = 0x60


class Seen(NamedTuple):
    """A feature at its place in the text."""

    label: str
    kind: Kind
    name: bool
    start: int
    end: int


class Name(NamedTuple):
    """A word written as a name: its skeleton (coarse, when from Chinese), and the word."""

    sounds: str
    word: str  # its first letters, case folded: how rare it is
    lead: bool
    start: int
    end: int
    chinese: bool = False
    other: bool = False  # a second reading of the name before it
    opening: bool = False  # only seen where a sentence begins: perhaps no name


class Reading(NamedTuple):
    """All that was found in a text."""

    written: str
    lead_ends: int
    words: int
    seen: list[Seen]
    names: list[Name]


class Features(NamedTuple):
    """The unpacked form: ids ascending, a mark each; names as packed by `_distinct_names`."""

    ids: NDArray[np.uint32]
    marks: NDArray[np.uint8]
    places: NDArray[np.uint8]  # of the first occurrence, in words, at most 255
    names: NDArray[np.uint64]
    of_names: NDArray[np.uint32]  # an id for the word of each name: how rare it is
    words: int


_HEADER = struct.Struct("<BBHHH")
_TOKEN = re.compile(
    rf"(?P<number>{quantities.NUMBER.pattern})|(?P<word>[^\W\d_]+(?:['’‘ʻʼ`][^\W\d_]+)*)|(?P<end>[.!?…:«\"“„\n])"
)
_HAN = re.compile(r"[\u3400-\u9fff]")


def read(text: Text) -> Reading:
    """Everything the text says that another language could say too."""
    written = unicodedata.normalize("NFKC", f"{text.title}\n{text.body}"[:LONGEST_TEXT])
    return (
        _read_chinese(written)
        if _is_chinese(text, written)
        else _read_words(written, text.language)
    )


def pack(reading: Reading) -> bytes:
    """The stored form; b"" when there is too little to go by."""
    marks: dict[int, int] = {}
    places: dict[int, int] = {}
    scale = reading.words / max(1, len(reading.written))
    for label, kind, name, start, _ in reading.seen:
        feature = crc32(label.encode())
        places.setdefault(feature, min(int(start * scale), 255))
        now = marks.get(feature)
        flags = kind | (LEAD if start < reading.lead_ends else 0) | (NAME if name else 0)
        marks[feature] = (
            flags if now is None else (now | flags) + (ONCE if now & COUNT < COUNT else 0)
        )
    if len(marks) < LEAST_FEATURES:
        return b""
    ids = np.array(sorted(marks), dtype="<u4")
    values = np.array([marks[feature] for feature in ids.tolist()], dtype=np.uint8)
    firsts = np.array([places[feature] for feature in ids.tolist()], dtype=np.uint8)
    distinct = _distinct_names(reading.names)
    names = np.array(list(distinct), dtype="<u8")
    features = np.array(list(distinct.values()), dtype="<u4")
    header = _HEADER.pack(VERSION, 0, len(ids), len(names), min(reading.words, 0xFFFF))
    columns = (ids, values, firsts, names, features)
    return header + b"".join(column.tobytes() for column in columns)


def unpack(features: bytes) -> Features | None:
    """The features that `pack` stored; None when there are none, or they are of another version."""
    if len(features) < _HEADER.size or features[0] != VERSION:
        return None
    _, _, size, named, words = _HEADER.unpack_from(features)
    ids = np.frombuffer(features, "<u4", size, _HEADER.size)
    marks = np.frombuffer(features, np.uint8, size, _HEADER.size + 4 * size)
    places = np.frombuffer(features, np.uint8, size, _HEADER.size + 5 * size)
    names = np.frombuffer(features, "<u8", named, _HEADER.size + 6 * size)
    of_names = np.frombuffer(features, "<u4", named, _HEADER.size + 6 * size + 8 * named)
    return Features(ids, marks, places, names, of_names, words)


def _is_chinese(text: Text, written: str) -> bool:
    return text.language == "zh" or len(_HAN.findall(written)) * 3 > len(written)


class _Written(NamedTuple):
    """A word at its place."""

    word: str
    start: int
    end: int
    capital: bool
    opening: bool  # begins a sentence


class _Figure(NamedTuple):
    """A number at its place."""

    value: float
    start: int
    end: int
    before: int  # words before it


class _Word(NamedTuple):
    """What a word gives wherever it stands."""

    labels: tuple[str, ...]
    as_name: tuple[str, ...]
    sounds: str
    other: str
    month: int
    plain: str


@lru_cache(maxsize=400_000)
def _word(word: str, language: str) -> _Word:
    """What a word gives wherever it stands, and what it gives besides when written as a name."""
    whole, other = skeleton(word, language), alternative(word, language)
    labels = [f"s{whole[:length]}" for length in (3, 4, 5, 7) if len(whole) >= length]
    as_name = [f"s{other[:length]}" for length in (3, 4, 5, 7) if len(other) >= length]
    as_name += [f"s{reading[:2]}" for reading in (whole, other) if len(reading) >= 2]
    for reading in {coarse(whole), coarse(other)}:
        as_name += [f"z{reading[:length]}" for length in (2, 3, 4) if len(reading) >= length]
    folded = plain(word)
    return _Word(
        tuple(labels), tuple(as_name), whole, other, quantities.month_of(language, folded), folded
    )


def _read_words(written: str, language: str) -> Reading:
    seen: list[Seen] = []
    words: list[_Written] = []
    figures: list[_Figure] = []
    opening = True
    for match in _TOKEN.finditer(written):
        if match.lastgroup == "word":
            word = match.group()
            words.append(_Written(word, match.start(), match.end(), word[0].isupper(), opening))
            opening = False
        elif match.lastgroup == "number":
            value = quantities.value_of(match.group())
            figures.append(_Figure(value, match.start(), match.end(), len(words)))
            opening = False
        else:
            opening = True
    lead_ends = words[LEAD_WORDS][1] if len(words) > LEAD_WORDS else len(written)
    known = [_word(word[0], language) for word in words]
    covered = _see_concepts(seen, words, known, language)
    names = _see_words(seen, words, known, covered, lead_ends, _shouting(words, written))
    _see_figures(seen, figures, words, known, written)
    return Reading(written, lead_ends, len(words), seen, names)


def _see_concepts(
    seen: list[Seen], words: Sequence[_Written], known: Sequence[_Word], language: str
) -> set[int]:
    """Adds the concepts of the lexicon; which words they are made of."""
    covered: set[int] = set()
    capitals = [word[3] for word in words]
    for concept, rank, start, end in lexicon_of(language).find(
        [word.plain for word in known], capitals
    ):
        for label in _labels(concept):
            seen.append(Seen(label, _KIND_OF[rank], False, words[start][1], words[end - 1][2]))
        covered.update(range(start, end))
    return covered


@cache
def _labels(concept: str) -> tuple[str, ...]:
    """A concept's own label, and that of the wider one it is a part of (south_korea: korea)."""
    wider = concept.rpartition("_")[2]
    return (f"c{concept}", "ckorea") if wider == "korea" != concept else (f"c{concept}",)


def _figure(value: float) -> tuple[str, Kind]:
    """Small numbers are as often written in words: they are notions, and prove little."""
    if value in _NUMERALS:
        return f"c{_NUMERALS[int(value)]}", Kind.CONCEPT
    return f"n{quantities.shown(value)}", Kind.NUMBER


def _shouting(words: Sequence[_Written], written: str) -> tuple[int, bool]:
    """Where the title ends, and whether its words are capitalised for show."""
    title_ends = written.find("\n")
    title = [word for word in words if word[2] <= title_ends]
    long = [word for word in title if len(word[0]) > 3]
    return title_ends, len(long) > 3 and sum(word[3] for word in long) > 0.6 * len(long)


def _see_words(
    seen: list[Seen],
    words: Sequence[_Written],
    known: Sequence[_Word],
    covered: set[int],
    lead_ends: int,
    shouting: tuple[int, bool],
) -> list[Name]:
    """Adds the sounds of every word; the words written as names."""
    title_ends, for_show = shouting
    inside = {
        word
        for word, start, _, capital, opening in words
        if capital and not opening and not (for_show and start < title_ends)
    }
    names: list[Name] = []
    for at, (word, start, end, capital, _) in enumerate(words):
        info = known[at]
        name = capital and word in inside
        for label in info.labels:
            seen.append(Seen(label, Kind.SOUND, name, start, end))
        if not capital:
            continue
        for label in info.as_name:
            kind = Kind.SYLLABLE if label[0] == "z" else Kind.SOUND
            seen.append(Seen(label, kind, name, start, end))
        if at not in covered and info.sounds and len(word) > 2:
            lead, beginning = start < lead_ends, info.plain[:NAME_LETTERS]
            opening = not name or (
                len(word) <= 5 and word.isupper()
            )  # abbreviations are translated
            names.append(Name(info.sounds, beginning, lead, start, end, opening=opening))
            if info.other:
                names.append(
                    Name(info.other, beginning, lead, start, end, other=True, opening=opening)
                )
    return names


def _see_figures(
    seen: list[Seen],
    figures: Sequence[_Figure],
    words: Sequence[_Written],
    known: Sequence[_Word],
    written: str,
) -> None:
    """Adds numbers with their scales, and the days and months they make."""
    dates = quantities.written_dates(written)
    for date in dates:
        seen.append(Seen(f"d{date.value}", Kind.DATE, False, date.start, date.end))
    months = {at for at, word in enumerate(known) if word.month}
    for value, start, end, before in figures:
        if any(date.start <= start < date.end for date in dates):
            continue
        month = next((at for at in (before, before - 1) if at in months), None)
        if month is not None and 1 <= value <= 31 and value == int(value):
            label = f"d{known[month].month * 100 + int(value)}"
            seen.append(
                Seen(
                    label, Kind.DATE, False, min(start, words[month][1]), max(end, words[month][2])
                )
            )
            continue
        scale = (
            quantities.scale_of(known[before].plain)
            if before < len(known) and words[before][1] - end < 3
            else 1
        )
        seen.append(Seen(*_figure(value * scale), False, start, end))
    for at in months:
        seen.append(Seen(f"m{known[at].month}", Kind.CONCEPT, False, words[at][1], words[at][2]))


def _read_chinese(written: str) -> Reading:
    seen: list[Seen] = []
    masked = list(written)
    for concept, rank, start, end in ideographs_of().find(written):
        for label in _labels(concept):
            seen.append(Seen(label, _KIND_OF[rank], False, start, end))
        masked[start:end] = " " * (end - start)
    dates = quantities.written_dates(written)
    for date in dates:
        kind, label = (
            (Kind.DATE, f"d{date.value}")
            if not date.value.endswith("00")
            else (Kind.CONCEPT, f"m{int(date.value) // 100}")
        )
        seen.append(Seen(label, kind, False, date.start, date.end))
    for match in quantities.NUMBER.finditer(written):
        if not any(date.start <= match.start() < date.end for date in dates):
            value = quantities.value_of(match.group()) * quantities.asian_scale(
                written, match.end()
            )
            seen.append(Seen(*_figure(value), False, match.start(), match.end()))
    names = _see_syllables(seen, "".join(masked), written)
    _see_latin(seen, names, written)
    return Reading(written, LEAD_IDEOGRAPHS, len(written) * 3 // 5, seen, names)


def _see_syllables(seen: list[Seen], masked: str, written: str) -> list[Name]:
    """Adds runs of name syllables in what the lexicon left over; the names they are."""
    names = []
    for start, run in runs(masked):
        end = start + len(run)
        for skipped in range(min(len(run) - 1, 3)):
            rest = coarse(sounds(run[skipped:]))
            for length in (2, 3, 4):
                if len(rest) >= length:
                    label = f"z{rest[:length]}"
                    seen.append(Seen(label, Kind.SYLLABLE, True, start + skipped, end))
        if len(run) >= 3:
            whole = len(run) > 3 or "·" in written[max(start - 1, 0) : end + 1]
            lead, heard = start < LEAD_IDEOGRAPHS, coarse(sounds(run))
            names.append(Name(heard, run, lead, start, end, chinese=True, opening=not whole))
    return names


def _see_latin(seen: list[Seen], names: list[Name], written: str) -> None:
    """Words in Latin letters within Chinese: names left as they were."""
    for match in re.finditer(r"[A-Za-zÀ-ž]{2,}", written):
        word, start, end = match.group(), match.start(), match.end()
        info = _word(word, "en")
        for label in info.labels:
            seen.append(Seen(label, Kind.SOUND, word[0].isupper(), start, end))
        if word[0].isupper() and not word.isupper() and info.sounds:
            for label in info.as_name:
                kind = Kind.SYLLABLE if label[0] == "z" else Kind.SOUND
                seen.append(Seen(label, kind, True, start, end))
            names.append(
                Name(info.sounds, info.plain[:NAME_LETTERS], start < LEAD_IDEOGRAPHS, start, end)
            )


_NUMBER_OF = {sound: number for number, sound in enumerate(CLASSES, 1)}
CHINESE, OTHER, LEADING, OPENING = 1 << 48, 1 << 49, 1 << 50, 1 << 51
COUNT_AT = 52


def _distinct_names(names: list[Name]) -> dict[int, int]:
    """Each name once, as 12 sounds of four bits, flags, and how often it occurs; and its word's id."""
    counted: dict[int, int] = {}
    flags: dict[int, int] = {}
    features: dict[int, int] = {}
    for name in names:
        bits = 0
        for place, sound in enumerate(name.sounds[:12]):
            bits |= _NUMBER_OF[sound] << (4 * place)
        bits |= (CHINESE if name.chinese else 0) | (OTHER if name.other else 0)
        counted[bits] = counted.get(bits, 0) + 1
        now = (LEADING if name.lead else 0) | (OPENING if name.opening else 0)
        flags[bits] = (flags[bits] | now & LEADING) & (now | ~OPENING) if bits in flags else now
        features.setdefault(bits, crc32(f"w{name.word}".encode()))
    return {
        bits | flags[bits] | min(count, 15) << COUNT_AT: features[bits]
        for bits, count in list(counted.items())[:MOST_NAMES]
    }
