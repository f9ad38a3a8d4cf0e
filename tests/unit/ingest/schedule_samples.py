"""States, responses and feeds for the tests of the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.config import FetchSettings
from aggregator.ingest import schedule
from aggregator.model import Feed, FeedState, Fetched, ParsedFeed, ParsedItem

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)  # a Monday
URL = "https://bta.example/rss"
FEED = Feed(id="bta-bg", url=URL, agency_id="bta")
SETTINGS = FetchSettings()
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
TEN, NOON = "Mon, 02 Nov 2026 10:00:00 GMT", "Mon, 02 Nov 2026 12:00:00 GMT"


def state(**changes: object) -> FeedState:
    fresh = schedule.first_state(FEED, NOW)
    return replace(fresh, **changes)  # type: ignore[arg-type]


def response(body: bytes = b"a", status: int = 200, **headers: Any) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(status=status, url=URL, body=body, headers=named)


def feed_of(*hours_ago: float, **changes: object) -> ParsedFeed:
    items = tuple(
        ParsedItem(
            guid=None, link=None, title="т", html="", text="", published_at=NOW - hours * HOUR
        )
        for hours in hours_ago or (0, 24)
    )
    return replace(ParsedFeed(format="rss20", items=items), **changes)  # type: ignore[arg-type]


def after(
    before: FeedState,
    fetched: Fetched,
    body: ParsedFeed | None = None,
    *,
    known: float | None = None,
    feed: Feed = FEED,
    now: datetime = NOW,
    settings: FetchSettings = SETTINGS,
) -> FeedState:
    return schedule.after_success(
        before,
        feed,
        settings,
        fetched=fetched,
        body=schedule.Body(schedule.body_hash(fetched.body), body, known),
        now=now,
    )


def is_unchanged(before: FeedState, fetched: Fetched) -> bool:
    return schedule.is_unchanged(before, fetched, schedule.body_hash(fetched.body))


def failed(before: FeedState, fetched: Fetched | None = None, feed: Feed = FEED) -> FeedState:
    return schedule.after_failure(
        before, feed, SETTINGS, error="no\n answer", now=NOW, fetched=fetched
    )


def wait(after: FeedState) -> timedelta:
    return after.next_due_at - NOW
