"""Which capitals mean a name: not those of a Title-Case Headline, of A LINE IN CAPITALS or of the labels in a table.

    Russia Says Talks May Resume · ПОЖАР КРАЙ КАРСК · Shr 33 cts vs 30 cts  Net 1.2 mln vs 1.1 mln

Such words are OPENING, as the first of a sentence is: perhaps a name, perhaps not. `confirm_names` makes them
names where the text has the word elsewhere with a capital that means something, and nowhere without one.
Months and weekdays stay names everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.characters import UPPER, Alphabet, class_at
from aggregator.match.words.forms import CALENDAR, Forms, role_of
from aggregator.match.words.token_bits import (
    NAME,
    NUMBER,
    OPENING,
    WORD,
    kind_of,
    with_kind,
    word_of,
)

Offsets = NDArray[np.int32]  # places in a text, in characters

# By hand. Headlines write of, in, the small, and at times a longer word (with, from); a sentence has many.
_SMALL_WORD = 3  # letters
_CAPITALS_PER_LONG_WORD = 5
_LEAST_CAPITALS = 4  # of a headline in Title Case
_LEAST_SHOUTED = 2  # of a line all in capitals
_NEWLINE, _COMMA = 0x0A, 0x2C


@jit
def neutralise_capitals(
    codes: Hashes, letters: Alphabet, table: Forms, values: Hashes, spans: Offsets
) -> None:
    """Make OPENING of the names of lines in which nearly all words have a capital, and of labels.

    `spans` are the beginnings and the ends of the tokens, shape (2, tokens). A comma speaks against such a line as a long small word does: lists of names have many.
    """
    first = capitals = shouted = small = 0
    for i in range(values.size):
        if i:
            commas, ends = _between(codes, spans[1, i - 1], spans[0, i])
            small += commas
            if ends:
                if _says_nothing(capitals, shouted, small):
                    _neutralise(values[first:i], table)
                first, capitals, shouted, small = i, 0, 0, 0
        if _is_label(values, i):
            _neutralise(values[i : i + 1], table)
        kind = kind_of(values[i])
        if kind in (NAME, OPENING):
            capitals += 1
            shouted += class_at(codes, letters.classes, spans[0, i] + 1) == UPPER
        elif kind == WORD and spans[1, i] - spans[0, i] > _SMALL_WORD:
            small += 1
    if _says_nothing(capitals, shouted, small):
        _neutralise(values[first:], table)


@jit
def _says_nothing(capitals: int, shouted: int, small: int) -> bool:
    if small * _CAPITALS_PER_LONG_WORD > capitals:
        return False
    return capitals >= _LEAST_CAPITALS or (shouted == capitals >= _LEAST_SHOUTED)


@jit
def _neutralise(values: Hashes, table: Forms) -> None:
    for i in range(values.size):
        if kind_of(values[i]) == NAME and role_of(values[i], table) != CALENDAR:
            values[i] = with_kind(values[i], OPENING)


@jit
def _is_label(values: Hashes, at: int) -> bool:
    """Whether a word stands between figures, as in a table whose lines are run together: … 30 cts Net 1.2 …"""
    if kind_of(values[at]) != NAME or at + 1 == values.size or kind_of(values[at + 1]) != NUMBER:
        return False
    return at > 0 and NUMBER in (kind_of(values[at - 1]), kind_of(values[max(at - 2, 0)]))


@jit
def _between(codes: Hashes, start: int, end: int) -> tuple[int, bool]:
    """How many commas stand between two tokens, and whether a line ends there."""
    commas, ends = 0, False
    for at in range(start, end):
        commas += codes[at] == _COMMA
        ends = ends or codes[at] == _NEWLINE
    return commas, ends


@jit
def confirm_names(title: Hashes, body: Hashes) -> tuple[Hashes, Hashes]:
    """The tokens of a text; OPENING has become NAME where the word is a name elsewhere and never a plain word."""
    names = _names(title, body)
    for tokens in (title, body):
        for token in tokens:
            if kind_of(token) == WORD:
                slot = _slot(names, token)
                if names[slot]:
                    names[slot] = with_kind(token, OPENING)
    return _confirmed(title, names), _confirmed(body, names)


@jit
def _names(title: Hashes, body: Hashes) -> Hashes:
    """The names of a text: open addressing by the lowest bits of the word, 0 is a free place."""
    count = 0
    for tokens in (title, body):
        for token in tokens:
            count += kind_of(token) == NAME
    slots = 16
    while slots < 2 * count:
        slots *= 2
    names = np.zeros(slots, dtype=np.uint32)
    for tokens in (title, body):
        for token in tokens:
            if kind_of(token) == NAME:
                names[_slot(names, token)] = token
    return names


@jit
def _slot(names: Hashes, token: np.uint32) -> int:
    """Where a token's word is in the table, or where it would be."""
    mask = names.size - 1
    slot = np.int64(word_of(token)) & mask
    while names[slot] and word_of(names[slot]) != word_of(token):
        slot = (slot + 1) & mask
    return int(slot)


@jit
def _confirmed(tokens: Hashes, names: Hashes) -> Hashes:
    confirmed = tokens.copy()
    for i in range(tokens.size):
        if kind_of(tokens[i]) == OPENING:
            name = names[_slot(names, tokens[i])]
            if name and kind_of(name) == NAME:
                confirmed[i] = name
    return confirmed
