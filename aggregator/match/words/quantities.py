"""The value of a number within its token, and which figures are roundings of which.

    quantity   0 | 24 bits: seven significant digits | 5 bits: power of ten, from -8   9.7 mln = 97 · 10^5
    other      1 | 29 bits: a hash                                                     16:50 · 2-1 · 6-5/16 · 09.11.2018

These 30 bits are multiplied by an odd number modulo 2^30 (which can be undone) and take the place of a
word's: so numbers of one value are one word to whatever compares words, and two that differ in their
last digit differ in their first bits as well.
"""

from __future__ import annotations

import numpy as np

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.token_bits import NUMBER, WORD_SHIFT, kind_of, word_of

SIGNIFICANT_DIGITS = 7
_LEAST_POWER, _POWERS = -8, 32
_POWER_BITS = np.uint64(5)
_LIMIT = 10**SIGNIFICANT_DIGITS
_OTHER = np.uint64(1 << 29)  # set in a number that is no quantity
_MASK = np.uint64((1 << 30) - 1)
_FACTOR = 0x2545F491  # odd, bits mixed
_SPREAD, _GATHER = np.uint64(_FACTOR), np.uint64(pow(_FACTOR, -1, 1 << 30))
_YEARS = (1800, 2100)  # whole numbers of four digits that are no roundings: 1999 is not 2000
# Of the finer figure: how far a figure of one digit ("almost ten million") may be from it. By hand.
_ONE_DIGIT_ERROR = 0.03


@jit
def quantity(significand: int, power: int) -> np.uint32:
    """The token of significand · 10^power; digits behind the seventh are left out."""
    while significand >= _LIMIT:
        significand //= 10
        power += 1
    while significand and significand % 10 == 0:
        significand //= 10
        power += 1
    power = 0 if significand == 0 else min(max(power - _LEAST_POWER, 0), _POWERS - 1)
    return _packed((np.uint64(significand) << _POWER_BITS) | np.uint64(power))


@jit
def unmeasured(code: np.uint64) -> np.uint32:
    """The token of a number that is no quantity (a time, a date, a score, a fraction), by its hash."""
    return _packed((code & (_MASK >> np.uint64(1))) | _OTHER)


@jit
def _packed(value: np.uint64) -> np.uint32:
    spread = (value * _SPREAD) & _MASK
    return np.uint32((spread << np.uint64(WORD_SHIFT)) | np.uint64(NUMBER))


@jit
def _value(token: np.uint32) -> np.uint64:
    return np.uint64((np.uint64(word_of(token)) * _GATHER) & _MASK)


@jit
def is_quantity(token: np.uint32) -> bool:
    """Whether a token is a number that has a size."""
    return kind_of(token) == NUMBER and not _value(token) & _OTHER


@jit
def parts(token: np.uint32) -> tuple[int, int]:
    """Significand and power of ten of a quantity; the significand does not end in 0."""
    value = _value(token)
    return int(value >> _POWER_BITS), int(value & np.uint64(_POWERS - 1)) + _LEAST_POWER


@jit
def scaled(token: np.uint32, power: int) -> np.uint32:
    """A quantity times 10^power."""
    significand, own = parts(token)
    return quantity(significand, own + power)


@jit
def same_number(a: np.uint32, b: np.uint32) -> bool:
    """Whether two numbers are one figure: of equal value, or one a rounding of the other."""
    return word_of(a) == word_of(b) or rounds_to(a, b)


@jit
def has_number(tokens: Hashes, number: np.uint32) -> bool:
    """Whether one of some tokens is a figure that `number` is, rounds to, or is a rounding of."""
    found = False
    for token in tokens:
        found = found or (kind_of(token) == NUMBER and same_number(token, number))
    return found


@jit
def rounds_to(a: np.uint32, b: np.uint32) -> bool:
    """Whether one of two quantities is a rounding of the other: 9,729,000 and 9.7 million, 54.27 and 54.3.

    A rounding shows as one: it ends in two zeros or more, or the other has decimals. So 287 is not 290.
    Of a single digit the other must be near, and itself exact: 2,987 and 3,000, not 3,400.
    """
    if not is_quantity(a) or not is_quantity(b):
        return False
    (coarse, coarse_power), (fine, fine_power) = parts(a), parts(b)
    if coarse_power < fine_power:
        coarse, coarse_power, fine, fine_power = fine, fine_power, coarse, coarse_power
    dropped = coarse_power - fine_power
    if not 0 < dropped < SIGNIFICANT_DIGITS or is_year(fine, fine_power):
        return False
    unit = 10**dropped
    if coarse_power == 1 or (fine + unit // 2) // unit != coarse:
        return False
    if coarse < 10:
        near = abs(coarse * unit - fine) <= _ONE_DIGIT_ERROR * fine
        return near and fine >= 100 and coarse_power >= 3
    return True


@jit
def is_year(significand: int, power: int) -> bool:
    """Whether a quantity is a whole number that may be a year of our days."""
    return power == 0 and _YEARS[0] <= significand < _YEARS[1]
