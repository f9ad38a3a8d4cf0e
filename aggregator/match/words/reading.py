"""The word, number or symbol that begins at one place of a text, as a token; nothing of a language is known here.

Initials are joined (U.S., p.m.), a possessive 's is dropped, apostrophes within a word do not count.
Digit groups are joined (5,988 · 46 254 · 1.001.430), a decimal comma is a point. Scripts without
spaces give one token for each pair of neighbouring characters.
"""

from __future__ import annotations

import numpy as np

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.characters import (
    APOSTROPHE,
    BMP,
    DIGIT,
    DOUBLE,
    END,
    IDEOGRAPH,
    LOWER,
    NOTHING,
    SYMBOL,
    UPPER,
    Alphabet,
    class_at,
    is_digit,
    is_letter,
)
from aggregator.match.words.quantities import SIGNIFICANT_DIGITS, quantity
from aggregator.match.words.token_bits import (
    NAME,
    STEM_BITS,
    STEM_SHIFT,
    WORD,
    WORD_BITS,
    WORD_SHIFT,
)

_STEM_LETTERS = 4
_GROUP_MARKS = (0x2C, 0x2E, 0x20, 0xA0, 0x2009, 0x202F, 0x27, 0x2019)
_COMMA, _POINT = 0x2C, 0x2E


@jit
def read(codes: Hashes, letters: Alphabet, at: int, kind: int) -> tuple[int, np.uint32]:
    """Where the word, the number or the symbol at `at` ends, and its token; `kind` is its character's class.

    A word is a NAME when it begins with a capital, else a WORD.
    """
    if kind == DIGIT:
        return read_number(codes, letters, at)
    if kind in (IDEOGRAPH, SYMBOL):
        value = absorb(np.uint64(13), codes[at])
        if kind == IDEOGRAPH and class_at(codes, letters.classes, at + 1) == IDEOGRAPH:
            value = absorb(value, codes[at + 1])
        return at + 1, word_token(value, value >> np.uint64(14), WORD)
    end, head, value = read_word(codes, letters, at)
    return end, word_token(head, value, NAME if kind == UPPER else WORD)


@jit
def word_token(head: np.uint64, value: np.uint64, kind: int) -> np.uint32:
    """The token of a word by the hash of its first letters and of the whole."""
    stem = head & np.uint64((1 << STEM_BITS) - 1)
    word = value & np.uint64((1 << WORD_BITS) - 1)
    packed = (stem << np.uint64(STEM_SHIFT)) | (word << np.uint64(WORD_SHIFT))
    return np.uint32(packed | np.uint64(kind))


@jit
def absorb(value: np.uint64, code: int) -> np.uint64:
    """A hash with one character or number more."""
    value = value * np.uint64(31) + np.uint64(code) + np.uint64(1)
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return value ^ (value >> np.uint64(29))


# ------------------------------------------------------------------------------------------- words


@jit
def read_word(codes: Hashes, letters: Alphabet, start: int) -> tuple[int, np.uint64, np.uint64]:
    """Where the word at `start` ends, the hash of its first four letters, and of the whole."""
    classes, folded = letters
    value = head = np.uint64(11)
    at, count, since_point = start, 0, 0
    while True:
        while at < codes.size and codes[at] < BMP and classes[codes[at]] in (LOWER, UPPER):
            value = absorb(value, folded[codes[at]])
            count += 1
            since_point += 1
            head = value if count <= _STEM_LETTERS else head
            at += 1
        kind = class_at(codes, letters.classes, at)
        if kind == DOUBLE:
            value = absorb(absorb(value, letters.folded[codes[at]]), letters.folded[codes[at]])
            count += 2
            since_point += 2
            head = value if count <= _STEM_LETTERS else head
        elif kind == APOSTROPHE and is_letter(codes, letters.classes, at + 1):
            if _is_possessive(codes, letters, at):
                return at + 2, head, value
        elif kind == END and at < codes.size and _joins_initials(codes, letters, at, since_point):
            since_point = 0
        elif kind != NOTHING:
            break
        at += 1
    abbreviated = since_point == 1 and count > 1 and at < codes.size and codes[at] == _POINT
    return at + (1 if abbreviated else 0), head, value


@jit
def _joins_initials(codes: Hashes, letters: Alphabet, point: int, count: int) -> bool:
    """Whether the point stands between single letters, as in U.S. and p.m."""
    return (
        count == 1
        and codes[point] == _POINT
        and is_letter(codes, letters.classes, point + 1)
        and not is_letter(codes, letters.classes, point + 2)
    )


@jit
def _is_possessive(codes: Hashes, letters: Alphabet, apostrophe: int) -> bool:
    after = apostrophe + 1
    return codes[after] in (0x53, 0x73) and not is_letter(codes, letters.classes, after + 1)


# ----------------------------------------------------------------------------------------- numbers


@jit
def read_number(codes: Hashes, letters: Alphabet, start: int) -> tuple[int, np.uint32]:
    """Where the number at `start` ends, and its token: its value, in which group marks do not count."""
    at, digits, in_group, decimals = start, 0, 0, -1
    significand, power = 0, 0
    while True:
        if is_digit(codes, letters.classes, at):
            if digits < SIGNIFICANT_DIGITS:
                significand = significand * 10 + letters.folded[codes[at]] - 0x30
                digits += significand > 0
                power -= decimals >= 0
            else:
                power += decimals < 0
            in_group += 1
        elif not is_digit(codes, letters.classes, at + 1) or decimals >= 0:
            return at, quantity(significand, power)
        elif codes[at] in _GROUP_MARKS and _joins_groups(codes, letters, at, in_group):
            in_group = 0
        elif codes[at] in (_COMMA, _POINT):
            decimals = 0
        else:
            return at, quantity(significand, power)
        at += 1


@jit
def _joins_groups(codes: Hashes, letters: Alphabet, mark: int, digits: int) -> bool:
    """Whether the mark groups digits: one to three of them before it, exactly three behind.

    A lone point does not (91.666), one of two or more does (1.001.430).
    """
    if digits > 3 or not _is_group(codes, letters, mark + 1):
        return False
    if codes[mark] != _POINT:
        return True
    ahead = mark + 4 < codes.size and codes[mark + 4] == _POINT
    behind = mark >= 4 and codes[mark - 4] == _POINT
    return (ahead and _is_group(codes, letters, mark + 5)) or behind


@jit
def _is_group(codes: Hashes, letters: Alphabet, at: int) -> bool:
    """Whether exactly three digits stand at `at`."""
    for i in range(at, at + 3):
        if not is_digit(codes, letters.classes, i):
            return False
    return not is_digit(codes, letters.classes, at + 3)
