"""Words, numbers and names of a text as 32-bit tokens, in one compiled pass over its characters.

    | 14 bits: the word's first four letters | 16 bits: the whole word | 2 bits: its kind |

    characters --> one word, symbol or number (`reading`) --> its one form (`forms`): mln, million · two, 2
                         |                                        |
                         +--> a figure with all that belongs to it (`figures`): 16.50 ч · 9.7 mln · 6-5/16
    a line of tokens --> which of its capitals mean a name (`capitals`)

Two tokens are the same word when they are equal but for the kind (`token_bits.word_of`), and forms of
one name when their first letters are (`stem_of`): Fajon and Fajona, Путин and Путину. A number is its
value (`quantities`). Case and accents are folded (`characters`).

For who changes this: signatures and features that are stored were made from these tokens, so any change
of a token's value asks for a new scheme (`minhash`). What depends on a language comes from its file.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.capitals import Offsets, neutralise_capitals
from aggregator.match.words.characters import (
    DIGIT,
    END,
    MAX_CHARACTERS,
    SILENT,
    UPPER,
    Alphabet,
    alphabet,
    class_at,
    codepoints,
    is_space,
)
from aggregator.match.words.figures import read_figure, read_scale
from aggregator.match.words.forms import Forms, forms, one_form_of
from aggregator.match.words.reading import read
from aggregator.match.words.token_bits import NAME, NUMBER, OPENING, WORD, kind_of, with_kind

__all__ = ["MAX_CHARACTERS", "NAME", "NUMBER", "OPENING", "WORD", "Offsets", "Tokens", "tokenise"]

_COLON, _COMMA = 0x3A, 0x2C
_QUOTES = (0x22, 0xAB, 0x201C, 0x201E, 0x2018, 0x201A)


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
    values, spans = _scan(codepoints(text), alphabet(), forms())
    return Tokens(values, spans[0], spans[1])


@jit
def _scan(codes: Hashes, letters: Alphabet, table: Forms) -> tuple[Hashes, Offsets]:
    """The tokens, and where each begins and ends, shape (2, tokens)."""
    values = np.empty(codes.size, dtype=np.uint32)
    spans = np.empty((2, codes.size), dtype=np.int32)
    at, count, opening = 0, 0, True
    before = np.uint32(0)
    while at < codes.size:
        kind = class_at(codes, letters.classes, at)
        if kind in SILENT:
            opening = opening or _opens(codes, kind, at)
            at += 1
            continue
        if kind == DIGIT:
            end, token = read_figure(codes, letters, table, at, before)
        else:
            end, token = read(codes, letters, at, kind)
            if opening and kind == UPPER:
                token = with_kind(token, OPENING)
            token = one_form_of(token, table)
            if kind_of(token) == NUMBER:
                end, token = read_scale(codes, letters, table, end, token)
        values[count], spans[0, count], spans[1, count] = token, at, end
        count += 1
        before, opening, at = token, False, end
    values, spans = values[:count].copy(), spans[:, :count].copy()
    neutralise_capitals(codes, letters, table, values, spans)
    return values, spans


@jit
def _opens(codes: Hashes, kind: int, at: int) -> bool:
    """Whether a sentence, a line or a cell begins behind a character of a class that no token begins with."""
    if kind == END or codes[at] == _COLON:
        return True
    if is_space(codes, at):
        return is_space(codes, at + 1)
    return codes[at] in _QUOTES and at >= 2 and (codes[at - 1] == _COMMA or codes[at - 2] == _COMMA)
