"""The words that have another form or a part in a figure, of all languages, in one table that compiled code reads.

млн, mln    -> the one form: million; and a scale, 10^6       (`equivalents`, `scales` of a language's file)
сряда, May  -> a name: months and weekdays are facts          (`months`, `weekdays`)
ч, p.m.     -> stands behind a clock time                     (`clock`)
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.languages import CLOCK, SCALES, Language, languages
from aggregator.match.jit import Hashes, jit
from aggregator.match.words.characters import alphabet, class_at, codepoints
from aggregator.match.words.reading import read
from aggregator.match.words.token_bits import NAME, WORD_SHIFT, word_of

# What a word does to a number beside it: a power of ten, or one of these.
SCALE_BEGINNING = 32  # added to the power of ten of a word that may go on: million*
AT, HOUR, MINUTE, MORNING, AFTERNOON = range(64, 69)  # in the order of `languages.CLOCK`
CALENDAR = 69  # nothing: it is a month or a weekday


class Forms(NamedTuple):
    """Open addressing by the lowest bits of the word; shape (slots,) each, at most half of them taken."""

    words: Hashes  # `word_of`; 0 is a free place
    one_form: Hashes  # the whole token that stands for the word; 0 where it stands for itself
    roles: NDArray[np.uint8]  # what it does to a number beside it; 0 is nothing


@cache
def forms() -> Forms:
    """The words of all languages."""
    one_form: dict[int, int] = {}
    roles: dict[int, int] = {}
    for language in languages().values():
        one_form |= _equivalents(language) | _abbreviated_months(language) | _calendar(language)
        roles |= dict.fromkeys(map(_word, _calendar_words(language)), CALENDAR)
        roles |= _scales(language) | _clock(language)
    return _table(one_form, roles)


def _table(one_form: dict[int, int], roles: dict[int, int]) -> Forms:
    slots = 1 << (2 * len(one_form | roles)).bit_length()
    table = Forms(np.zeros(slots, np.uint32), np.zeros(slots, np.uint32), np.zeros(slots, np.uint8))
    for word in one_form | roles:
        slot = word % slots
        while table.words[slot]:
            slot = (slot + 1) % slots
        table.words[slot] = word
        table.one_form[slot], table.roles[slot] = one_form.get(word, 0), roles.get(word, 0)
    return table


def _equivalents(language: Language) -> dict[int, int]:
    """Units and small numerals: the one token for each way of writing them."""
    return {
        _word(other): _token(one)
        for one, others in language.equivalents.items()
        for other in others
    }


def _calendar(language: Language) -> dict[int, int]:
    """Months and weekdays as names, as English writes them: in every language they are facts."""
    ambiguous = set(map(_word, language.ambiguous))
    names = {_word(word): _name(word) for word in _calendar_words(language)}
    return {word: name for word, name in names.items() if word not in ambiguous}


def _calendar_words(language: Language) -> list[str]:
    named = [form for forms in (*language.months, *language.weekdays) for form in forms]
    return [*named, *language.declined]


def _abbreviated_months(language: Language) -> dict[int, int]:
    """Oct., окт.: the shortest beginnings of months, as the form that dates use."""
    ambiguous = tuple(language.ambiguous)
    return {
        _word(beginning): _name(language.months[month - 1][-1])
        for beginning, month in language.month_beginnings().items()
        if not any(word.startswith(beginning) for word in ambiguous)
    }


def _scales(language: Language) -> dict[int, int]:
    return {
        _word(word.rstrip("*")): round(math.log10(SCALES[scale]))
        + (SCALE_BEGINNING if word.endswith("*") else 0)
        for scale, words in language.scales.items()
        for word in words
    }


def _clock(language: Language) -> dict[int, int]:
    return {
        _word(word): AT + CLOCK.index(part)
        for part, words in language.clock.items()
        for word in words
    }


def _token(word: str) -> int:
    """The token of one word, number or symbol in small letters, as a word stands in a text."""
    codes, letters = codepoints(word.lower()), alphabet()
    return int(read(codes, letters, 0, class_at(codes, letters.classes, 0))[1])


def _word(word: str) -> int:
    return _token(word) >> WORD_SHIFT


def _name(word: str) -> int:
    return _token(word) | NAME


@jit
def place_of(token: np.uint32, table: Forms) -> int:
    """Where in the table a token's word is, or -1."""
    word, mask = word_of(token), table.words.size - 1
    slot = np.int64(word) & mask
    while table.words[slot]:
        if table.words[slot] == word:
            return int(slot)
        slot = (slot + 1) & mask
    return -1


@jit
def one_form_of(token: np.uint32, table: Forms) -> np.uint32:
    """The token that stands for a token's word, or the token itself."""
    place = place_of(token, table)
    if place < 0 or not table.one_form[place]:
        return token
    return np.uint32(table.one_form[place])


@jit
def role_of(token: np.uint32, table: Forms) -> int:
    """What a token's word does to a number beside it; 0 is nothing."""
    place = place_of(token, table)
    return int(table.roles[place]) if place >= 0 else 0
