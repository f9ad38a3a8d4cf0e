"""The matrix says of each pair what its copies come to, adds up by carrier, and counts a report once."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.pickup import Counted
from aggregator.web.charts.matrix import SHADES, matrix, shade

AGENCIES = st.sampled_from(["bta", "kazinform", "sta", "uza"])


def copy(
    story: str, origin: str, carrier: str, seconds: float | None = 600, credit: str = "origin"
) -> Counted:
    return Counted(story, origin, carrier, "en", False, seconds, credit, False)


@st.composite
def copies(draw: st.DrawFn) -> list[Counted]:
    """Copies of up to thirty stories, each of which has one origin."""
    origins = draw(st.lists(AGENCIES, min_size=1, max_size=30))
    held = draw(st.lists(st.tuples(st.integers(0, len(origins) - 1), AGENCIES), max_size=80))
    return [
        copy(f"s{number}", origins[number], carrier)
        for number, carrier in held
        if carrier != origins[number]
    ]


@given(copies())
def test_columns_add_up_and_rows_count_each_report_once(listed: list[Counted]) -> None:
    found = matrix(listed)

    for place, (_, total) in enumerate(found.columns):
        cells = [row.cells[place] for row in found.rows]
        assert total.carried == sum(cell.figures.carried for cell in cells if cell)
    for row in found.rows:
        carried = [cell.figures.carried for cell in row.cells if cell]
        assert max(carried) <= row.total.carried <= sum(carried)
        assert row.outlets == len(carried)
    assert found.total.carried == len({each.story_id for each in listed})


@given(copies())
def test_no_agency_carries_itself_and_the_darkest_cell_has_the_most(listed: list[Counted]) -> None:
    found = matrix(listed)

    cells = [(row.origin_id, cell) for row in found.rows for cell in row.cells if cell]
    assert all(origin != cell.carrier_id for origin, cell in cells)
    most = max((cell.figures.carried for _, cell in cells), default=0)
    for _, cell in cells:
        assert 1 <= cell.shade <= SHADES
        if cell.figures.carried == most:
            assert cell.shade == SHADES


def test_a_cell_has_the_middle_lag_and_the_credit_of_what_is_known() -> None:
    found = matrix(
        [
            copy("s1", "bta", "sta", 60, "origin"),
            copy("s2", "bta", "sta", None, "unknown"),
            copy("s3", "bta", "sta", 180, "none"),
        ]
    )

    (cell,) = found.rows[0].cells
    assert cell is not None
    assert cell.figures.median_lag == timedelta(seconds=120)
    assert (cell.figures.credited_share, cell.figures.credit_known) == (0.5, 2)


def test_an_own_item_is_no_copy() -> None:
    assert matrix([copy("s1", "bta", "bta")]).rows == ()


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_is_never_lighter(one: int, other: int, most: int) -> None:
    less, more = sorted((min(one, most), min(other, most)))

    assert shade(less, most) <= shade(more, most) <= SHADES
    assert (shade(more, most) == 0) == (more == 0)
