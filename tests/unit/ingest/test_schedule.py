"""When a feed is polled next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.config import FetchSettings
from aggregator.ingest import schedule
from aggregator.model import Feed, FeedState, Fetched, ParsedFeed
from tests.unit.ingest.schedule_samples import (
    DAY,
    FEED,
    HOUR,
    NOON,
    NOW,
    QUARTER,
    TEN,
    after,
    failed,
    feed_of,
    response,
    state,
    wait,
)


@pytest.mark.parametrize(
    ("headers", "body", "least"),
    [
        ({}, feed_of(), QUARTER),
        ({"cache_control": "max-age=3600"}, feed_of(), HOUR),
        ({"cache_control": "max-age=3600", "age": "1800"}, feed_of(), HOUR / 2),
        ({"expires": NOON, "date": TEN}, feed_of(), 2 * HOUR),
        ({"cache_control": "max-age=60"}, feed_of(), QUARTER),
        ({"cache_control": "max-age=99999999"}, feed_of(), DAY),
        ({}, feed_of(ttl=timedelta(minutes=90)), 1.5 * HOUR),
        ({}, feed_of(ttl=timedelta(days=7)), DAY),
        ({}, feed_of(0, 0.25), timedelta(minutes=7.5)),
        ({}, feed_of(0, 0.01), schedule.MIN_INTERVAL),
    ],
)
def test_waits_as_long_as_the_server_wishes_within_bounds(
    headers: dict[str, Any], body: ParsedFeed, least: timedelta
) -> None:
    found = wait(after(state(), response(**headers), body))
    assert least <= found <= min(least * 1.1, DAY)


@pytest.mark.parametrize("interval", [timedelta(seconds=1), timedelta(days=3)])
def test_an_interval_a_person_wrote_is_obeyed_exactly(interval: timedelta) -> None:
    feed = replace(FEED, interval=interval)
    answer = response(cache_control="max-age=7200")
    assert wait(after(state(), answer, feed_of(ttl=HOUR), feed=feed)) == interval
    second = FetchSettings(interval=timedelta(seconds=1))
    assert wait(after(state(), answer, feed_of(), settings=second)) == timedelta(seconds=1)


def test_the_jitter_is_a_feeds_own() -> None:
    waits = {
        wait(after(state(), response(), feed_of(), feed=replace(FEED, id=f"f{n % 20}")))
        for n in range(60)
    }
    assert len(waits) == 20


def test_little_news_twice_is_slower_and_much_news_faster() -> None:
    once = after(state(body_hash="x"), response(), feed_of(), known=0.9)
    twice = after(once, response(), feed_of(), known=1.0)
    busy = after(twice, response(), feed_of(), known=0.2)
    assert (once.interval, twice.interval, busy.interval) == (
        QUARTER,
        QUARTER * 1.25,
        QUARTER * 1.25 / 2,
    )


def test_never_so_slow_that_the_window_could_roll_over() -> None:
    quiet = state(body_hash="x")
    for _ in range(50):
        quiet = after(quiet, response(), feed_of(0, 6), known=1.0)
    assert quiet.interval == 3 * HOUR
    for _ in range(50):
        quiet = after(quiet, response(), feed_of(0, 900), known=1.0)
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
    found = after(state(), response(), feed_of(**skip)).next_due_at
    plain = after(state(), response(), feed_of()).next_due_at
    assert found == (due_at or plain)


def test_what_a_body_asked_for_holds_while_nothing_changes() -> None:
    wishes = {"ttl": 2 * HOUR, "skip_hours": frozenset({12}), "skip_days": frozenset({5})}
    known = after(state(), response(), feed_of(**wishes))
    for unchanged in (response(status=304), response()):
        again = after(known, unchanged, None)
        assert again.next_due_at == NOW.replace(hour=13)
    assert wait(after(known, response(b"b"), feed_of())) < HOUR


def test_failures_back_off_to_a_day() -> None:
    waits, one = [], state()
    for _ in range(12):
        one = failed(one)
        waits.append(wait(one))
    assert waits[:4] == [QUARTER, 2 * QUARTER, 4 * QUARTER, 8 * QUARTER]
    assert waits[-1] == DAY
    assert not after(one, response(), feed_of()).failures


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (response(status=429, retry_after="7200"), 2 * HOUR),
        (response(status=503, retry_after=NOON, date=TEN), 2 * HOUR),
        (response(status=403, retry_after="7200"), 2 * HOUR),
        (response(status=429, retry_after="1"), QUARTER),
        (response(status=429, retry_after="99999999"), schedule.MAX_RETRY_AFTER),
        (response(status=500, retry_after="7200"), QUARTER),
    ],
)
def test_retry_after_is_heeded(answer: Fetched, asked: timedelta) -> None:
    assert wait(failed(state(), answer)) == asked


def test_the_jitter_spreads_feeds_over_a_tenth_of_the_interval() -> None:
    shares = [
        wait(after(state(), response(), feed_of(), feed=replace(FEED, id=f"f{n}"))) / QUARTER - 1
        for n in range(300)
    ]
    assert 0 <= min(shares) < 0.005
    assert 0.095 < max(shares) < 0.1


@pytest.mark.parametrize(
    ("skip", "is_obeyed"),
    [
        ({"skip_hours": frozenset(range(3, 21))}, True),
        ({"skip_hours": frozenset(range(3, 22))}, False),
        ({"skip_days": frozenset(range(5))}, True),
        ({"skip_days": frozenset(range(6))}, False),
    ],
    ids=["18 hours", "19 hours", "5 days", "6 days"],
)
def test_a_feed_that_skips_nearly_all_the_time_means_something_else(
    skip: dict[str, object], is_obeyed: bool
) -> None:
    plain = after(state(), response(), feed_of()).next_due_at
    assert (after(state(), response(), feed_of(**skip)).next_due_at > plain) is is_obeyed


def test_five_minutes_as_the_general_interval_is_no_demand() -> None:
    settings = FetchSettings(interval=timedelta(minutes=5))
    fresh = response(cache_control="max-age=3600")
    assert wait(after(state(), fresh, feed_of(), settings=settings)) >= HOUR


def test_a_body_without_two_dates_is_taken_to_span_two_hours() -> None:
    slow = FetchSettings(interval=3 * HOUR)
    assert after(state(), response(), feed_of(5), settings=slow).interval == HOUR
    assert after(state(), response(), feed_of(5, 9), settings=slow).interval == 2 * HOUR


def test_while_nothing_changes_the_interval_grows_to_an_hour() -> None:
    quiet = state(body_hash="x")
    for _ in range(20):
        quiet = after(quiet, response(status=304))
    assert quiet.interval == HOUR
    assert after(state(interval=3 * HOUR), response(status=304)).interval == 3 * HOUR
    slow = state(interval=3 * HOUR, overlap_streak=1)
    assert after(slow, response(status=304)).interval == 3 * HOUR


def test_every_second_poll_in_a_row_that_brings_little_is_slower() -> None:
    one, intervals = state(body_hash="x"), []
    for known in (1.0, 0.67, 0.9, 0.9, 0.9, 0.66, 0.9, 0.9):
        one = after(one, response(), feed_of(), known=known)
        assert one.interval is not None
        intervals.append(one.interval / QUARTER)
    once, twice, thrice = 1.25, 1.25**2, 1.25**3
    assert intervals == pytest.approx([1, once, once, twice, twice, twice, twice, thrice])


@pytest.mark.parametrize(
    ("before", "known", "factor", "streak"),
    [
        (state(body_hash="x"), 0.33, 1, 0),
        (state(body_hash="x"), 0.32, 0.5, -1),
        (state(body_hash="x", overlap_streak=1), 0.1, 0.5, -1),
        (state(), 0.0, 1, 0),
    ],
    ids=["a third known", "less", "less, after little", "the first body"],
)
def test_much_news_halves_the_interval_at_once(
    before: FeedState, known: float, factor: float, streak: int
) -> None:
    found = after(before, response(), feed_of(), known=known)
    assert (found.interval, found.overlap_streak) == (QUARTER * factor, streak)


def test_a_backoff_starts_from_the_interval_in_use() -> None:
    assert wait(failed(state(interval=2 * HOUR))) == 2 * HOUR
    assert wait(failed(state(interval=2 * HOUR), feed=replace(FEED, interval=HOUR))) == HOUR
    assert wait(failed(state(failures=100_000))) == DAY


def test_a_feed_that_waits_longer_than_its_new_interval_is_due_sooner() -> None:
    hourly = replace(FEED, interval=HOUR)

    def due(before: FeedState) -> timedelta:
        return wait(schedule.reconcile(before, hourly, NOW))

    assert due(state(next_due_at=NOW + DAY)) == HOUR
    assert due(state(next_due_at=NOW + HOUR / 2)) == HOUR / 2
    assert due(state(next_due_at=NOW + DAY, failures=3)) == DAY
    assert due(state(next_due_at=NOW - HOUR)) == -HOUR


def test_proven_is_a_feed_whose_last_poll_succeeded() -> None:
    assert not schedule.is_proven(state())
    assert schedule.is_proven(state(succeeded_at=NOW))
    assert not schedule.is_proven(state(succeeded_at=NOW, failures=1))


def test_never_sooner_than_five_minutes_nor_later_than_seven_days_of_our_own_choice() -> None:
    assert after(state(), response(), feed_of(0, 0.01)).interval == timedelta(minutes=5)
    assert wait(failed(state(), response(status=429, retry_after="99999999"))) == 7 * DAY


FOLDER = replace(FEED, url="file:///var/spool/wire/")


def test_a_folder_is_looked_into_every_minute_whatever_its_items_say() -> None:
    nothing_new = Fetched(status=304, url=FOLDER.url)
    for answer, body in [(nothing_new, None), (response(), feed_of(ttl=HOUR))]:
        assert wait(after(state(), answer, body, feed=FOLDER)) == schedule.FOLDER_INTERVAL
    often = FetchSettings(interval=timedelta(seconds=5))
    assert wait(after(state(), nothing_new, feed=FOLDER, settings=often)) == often.interval
    written = replace(FOLDER, interval=HOUR)
    assert wait(after(state(), nothing_new, feed=written)) == HOUR


@pytest.mark.parametrize("feed", [FOLDER, replace(FOLDER, interval=HOUR)])
def test_a_folder_that_holds_more_is_due_at_once(feed: Feed) -> None:
    assert wait(after(state(), response(), feed_of(has_more=True), feed=feed)) == timedelta(0)


def test_a_folder_that_fails_is_tried_again_within_the_usual_interval() -> None:
    waits, present = [], state()
    for _ in range(8):
        present = failed(present, feed=FOLDER)
        waits.append(wait(present))

    minute = timedelta(minutes=1)
    assert waits[:5] == [minute, 2 * minute, 4 * minute, 8 * minute, QUARTER]
    assert set(waits[5:]) == {QUARTER}
