"""When a feed is polled next, and what is remembered of the last poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.config import FetchSettings
from aggregator.ingest import schedule
from aggregator.model import Feed, FeedState, FeedStatus, Fetched, ParsedFeed, ParsedItem

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)  # a Monday
URL = "https://bta.example/rss"
FEED = Feed(id="bta-bg", url=URL, agency_id="bta")
SETTINGS = FetchSettings()
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
TEN, NOON = "Mon, 02 Nov 2026 10:00:00 GMT", "Mon, 02 Nov 2026 12:00:00 GMT"


def state(**changes: object) -> FeedState:
    fresh = schedule.first_state(FEED, NOW)
    return replace(fresh, **changes)  # type: ignore[arg-type]


def answered(body: bytes = b"a", status: int = 200, **headers: Any) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(status=status, url=URL, body=body, headers=named)


def parsed(*hours_ago: float, **changes: object) -> ParsedFeed:
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


@pytest.mark.parametrize(
    ("headers", "body", "least"),
    [
        ({}, parsed(), QUARTER),
        ({"cache_control": "max-age=3600"}, parsed(), HOUR),
        ({"cache_control": "max-age=3600", "age": "1800"}, parsed(), HOUR / 2),
        ({"expires": NOON, "date": TEN}, parsed(), 2 * HOUR),
        ({"cache_control": "max-age=60"}, parsed(), QUARTER),
        ({"cache_control": "max-age=99999999"}, parsed(), DAY),
        ({}, parsed(ttl=timedelta(minutes=90)), 1.5 * HOUR),
        ({}, parsed(ttl=timedelta(days=7)), DAY),
        ({}, parsed(0, 0.25), timedelta(minutes=7.5)),
        ({}, parsed(0, 0.01), schedule.MIN_INTERVAL),
    ],
)
def test_waits_as_long_as_the_server_wishes_within_bounds(
    headers: dict[str, Any], body: ParsedFeed, least: timedelta
) -> None:
    found = wait(after(state(), answered(**headers), body))
    assert least <= found <= min(least * 1.1, DAY)


@pytest.mark.parametrize("interval", [timedelta(seconds=1), timedelta(days=3)])
def test_an_interval_a_person_wrote_is_obeyed_exactly(interval: timedelta) -> None:
    feed = replace(FEED, interval=interval)
    answer = answered(cache_control="max-age=7200")
    assert wait(after(state(), answer, parsed(ttl=HOUR), feed=feed)) == interval
    second = FetchSettings(interval=timedelta(seconds=1))
    assert wait(after(state(), answer, parsed(), settings=second)) == timedelta(seconds=1)


def test_the_jitter_is_a_feeds_own() -> None:
    waits = {
        wait(after(state(), answered(), parsed(), feed=replace(FEED, id=f"f{n % 20}")))
        for n in range(60)
    }
    assert len(waits) == 20


def test_little_news_twice_is_slower_and_much_news_faster() -> None:
    once = after(state(body_hash="x"), answered(), parsed(), known=0.9)
    twice = after(once, answered(), parsed(), known=1.0)
    busy = after(twice, answered(), parsed(), known=0.2)
    assert (once.interval, twice.interval, busy.interval) == (
        QUARTER,
        QUARTER * 1.25,
        QUARTER * 1.25 / 2,
    )


def test_never_so_slow_that_the_window_could_roll_over() -> None:
    quiet = state(body_hash="x")
    for _ in range(50):
        quiet = after(quiet, answered(), parsed(0, 6), known=1.0)
    assert quiet.interval == 3 * HOUR
    for _ in range(50):
        quiet = after(quiet, answered(), parsed(0, 900), known=1.0)
    assert quiet.interval == DAY


@pytest.mark.parametrize(
    ("skip", "due_at"),
    [
        ({"skip_hours": frozenset({10, 11})}, NOW.replace(hour=12)),
        ({"skip_days": frozenset({0})}, NOW.replace(day=3, hour=0)),
        ({"skip_days": frozenset(range(7))}, None),
        ({"skip_hours": frozenset(range(24))}, None),
        ({"skip_hours": frozenset(range(20))}, None),
    ],
)
def test_skipped_hours_and_days(skip: dict[str, object], due_at: datetime | None) -> None:
    found = after(state(), answered(), parsed(**skip)).next_due_at
    plain = after(state(), answered(), parsed()).next_due_at
    assert found == (due_at or plain)


def test_what_a_body_asked_for_holds_while_nothing_changes() -> None:
    wishes = {"ttl": 2 * HOUR, "skip_hours": frozenset({12}), "skip_days": frozenset({5})}
    known = after(state(), answered(), parsed(**wishes))
    for unchanged in (answered(status=304), answered()):
        again = after(known, unchanged, None)
        assert again.next_due_at == NOW.replace(hour=13)
    assert wait(after(known, answered(b"b"), parsed())) < HOUR


def test_validators_are_sent_as_they_came_for_twelve_hours() -> None:
    etag = 'W/"\u00d0\u00b6 <>"'
    known = state(etag=etag, last_modified=TEN, full_at=NOW, next_due_at=NOW + HOUR)
    assert schedule.validators(known) == {
        b"If-None-Match": etag.encode("latin-1"),
        b"If-Modified-Since": TEN.encode(),
    }
    assert schedule.validators(replace(known, next_due_at=NOW + 13 * HOUR)) == {}
    assert schedule.validators(replace(known, trust_validators=False)) == {}
    any_bytes = '"\x80\x9f\xff"'  # of a tag in UTF-8, for one
    assert (
        schedule.validators(replace(known, etag=any_bytes))[b"If-None-Match"] == b'"\x80\x9f\xff"'
    )
    assert schedule.validators(replace(known, etag="a\r\nX: y", last_modified=None)) == {}
    assert schedule.validators(state(etag=etag)) == {}


def test_an_old_etag_on_a_changed_body_is_trusted_no_more() -> None:
    first = after(state(), answered(b"a", etag='"1"'), parsed(), known=0.0)
    assert after(first, answered(b"b", etag='"2"'), parsed(), known=0.5).trust_validators
    assert not after(first, answered(b"b", etag='"1"'), parsed(), known=0.5).trust_validators
    assert after(first, answered(b"b", etag='"1"'), parsed(), known=1.0).trust_validators


def test_not_modified_for_ever_is_found_out_at_the_next_whole_answer() -> None:
    first = after(state(), answered(etag='"1"'), parsed(1, 2), known=0.0)
    for hours in range(1, 12):
        first = after(first, answered(b"", 304), now=NOW + hours * HOUR)
    late = answered(b"b", etag='"2"')
    assert not after(first, late, parsed(-5), known=0.0, now=NOW + 13 * HOUR).trust_validators
    assert after(first, late, parsed(-12.9), known=0.0, now=NOW + 13 * HOUR).trust_validators


def test_a_body_cut_on_its_way_is_asked_for_again() -> None:
    cut = parsed(dropped=1, problems=("cut",))
    found = after(state(), answered(etag='"1"', last_modified=TEN), cut)
    assert (found.etag, found.last_modified) == (None, None)


def test_a_detour_to_what_is_gone_says_nothing_of_the_feed() -> None:
    gone = failed(state(), replace(answered(status=410), is_detour=True))
    assert gone.status is FeedStatus.FAILING


def test_the_same_body_is_unchanged_whatever_its_headers() -> None:
    known = after(state(), answered(b"a", etag='"1"'), parsed())
    assert is_unchanged(known, answered(b"a", etag='"2"'))
    assert is_unchanged(known, answered(b"", 304))
    assert not is_unchanged(known, answered(b"b", etag='"1"'))


def test_a_permanent_redirect_is_followed_when_it_has_stood_a_day() -> None:
    moved = replace(answered(), permanent_url="https://new.example/rss")
    first = after(state(), moved, parsed())
    early = after(first, moved, parsed(), now=NOW + 23 * HOUR)
    late = after(early, moved, parsed(), now=NOW + 25 * HOUR)
    back = after(early, answered(), parsed(), now=NOW + 25 * HOUR)
    assert (first.url, early.url, back.url) == (URL, URL, URL)
    assert (late.url, late.configured_url, back.moved_to) == ("https://new.example/rss", URL, None)


def test_an_address_that_was_followed_and_fails_is_left_for_the_configured_one() -> None:
    moved = state(url="https://new.example/rss")
    for _ in range(3):
        moved = failed(moved, answered(status=410))
    assert (moved.url, moved.status) == (URL, FeedStatus.FAILING)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (None, FeedStatus.FAILING),
        (answered(status=404), FeedStatus.FAILING),
        (answered(status=500), FeedStatus.FAILING),
        (answered(status=200), FeedStatus.STALE),
        (answered(status=410), FeedStatus.GONE),
    ],
)
def test_how_a_failure_is_called(answer: Fetched | None, status: FeedStatus) -> None:
    found = failed(state(item_count=9, etag="x"), answer)
    assert (found.status, found.error, found.failures) == (status, "no answer", 1)
    assert (found.item_count, found.etag) == (9, "x")


def test_failures_back_off_to_a_day() -> None:
    waits, one = [], state()
    for _ in range(12):
        one = failed(one)
        waits.append(wait(one))
    assert waits[:4] == [QUARTER, 2 * QUARTER, 4 * QUARTER, 8 * QUARTER]
    assert waits[-1] == DAY
    assert not after(one, answered(), parsed()).failures


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (answered(status=429, retry_after="7200"), 2 * HOUR),
        (answered(status=503, retry_after=NOON, date=TEN), 2 * HOUR),
        (answered(status=403, retry_after="7200"), 2 * HOUR),
        (answered(status=429, retry_after="1"), QUARTER),
        (answered(status=429, retry_after="99999999"), schedule.MAX_RETRY_AFTER),
        (answered(status=500, retry_after="7200"), QUARTER),
    ],
)
def test_retry_after_is_heeded(answer: Fetched, asked: timedelta) -> None:
    assert wait(failed(state(), answer)) == asked


def test_a_new_address_in_the_configuration_starts_afresh() -> None:
    old = state(etag="x", failures=4, status=FeedStatus.GONE)
    assert schedule.reconcile(old, FEED, NOW) == old
    fresh = schedule.reconcile(old, replace(FEED, url="https://bta.example/2"), NOW)
    assert (fresh.etag, fresh.failures, fresh.status) == (None, 0, FeedStatus.NEW)
    sooner = schedule.reconcile(
        state(next_due_at=NOW + DAY), replace(FEED, interval=timedelta(minutes=1)), NOW
    )
    assert sooner.next_due_at == NOW + timedelta(minutes=1)
