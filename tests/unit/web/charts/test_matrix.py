"""The matrix says of each pair what its copies come to, and its sums are those of copies."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.pickup import Figures
from aggregator.web.charts.matrix import SHADES, matrix, shade

AGENCIES = st.sampled_from(["bta", "kazinform", "sta", "uza"])
PAIRS = st.tuples(AGENCIES, AGENCIES).filter(lambda pair: pair[0] != pair[1])


@st.composite
def some_figures(draw: st.DrawFn) -> Figures:
    """Figures of one copy or more."""
    states = st.sampled_from(["origin", "other", "none", "unknown"])
    credits_ = Counter(draw(st.lists(states, min_size=1, max_size=30)))
    return Figures(
        reports=None,
        carried=draw(st.integers(1, credits_.total())),
        copies=credits_.total(),
        timed=1,
        median_lag=timedelta(minutes=2),
        p90_lag=timedelta(minutes=2),
        credits=credits_,
        stale=0,
    )


FOUND = st.dictionaries(PAIRS, some_figures())


@given(FOUND)
def test_copies_add_up_in_rows_and_columns(found: dict[tuple[str, str], Figures]) -> None:
    made = matrix(found)

    for row in made.rows:
        assert row.total.copies == sum(cell.figures.copies for cell in row.cells if cell)
        assert row.outlets == sum(origin == row.origin_id for origin, _ in found)
    for place, (_, total) in enumerate(made.columns):
        cells = [row.cells[place] for row in made.rows]
        assert total.copies == sum(cell.figures.copies for cell in cells if cell)
    assert made.total.copies == sum(each.copies for each in found.values())


@given(FOUND)
def test_every_pair_has_its_cell_and_the_one_with_most_is_the_darkest(
    found: dict[tuple[str, str], Figures],
) -> None:
    cells = {
        (row.origin_id, cell.carrier_id): cell
        for row in matrix(found).rows
        for cell in row.cells
        if cell
    }

    assert {pair: cell.figures for pair, cell in cells.items()} == found
    most = max((each.carried for each in found.values()), default=0)
    for cell in cells.values():
        assert 1 <= cell.shade <= SHADES
        if cell.figures.carried == most:
            assert cell.shade == SHADES


@given(FOUND)
def test_a_share_is_of_the_copies_whose_credit_is_known(
    found: dict[tuple[str, str], Figures],
) -> None:
    total = matrix(found).total

    unknown = sum(each.credits["unknown"] for each in found.values())
    assert total.credit_known == total.copies - unknown
    assert (total.credited_share is None) == (total.credit_known == 0)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_is_never_lighter(one: int, other: int, most: int) -> None:
    less, more = sorted((min(one, most), min(other, most)))

    assert shade(less, most) <= shade(more, most) <= SHADES
    assert (shade(more, most) == 0) == (more == 0)
