"""Pick-up as CSV that opens in a spreadsheet: RFC 4180, UTF-8 with a byte order mark, times without a zone.

A line a copy, and one for each report nobody carried. A cell that a spreadsheet would take for a formula
begins with an apostrophe: titles are written by others.
(https://owasp.org/www-community/attacks/CSV_Injection)
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO

from aggregator.pickup import Copy, Headline, Pickup, Report
from aggregator.syndicate import safe

COLUMNS = (
    *("direction", "report", "origin", "title", "link", "published_utc", "withdrawn_utc"),
    *("agency", "language", "item", "copy_title", "copy_link", "reported_utc", "kind"),
    *("lag_s", "since_first_s", "undecided", "credit", "stale", "old_facts", "new_facts"),
    "superseded_by",
)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
MEDIA_TYPE = "text/csv; charset=utf-8"
Headlines = Mapping[str, Headline]


def as_csv(found: Pickup, headlines: Headlines) -> bytes:
    """The file; `headlines` has those of every report's lead and of every copy."""
    file = StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    for name, direction in (("ours", found.ours), ("theirs", found.theirs)):
        for report in direction.reports:
            head = {"direction": name} | _report(report, headlines[report.lead_id])
            copies = [_copy(copy, headlines[copy.item_id]) for copy in report.copies]
            for copy in copies or [{}]:
                writer.writerow({key: _cell(value) for key, value in (head | copy).items()})
    return BOM_UTF8 + file.getvalue().encode("utf-8", "replace")


def link_of(headline: Headline) -> str | None:
    """The item's address as its feed gave it, if it may be shown."""
    return headline.link if safe.address(headline.link) else None


def _report(report: Report, lead: Headline) -> dict[str, object]:
    return {
        "report": report.story_id,
        "origin": report.origin_id,
        "title": lead.title,
        "link": link_of(lead),
        "published_utc": report.published_at,
        "withdrawn_utc": report.killed_at,
    }


def _copy(copy: Copy, headline: Headline) -> dict[str, object]:
    return {
        "agency": copy.agency_id,
        "language": copy.language,
        "item": copy.item_id,
        "copy_title": headline.title,
        "copy_link": link_of(headline),
        "reported_utc": copy.reported_at,
        "kind": copy.kind,
        "lag_s": copy.lag,
        "since_first_s": copy.since_first,
        "undecided": copy.is_undecided,
        "credit": copy.credit,
        "stale": copy.is_stale,
        "old_facts": ", ".join(pair.old for pair in copy.facts),
        "new_facts": ", ".join(pair.new for pair in copy.facts),
        "superseded_by": copy.superseded_by,
    }


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        case timedelta():
            return str(int(value.total_seconds()))
        case _:
            text = " ".join(str(value).split())
            return f"'{text}" if text.startswith(_FORMULA) else text
