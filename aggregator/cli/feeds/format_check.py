"""`feeds check`: what one request to a feed showed, as a few lines and as JSON."""

from __future__ import annotations

from rich.text import Text

from aggregator.cli import console, format_left_out
from aggregator.cli.feeds.probe import Probe
from aggregator.ingest.drop import Batch
from aggregator.lengths import count_words, median_words
from aggregator.model import LeftOut
from aggregator.provenance import rfc3339


def as_json(probe: Probe) -> dict[str, object]:
    """Everything the request showed; what is unknown is null."""
    fetched, parsed = probe.fetched, probe.parsed
    return {
        "id": probe.feed.id,
        "agency": probe.feed.agency_id,
        "url": probe.feed.url,
        "verdict": probe.verdict,
        "reachable": fetched is not None or probe.batch is not None,
        "http_status": fetched.status if fetched else None,
        "answered_by": fetched.url if fetched else None,
        "took_ms": round(fetched.took.total_seconds() * 1000) if fetched else None,
        "format": parsed.format if parsed else None,
        "title": parsed.title if parsed else None,
        "items": len(parsed.items) if parsed else 0,
        "median_words": _words(probe),
        "left_out": format_left_out.as_json(parsed.left_out if parsed else LeftOut()),
        "newest_at": rfc3339(probe.newest_at) if probe.newest_at else None,
        "language": {
            "configured": probe.feed.language,
            "declared": parsed.language if parsed else None,
        },
        "validators": _validators(probe),
        "interval_seconds": round(probe.interval.total_seconds()) if probe.interval else None,
        "interval_why": probe.why or None,
        "offers": list(probe.offers),
        "files": _files(probe),
        "problems": problems(probe),
        "advice": probe.advice or None,
        "answers_to": probe.answers_to,
    }


def problems(probe: Probe) -> list[str]:
    """What is wrong, a sentence each; empty when all is well."""
    sentences = [probe.problem] if probe.problem else []
    if probe.fetched and probe.fetched.permanent_url:
        sentences.append(f"has moved to {probe.fetched.permanent_url}; use that address")
    if probe.batch:
        sentences += [f"{name}: {reason}" for name, reason in probe.batch.complaints]
    if probe.parsed:
        sentences += probe.parsed.problems
        sentences += filter(None, (format_left_out.in_words(probe.parsed.left_out),))
    return sentences


def print_probe(probe: Probe) -> None:
    """One line for the content, one for how the feed would be polled, one for each problem, and what to do."""
    mark = (str(probe.verdict), "red" if probe.problem else "green")
    out = console.stdout()
    content = ", ".join(_content(probe))
    line = Text.assemble((f"{probe.feed.id:<20}", "bold"), " ", mark, "  ", content)
    out.print(line, soft_wrap=True)
    if probe.interval:
        out.print(Text(f"  {', '.join(_polling(probe))}", "dim"), soft_wrap=True)
    for problem in problems(probe):
        out.print(Text(f"  {problem}"), soft_wrap=True)
    if probe.advice:
        out.print(Text(f"  What to do: {probe.advice}."), soft_wrap=True)


def _content(probe: Probe) -> list[str]:
    parsed = probe.parsed
    if probe.batch and parsed is None:
        return [_folder(probe.batch)]
    if parsed is None:
        return [f"HTTP {probe.fetched.status}" if probe.fetched else "not reachable"]
    newest = f"newest {console.format_time(probe.newest_at)}" if probe.newest_at else "no dates"
    items = console.pluralize(len(parsed.items), "item")
    words = f"{console.pluralize(_words(probe) or 0, 'word')} an item"
    files = [_folder(probe.batch)] if probe.batch else []
    return [*files, parsed.format, items, words, newest, f"language {_languages(probe)}"]


def _words(probe: Probe) -> int | None:
    """The words of the items' texts, in the middle; None without items."""
    items = probe.parsed.items if probe.parsed else ()
    return median_words(count_words(item.text) for item in items)


def _polling(probe: Probe) -> list[str]:
    status = f"HTTP {probe.fetched.status}" if probe.fetched else ""
    validators = " and ".join(_validators(probe)) or "no validators"
    interval = (
        f"every {console.format_duration(probe.interval)} ({probe.why})" if probe.interval else ""
    )
    return [interval] if probe.batch else [status, validators, interval]


def _folder(batch: Batch) -> str:
    """How many files a poll would take, and how many it would leave."""
    waiting = f", {batch.waiting} waiting" if batch.waiting else ""
    return f"{console.pluralize(batch.files, 'file')}{waiting}"


def _files(probe: Probe) -> dict[str, int] | None:
    """Of a folder, the files that a poll would take, those of them that fail, and those it would leave."""
    if probe.batch is None:
        return None
    batch = probe.batch
    return {"ready": batch.files, "failing": batch.failed, "waiting": batch.waiting}


def _languages(probe: Probe) -> str:
    declared = probe.parsed.language if probe.parsed else None
    configured = probe.feed.language
    if configured and declared and not declared.lower().startswith(configured.lower()):
        return f"{configured} (the feed declares {declared})"
    return configured or declared or "unknown"


def _validators(probe: Probe) -> list[str]:
    names = {"etag": "ETag", "last-modified": "Last-Modified"}
    headers = probe.fetched.headers if probe.fetched else {}
    return [name for header, name in names.items() if headers.get(header)]
