"""Pick-up: what became of an agency's reports, and the figures of it. Values and their arithmetic, no more.

    Copy       an item of another agency than the one whose report it is
    Report     a report of an agency, with its copies
    Counted    of a copy only what the figures need
    Figures    of some copies: how many, how late, credited or not
    Direction  the reports of one side as the other carried them: in a span of time, and in the one before
    Pickup     both directions
    Matrix     what each agency carried of each

Of the items by which an agency carried a report, one a language counts: a later version (`revision`) is
listed, and may be stale, but is no further copy. Nothing is reckoned from what is not known: a lag needs
times that feeds gave and that tell which was first, a share of credits texts that are known to be whole
or name a source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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


class Report(NamedTuple):
    """A report of an agency, and its copies in the order of their times."""

    story_id: str
    origin_id: str
    lead_id: str  # the item that stands for it
    published_at: datetime
    killed_at: datetime | None = None  # when the agency withdrew it
    copies: tuple[Copy, ...] = ()


class Counted(NamedTuple):
    """What the figures need of a copy."""

    story_id: str
    origin_id: str
    agency_id: str
    language: str | None
    is_version: bool  # a later version of a copy by the same agency in the same language
    since_first_s: float | None  # seconds: `Copy.since_first`
    credit: str  # a `CreditState`, `credit_owed`
    is_stale: bool


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
    credits: Counter[str] = field(hash=False)  # of the copies, by `CreditState`
    stale: int  # copies, and later versions of them, with a corrected fact or a withdrawn report

    @property
    def carried_share(self) -> float | None:
        """Of the reports, those that were carried."""
        return self.carried / self.reports if self.reports else None

    @property
    def credit_known(self) -> int:
        """Copies of which it is known whom they credit, if anyone."""
        return credit_known(self.credits)

    @property
    def credited_share(self) -> float | None:
        """Of these, the copies that credit the agency of origin."""
        return credited_share(self.credits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What each agency carried of each other's reports: figures by the origin and the carrier.

    How many reports there were is not known in it. Who carried nothing of whom has no figures.
    """

    span: Span
    figures: Mapping[tuple[str, str], Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The figures of a span and of the one before it."""

    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What there was in the span before: how many reports (None: only the carried ones are known), which copies."""

    reports: int | None
    copies: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """The reports of one side as the other carried them, the latest first, and what there was before.

    Reports that nobody carried are among them unless `earlier.reports` is None.
    """

    reports: tuple[Report, ...]
    earlier: Earlier
    _listed: tuple[Counted, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Once for all figures: of a month it takes 60 ms.
        object.__setattr__(self, "_listed", tuple(_counted(self.reports)))

    @property
    def carried(self) -> list[Report]:
        """The reports with a copy."""
        return [report for report in self.reports if report.copies]

    @property
    def uncarried(self) -> list[Report]:
        """The reports without one."""
        return [report for report in self.reports if not report.copies]

    def totals(self) -> Compared:
        """The figures of all copies."""
        return self._compared(self._listed, self.earlier.copies)

    def by_agency(self) -> dict[str, Compared]:
        """The figures of each agency's copies, the one with the most first."""
        return self._by(lambda copy: copy.agency_id)

    def by_origin(self) -> dict[str, Compared]:
        """The figures of the copies of each agency's reports, likewise."""
        return self._by(lambda copy: copy.origin_id)

    def by_language(self) -> dict[str, Compared]:
        """The figures of the copies in each language, likewise; "" is one that is not known."""
        return self._by(lambda copy: copy.language or "")

    def _by(self, key: Callable[[Counted], str]) -> dict[str, Compared]:
        now, before = _grouped(self._listed, key), _grouped(self.earlier.copies, key)
        names = {**now, **before}
        found = {name: self._compared(now[name], before[name]) for name in names}
        return dict(sorted(found.items(), key=lambda each: (-each[1].now.copies, each[0])))

    def _compared(self, now: Sequence[Counted], before: Sequence[Counted]) -> Compared:
        reports = None if self.earlier.reports is None else len(self.reports)
        return Compared(now=figures(now, reports), before=figures(before, self.earlier.reports))


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

    @property
    def item_ids(self) -> set[str]:
        """The items by which reports and copies are shown: each report's lead, and every copy."""
        reports = (*self.ours.reports, *self.theirs.reports)
        leads = {report.lead_id for report in reports}
        return leads.union(copy.item_id for report in reports for copy in report.copies)

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


def figures(listed: Sequence[Counted], reports: int | None) -> Figures:
    """What copies come to, of so many reports."""
    copies = [copy for copy in listed if not copy.is_version]
    return figures_of(
        [copy.since_first_s for copy in copies if copy.since_first_s is not None],
        Counter(copy.credit for copy in copies),
        reports=reports,
        carried=len({copy.story_id for copy in listed}),
        stale=sum(copy.is_stale for copy in listed),
    )


def credit_known(credits_: Counter[str]) -> int:
    """Of copies counted by `CreditState`, those of which it is known whom they credit, if anyone."""
    return credits_.total() - credits_[CreditState.UNKNOWN]


def credited_share(credits_: Counter[str]) -> float | None:
    """Of these, the share that credits the agency of origin; None where there are none."""
    known = credit_known(credits_)
    return credits_[CreditState.ORIGIN] / known if known else None


def figures_of(
    lags_s: Iterable[float],
    credits_: Counter[str],
    *,
    reports: int | None,
    carried: int,
    stale: int,
) -> Figures:
    """The figures of copies counted by whom they credit, of which these lags, in seconds, are known."""
    lags = sorted(lags_s)
    middle = len(lags) // 2
    median_s = (lags[middle] + lags[~middle]) / 2 if lags else 0
    return Figures(
        reports=reports,
        carried=carried,
        copies=credits_.total(),
        timed=len(lags),
        median_lag=timedelta(seconds=median_s) if lags else None,
        p90_lag=timedelta(seconds=lags[ceil(0.9 * len(lags)) - 1]) if lags else None,
        credits=credits_,
        stale=stale,
    )


def spread(first_copies_s: Collection[float]) -> float:
    """How fast a report spread, in agencies an hour: all that took it, until the last of them did.

    Of each agency the seconds from the first report to its first copy, where that is known. Fewer seconds than
    an hour's count as an hour. 0 where nothing is known.
    """
    return len(first_copies_s) / max(1.0, max(first_copies_s, default=0.0) / 3600)


def credit_owed(copy: Copy) -> CreditState:
    """Whom a copy credits, as it is counted: of one that may have been the first, no credit is missing."""
    is_missing = copy.credit is CreditState.NONE
    return CreditState.UNKNOWN if is_missing and copy.is_undecided else copy.credit


def _counted(reports: Iterable[Report]) -> Iterator[Counted]:
    for report in reports:
        for copy in report.copies:
            yield Counted(
                report.story_id,
                report.origin_id,
                copy.agency_id,
                copy.language,
                copy.kind is Kind.REVISION,
                None if copy.since_first is None else copy.since_first.total_seconds(),
                credit_owed(copy),
                copy.is_stale,
            )


def _grouped(
    copies: Iterable[Counted], key: Callable[[Counted], str]
) -> defaultdict[str, list[Counted]]:
    found: defaultdict[str, list[Counted]] = defaultdict(list)
    for copy in copies:
        found[key(copy)].append(copy)
    return found


def _per_day(reports: Iterable[Report]) -> Counter[date]:
    return Counter(report.published_at.astimezone(UTC).date() for report in reports)
