"""The days of a ledger come to what its direction does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import CreditState, Kind
from aggregator.pickup import Copy, Direction, Earlier, Report, Span
from aggregator.web.ledger import copies_that, is_uncredited, ledger_days

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SPAN = Span(since_at=NOON - timedelta(days=2), until_at=NOON)


def copy(credit: CreditState, *, kind: Kind = Kind.NEAR, stale: bool = False) -> Copy:
    return Copy(NOON, "i", "sta", "en", kind, None, None, credit, is_stale=stale)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    at = NOON - timedelta(minutes=draw(st.integers(1, 2 * 24 * 60)))
    held = draw(st.lists(st.builds(copy, st.sampled_from(CreditState), stale=st.booleans())))
    return Report(f"s{at:%d%H%M}", "bta", "lead", at, None, tuple(held))


def direction(*listed: Report) -> Direction:
    return Direction(reports=listed, earlier=Earlier(reports=0))


@given(st.lists(reports(), max_size=20))
def test_the_days_add_up(listed: list[Report]) -> None:
    whole = direction(*listed)
    days = ledger_days(whole, SPAN)

    assert [day.day for day in days] == [date(2026, 11, number) for number in (22, 23, 24)]
    assert sum(day.reports for day in days) == len(listed)
    assert sum(day.carried for day in days) == len(whole.carried)
    assert sum(day.uncarried for day in days) == len(whole.uncarried)
    assert sum(day.uncredited for day in days) == len(copies_that(whole, is_uncredited))
    assert sum(day.stale for day in days) == whole.totals().now.stale


def test_a_credit_that_is_not_known_is_not_a_missing_one() -> None:
    held = tuple(copy(credit) for credit in CreditState)
    found = copies_that(direction(Report("s", "bta", "lead", NOON, None, held)), is_uncredited)

    assert [each.credit for _, each in found] == [CreditState.NONE]


def test_a_copy_that_may_have_been_the_first_is_not_uncredited() -> None:
    assert not is_uncredited(copy(CreditState.NONE)._replace(is_undecided=True))


def test_a_later_version_of_a_copy_is_not_uncredited_once_more() -> None:
    assert is_uncredited(copy(CreditState.NONE))
    assert not is_uncredited(copy(CreditState.NONE, kind=Kind.REVISION))
