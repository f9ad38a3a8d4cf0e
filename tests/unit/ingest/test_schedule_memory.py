"""What is remembered of a poll: validators, whether they are believed, redirects, the feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.ingest import schedule
from aggregator.model import FeedState, FeedStatus, Fetched, LeftOut
from tests.unit.ingest.schedule_samples import (
    DAY,
    FEED,
    HOUR,
    NOON,
    NOW,
    TEN,
    URL,
    after,
    failed,
    feed_of,
    is_unchanged,
    response,
    state,
)


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
    first = after(state(), response(b"a", etag='"1"'), feed_of(), known=0.0)
    assert after(first, response(b"b", etag='"2"'), feed_of(), known=0.5).trust_validators
    assert not after(first, response(b"b", etag='"1"'), feed_of(), known=0.5).trust_validators
    assert after(first, response(b"b", etag='"1"'), feed_of(), known=1.0).trust_validators


def test_not_modified_for_ever_is_found_out_at_the_next_whole_answer() -> None:
    first = after(state(), response(etag='"1"'), feed_of(1, 2), known=0.0)
    for hours in range(1, 12):
        first = after(first, response(b"", 304), now=NOW + hours * HOUR)
    late = response(b"b", etag='"2"')
    assert not after(first, late, feed_of(-5), known=0.0, now=NOW + 13 * HOUR).trust_validators
    assert after(first, late, feed_of(-12.9), known=0.0, now=NOW + 13 * HOUR).trust_validators


def test_a_body_cut_on_its_way_is_asked_for_again() -> None:
    cut = feed_of(left_out=LeftOut(broken=1), problems=("cut",))
    found = after(state(), response(etag='"1"', last_modified=TEN), cut)
    assert (found.etag, found.last_modified) == (None, None)


def test_a_detour_to_what_is_gone_says_nothing_of_the_feed() -> None:
    gone = failed(state(), replace(response(status=410), is_detour=True))
    assert gone.status is FeedStatus.FAILING


def test_the_same_body_is_unchanged_whatever_its_headers() -> None:
    known = after(state(), response(b"a", etag='"1"'), feed_of())
    assert is_unchanged(known, response(b"a", etag='"2"'))
    assert is_unchanged(known, response(b"", 304))
    assert not is_unchanged(known, response(b"b", etag='"1"'))


def test_a_permanent_redirect_is_followed_when_it_has_stood_a_day() -> None:
    moved = replace(response(), permanent_url="https://new.example/rss")
    first = after(state(), moved, feed_of())
    early = after(first, moved, feed_of(), now=NOW + 23 * HOUR)
    late = after(early, moved, feed_of(), now=NOW + 25 * HOUR)
    back = after(early, response(), feed_of(), now=NOW + 25 * HOUR)
    assert (first.url, early.url, back.url) == (URL, URL, URL)
    assert (late.url, late.configured_url, back.moved_to) == ("https://new.example/rss", URL, None)


def test_an_address_that_was_followed_and_fails_is_left_for_the_configured_one() -> None:
    moved = state(url="https://new.example/rss")
    for _ in range(3):
        moved = failed(moved, response(status=410))
    assert (moved.url, moved.status) == (URL, FeedStatus.FAILING)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (None, FeedStatus.FAILING),
        (response(status=404), FeedStatus.FAILING),
        (response(status=500), FeedStatus.FAILING),
        (response(status=200), FeedStatus.STALE),
        (response(status=410), FeedStatus.GONE),
    ],
)
def test_how_a_failure_is_called(answer: Fetched | None, status: FeedStatus) -> None:
    found = failed(state(item_count=9, etag="x"), answer)
    assert (found.status, found.error, found.failures) == (status, "no answer", 1)
    assert (found.item_count, found.etag) == (9, "x")


def test_a_new_address_in_the_configuration_starts_afresh() -> None:
    old = state(etag="x", failures=4, status=FeedStatus.GONE)
    assert schedule.reconcile(old, FEED, NOW) == old
    fresh = schedule.reconcile(old, replace(FEED, url="https://bta.example/2"), NOW)
    assert (fresh.etag, fresh.failures, fresh.status) == (None, 0, FeedStatus.NEW)
    sooner = schedule.reconcile(
        state(next_due_at=NOW + DAY), replace(FEED, interval=timedelta(minutes=1)), NOW
    )
    assert sooner.next_due_at == NOW + timedelta(minutes=1)


def test_validators_are_sent_until_the_last_body_is_twelve_hours_old() -> None:
    known = state(etag="x", full_at=NOW, next_due_at=NOW + 12 * HOUR)
    assert schedule.validators(known)
    late = replace(known, next_due_at=NOW + 12 * HOUR + timedelta(seconds=1))
    assert not schedule.validators(late)


@pytest.mark.parametrize("value", ["a\x7fb", "a\tb", "a\u0100b"])
def test_validators_no_header_may_hold_are_not_sent(value: str) -> None:
    assert not schedule.validators(state(etag=value, full_at=NOW))


@pytest.mark.parametrize(("status", "expected"), [(199, False), (200, True), (299, True), (300, False)])  # fmt: skip
def test_only_a_success_with_the_same_body_is_unchanged(status: int, expected: bool) -> None:
    known = after(state(), response(b"a"), feed_of())
    assert is_unchanged(known, response(b"a", status)) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (199, FeedStatus.FAILING),
        (200, FeedStatus.STALE),
        (299, FeedStatus.STALE),
        (300, FeedStatus.FAILING),
    ],
)
def test_a_success_without_a_feed_is_stale(status: int, expected: FeedStatus) -> None:
    assert failed(state(), response(status=status)).status is expected


def test_a_success_is_remembered() -> None:
    before = failed(state(), response(status=404))
    body = replace(feed_of(1, title="БТА", format="atom10"), unread=("a", "b", "c"))
    found = after(before, response(b"b", etag='"1"', last_modified=TEN), body, now=NOW + HOUR)
    assert (found.status, found.error, found.failures) == (FeedStatus.OK, None, 0)
    assert (found.polled_at, found.succeeded_at, found.full_at) == (NOW + HOUR,) * 3
    assert (found.etag, found.last_modified) == ('"1"', TEN)
    assert (found.title, found.format, found.item_count) == ("БТА", "atom10", 4)
    assert found.newest_at == NOW - HOUR


def test_a_304_and_the_same_body_leave_the_feed_as_it_was() -> None:
    first = after(state(), response(etag='"1"'), feed_of(1, 2))
    again = after(first, response(b"", 304), now=NOW + HOUR)
    same = after(first, response(etag='"2"'), now=NOW + HOUR)
    assert (again.etag, again.full_at, again.succeeded_at) == ('"1"', NOW, NOW + HOUR)
    assert (same.etag, same.full_at, same.item_count) == ('"2"', NOW + HOUR, 2)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ('"1"', TEN)),
        ({"etag": 'W/"2"', "last_modified": NOON}, ('W/"2"', NOON)),
        ({"etag": '"2"'}, ('"2"', TEN)),
        ({"last_modified": NOON}, ('"1"', NOON)),
        ({"etag": "", "last_modified": ""}, ('"1"', TEN)),
        ({"etag": "a\tb", "last_modified": "до\u0431ре"}, ('"1"', TEN)),
    ],
    ids=["none", "both", "etag", "time", "empty", "unsendable"],
)
def test_a_304_renews_the_validators_it_names(
    said: dict[str, str], expected: tuple[str, str]
) -> None:
    first = after(state(), response(etag='"1"', last_modified=TEN), feed_of(1, 2))
    again = after(first, response(b"", 304, **said), now=NOW + HOUR)
    assert (again.etag, again.last_modified) == expected
    assert (again.full_at, again.body_hash) == (first.full_at, first.body_hash)
    asked = schedule.validators(replace(again, next_due_at=NOW + 2 * HOUR))
    assert asked[b"If-None-Match"] == expected[0].encode()


def test_a_new_item_under_the_validator_of_a_304_shows_that_it_hid_one() -> None:
    first = after(state(), response(etag='"1"'), feed_of(5, 6))
    again = after(first, response(b"", 304, etag='"2"'), now=NOW + HOUR)
    caught = after(again, response(b"b", etag='"2"'), feed_of(1, 5), known=0.5, now=NOW + DAY)
    assert not caught.trust_validators


def test_a_failure_is_remembered_and_the_last_success_too() -> None:
    first = after(state(), response(etag='"1"'), feed_of(), now=NOW - HOUR)
    found = failed(first)
    assert (found.polled_at, found.succeeded_at, found.etag) == (NOW, NOW - HOUR, '"1"')


def test_the_newest_item_is_the_newest_plausible_one_ever_seen() -> None:
    skew = timedelta(minutes=10)
    first = after(state(), response(), feed_of(-1 / 6, 3))  # ten minutes ahead
    assert first.newest_at == NOW + skew
    assert after(first, response(b"b"), feed_of(5)).newest_at == NOW + skew
    ahead = feed_of(-601 / 3600, 3)
    assert after(state(), response(), ahead).newest_at == NOW - 3 * HOUR
    dateless = replace(
        feed_of(1), items=tuple(replace(item, published_at=None) for item in feed_of(1).items)
    )
    assert after(state(), response(), dateless).newest_at is None


@pytest.mark.parametrize(
    ("changes", "is_asked_again"),
    [
        ({"left_out": LeftOut(broken=1), "problems": ("cut",)}, True),
        ({"left_out": LeftOut(broken=1)}, False),
        ({"problems": ("mended",)}, False),
    ],
    ids=["cut", "an entry without words", "mended"],
)
def test_only_a_cut_body_loses_its_validators(
    changes: dict[str, object], is_asked_again: bool
) -> None:
    found = after(state(), response(etag='"1"', last_modified=TEN), feed_of(**changes))
    assert (found.etag is None) is is_asked_again
    assert (found.last_modified is None) is is_asked_again


@pytest.mark.parametrize(
    ("before", "now", "is_trusted"),
    [
        ({"etag": '"1"'}, {"etag": '"1"'}, False),
        ({"last_modified": TEN}, {"last_modified": TEN}, False),
        ({"last_modified": TEN}, {"last_modified": NOON}, True),
        ({"last_modified": TEN}, {}, True),
        ({}, {"last_modified": TEN}, True),
        ({}, {}, True),
        ({"etag": '"1"', "last_modified": TEN}, {"last_modified": TEN}, True),
        ({"last_modified": TEN}, {"etag": '"1"', "last_modified": TEN}, True),
        ({"etag": '"1"', "last_modified": TEN}, {"etag": '"2"', "last_modified": TEN}, True),
    ],
)
def test_validators_that_stay_while_items_come_are_trusted_no_more(
    before: dict[str, Any], now: dict[str, Any], is_trusted: bool
) -> None:
    known = state(body_hash="x", **before)
    assert after(known, response(**now), feed_of(), known=0.5).trust_validators is is_trusted
    assert after(known, response(**now), feed_of(), known=1.0).trust_validators
    assert after(known, response(**now), feed_of()).trust_validators
    first = replace(known, body_hash=None)
    assert after(first, response(**now), feed_of(), known=0.5).trust_validators


def test_trust_that_was_lost_stays_lost() -> None:
    known = state(body_hash="x", trust_validators=False)
    assert not after(known, response(etag='"2"'), feed_of(), known=0.5).trust_validators


AFTER_304 = state(
    etag='"1"', full_at=NOW - 9 * HOUR, polled_at=NOW - HOUR, newest_at=NOW - 8 * HOUR
)


@pytest.mark.parametrize(
    ("before", "hours_ago", "is_trusted"),
    [
        (AFTER_304, 5, False),
        (replace(AFTER_304, etag=None, last_modified=TEN), 5, False),
        (replace(AFTER_304, etag=None), 5, True),
        (replace(AFTER_304, full_at=NOW - HOUR), 5, True),
        (replace(AFTER_304, full_at=None), 5, True),
        (replace(AFTER_304, polled_at=None), 5, True),
        (replace(AFTER_304, newest_at=None), 5, True),
        (AFTER_304, 8, True),
        (AFTER_304, 2, True),
        (AFTER_304, 2.001, False),
        (AFTER_304, 1.5, True),
    ],
    ids=[
        "long before the last 304",
        "by its date",
        "no validators",
        "no 304 since",
        "no body yet",
        "never polled",
        "no dates yet",
        "the newest known",
        "an hour before the last 304",
        "more",
        "less",
    ],
)
def test_a_304_that_hid_an_item_is_found_out(
    before: FeedState, hours_ago: float, is_trusted: bool
) -> None:
    found = after(before, response(b"b", etag='"2"'), feed_of(hours_ago, 20), known=0.5)
    assert found.trust_validators is is_trusted


def test_a_redirect_is_followed_after_exactly_a_day_and_is_then_no_news() -> None:
    moved = replace(response(), permanent_url="https://new.example/rss")
    first = after(state(), moved, feed_of())
    assert (first.moved_to, first.moved_at) == ("https://new.example/rss", NOW)
    early = after(first, moved, feed_of(), now=NOW + DAY - timedelta(seconds=1))
    assert (early.url, early.moved_at) == (URL, NOW)
    late = after(early, moved, feed_of(), now=NOW + DAY)
    assert (late.url, late.moved_to, late.moved_at) == ("https://new.example/rss", None, None)
    there = after(late, moved, feed_of(), now=NOW + DAY)
    assert (there.url, there.moved_to) == ("https://new.example/rss", None)


def test_a_redirect_that_ends_or_leads_elsewhere_starts_its_day_again() -> None:
    moved = replace(response(), permanent_url="https://new.example/rss")
    other = replace(response(), permanent_url="https://other.example/rss")
    first = after(state(), moved, feed_of())
    ended = after(first, response(), feed_of(), now=NOW + 23 * HOUR)
    assert (ended.moved_to, ended.moved_at) == (None, None)
    elsewhere = after(first, other, feed_of(), now=NOW + 25 * HOUR)
    assert (elsewhere.url, elsewhere.moved_at) == (URL, NOW + 25 * HOUR)
