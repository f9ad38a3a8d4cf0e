"""Words, numbers and names of a text as 32-bit tokens, in one compiled pass over its characters.

    | 14 bits: the word's first four letters | 16 bits: the whole word | 2 bits: its kind |

Two tokens are the same word when they are equal but for the kind (`token_bits.word_of`), and forms of
one name when their first letters are (`stem_of`): Fajon and Fajona, Путин and Путину. Case and ё are
folded, accents within a letter kept. Digit groups are joined (5,988 · 46 254 · 1.001.430), a
decimal comma becomes a point, initials are joined (U.S.), a possessive 's is dropped. Scripts
without spaces give one token for each pair of neighbouring characters. Small numerals and units
have one form whichever way they are written (mln, million, млн; pct, %, процентов).

For who changes this: signatures and features that are stored were made from these tokens, so any change
of a token's value asks for a new scheme (`minhash`). The compiled loop knows characters by the two tables
of `_alphabet` and words by that of `_forms`; what depends on a language comes from its file.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.languages import languages
from aggregator.match.jit import Hashes, jit
from aggregator.match.words.token_bits import STEM_BITS, STEM_SHIFT, WORD_BITS, WORD_SHIFT, word_of

WORD, NUMBER, NAME, OPENING = 0, 1, 2, 3  # OPENING: a capitalised word that begins a sentence
Offsets = NDArray[np.int32]
MAX_CHARACTERS = 48_000  # of one text; what comes later is not compared

_SEPARATOR, _LOWER, _UPPER, _DIGIT, _IDEOGRAPH, _APOSTROPHE, _SYMBOL, _END, _NOTHING = range(9)
_BMP = 0x10000
_APOSTROPHES, _ENDS, _SYMBOLS = "'’‘ʻʼ`", ".!?\n。！？…।؟", "$€£¥%°"

# Blocks of characters of one class and one form each: asked one by one they take half of the start.
_ALIKE = (
    (0x3400, 0x4DC0, _IDEOGRAPH),
    (0x4E00, 0xA000, _IDEOGRAPH),
    (0xAC00, 0xD7A4, _LOWER),  # Hangul syllables
    (0xD800, 0xF900, _SEPARATOR),  # surrogates, private use
)


class Tokens(NamedTuple):
    """The tokens of a text, with where each begins and ends in it (characters)."""

    values: Hashes
    starts: Offsets
    ends: Offsets

    def head(self, count: int) -> Tokens:
        """The first `count` of them."""
        return Tokens(self.values[:count], self.starts[:count], self.ends[:count])


def tokenise(text: str) -> Tokens:
    """The tokens of the first `MAX_CHARACTERS` of a text (NFKC is the caller's)."""
    classes, folded = _alphabet()
    written, one_form = _forms()
    return Tokens(*_scan(_codepoints(text), classes, folded, written, one_form))


def _codepoints(text: str) -> Hashes:
    encoding = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
    return np.frombuffer(text[:MAX_CHARACTERS].encode(encoding, "replace"), dtype=np.uint32)


@cache
def _alphabet() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """For each character of the basic plane: its class, and its folded form."""
    classes = np.full(_BMP, _SEPARATOR, dtype=np.uint8)
    folded = np.arange(_BMP, dtype=np.uint16)
    for start, end, kind in _ALIKE:
        classes[start:end] = kind
    one_by_one = np.ones(_BMP, dtype=np.bool_)
    for start, end, _ in _ALIKE:
        one_by_one[start:end] = False
    for code in np.flatnonzero(one_by_one).tolist():
        classes[code], folded[code] = _class_of(chr(code)), ord(_fold(chr(code)))
    return classes, folded


def _class_of(character: str) -> int:
    for marks, kind in ((_APOSTROPHES, _APOSTROPHE), (_ENDS, _END), (_SYMBOLS, _SYMBOL)):
        if character in marks:
            return kind
    category = unicodedata.category(character)
    if _without_spaces(ord(character)) and category[0] in "LM":
        return _IDEOGRAPH
    if category[0] == "L":
        return _UPPER if character != character.lower() else _LOWER
    return {"Nd": _DIGIT, "Mn": _NOTHING, "Cf": _NOTHING}.get(category, _SEPARATOR)


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
    folded = "е" if character in "ёЁ" else character.casefold()
    if unicodedata.category(character) == "Nd":
        folded = str(unicodedata.digit(character))
    return folded if len(folded) == 1 and ord(folded) < _BMP else character


@cache
def _forms() -> tuple[Hashes, Hashes]:
    """A table of words that have another form, each with the whole token that stands for it.

    Open addressing by the lowest bits of the word, which are those of its hash; 0 is a free place.
    """
    forms = _one_forms() | _calendar()
    slots = 1 << (2 * len(forms)).bit_length()  # at most half of them are taken
    written, one_form = np.zeros(slots, dtype=np.uint32), np.zeros(slots, dtype=np.uint32)
    for word, form in forms.items():
        slot = word % slots
        while written[slot]:
            slot = (slot + 1) % slots
        written[slot], one_form[slot] = word, form
    return written, one_form


def _one_forms() -> dict[int, int]:
    """Units and small numerals: the one token for each way of writing them, in any language."""
    forms: dict[int, int] = {}
    for language in languages().values():
        for one, others in language.equivalents.items():
            values = _plain_tokens(f"{one} {' '.join(others)}")
            forms |= {value >> WORD_SHIFT: values[0] for value in values[1:]}
    return forms


def _calendar() -> dict[int, int]:
    """Months and weekdays as names, as English writes them: in every language they are facts."""
    words = [word for language in languages().values() for word in language.calendar()]
    return {value >> WORD_SHIFT: value | NAME for value in _plain_tokens(" ".join(words))}


def _plain_tokens(text: str) -> list[int]:
    """The tokens of a text, none of which has another form."""
    none = np.zeros(1, dtype=np.uint32)
    return [int(value) for value in _scan(_codepoints(text), *_alphabet(), none, none)[0]]


@jit
def _mix(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return value ^ (value >> np.uint64(29))


@jit
def _absorb(value: np.uint64, code: int) -> np.uint64:
    return _mix(value * np.uint64(31) + np.uint64(code) + np.uint64(1))


@jit
def _class_at(codes: Hashes, classes: NDArray[np.uint8], at: int) -> int:
    if at >= codes.size:
        return _END
    if codes[at] < _BMP:
        return int(classes[codes[at]])
    return _IDEOGRAPH if codes[at] >= 0x20000 else _SEPARATOR


@jit
def _is_group(codes: Hashes, classes: NDArray[np.uint8], at: int) -> bool:
    """Whether exactly three digits stand at `at`."""
    for i in range(at, at + 3):
        if _class_at(codes, classes, i) != _DIGIT:
            return False
    return _class_at(codes, classes, at + 3) != _DIGIT


@jit
def _joins_groups(codes: Hashes, classes: NDArray[np.uint8], mark: int, digits: int) -> bool:
    """Whether the mark groups digits: one to three of them before it, exactly three behind.

    A lone point does not (91.666), one of two or more does (1.001.430).
    """
    if digits > 3 or not _is_group(codes, classes, mark + 1):
        return False
    if codes[mark] != 0x2E:
        return True
    ahead = mark + 4 < codes.size and codes[mark + 4] == 0x2E
    behind = mark >= 4 and codes[mark - 4] == 0x2E
    return (ahead and _is_group(codes, classes, mark + 5)) or behind


@jit
def _number(
    codes: Hashes, classes: NDArray[np.uint8], folded: NDArray[np.uint16], start: int
) -> tuple[int, np.uint64]:
    """Where the number at `start` ends, and its hash, in which group marks do not count."""
    value, at, digits = np.uint64(7), start, 0
    while True:
        if _class_at(codes, classes, at) == _DIGIT:
            value = _absorb(value, folded[codes[at]])
            digits += 1
        elif _class_at(codes, classes, at + 1) != _DIGIT:
            return at, value
        elif codes[at] in (0x2C, 0x2E, 0x20, 0xA0, 0x2009, 0x202F, 0x27, 0x2019) and _joins_groups(
            codes, classes, at, digits
        ):
            digits = 0
        elif codes[at] in (0x2C, 0x2E) and digits < 100:
            value = _absorb(value, 0x2E)
            digits = 100  # decimals follow: no further mark
        else:
            return at, value
        at += 1


@jit
def _is_letter(codes: Hashes, classes: NDArray[np.uint8], at: int) -> bool:
    kind = _class_at(codes, classes, at)
    return kind in (_LOWER, _UPPER)


@jit
def _joins_initials(codes: Hashes, classes: NDArray[np.uint8], point: int, letters: int) -> bool:
    """Whether the point stands between single capitals, as in U.S."""
    return (
        letters == 1
        and codes[point] == 0x2E
        and _class_at(codes, classes, point + 1) == _UPPER
        and not _is_letter(codes, classes, point + 2)
    )


@jit
def _is_possessive(codes: Hashes, classes: NDArray[np.uint8], apostrophe: int) -> bool:
    after = apostrophe + 1
    return codes[after] in (0x53, 0x73) and not _is_letter(codes, classes, after + 1)


@jit
def _word(
    codes: Hashes, classes: NDArray[np.uint8], folded: NDArray[np.uint16], start: int
) -> tuple[int, np.uint64, np.uint64]:
    """Where the word at `start` ends, the hash of its first four letters, and of the whole."""
    value = head = np.uint64(11)
    at, letters, since_point = start, 0, 0
    while True:
        while at < codes.size and codes[at] < _BMP and classes[codes[at]] in (_LOWER, _UPPER):
            value = _absorb(value, folded[codes[at]])
            letters += 1
            since_point += 1
            head = value if letters <= 4 else head
            at += 1
        kind = _class_at(codes, classes, at)
        if kind == _APOSTROPHE and _is_letter(codes, classes, at + 1):
            if _is_possessive(codes, classes, at):
                return at + 2, head, value
        elif kind == _END and at < codes.size and _joins_initials(codes, classes, at, since_point):
            since_point = 0
        elif kind != _NOTHING:
            break
        at += 1
    abbreviated = since_point == 1 and letters > 1 and at < codes.size and codes[at] == 0x2E
    return at + (1 if abbreviated else 0), head, value


@jit
def _token(head: np.uint64, value: np.uint64, kind: int) -> np.uint32:
    stem = head & np.uint64((1 << STEM_BITS) - 1)
    word = value & np.uint64((1 << WORD_BITS) - 1)
    packed = (stem << np.uint64(STEM_SHIFT)) | (word << np.uint64(WORD_SHIFT))
    return np.uint32(packed | np.uint64(kind))


@jit
def _one_form_of(token: np.uint32, written: Hashes, one_form: Hashes) -> np.uint32:
    word = word_of(token)
    slot = np.int64(word) & (written.size - 1)
    while written[slot]:
        if written[slot] == word:
            return np.uint32(one_form[slot])
        slot = (slot + 1) & (written.size - 1)
    return token


@jit
def _read(
    codes: Hashes, classes: NDArray[np.uint8], folded: NDArray[np.uint16], at: int, opening: bool
) -> tuple[int, np.uint32]:
    """The token that begins at `at`, and where it ends; it ends at `at` where none begins."""
    kind = _class_at(codes, classes, at)
    if kind == _DIGIT:
        end, value = _number(codes, classes, folded, at)
        return end, _token(value, value >> np.uint64(14), NUMBER)
    if kind in (_LOWER, _UPPER):
        end, head, value = _word(codes, classes, folded, at)
        name = OPENING if opening else NAME
        return end, _token(head, value, name if kind == _UPPER else WORD)
    if kind in (_IDEOGRAPH, _SYMBOL):
        value = _absorb(np.uint64(13), codes[at])
        if kind == _IDEOGRAPH and _class_at(codes, classes, at + 1) == _IDEOGRAPH:
            value = _absorb(value, codes[at + 1])
        return at + 1, _token(value, value >> np.uint64(14), WORD)
    return at, np.uint32(0)


@jit
def _scan(
    codes: Hashes,
    classes: NDArray[np.uint8],
    folded: NDArray[np.uint16],
    written: Hashes,
    one_form: Hashes,
) -> tuple[Hashes, Offsets, Offsets]:
    values = np.empty(codes.size, dtype=np.uint32)
    starts = np.empty(codes.size, dtype=np.int32)
    ends = np.empty(codes.size, dtype=np.int32)
    at, count, opening = 0, 0, True
    while at < codes.size:
        end, token = _read(codes, classes, folded, at, opening)
        if end > at:
            values[count] = _one_form_of(token, written, one_form)
            starts[count], ends[count] = at, end
            count += 1
            opening = False
            at = end
        else:
            opening = opening or _class_at(codes, classes, at) == _END
            at += 1
    return values[:count].copy(), starts[:count].copy(), ends[:count].copy()
