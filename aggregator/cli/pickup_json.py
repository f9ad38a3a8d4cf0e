"""Pick-up as one JSON document. Times are RFC 3339 in UTC, durations seconds (`_s`), shares in [0, 1].

docs/pickup.md describes every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from aggregator.model import CreditState
from aggregator.pickup import (
    Compared,
    Copy,
    Day,
    Direction,
    Figures,
    Headline,
    Pickup,
    Report,
    Span,
)
from aggregator.provenance import rfc3339
from aggregator.syndicate.pickup_csv import link_of

Headlines = Mapping[str, Headline]


def as_json(found: Pickup, headlines: Headlines) -> dict[str, object]:
    """The document; `headlines` has those of every report's lead and of every copy."""
    return {
        "agency": found.agency_id,
        "partner": found.partner_id,
        **_span(found.span),
        "before": _span(found.span.before),
        "ours": _direction(found.ours, found.ours.by_agency(), headlines),
        "theirs": _direction(found.theirs, found.theirs.by_origin(), headlines),
        "days": [_day(day) for day in found.days()] if found.partner_id else None,
    }


def _span(span: Span) -> dict[str, object]:
    return {"since_at": rfc3339(span.since_at), "until_at": rfc3339(span.until_at)}


def _direction(
    direction: Direction, by_agency: Mapping[str, Compared], headlines: Headlines
) -> dict[str, object]:
    by_language = direction.by_language()
    return {
        "totals": _compared(direction.totals()),
        "agencies": [{"agency": name} | _compared(each) for name, each in by_agency.items()],
        "languages": [
            {"language": code or None} | _compared(each) for code, each in by_language.items()
        ],
        "reports": [_report(report, headlines) for report in direction.reports],
    }


def _compared(compared: Compared) -> dict[str, object]:
    return {"now": _figures(compared.now), "before": _figures(compared.before)}


def _figures(figures: Figures) -> dict[str, object]:
    return {
        "reports": figures.reports,
        "carried": figures.carried,
        "carried_share": _share(figures.carried_share),
        "copies": figures.copies,
        "timed": figures.timed,
        "median_lag_s": _seconds(figures.median_lag),
        "p90_lag_s": _seconds(figures.p90_lag),
        "credit": {state.value: figures.credits[state] for state in CreditState},
        "credited_share": _share(figures.credited_share),
        "stale": figures.stale,
    }


def _report(report: Report, headlines: Headlines) -> dict[str, object]:
    lead = headlines[report.lead_id]
    return {
        "id": report.story_id,
        "origin": report.origin_id,
        "title": lead.title,
        "link": link_of(lead),
        "published_at": rfc3339(report.published_at),
        "killed_at": _time(report.killed_at),
        "copies": [_copy(copy, headlines[copy.item_id]) for copy in report.copies],
    }


def _copy(copy: Copy, headline: Headline) -> dict[str, object]:
    return {
        "id": copy.item_id,
        "agency": copy.agency_id,
        "language": copy.language,
        "title": headline.title,
        "link": link_of(headline),
        "reported_at": rfc3339(copy.reported_at),
        "kind": copy.kind,
        "lag_s": _seconds(copy.lag),
        "since_first_s": _seconds(copy.since_first),
        "undecided": copy.is_undecided,
        "credit": copy.credit,
        "edition": copy.is_edition,
        "stale": copy.is_stale,
        "facts": [{"old": pair.old, "new": pair.new} for pair in copy.facts],
        "superseded_by": copy.superseded_by,
    }


def _day(day: Day) -> dict[str, object]:
    return {
        "day": day.day.isoformat(),
        "ours": {"reports": day.ours, "carried": day.ours_carried},
        "theirs": {"reports": day.theirs, "carried": day.theirs_carried},
    }


def _time(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
