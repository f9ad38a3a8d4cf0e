r"""What a word gives wherever it stands, worked out once: flat tables that compiled code reads.

    word -- key --> number --> pool: skeletons | as a name | coarse | phrases it begins | patterns it fits
                          \--> packed skeletons, month, scale, how it is written

Most words of news recur; a word costs some 200 bytes and no Python object. A language that has shown
`REMEMBERED_WORDS` begins anew.

For who changes this: `Vocabulary.take` works out in Python, once for each new word, all that depends on
the language; compiled code then only reads arrays by the word's number. A new property of words is a new
column of `Words`, filled in `take` and allocated in `_empty`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.match.crosslang.names import skeletons
from aggregator.match.crosslang.numbers import month_of, scale_of
from aggregator.match.crosslang.packed import (
    SECOND,
    SOUND_BITS,
    SOUND_NUMBERS,
    SOUNDS,
    FeatureKind,
    feature_id,
)
from aggregator.match.crosslang.patterns import Patterns
from aggregator.match.crosslang.territories import lexicon_of
from aggregator.match.jit import Hashes, Places, jit
from aggregator.match.lexicon import (
    SHORT,
    Lexicon,
    Phrase,
    Rank,
    plain,
)

NAME_LETTERS = 6  # of a word tell one name from another: endings come later
LONGEST_WORD = 40  # letters; what is longer is no word
LONGEST_ABBREVIATION = 5  # letters; abbreviations are translated, not written by sound
REMEMBERED_WORDS = 100_000  # of one language
KIND_OF = {
    Rank.NOTION: FeatureKind.CONCEPT,
    Rank.NAMED: FeatureKind.NAMED,
    Rank.COUNTRY: FeatureKind.COUNTRY,
    Rank.ACT: FeatureKind.ACT,
}

PREFIXES = (3, 4, 5, 7)  # consonants
COARSE_PREFIXES = (2, 3, 4)
MOST_FEATURES = 2 * len(PREFIXES) + 2 + 2 * len(COARSE_PREFIXES)  # of a word
_SIZES, _COARSE_SIZES = (sum(1 << size for size in sizes) for sizes in (PREFIXES, COARSE_PREFIXES))
_TWO = 1 << 2
_SOUND, _SYLLABLE = ord("s"), ord("z")  # what the labels of features begin with
_A, _L, _M, _N, _R = (ord(sound) for sound in "ALMNR")
_NUMBER_OF = np.zeros(128, dtype=np.uint8)
for _sound, _number in SOUND_NUMBERS.items():
    _NUMBER_OF[ord(_sound)] = _number

# How a word is written: large; large throughout and short; of one or two letters; of four or more.
CAPITAL, ABBREVIATION, TINY, LONG = 1, 2, 4, 8
# The columns of `Words.bounds`: where the features of a word begin, those of one written large, the coarse
# ones, and their end; then where the phrases it begins are, the patterns it fits, and their end.
SKELETONS_AT, AS_NAME_AT, COARSE_AT, SKELETONS_END, PHRASES_AT, PATTERNS_AT, PATTERNS_END = range(7)

Keys = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Bytes = NDArray[np.uint8]


class Words(NamedTuple):
    """The table of a language's words. `keys` and `numbers` are its slots; the rest go by number."""

    keys: Keys  # 0: free
    numbers: Numbers
    pool: Hashes  # features
    links: Numbers  # phrases, patterns
    bounds: Numbers
    sounds: Keys  # packed: of both skeletons, 0 for none
    beginnings: Hashes
    own: Keys
    small: Keys  # the key of the word written small: its own, unless it is large
    written: Bytes
    months: Bytes
    scales: NDArray[np.float64]
    met: Bytes  # all 0 between texts


class Phrases(NamedTuple):
    """The table of a language's phrases: in the pool the patterns after the first, then the features."""

    pool: Hashes
    bounds: Numbers
    sizes: Numbers  # in words
    kinds: Bytes
    large: NDArray[np.bool_]  # found only where written large


@cache
def concept_features(name: str) -> tuple[int, ...]:
    """A concept's own feature, and that of the wider one it is a part of (south_korea: korea)."""
    wider = name.rpartition("_")[2]
    own = feature_id(f"c{name}")
    return (own, feature_id("ckorea")) if wider == "korea" != name else (own,)


def codepoints(text: str) -> Hashes:
    """The characters of a text as numbers."""
    encoding = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
    return np.frombuffer(text.encode(encoding, "surrogatepass"), dtype=np.uint32)


class Vocabulary:
    """The words of one language that were met, and the phrases of its lexicon."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._patterns = Patterns()
        self.phrases = self._learn(lexicon_of(language))
        self.clear()

    def clear(self) -> None:
        """Forgets the words."""
        self._count = self._pooled = self._linked = 0
        self.words = _empty(1 << 12)

    def make_room(self, words: int) -> None:
        """Before a text of so many words: numbers given after it hold until it is called again."""
        if self._count + words > REMEMBERED_WORDS:
            self.clear()

    def take(self, words: Sequence[str]) -> None:
        """Takes in words that are not known yet, each once, as they are written."""
        language, first = self._language, self._count
        small = [word.casefold() for word in words]
        folded = [plain(word) for word in small]
        heard = [sound for word in small for sound in skeletons(word, language)]
        links = [self._patterns.fitting(word) for word in folded]
        self._enlarge(len(words), sum(len(begun) + len(fitted) for begun, fitted in links))
        table, rows = self.words, slice(first, first + len(words))
        table.written[rows] = [_written(word) for word in words]
        table.beginnings[rows] = [crc32(f"w{word[:NAME_LETTERS]}".encode()) for word in folded]
        table.months[rows] = [month_of(language, word) for word in folded]
        table.scales[rows] = [scale_of(word) for word in folded]
        table.own[rows], table.small[rows] = _keys(words), _keys(small)
        for row, (begun, fitted) in enumerate(links, first):
            starts, middle = self._linked, self._linked + len(begun)
            self._linked = middle + len(fitted)
            table.links[starts : self._linked] = begun + fitted
            table.bounds[row, PHRASES_AT:] = starts, middle, self._linked
        letters = np.array(heard, dtype=f"S{SOUNDS}").view(np.uint8).reshape(-1, 2, SOUNDS)
        self._pooled = _fill(letters, first, self._pooled, table, crc_table())
        self._count += len(words)

    def _enlarge(self, words: int, links: int) -> None:
        """Makes room for so many more."""
        table = self.words
        rows = len(table.written)
        if self._count + words > rows:
            rows = 1 << (self._count + words - 1).bit_length()
            table = _empty(rows)
            for before, after in zip(_columns(self.words), _columns(table), strict=True):
                after[: len(before)] = before
            _place(0, self._count, table)
        while self._linked + links > len(table.links):
            table = table._replace(links=np.resize(table.links, 2 * len(table.links)))
        self.words = table

    def _learn(self, lexicon: Lexicon) -> Phrases:
        """The phrases of a lexicon in the order in which those of one first word are tried."""
        pool: list[int] = []
        rows: list[tuple[int, int, int]] = []
        phrases: list[Phrase] = []
        patterns = self._patterns
        for table, stem in ((lexicon.whole, False), (lexicon.stems, True)):
            for pattern, those in table.items():
                patterns.begin(pattern, stem, range(len(phrases), len(phrases) + len(those)))
                phrases += those
        for phrase in phrases:
            starts = len(pool)
            pool += [patterns.number(*pattern) for pattern in phrase.words[1:]]
            middle = len(pool)
            pool += concept_features(phrase.concept)
            rows.append((starts, middle, len(pool)))
        patterns.finish([len(phrase.words) for phrase in phrases])
        return Phrases(
            pool=np.array(pool, dtype=np.uint32),
            bounds=np.array(rows, dtype=np.int32).reshape(-1, 3),
            sizes=np.array([len(phrase.words) for phrase in phrases], dtype=np.int32),
            kinds=np.array([KIND_OF[phrase.rank] for phrase in phrases], dtype=np.uint8),
            large=np.array(
                [p.rank.is_name and len(p.words[0][0]) <= SHORT for p in phrases], dtype=np.bool_
            ),
        )


def _written(word: str) -> int:
    how = (LONG if len(word) > 3 else 0) | (TINY if len(word) <= 2 else 0)
    if word[0].isupper():
        how |= CAPITAL
        how |= ABBREVIATION if len(word) <= LONGEST_ABBREVIATION and word.isupper() else 0
    return how


def _empty(rows: int) -> Words:
    return Words(
        keys=np.zeros(4 * rows, dtype=np.uint64),
        numbers=np.zeros(4 * rows, dtype=np.int32),
        pool=np.empty(MOST_FEATURES * rows, dtype=np.uint32),
        links=np.empty(4 * rows, dtype=np.int32),
        bounds=np.zeros((rows, PATTERNS_END + 1), dtype=np.int32),
        sounds=np.zeros((rows, 2), dtype=np.uint64),
        beginnings=np.zeros(rows, dtype=np.uint32),
        own=np.zeros(rows, dtype=np.uint64),
        small=np.zeros(rows, dtype=np.uint64),
        written=np.zeros(rows, dtype=np.uint8),
        months=np.zeros(rows, dtype=np.uint8),
        scales=np.ones(rows, dtype=np.float64),
        met=np.zeros(rows, dtype=np.uint8),
    )


def _columns(words: Words) -> tuple[NDArray[Any], ...]:
    """All but the slots."""
    return words[2:]


def _keys(words: Sequence[str]) -> Keys:
    return _keys_of(codepoints("".join(words)), np.array([len(word) for word in words]))


# --------------------------------------------------------------------------- compiled: keys and slots


@jit
def key_of(codes: Hashes, start: int, end: int) -> np.uint64:
    """The key of a word: a hash of its characters, never 0."""
    key = np.uint64(0xCBF29CE484222325)
    for at in range(start, end):
        key = (key ^ np.uint64(codes[at])) * np.uint64(0x100000001B3)
    key = (key ^ (key >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    return key | np.uint64(1)


@jit
def _keys_of(codes: Hashes, sizes: Places) -> Keys:
    keys = np.empty(len(sizes), dtype=np.uint64)
    start = 0
    for i in range(len(sizes)):
        keys[i] = key_of(codes, start, start + sizes[i])
        start += sizes[i]
    return keys


@jit
def _slot(key: np.uint64, keys: Keys) -> int:
    mask = np.uint64(len(keys) - 1)
    at = (key >> np.uint64(24)) & mask
    while keys[at] != 0 and keys[at] != key:
        at = (at + np.uint64(1)) & mask
    return int(at)


@jit
def find(key: np.uint64, keys: Keys, numbers: Numbers) -> int:
    """The number of the word with a key, or -1."""
    at = _slot(key, keys)
    return int(numbers[at]) if keys[at] else -1


@jit
def _place(first: int, end: int, table: Words) -> None:
    """Gives the words of these numbers their slots, of which no more than a quarter are taken."""
    for number in range(first, end):
        at = _slot(table.own[number], table.keys)
        table.keys[at], table.numbers[at] = table.own[number], number


# ------------------------------------------------------------------------------- compiled: features


@cache
def crc_table() -> Hashes:
    """What a byte adds to a CRC-32, as `zlib.crc32` has it: for all but the first step of `feature`."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0xEDB88320), table >> 1)
    return table.astype(np.uint32)


@jit
def _prefixes(sort: int, letters: Bytes, sizes: int, pool: Hashes, at: int, crc: Hashes) -> int:
    """Puts the features of a skeleton's beginnings into the pool; `sizes` has a bit for each. Where they end."""
    value = np.uint32(0xFFFFFFFF)
    value = crc[(value ^ np.uint32(sort)) & np.uint32(0xFF)] ^ (value >> np.uint32(8))
    for size in range(len(letters)):
        if letters[size] == 0:
            break
        value = crc[(value ^ letters[size]) & np.uint32(0xFF)] ^ (value >> np.uint32(8))
        if sizes >> (size + 1) & 1:
            pool[at] = ~value
            at += 1
    return at


@jit
def _sort_once(pool: Hashes, start: int, end: int) -> int:
    """Sorts a few features in place, each once; where they end."""
    kept = start
    for i in range(start, end):
        value, at = pool[i], kept
        while at > start and pool[at - 1] > value:
            at -= 1
        if at > start and pool[at - 1] == value:
            continue
        for j in range(kept, at, -1):
            pool[j] = pool[j - 1]
        pool[at] = value
        kept += 1
    return kept


@jit
def _coarse(letters: Bytes) -> Bytes:
    """A skeleton as `names.coarse` has it."""
    folded = np.zeros_like(letters)
    size = 0
    for letter in letters:
        sound = _L if letter == _R else _N if letter == _M else letter
        if (sound == _A and size == 0) or (size and folded[size - 1] == sound):
            continue
        folded[size] = sound
        size += 1
    return folded


@jit
def _packed(letters: Bytes) -> np.uint64:
    """A skeleton as `packed.pack_sounds` has it."""
    packed = np.uint64(0)
    for i in range(len(letters)):
        if letters[i]:
            packed |= np.uint64(_NUMBER_OF[letters[i]]) << np.uint64(SOUND_BITS * i)
    return packed


@jit
def _fill(letters: NDArray[np.uint8], first: int, at: int, table: Words, crc: Hashes) -> int:
    """Gives new words their slots and features, from both skeletons of each; where the pool ends."""
    for i in range(len(letters)):
        whole, other, pool, bounds = (
            letters[i, 0],
            letters[i, 1],
            table.pool,
            table.bounds[first + i],
        )
        bounds[SKELETONS_AT] = at
        at = _prefixes(_SOUND, whole, _SIZES, pool, at, crc)
        bounds[AS_NAME_AT] = at
        at = _prefixes(_SOUND, other, _SIZES, pool, at, crc)
        at = _prefixes(_SOUND, whole, _TWO, pool, at, crc)
        at = _prefixes(_SOUND, other, _TWO, pool, at, crc)
        bounds[COARSE_AT] = at
        at = _prefixes(_SYLLABLE, _coarse(whole), _COARSE_SIZES, pool, at, crc)
        at = _prefixes(_SYLLABLE, _coarse(other), _COARSE_SIZES, pool, at, crc)
        at = _sort_once(pool, bounds[COARSE_AT], at)
        bounds[SKELETONS_END] = at
        table.sounds[first + i, 0] = _packed(whole)
        table.sounds[first + i, 1] = _packed(other) | (
            np.uint64(SECOND) if other[0] else np.uint64(0)
        )
    _place(first, first + len(letters), table)
    return at
