"""`feeds check`: what one request to a feed showed, as some lines and as JSON."""

from __future__ import annotations

from rich.text import Text

from aggregator.cli import console as show
from aggregator.cli.feeds.probe import Probe
from aggregator.provenance import rfc3339


def as_json(answer: Probe) -> dict[str, object]:
    """Everything that was found out; what is unknown is null."""
    fetched, parsed = answer.fetched, answer.parsed
    return {
        "id": answer.feed.id,
        "agency": answer.feed.agency_id,
        "url": answer.feed.url,
        "reachable": fetched is not None,
        "http_status": fetched.status if fetched else None,
        "answered_by": fetched.url if fetched else None,
        "took_ms": round(fetched.took.total_seconds() * 1000) if fetched else None,
        "format": parsed.format if parsed else None,
        "title": parsed.title if parsed else None,
        "items": len(parsed.items) if parsed else 0,
        "newest_at": rfc3339(answer.newest_at) if answer.newest_at else None,
        "language": {
            "configured": answer.feed.language,
            "declared": parsed.language if parsed else None,
        },
        "validators": _validators(answer),
        "interval_seconds": round(answer.interval.total_seconds()) if answer.interval else None,
        "interval_why": answer.why or None,
        "offers": list(answer.offers),
        "problems": problems(answer),
    }


def problems(answer: Probe) -> list[str]:
    """What is wrong, in words; empty when all is well."""
    found = [answer.problem] if answer.problem else []
    if answer.fetched and answer.fetched.permanent_url:
        found.append(f"has moved to {answer.fetched.permanent_url}; write that address")
    if answer.parsed:
        found += answer.parsed.problems
        if answer.parsed.dropped:
            found.append(f"{show.count(answer.parsed.dropped, 'entry')} too broken to keep")
    return found


def print_out(answer: Probe) -> None:
    """What is there on one line, how it would be polled on the next, and a line for each problem."""
    mark = ("failed", "red") if answer.problem else ("ok", "green")
    console = show.console()
    there = ", ".join(_there(answer))
    line = Text.assemble((f"{answer.feed.id:<20}", "bold"), " ", mark, "  ", there)
    console.print(line, soft_wrap=True)
    if answer.interval:
        console.print(Text(f"  {', '.join(_polled(answer))}", "dim"), soft_wrap=True)
    for problem in problems(answer):
        console.print(Text(f"  {problem}"), soft_wrap=True)


def _there(answer: Probe) -> list[str]:
    parsed = answer.parsed
    if parsed is None:
        return [f"HTTP {answer.fetched.status}" if answer.fetched else "not reachable"]
    newest = f"newest {show.when(answer.newest_at)}" if answer.newest_at else "no dates"
    items = show.count(len(parsed.items), "item")
    return [parsed.format, items, newest, f"language {_languages(answer)}"]


def _polled(answer: Probe) -> list[str]:
    status = f"HTTP {answer.fetched.status}" if answer.fetched else ""
    validators = " and ".join(_validators(answer)) or "no validators"
    interval = f"every {show.span(answer.interval)} ({answer.why})" if answer.interval else ""
    return [status, validators, interval]


def _languages(answer: Probe) -> str:
    declared = answer.parsed.language if answer.parsed else None
    configured = answer.feed.language
    if configured and declared and not declared.lower().startswith(configured.lower()):
        return f"{configured} (it says {declared})"
    return configured or declared or "unsaid"


def _validators(answer: Probe) -> list[str]:
    names = {"etag": "ETag", "last-modified": "Last-Modified"}
    headers = answer.fetched.headers if answer.fetched else {}
    return [name for header, name in names.items() if headers.get(header)]
