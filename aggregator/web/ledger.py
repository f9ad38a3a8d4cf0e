"""The ledger of an agreement in one direction, day by day: what there was, and what became of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date

from aggregator.model import CreditState, Kind
from aggregator.pickup import Copy, Direction, Report, Span, credit_owed


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerDay:
    """The reports of a UTC day, and the copies there are of them by now, whenever those came."""

    day: date
    reports: int
    carried: int  # of the reports
    uncredited: int  # copies whose whole text names no agency
    stale: int  # copies

    @property
    def uncarried(self) -> int:
        """The reports nobody carried."""
        return self.reports - self.carried


def ledger_days(direction: Direction, span: Span) -> list[LedgerDay]:
    """Each UTC day of a span, the earliest first."""
    by_day: dict[date, list[Report]] = {day: [] for day in span.days()}
    for report in direction.reports:
        by_day.setdefault(report.published_at.astimezone(UTC).date(), []).append(report)
    return [
        LedgerDay(
            day=day,
            reports=len(by_day[day]),
            carried=sum(bool(report.copies) for report in by_day[day]),
            uncredited=sum(1 for _ in _copies(by_day[day], is_uncredited)),
            stale=sum(1 for _ in _copies(by_day[day], is_stale)),
        )
        for day in span.days()
    ]


def copies_that(direction: Direction, holds: Callable[[Copy], bool]) -> list[tuple[Report, Copy]]:
    """The copies for which something holds, each with its report, those of the latest report first."""
    return [*_copies(direction.reports, holds)]


def is_uncredited(copy: Copy) -> bool:
    """Whether a copy names no agency, its whole text being known; later versions are no further copies.

    One that may have been the first owes nobody a credit.
    """
    return copy.kind is not Kind.REVISION and credit_owed(copy) is CreditState.NONE


def is_stale(copy: Copy) -> bool:
    """Whether a copy still has a corrected fact, or a report that was withdrawn."""
    return copy.is_stale


def _copies(
    reports: list[Report] | tuple[Report, ...], holds: Callable[[Copy], bool]
) -> Iterator[tuple[Report, Copy]]:
    return ((report, copy) for report in reports for copy in report.copies if holds(copy))
