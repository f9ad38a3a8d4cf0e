"""The arithmetic of pick-up: shares of nothing, one copy, ties, later versions, what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aggregator.model import CreditState, Kind
from aggregator.pickup import (
    Copy,
    Counted,
    Direction,
    Earlier,
    Figures,
    Pickup,
    Report,
    Span,
    figures,
    spread,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def copy(agency: str = "focus", minutes: float | None = 10, **changes: Any) -> Copy:
    lag = None if minutes is None else minutes * MINUTE
    plain = Copy(
        item_id=f"{agency}-{minutes}",
        agency_id=agency,
        language="en",
        reported_at=NOON + (lag or timedelta(0)),
        kind=Kind.NEAR,
        lag=lag,
        since_first=lag,
        credit=CreditState.ORIGIN,
    )
    return plain._replace(**changes)


def report(*copies: Copy, at: datetime = NOON, origin: str = "bta") -> Report:
    return Report(f"s{at:%d%H}{len(copies)}", origin, "lead", at, None, copies)


def of(
    *reports: Report, reports_before: int | None = 0, before: tuple[Counted, ...] = ()
) -> Direction:
    return Direction(reports=reports, earlier=Earlier(reports=reports_before, copies=before))


def figures_of(*copies: Copy) -> Figures:
    return of(report(*copies)).totals().now


def lags(*minutes: float | None) -> Figures:
    return figures_of(*(copy(minutes=each) for each in minutes))


def earlier(agency: str = "focus", minutes: float = 30) -> Counted:
    return Counted("before", "bta", agency, "en", False, minutes * 60, "origin", False)


def test_of_nothing_there_are_no_shares_and_no_lags() -> None:
    nothing = figures([], 0)

    assert (nothing.reports, nothing.carried, nothing.copies, nothing.stale) == (0, 0, 0, 0)
    assert (nothing.carried_share, nothing.credited_share) == (None, None)
    assert (nothing.median_lag, nothing.p90_lag, nothing.timed) == (None, None, 0)


def test_of_one_copy_median_and_p90_are_its_lag() -> None:
    assert (lags(7).median_lag, lags(7).p90_lag, lags(7).timed) == (7 * MINUTE, 7 * MINUTE, 1)


@pytest.mark.parametrize(
    ("minutes", "median", "p90"),
    [
        ((4, 2), 3, 4),
        ((9, 1, 3), 3, 9),
        ((5, 5, 5, 5), 5, 5),
        (tuple(range(1, 11)), 5.5, 9),
        (tuple(range(1, 12)), 6, 10),
        ((1, None, 3), 2, 3),
    ],
)
def test_median_and_p90_by_nearest_rank(
    minutes: tuple[float | None, ...], median: float, p90: float
) -> None:
    found = lags(*minutes)

    assert (found.median_lag, found.p90_lag) == (median * MINUTE, p90 * MINUTE)


def test_a_report_carried_twice_is_carried_once() -> None:
    found = of(report(copy("focus"), copy("kazinform")), report(at=NOON + DAY)).totals().now

    assert (found.carried, found.copies, found.carried_share) == (1, 2, 0.5)


def test_a_later_version_is_no_further_copy_but_may_be_stale() -> None:
    version = copy(minutes=90, kind=Kind.REVISION, credit=CreditState.NONE, is_stale=True)

    found = figures_of(copy(), version)

    assert (found.copies, found.timed, found.median_lag) == (1, 1, 10 * MINUTE)
    assert (found.credited_share, found.stale) == (1, 1)


def test_the_share_credited_is_of_those_that_are_known() -> None:
    states = (CreditState.ORIGIN, CreditState.OTHER, CreditState.NONE, CreditState.UNKNOWN)

    found = figures_of(*(copy(minutes=n, credit=state) for n, state in enumerate(states)))

    assert (found.credit_known, found.credits[CreditState.UNKNOWN]) == (3, 1)
    assert found.credited_share == pytest.approx(1 / 3)


def test_where_no_credit_is_known_no_share_is_said() -> None:
    assert figures_of(copy(credit=CreditState.UNKNOWN)).credited_share is None


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    span = Span(since_at=NOON, until_at=NOON + 7 * DAY)

    assert span.before == Span(since_at=NOON - 7 * DAY, until_at=NOON)
    assert (span.has(NOON), span.has(span.until_at)) == (True, False)
    assert (span.before.has(NOON), span.before.has(NOON - MINUTE)) == (False, True)


def test_a_span_touches_days_of_utc_and_not_the_one_it_ends_before() -> None:
    midnight = datetime(2026, 11, 25, tzinfo=UTC)

    assert Span(since_at=NOON, until_at=midnight).days() == [date(2026, 11, 24)]
    assert Span(since_at=NOON, until_at=midnight + MINUTE).days() == [
        date(2026, 11, 24),
        date(2026, 11, 25),
    ]


def test_figures_stand_beside_those_of_the_period_before() -> None:
    found = of(
        report(copy()), report(at=NOON + DAY), reports_before=4, before=(earlier(minutes=30),)
    )

    totals = found.totals()
    assert (totals.now.carried_share, totals.before.carried_share) == (0.5, 0.25)
    assert totals.before.median_lag == 30 * MINUTE
    assert (found.carried, found.uncarried) == ([found.reports[0]], [found.reports[1]])


def test_each_agency_has_its_own_figures_the_one_with_most_copies_first() -> None:
    found = of(
        report(copy("zeta"), copy("alpha"), copy("zeta", 20, language="ru")),
        report(copy("zeta", 40)),
        report(),
        before=(earlier("gone"),),
    ).by_agency()

    assert list(found) == ["zeta", "alpha", "gone"]
    assert (found["zeta"].now.copies, found["zeta"].now.carried) == (3, 2)
    assert found["zeta"].now.carried_share == pytest.approx(2 / 3)
    assert (found["gone"].now.copies, found["gone"].before.copies) == (0, 1)


def test_each_language_has_its_own_figures() -> None:
    found = of(report(copy(), copy(language="ru"), copy(language=None, minutes=3))).by_language()

    assert {code: each.now.copies for code, each in found.items()} == {"en": 1, "ru": 1, "": 1}


def test_of_reports_that_are_only_the_carried_ones_there_is_no_share() -> None:
    found = of(report(copy()), reports_before=None)

    now = found.totals().now
    assert (now.reports, now.carried, now.carried_share) == (None, 1, None)
    assert list(found.by_origin()) == ["bta"]


def test_a_ledger_counts_each_day_both_ways_with_days_on_which_nothing_went() -> None:
    ledger = Pickup(
        agency_id="bta",
        partner_id="kazinform",
        span=Span(since_at=NOON, until_at=NOON + 2 * DAY),
        ours=of(report(copy(minutes=24 * 60)), report()),
        theirs=of(report(at=NOON + DAY, origin="kazinform")),
    )

    days = [(d.ours_carried, d.ours, d.theirs_carried, d.theirs) for d in ledger.days()]

    assert days == [(1, 2, 0, 0), (0, 0, 0, 1), (0, 0, 0, 0)]


HOUR_S = 3600


@pytest.mark.parametrize(
    ("first_copies_s", "agencies_an_hour"),
    [
        ([], 0),
        ([0], 1),
        ([60, 120, HOUR_S], 3),
        ([2 * HOUR_S], 0.5),
        ([60, 4 * HOUR_S], 0.5),
    ],
)
def test_a_report_spreads_as_fast_as_agencies_took_it_with_an_hour_at_least(
    first_copies_s: list[float], agencies_an_hour: float
) -> None:
    assert spread(first_copies_s) == agencies_an_hour
