"""Bars stay in their box, keep their order, and their parts never stand out of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.web.charts.bars import HEIGHT, WIDTH, bars, length

PAIRS = st.lists(
    st.integers(0, 10**6).flatmap(lambda all_: st.tuples(st.just(all_), st.integers(0, all_))),
    max_size=400,
)


@given(PAIRS)
def test_bars_stand_in_their_box_one_beside_the_other(values: list[tuple[int, int]]) -> None:
    made = bars(values)

    assert len(made) == len(values)
    for bar in made:
        assert 0 <= bar.part_height <= bar.height <= HEIGHT
        assert bar.y + bar.height == pytest.approx(HEIGHT)
        assert bar.part_y + bar.part_height == pytest.approx(HEIGHT)
    for left, right in pairwise(made):
        assert left.x + left.width <= right.x
    assert not made or made[-1].x + made[-1].width <= WIDTH


@given(PAIRS)
def test_the_greatest_number_is_as_high_as_the_box_and_none_is_flat(
    values: list[tuple[int, int]],
) -> None:
    made, numbers = bars(values), [number for number, _ in values]

    for bar, number in zip(made, numbers, strict=True):
        if number == 0:
            assert bar.height == 0
        elif number == max(numbers):
            assert bar.height == HEIGHT


def test_bars_are_as_high_as_their_numbers_compare() -> None:
    half, whole = bars([(2, 1), (4, 4)])

    assert (half.height, half.part_height) == (50, 25)
    assert (whole.height, whole.part_height) == (100, 100)


def test_a_length_is_a_share_of_the_most_and_nothing_where_there_is_none() -> None:
    assert length(1, 4) == WIDTH / 4
    assert length(4, 4) == WIDTH
    assert length(0, 0) == 0
