"""`feeds list`: the configured feeds with the state of their polls, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aggregator.cli import console, format_left_out
from aggregator.cli.feeds import lengths
from aggregator.config import Settings
from aggregator.lengths import allow_translations
from aggregator.model import Feed, FeedState, FeedStatus, LeftOut
from aggregator.provenance import rfc3339

_STYLES = {FeedStatus.OK: "green", FeedStatus.NEW: ""}


Words = Mapping[str, int | None]  # by feed: what `lengths.compared_words` gives


def as_json(settings: Settings, states: Mapping[str, FeedState], words: Words) -> dict[str, object]:
    """`{"feeds": [...]}` in the order of the configuration; times are RFC 3339, durations seconds."""
    return {
        "feeds": [
            _feed_as_json(feed, states.get(feed.id)) | _lengths(feed, states.get(feed.id), words)
            for feed in settings.feeds
        ]
    }


def _lengths(feed: Feed, state: FeedState | None, words: Words) -> dict[str, object]:
    """How much the items say: `median_words` in the feed's texts, `compared_words` with title and page."""
    compared = words.get(feed.id)
    return {
        "fulltext": feed.fulltext,
        "median_words": state.median_words if state else None,
        "compared_words": compared,
        "translations": allow_translations(compared),
    }


def _feed_as_json(feed: Feed, state: FeedState | None) -> dict[str, object]:
    return {
        "id": feed.id,
        "agency": feed.agency_id,
        "url": feed.url,
        "language": feed.language,
        "status": state.status if state else FeedStatus.NEW,
        "error": state.error if state else None,
        "failures": state.failures if state else 0,
        "format": state.format if state else None,
        "title": state.title if state else None,
        "items": state.item_count if state else 0,
        "left_out": format_left_out.as_json(state.left_out if state else LeftOut()),
        "address": state.url if state else feed.url,
        "interval_seconds": _seconds(feed, state),
        "polled_at": _time(state.polled_at if state else None),
        "succeeded_at": _time(state.succeeded_at if state else None),
        "newest_at": _time(state.newest_at if state else None),
        "next_due_at": _time(state.next_due_at if state else None),
    }


def print_feeds(
    settings: Settings, states: Mapping[str, FeedState], words: Words, now: datetime
) -> None:
    """A table of all feeds; below it, of each the last error, what was left out, and where items say too little."""
    table = console.new_table(
        *("feed", "lang", "status", "items", "words", "newest", "polled", "next"),
        right={"items", "words"},
    )
    for feed in settings.feeds:
        state = states.get(feed.id)
        status = state.status if state else FeedStatus.NEW
        style = _STYLES.get(status, "red")
        table.add_row(
            console.cell(feed.id),
            console.cell(feed.language),
            console.cell(status.value, style),
            console.cell(state.item_count if state else None),
            console.cell(state.median_words if state else None),
            console.format_time(state.newest_at if state else None),
            console.format_time(state.polled_at if state else None),
            _next(state, now),
        )
    console.stdout().print(table)
    for feed in settings.feeds:
        state = states.get(feed.id)
        if state and state.error:
            console.print_line(f"{feed.id}: {state.error}")
        if state and state.left_out.total:
            console.print_line(f"{feed.id}: {format_left_out.in_words(state.left_out)}")
        if remark := lengths.remark(words.get(feed.id)):
            console.print_line(f"{feed.id}: {remark}")


def _next(state: FeedState | None, now: datetime) -> str:
    if state and state.status is FeedStatus.GONE:
        return "never"
    if state is None or state.next_due_at <= now:
        return "due"
    return f"in {console.format_duration(state.next_due_at - now)}"


def _seconds(feed: Feed, state: FeedState | None) -> int | None:
    interval = feed.interval or (state.interval if state else None)
    return round(interval.total_seconds()) if interval else None


def _time(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None
