"""Pick-up: what became of an agency's reports, and the figures of it. Values and their arithmetic, no more.

    Copy       an item of another agency than the one whose report it is
    Report     a report of an agency, with its copies
    Figures    of some copies: how many, how late, credited or not
    Direction  the reports of one side as the other carried them: in a span of time, and in the one before
    Pickup     both directions

Of the items by which an agency carried a report, one a language counts: a later version (`revision`) is
listed, and may be stale, but is no further copy. Nothing is reckoned from what is not known: a lag needs
times that feeds gave and that tell which was first, a share of credits texts that are known to be whole
or name a source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import ceil
from typing import NamedTuple

from aggregator.model import CreditState, Kind, Replacement


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span of time: from `since_at`, before `until_at`, which is later."""

    since_at: datetime
    until_at: datetime

    @property
    def before(self) -> Span:
        """The span of the same length that ends where this one begins."""
        length = self.until_at - self.since_at
        return Span(since_at=self.since_at - length, until_at=self.since_at)

    def has(self, at: datetime) -> bool:
        """Whether a time lies in it."""
        return self.since_at <= at < self.until_at

    def days(self) -> list[date]:
        """The UTC days it touches, the earliest first."""
        first = self.since_at.astimezone(UTC).date()
        last = (self.until_at - timedelta(microseconds=1)).astimezone(UTC).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


class Copy(NamedTuple):
    """An item of another agency than the one whose report it is; a tuple, for there are many of them.

    `lag` is the time since its parent was reported, None where it has none, `since_first` that since the
    agency of origin first reported. That one is None where the times do not tell: its feed gave none,
    they are undecided, or we hold no report of the origin that is as early.
    """

    reported_at: datetime
    item_id: str
    agency_id: str
    language: str | None
    kind: Kind | None  # what it is to its parent
    lag: timedelta | None
    since_first: timedelta | None
    credit: CreditState
    facts: tuple[
        Replacement, ...
    ] = ()  # of a stale one: corrected facts, of which it has an old one
    is_edition: bool = False
    is_undecided: bool = False
    is_stale: bool = False
    superseded_by: str | None = None  # the item of its agency that corrects it

    @property
    def is_version(self) -> bool:
        """Whether it is a later version of a copy by the same agency in the same language."""
        return self.kind is Kind.REVISION


class Report(NamedTuple):
    """A report of an agency, and its copies in the order of their times."""

    story_id: str
    origin_id: str
    lead_id: str  # the item that stands for it
    published_at: datetime
    killed_at: datetime | None = None  # when the agency withdrew it
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What an item is shown by."""

    title: str
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What some copies come to. Shares are in [0, 1], and None where there is nothing to share."""

    reports: int | None  # all that there were; None where only those that were carried are known
    carried: int  # reports with a copy
    copies: int
    timed: int  # copies of which it is known how long after the first report they came
    median_lag: timedelta | None  # of these
    p90_lag: timedelta | None  # nine of ten were not later (nearest rank)
    credits: Counter[CreditState] = field(hash=False)  # of the copies
    stale: int  # copies, and later versions of them, with a corrected fact or a withdrawn report

    @property
    def carried_share(self) -> float | None:
        """Of the reports, those that were carried."""
        return self.carried / self.reports if self.reports else None

    @property
    def credit_known(self) -> int:
        """Copies of which it is known whom they credit, if anyone."""
        return self.credits.total() - self.credits[CreditState.UNKNOWN]

    @property
    def credited_share(self) -> float | None:
        """Of these, the copies that credit the agency of origin."""
        known = self.credit_known
        return self.credits[CreditState.ORIGIN] / known if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The figures of a span and of the one before it."""

    now: Figures
    before: Figures


@dataclass(frozen=True, kw_only=True)
class Direction:
    """The reports of one side as the other carried them: of a span, the latest first, and of the one before.

    `is_complete` says whether reports that nobody carried are among them.
    """

    reports: tuple[Report, ...]
    earlier: tuple[Report, ...] = ()
    is_complete: bool = True

    @property
    def carried(self) -> list[Report]:
        """The reports with a copy."""
        return [report for report in self.reports if report.copies]

    @property
    def uncarried(self) -> list[Report]:
        """The reports without one."""
        return [report for report in self.reports if not report.copies]

    @cached_property
    def totals(self) -> Compared:
        """The figures of all copies."""
        return self._compared(
            [report.copies for report in self.carried],
            [report.copies for report in self.earlier if report.copies],
        )

    def by_agency(self) -> dict[str, Compared]:
        """The figures of each agency's copies, the one with the most first."""
        return self._by(lambda _, copy: copy.agency_id)

    def by_origin(self) -> dict[str, Compared]:
        """The figures of the copies of each agency's reports, likewise."""
        return self._by(lambda report, _: report.origin_id)

    def by_language(self) -> dict[str, Compared]:
        """The figures of the copies in each language; "" is one that is not known."""
        return self._by(lambda _, copy: copy.language or "")

    def _by(self, key: _Key) -> dict[str, Compared]:
        now, before = _grouped(self.reports, key), _grouped(self.earlier, key)
        found = {
            name: self._compared(now.get(name, ()), before.get(name, ()))
            for name in {**now, **before}
        }
        return dict(sorted(found.items(), key=lambda each: (-each[1].now.copies, each[0])))

    def _compared(
        self, now: Sequence[Sequence[Copy]], before: Sequence[Sequence[Copy]]
    ) -> Compared:
        return Compared(
            now=figures(now, len(self.reports) if self.is_complete else None),
            before=figures(before, len(self.earlier) if self.is_complete else None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A UTC day of an agreement: how many reports each side had, and of them the other carried."""

    day: date
    ours: int
    ours_carried: int
    theirs: int
    theirs_carried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickup:
    """What became of an agency's reports in a span, and what it carried of others'.

    `ours` are the reports that originated with the agency, with the copies of all others, or of the
    partner alone. `theirs` are, with a partner, all reports of that one, with the agency's copies; without
    one those of anybody that the agency carried in the span.
    """

    agency_id: str
    partner_id: str | None
    span: Span
    ours: Direction
    theirs: Direction

    def days(self) -> list[Day]:
        """Each UTC day, by the times of the reports: one carried on the day after counts for its own."""
        ours, ours_carried = _per_day(self.ours.reports), _per_day(self.ours.carried)
        theirs, theirs_carried = _per_day(self.theirs.reports), _per_day(self.theirs.carried)
        return [
            Day(
                day=day,
                ours=ours[day],
                ours_carried=ours_carried[day],
                theirs=theirs[day],
                theirs_carried=theirs_carried[day],
            )
            for day in self.span.days()
        ]


_Key = Callable[[Report, Copy], str]


def figures(carried: Sequence[Sequence[Copy]], reports: int | None) -> Figures:
    """What copies come to: those of each report that was carried, of so many reports."""
    listed = [copy for copies in carried for copy in copies]
    counted = [copy for copy in listed if not copy.is_version]
    lags = sorted(copy.since_first for copy in counted if copy.since_first is not None)
    return Figures(
        reports=reports,
        carried=len(carried),
        copies=len(counted),
        timed=len(lags),
        median_lag=(lags[(len(lags) - 1) // 2] + lags[len(lags) // 2]) / 2 if lags else None,
        p90_lag=lags[ceil(0.9 * len(lags)) - 1] if lags else None,
        credits=Counter(copy.credit for copy in counted),
        stale=sum(copy.is_stale for copy in listed),
    )


def _grouped(reports: Iterable[Report], key: _Key) -> dict[str, list[list[Copy]]]:
    """The copies by their key, those of each report together."""
    found: defaultdict[str, list[list[Copy]]] = defaultdict(list)
    for report in reports:
        of_report: defaultdict[str, list[Copy]] = defaultdict(list)
        for copy in report.copies:
            of_report[key(report, copy)].append(copy)
        for name, copies in of_report.items():
            found[name].append(copies)
    return dict(found)


def _per_day(reports: Iterable[Report]) -> Counter[date]:
    return Counter(report.published_at.astimezone(UTC).date() for report in reports)
