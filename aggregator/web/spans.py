"""The span of time a page is about, as `?since=7d&until=2026-12-01` gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.errors import UsageError
from aggregator.filters import Filter, parse_time
from aggregator.pickup import Span

CHOICES = ("24h", "7d", "30d")  # offered as links
DEFAULT = "7d"
LONGEST = timedelta(days=366)  # of which a page is made in bearable time
EARLIEST_YEAR = 1900  # no agency's feed is older, and the span before must be a time as well


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSpan:
    """A span, and the parameters that asked for it; `until` is None where it ends now."""

    span: Span
    since: str
    until: str | None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The parameters that ask for the same."""
        until = (("until", self.until),) if self.until else ()
        return (("since", self.since), *until)


def asked_span(wanted: Filter, now: datetime, *, default: str = DEFAULT) -> AskedSpan:
    """The span that a filter's `since` and `until` ask for; a duration in `since` is one before the end.

    Raises UsageError for one that is empty, or too long for a page.
    """
    since = wanted.since or default
    until_at = parse_time('"until"', wanted.until, before=now) if wanted.until else now
    since_at = parse_time('"since"', since, before=until_at)
    if since_at >= until_at:
        raise UsageError(
            '"since" (%(since)s) is not before the end (%(until)s). Exchange them.',
            since=since,
            until=wanted.until or "now",
        )
    if until_at - since_at > LONGEST or since_at.year < EARLIEST_YEAR:
        raise UsageError(
            '"since" (%(since)s) is more than %(days)s days before the end. '
            "For longer spans use “aggregator pickup”.",
            since=since,
            days=LONGEST.days,
        )
    span = Span(since_at=since_at, until_at=until_at)
    return AskedSpan(span=span, since=since, until=wanted.until)
