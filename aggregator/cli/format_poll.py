"""`poll`: the report of one poll as a line and as JSON."""

from __future__ import annotations

from dataclasses import replace

from aggregator.cli import console, format_left_out
from aggregator.model import LeftOut, PollReport
from aggregator.provenance import rfc3339


def as_line(report: PollReport) -> str:
    """The feed, the result, how long it took, and the figures or the error."""
    figures = [
        console.pluralize(report.files, "file") if report.files else "",
        f"{report.files_failed} of them failed" if report.files_failed else "",
        console.pluralize(report.items, "item") if report.items else "",
        f"{report.new} new" if report.new else "",
        f"{report.revised} revised" if report.revised else "",
        f"{report.matched} joined a story" if report.matched else "",
        f"{report.waiting} waiting for their page" if report.waiting else "",
        format_left_out.in_words(_beside_files(report)),
    ]
    outcome = report.error or ", ".join(filter(None, figures))
    took = _milliseconds(report)
    return f"{report.feed_id:<20} {report.result.value:<9} {took:>6} ms  {outcome}".rstrip()


def as_json(report: PollReport) -> dict[str, object]:
    """The same for programs; times are RFC 3339."""
    return {
        "id": report.feed_id,
        "result": report.result,
        "http_status": report.http_status,
        "items": report.items,
        "new": report.new,
        "revised": report.revised,
        "matched": report.matched,
        "waiting": report.waiting,
        "left_out": format_left_out.as_json(report.left_out),
        "files": report.files,
        "files_failed": report.files_failed,
        "took_ms": _milliseconds(report),
        "next_due_at": rfc3339(report.next_due_at) if report.next_due_at else None,
        "error": report.error,
    }


def _beside_files(report: PollReport) -> LeftOut:
    """What was left out, but for the files that failed, which are told as such."""
    broken = max(report.left_out.broken - report.files_failed, 0)
    return replace(report.left_out, broken=broken)


def _milliseconds(report: PollReport) -> int:
    return round(report.took.total_seconds() * 1000)
