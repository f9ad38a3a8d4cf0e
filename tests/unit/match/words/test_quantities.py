import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.match.words.quantities import (
    has_number,
    is_quantity,
    parts,
    quantity,
    rounds_to,
    same_number,
    scaled,
)
from aggregator.match.words.token_bits import NUMBER, kind_of, stem_of
from aggregator.match.words.tokens import tokenise


def number(text: str) -> np.uint32:
    (token,) = tokenise(text).values
    return np.uint32(token)


@given(st.integers(0, 9_999_999), st.integers(-8, 10))
def test_a_quantity_is_kept_to_seven_digits(significand: int, power: int) -> None:
    token = np.uint32(quantity(significand, power))

    assert kind_of(token) == NUMBER
    assert is_quantity(token)
    kept, kept_power = parts(token)
    assert kept * 10.0**kept_power == pytest.approx(significand * 10.0**power)
    assert kept == 0 or kept % 10


def test_digits_behind_the_seventh_are_left_out() -> None:
    assert quantity(1_234_567_899, 0) == quantity(1_234_567, 3)
    assert scaled(np.uint32(quantity(97, -1)), 6) == quantity(9_700_000, 0)


def test_numbers_that_differ_in_a_digit_begin_differently() -> None:
    assert len({int(stem_of(np.uint32(quantity(n, 0)))) for n in range(100)}) == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9,729,000", "9.7 mln"),
        ("9,729,000", "ten million"),
        ("2,987", "3,000"),
        ("2,987,400", "3 million"),
        ("12,345", "12.3 thousand"),
        ("1,187", "1,200"),
        ("54.27", "54.3"),
        ("54.3", "54"),
        ("0.125", "0.13"),
    ],
)
def test_a_rounding_is_the_same_figure(one: str, other: str) -> None:
    assert rounds_to(number(one), number(other))
    assert rounds_to(number(other), number(one))
    assert same_number(number(one), number(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.4", "5.3"),
        ("101", "104"),
        ("100", "104"),
        ("287", "290"),
        ("97", "100"),
        ("5", "5.4"),
        ("1999", "2000"),
        ("2018", "2020"),
        ("3.4 million", "3 million"),
        ("9,749,000", "9.8 mln"),
        ("9.7 mln", "9.7 bln"),
        ("16:50", "17"),
        ("1/2", "0.5"),
    ],
)
def test_two_figures_stay_two(one: str, other: str) -> None:
    assert not same_number(number(one), number(other))
    assert not same_number(number(other), number(one))


def test_a_text_has_a_number_that_it_rounds() -> None:
    tokens = tokenise("about 9.7 million bags in 2018").values

    assert has_number(tokens, number("9,729,000"))
    assert has_number(tokens, number("2018"))
    assert not has_number(tokens, number("9,829,000"))
