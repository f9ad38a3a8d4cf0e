"""What each character is to the reader of words: a letter, a digit, the end of a sentence …; and its folded form.

Folding makes one word of a headline in capitals and the same in small letters: case is folded, and what
capitals are written without is taken off: the accents of Greek and of Latin letters (ΕΝΕΡΓΕΙΑ, ενέργεια;
ETAT, État), the dot that parts Turkish İ and I from ı and i, the points of ё. Letters that only look
accented keep their mark (й, ї), and so do Vietnamese tones.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit

MAX_CHARACTERS = 48_000  # of one text; what comes later is not compared

(
    SEPARATOR,
    LOWER,
    UPPER,
    DOUBLE,  # a letter that stands for two: ß
    DIGIT,
    IDEOGRAPH,
    APOSTROPHE,
    SYMBOL,
    END,  # of a sentence, a line or a cell of a table
    NOTHING,
) = range(10)
SILENT = (SEPARATOR, APOSTROPHE, END, NOTHING)  # no token begins with one of these
BMP = 0x10000
_APOSTROPHES, _ENDS, _SYMBOLS, _DOUBLES = "'’‘ʻʼ`", ".!?\n\t|。！？…।؟", "$€£¥%°", "ßẞ"
_VIETNAMESE = range(0x1EA0, 0x1F00)

# Blocks of characters of one class and one form each: asked one by one they take half of the start.
_ALIKE = (
    (0x3400, 0x4DC0, IDEOGRAPH),
    (0x4E00, 0xA000, IDEOGRAPH),
    (0xAC00, 0xD7A4, LOWER),  # Hangul syllables
    (0xD800, 0xF900, SEPARATOR),  # surrogates, private use
)


class Alphabet(NamedTuple):
    """By the code of a character of the basic plane, shape (65536,) each."""

    classes: NDArray[np.uint8]
    folded: NDArray[np.uint16]


def codepoints(text: str) -> Hashes:
    """The first `MAX_CHARACTERS` of a text as numbers, shape (characters,)."""
    encoding = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
    return np.frombuffer(text[:MAX_CHARACTERS].encode(encoding, "replace"), dtype=np.uint32)


@cache
def alphabet() -> Alphabet:
    """The class and the folded form of each character."""
    classes = np.full(BMP, SEPARATOR, dtype=np.uint8)
    folded = np.arange(BMP, dtype=np.uint16)
    one_by_one = np.ones(BMP, dtype=np.bool_)
    for start, end, kind in _ALIKE:
        classes[start:end] = kind
        one_by_one[start:end] = False
    for code in np.flatnonzero(one_by_one).tolist():
        classes[code], folded[code] = _class_of(chr(code)), ord(_fold(chr(code)))
    return Alphabet(classes, folded)


def _class_of(character: str) -> int:
    for marks, kind in (
        (_APOSTROPHES, APOSTROPHE),
        (_ENDS, END),
        (_SYMBOLS, SYMBOL),
        (_DOUBLES, DOUBLE),
    ):
        if character in marks:
            return kind
    category = unicodedata.category(character)
    if _without_spaces(ord(character)) and category[0] in "LM":
        return IDEOGRAPH
    if category[0] == "L":
        return UPPER if character != character.lower() else LOWER
    return {"Nd": DIGIT, "Mn": NOTHING, "Cf": NOTHING}.get(category, SEPARATOR)


def _without_spaces(code: int) -> bool:
    """Whether the script writes words together: Thai, Lao, Myanmar, Khmer, Han, Kana."""
    return (
        0x0E00 <= code < 0x0F00
        or 0x1000 <= code < 0x10A0
        or 0x1780 <= code < 0x1800
        or 0x3040 <= code < 0xA000
        or 0xF900 <= code < 0xFB00
    )


def _fold(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    if character in "ёЁ":
        return "е"
    if character in _DOUBLES:
        return "s"
    folded = _unaccented(character).casefold()
    folded = "i" if folded == "ı" else folded
    return folded if len(folded) == 1 and ord(folded) < BMP else character


def _unaccented(character: str) -> str:
    """A Greek or Latin letter without its accents."""
    if ord(character) in _VIETNAMESE:
        return character
    base = unicodedata.normalize("NFD", character)[0]
    is_accented = base != character and unicodedata.name(base, "").startswith(("LATIN", "GREEK"))
    return base if is_accented else character


@jit
def class_at(codes: Hashes, classes: NDArray[np.uint8], at: int) -> int:
    """The class of the character at a place; behind the last one a sentence ends."""
    if at >= codes.size:
        return END
    if codes[at] < BMP:
        return int(classes[codes[at]])
    return IDEOGRAPH if codes[at] >= 0x20000 else SEPARATOR


@jit
def is_letter(codes: Hashes, classes: NDArray[np.uint8], at: int) -> bool:
    """Whether a letter of a script with spaces stands at a place."""
    return class_at(codes, classes, at) in (LOWER, UPPER, DOUBLE)


@jit
def is_digit(codes: Hashes, classes: NDArray[np.uint8], at: int) -> bool:
    """Whether a digit stands at a place."""
    return class_at(codes, classes, at) == DIGIT


@jit
def is_space(codes: Hashes, at: int) -> bool:
    """Whether a space stands at a place: a plain, a hard, a thin or a narrow one."""
    return at < codes.size and codes[at] in (0x20, 0xA0, 0x2009, 0x202F)
