"""A figure with all that belongs to it is one token: its scale, both parts of a time, a date, a score, a fraction.

    9.7 mln · 1.84亿 · 1 250 thousand           the value
    16:50 · 16.50 ч · 16h50 · 4.50 p.m. · 16时50分   a time of day; 16.50 alone is a number
    09-11-2018 · 9/11/2018 · 2018-11-09          a date, the day before the month unless only the other order is one
    2:1 · 2-1 · 15–20                            a score, or a range
    6-5/16 · 6 5/16 · 1/2                        a fraction

The words beside numbers (scales, hours, p.m.) are those of `forms`, whatever the language of the text.
"""

from __future__ import annotations

import numpy as np

from aggregator.match.jit import Hashes, Places, jit
from aggregator.match.words.characters import (
    IDEOGRAPH,
    SYMBOL,
    Alphabet,
    class_at,
    is_digit,
    is_letter,
    is_space,
)
from aggregator.match.words.forms import (
    AFTERNOON,
    AT,
    HOUR,
    MINUTE,
    MORNING,
    SCALE_BEGINNING,
    Forms,
    role_of,
)
from aggregator.match.words.quantities import is_quantity, is_year, parts, scaled, unmeasured
from aggregator.match.words.reading import absorb, read_number, read_word, word_token
from aggregator.match.words.token_bits import WORD

_COLON, _POINT, _COMMA, _SLASH, _FRACTION_SLASH, _H = 0x3A, 0x2E, 0x2C, 0x2F, 0x2044, 0x68
_HYPHENS = (0x2D, 0x2010, 0x2011, 0x2013)
_MARKS = (_COLON, _POINT, _COMMA, _SLASH, _FRACTION_SLASH, _H, *_HYPHENS)
_MOST_RUNS = 4  # more than any figure has
_MOST_DENOMINATOR = 64
_SCORE_DIGITS, _FRACTION_DIGITS = 3, 4
_CLOCK, _DATE, _SCORE, _FRACTION = 1, 2, 3, 4
_NO_NUMBER = np.uint32(0)
# The columns of runs of digits.
_VALUE, _DIGITS, _MARK, _END = range(4)


@jit
def read_figure(
    codes: Hashes, letters: Alphabet, table: Forms, at: int, before: np.uint32
) -> tuple[int, np.uint32]:
    """Where the figure whose first digit stands at `at` ends, and its token; `before` is the token before it."""
    runs = _runs_of_digits(codes, letters, at)
    end, token = int(runs[-1, _END]), _NO_NUMBER
    if runs.shape[0] == 1:
        end, token = _one_run(codes, letters, table, runs, before)
    elif runs.shape[0] == 2:
        end, token = _two_runs(codes, letters, table, runs, before)
    elif runs.shape[0] == 3:
        token = _three_runs(runs)
    if token:
        return end, token
    end, token = read_number(codes, letters, at)
    return read_scale(codes, letters, table, end, token)


@jit
def read_scale(
    codes: Hashes, letters: Alphabet, table: Forms, end: int, number: np.uint32
) -> tuple[int, np.uint32]:
    """A number that ends at `end` times the scale behind it, and where that ends."""
    if not is_quantity(number):
        return end, number
    significand, power = parts(number)
    if is_year(significand, power):  # "in 2018 thousands of people"
        return end, number
    at = end
    if is_space(codes, at) or (at < codes.size and codes[at] in _HYPHENS):
        at += 1
    if is_letter(codes, letters.classes, at):
        at, power = _scale_word(codes, letters, table, at)
    else:
        at, power = _scale_characters(codes, letters, table, at)
    return (at, scaled(number, power)) if power else (end, number)


@jit
def _scale_word(codes: Hashes, letters: Alphabet, table: Forms, at: int) -> tuple[int, int]:
    """Where the word at `at` ends, and the power of ten it stands for, or 0."""
    value = head = np.uint64(11)
    count = role = power = 0
    while is_letter(codes, letters.classes, at):
        value = absorb(value, letters.folded[codes[at]])
        count += 1
        head = value if count <= 4 else head
        role = role_of(word_token(head, value, WORD), table)
        if SCALE_BEGINNING < role < AT:
            power = role - SCALE_BEGINNING
        at += 1
    if not power and 0 < role < SCALE_BEGINNING:
        power = role
    return at, power


@jit
def _scale_characters(codes: Hashes, letters: Alphabet, table: Forms, at: int) -> tuple[int, int]:
    """The same of characters that are words by themselves; two of them multiply (万亿)."""
    power = 0
    while class_at(codes, letters.classes, at) == IDEOGRAPH:
        role = role_of(_character(codes, at), table)
        if not 0 < role < SCALE_BEGINNING:
            break
        power += role
        at += 1
    return at, power


@jit
def _character(codes: Hashes, at: int) -> np.uint32:
    value = absorb(np.uint64(13), codes[at])
    return word_token(value, value >> np.uint64(14), WORD)


@jit
def _runs_of_digits(codes: Hashes, letters: Alphabet, start: int) -> Places:
    """The runs of digits that single marks hold together, four at most; columns as named above."""
    runs = np.zeros((_MOST_RUNS, 4), dtype=np.int64)
    at = start
    for i in range(_MOST_RUNS):
        begin = at
        while is_digit(codes, letters.classes, at):
            runs[i, _VALUE] = runs[i, _VALUE] * 10 + letters.folded[codes[at]] - 0x30
            at += 1
        runs[i, _DIGITS], runs[i, _END] = at - begin, at
        if (
            at >= codes.size
            or codes[at] not in _MARKS
            or not is_digit(codes, letters.classes, at + 1)
        ):
            return runs[: i + 1]
        runs[i, _MARK] = codes[at]
        at += 1
    return runs


@jit
def _one_run(
    codes: Hashes, letters: Alphabet, table: Forms, runs: Places, before: np.uint32
) -> tuple[int, np.uint32]:
    """A whole number that is the hour of a time, or that a fraction follows; else no number."""
    number, end = runs[0, _VALUE], int(runs[0, _END])
    if runs[0, _DIGITS] > 2:
        return end, _NO_NUMBER
    if is_space(codes, end) and is_digit(codes, letters.classes, end + 1):
        more = _runs_of_digits(codes, letters, end + 1)
        if more.shape[0] == 2 and _is_proper_fraction(more):
            return int(more[1, _END]), _code(_FRACTION, number, more[0, _VALUE], more[1, _VALUE])
        return end, _NO_NUMBER
    after, role = _word_beside(codes, letters, table, end)
    if role == HOUR:
        at = after + (1 if is_space(codes, after) else 0)
        more = _runs_of_digits(codes, letters, at)
        last, unit = _word_beside(codes, letters, table, int(more[-1, _END]))
        if more.shape[0] == 1 and unit == MINUTE and _is_time(number, more[0, _VALUE]):
            return last, _clock(number, more[0, _VALUE])
    is_hour = role == HOUR and role_of(before, table) == AT
    if (is_hour and _is_time(number, 0)) or _is_half_day(number, role):
        return after, _clock(_hour_of_day(number, role), 0)
    return end, _NO_NUMBER


@jit
def _two_runs(
    codes: Hashes, letters: Alphabet, table: Forms, runs: Places, before: np.uint32
) -> tuple[int, np.uint32]:
    """A time, a score or a fraction; no number where the mark may be that of decimals."""
    mark, first, second = runs[0, _MARK], runs[0, _VALUE], runs[1, _VALUE]
    end = int(runs[1, _END])
    if runs[1, _DIGITS] == 2 and runs[0, _DIGITS] <= 2 and _is_time(first, second):
        after, role = _word_beside(codes, letters, table, end)
        is_marked = role == HOUR or _is_half_day(first, role)
        if is_marked and mark in (_COLON, _POINT, _COMMA, _H):
            return after, _clock(_hour_of_day(first, role), second)
        is_announced = mark == _POINT and role_of(before, table) == AT
        if mark in (_COLON, _H) or (
            is_announced and not role and class_at(codes, letters.classes, end) != SYMBOL
        ):
            return end, _clock(first, second)
    longest = max(runs[0, _DIGITS], runs[1, _DIGITS])
    if (mark == _COLON or mark in _HYPHENS) and longest <= _SCORE_DIGITS:
        return end, _code(_SCORE, first, second, 0)
    if mark in (_SLASH, _FRACTION_SLASH) and longest <= _FRACTION_DIGITS:
        return end, _code(_FRACTION, 0, first, second)
    return end, _NO_NUMBER


@jit
def _three_runs(runs: Places) -> np.uint32:
    """A date, a time with seconds, or a fraction behind a whole number; else no number."""
    mark, other = runs[0, _MARK], runs[1, _MARK]
    first, second, third = runs[0, _VALUE], runs[1, _VALUE], runs[2, _VALUE]
    if mark == other and (mark in (_POINT, _SLASH) or mark in _HYPHENS):
        return _date(runs)
    if mark == _COLON and other in (_COLON, _POINT, _COMMA):
        return _code(_CLOCK, first, second, third + 1)
    if mark in _HYPHENS and other in (_SLASH, _FRACTION_SLASH) and second < third:
        return _code(_FRACTION, first, second, third)
    return _NO_NUMBER


@jit
def _date(runs: Places) -> np.uint32:
    """The date that three runs are: 2018-11-09, 9.11.2018, 09/11/18; 11/22/2018 has but one reading."""
    first, second, third = runs[0, _VALUE], runs[1, _VALUE], runs[2, _VALUE]
    if runs[0, _DIGITS] == 4 and runs[1, _DIGITS] == runs[2, _DIGITS] == 2:
        year, month, day = first, second, third
    elif max(runs[0, _DIGITS], runs[1, _DIGITS]) <= 2 and runs[2, _DIGITS] in (2, 4):
        day, month = (second, first) if second > 12 else (first, second)
        year = third if runs[2, _DIGITS] == 4 else third + (2000 if third < 70 else 1900)
    else:
        return _NO_NUMBER
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return _NO_NUMBER
    return _code(_DATE, year, month, day)


@jit
def _word_beside(codes: Hashes, letters: Alphabet, table: Forms, end: int) -> tuple[int, int]:
    """Where the word right behind a number ends, and its role; 0 where there is none."""
    at = end + 1 if is_space(codes, end) else end
    if is_letter(codes, letters.classes, at):
        after, head, value = read_word(codes, letters, at)
        return after, role_of(word_token(head, value, WORD), table)
    if class_at(codes, letters.classes, at) == IDEOGRAPH:
        return at + 1, role_of(_character(codes, at), table)
    return end, 0


@jit
def _is_time(hour: int, minute: int) -> bool:
    return 0 <= hour <= 24 and 0 <= minute < 60


@jit
def _is_half_day(hour: int, role: int) -> bool:
    """Whether an hour is told with its half of the day (a.m., p.m.); some write 16.50 p.m."""
    return 1 <= hour <= 24 and role in (MORNING, AFTERNOON)


@jit
def _hour_of_day(hour: int, role: int) -> int:
    if role in (MORNING, AFTERNOON) and hour <= 12:
        return hour % 12 + (12 if role == AFTERNOON else 0)
    return hour


@jit
def _clock(hour: int, minute: int) -> np.uint32:
    return _code(_CLOCK, hour % 24, minute, 0)


@jit
def _is_proper_fraction(runs: Places) -> bool:
    return (
        runs[0, _MARK] in (_SLASH, _FRACTION_SLASH)
        and 0 < runs[0, _VALUE] < runs[1, _VALUE] <= _MOST_DENOMINATOR
    )


@jit
def _code(kind: int, a: int, b: int, c: int) -> np.uint32:
    """The token of a number that is no quantity, by its kind and parts."""
    return unmeasured(absorb(absorb(absorb(absorb(np.uint64(19), kind), a), b), c))
