"""Which capitals mean a name: not those of a Title-Case Headline or of A LINE IN CAPITALS, where every word has one.

Such words are OPENING, as the first of a sentence is: perhaps a name, perhaps not. `confirm_names` makes them
names where the text has the word elsewhere with a capital that means something, and nowhere without one.
"""

from __future__ import annotations

import numpy as np

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.characters import UPPER, Alphabet, class_at
from aggregator.match.words.forms import Forms, one_form_of
from aggregator.match.words.token_bits import NAME, OPENING, WORD, kind_of, with_kind, word_of

# By hand. Headlines write of, in, the small, and at times a longer word (with, from); a sentence has many.
_SMALL_WORD = 3  # letters
_CAPITALS_PER_LONG_WORD = 5
_LEAST_CAPITALS = 4  # of a headline in Title Case
_LEAST_SHOUTED = 2  # of a line all in capitals
_NEWLINE, _COMMA = 0x0A, 0x2C
_A_NAME, _A_WORD = 1, 2


@jit
def neutralise_capitals(
    codes: Hashes, letters: Alphabet, table: Forms, spans: Hashes, values: Hashes
) -> None:
    """Make OPENING of the names of lines in which nearly all words have a capital; spans: shape (2, n).

    A comma speaks against it as a long small word does: lists of names have many. Months and weekdays stay names.
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
        kind = kind_of(values[i])
        if kind in (NAME, OPENING):
            capitals += 1
            shouted += class_at(codes, letters, spans[0, i] + 1) == UPPER
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
        if (
            kind_of(values[i]) == NAME
            and kind_of(one_form_of(with_kind(values[i], WORD), table)) != NAME
        ):
            values[i] = with_kind(values[i], OPENING)


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
    seen, mask = _names(title, body)
    for tokens in (title, body):
        for token in tokens:
            if kind_of(token) == WORD:
                slot = _slot(seen, mask, word_of(token))
                if seen[slot, 1]:
                    seen[slot, 1] = _A_WORD
    return _confirmed(title, seen, mask), _confirmed(body, seen, mask)


@jit
def _names(title: Hashes, body: Hashes) -> tuple[Hashes, int]:
    """A table of the names of a text, shape (slots, 2): the word, and `_A_NAME`."""
    count = 0
    for tokens in (title, body):
        for token in tokens:
            count += kind_of(token) == NAME
    slots = 16
    while slots < 2 * count:
        slots *= 2
    seen = np.zeros((slots, 2), dtype=np.uint32)
    for tokens in (title, body):
        for token in tokens:
            if kind_of(token) == NAME:
                slot = _slot(seen, slots - 1, word_of(token))
                seen[slot, 0], seen[slot, 1] = word_of(token), _A_NAME
    return seen, slots - 1


@jit
def _slot(seen: Hashes, mask: int, word: np.uint32) -> int:
    """Where a word is in the table, or where it would be."""
    slot = np.int64(word) & mask
    while seen[slot, 1] and seen[slot, 0] != word:
        slot = (slot + 1) & mask
    return slot


@jit
def _confirmed(tokens: Hashes, seen: Hashes, mask: int) -> Hashes:
    confirmed = tokens.copy()
    for i in range(tokens.size):
        if kind_of(tokens[i]) == OPENING:
            slot = _slot(seen, mask, word_of(tokens[i]))
            if seen[slot, 1] == _A_NAME:
                confirmed[i] = with_kind(tokens[i], NAME)
    return confirmed
