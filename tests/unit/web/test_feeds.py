"""`/feeds`: how every feed is doing, and why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import httpx
import pytest

from aggregator.i18n import LANGUAGES, translator
from aggregator.model import Arrival, Change, Feed, FeedState, FeedStatus, LeftOut
from aggregator.store.store import Store
from aggregator.web import feed_words
from tests.unit.web.conftest import MARK, NOON, item


class Client(Protocol):
    def ask(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response: ...


ENGLISH = translator("en")
FEED = Feed(id="kz-en", url="https://kz.example/en.rss", agency_id="kazinform", language="en")
QUARTER = timedelta(minutes=15)
STATE = FeedState(
    feed_id=FEED.id,
    url=FEED.url,
    configured_url=FEED.url,
    next_due_at=NOON + QUARTER,
    polled_at=NOON,
    interval=QUARTER,
    status=FeedStatus.OK,
)


def failing(error: str, status: FeedStatus = FeedStatus.FAILING) -> FeedState:
    return replace(STATE, status=status, error=error, failures=1)


def test_a_line_counts_all_feeds_and_trouble_stands_first(client: Client) -> None:
    text = client.ask("/feeds").text

    assert "3 feeds: 2 ok, 1 failing." in text
    assert re.findall(r'<tr id="([\w-]+)">', text) == ["bta-bg", "kz-en", "kz-kk"]


def test_a_failure_is_told_with_what_it_means_and_what_was_said(client: Client) -> None:
    text = client.ask("/feeds").text

    assert "The server said &lt;no&gt;." in text
    assert "3 polls in a row" in text
    assert "The server could not be asked, or broke off." in text


def test_items_a_day_are_drawn_and_told(client: Client) -> None:
    text = client.ask("/feeds").text

    told = re.findall(r'aria-label="Items a day, the last 14 days: ([^"]*)"', text)
    assert told[0] == ", ".join([*["0"] * 13, "2"])


def test_a_feed_never_polled_is_polled_at_once() -> None:
    assert feed_words.status_of(None) is FeedStatus.NEW
    assert feed_words.next_poll_reason(FEED, None, ENGLISH) == "at once: it was never polled"
    assert feed_words.trouble(None, ENGLISH) is None


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        ("https://a.example/rss answered 410", "gone for good"),
        ("https://a.example/rss answered 404", "nothing at this address"),
        ("https://a.example/rss answered 401: it wants a user name", "a user name and a password"),
        ("https://a.example/rss answered 429: it wants", "asked more rarely"),
        ("https://a.example/rss answered 403: it refuses us", "refuses this program"),
        ("https://a.example/rss answered 200 with a test for browsers: it", "refuses this program"),
        ("https://a.example/rss answered 503", "a fault of its own"),
        ("a.example: the name cannot be resolved (no address)", "leads nowhere"),
        ("a.example: no whole answer in the time allowed", "within the time"),
        ("a.example: 10.0.0.1 is not public; fetch.allow_networks can allow it", "private network"),
        ("the body is an HTML page, not a feed and names no feed", "a page for people"),
        ("the body is no feed; it begins '<!DOCTYPE html><p>'", "a page for people"),
        ("a.example: the body is larger than 100 bytes", "larger than is allowed"),
        ("a.example: the body has 200 bytes, allowed are 100", "larger than is allowed"),
        ("a.example: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "certificate"),
        ("https://a.example/certificates-4040.rss broke off", "could not be asked"),
    ],
)
def test_an_error_is_told_by_what_happened(error: str, meaning: str) -> None:
    told = feed_words.trouble(failing(error), ENGLISH)

    assert told is not None
    assert meaning in told.meaning
    assert told.said == error
    assert told.mend


def test_an_answer_that_is_no_news_is_told_apart_from_none() -> None:
    told = feed_words.trouble(failing("it is a feed without items", FeedStatus.STALE), ENGLISH)

    assert told is not None
    assert told.meaning.startswith("The server answers")


def test_a_folder_has_no_server() -> None:
    told = feed_words.trouble(replace(failing("no permission"), url="file:///var/wire/"), ENGLISH)

    assert told is not None
    assert told.meaning.startswith("The folder")


@pytest.mark.parametrize(
    ("feed", "state", "reason"),
    [
        (FEED, replace(STATE, status=FeedStatus.GONE), "never: the server says that it is gone"),
        (FEED, failing("answered 503"), "the wait grows with every poll that fails"),
        (replace(FEED, interval=QUARTER), STATE, "every 15 min, as configured"),
        (FEED, STATE, "every 15 min, by how often it has news"),
        (
            FEED,
            replace(STATE, next_due_at=NOON + timedelta(seconds=2)),
            "every 2 s, as configured",
        ),
        (
            FEED,
            replace(STATE, ttl=timedelta(hours=1), next_due_at=NOON + timedelta(minutes=64)),
            "the feed asks to be left alone for 1 h",
        ),
        (
            FEED,
            replace(STATE, next_due_at=NOON + timedelta(hours=2)),
            "the server says how long its answer stays true",
        ),
        (
            FEED,
            replace(STATE, skip_hours=frozenset({12}), next_due_at=NOON + timedelta(hours=1)),
            "the feed asks not to be polled at certain hours",
        ),
        (replace(FEED, url="file:///var/wire/"), STATE, "a folder is looked into again and again"),
    ],
)
def test_why_the_next_poll_is_when_it_is(feed: Feed, state: FeedState, reason: str) -> None:
    assert feed_words.next_poll_reason(feed, state, ENGLISH) == reason


def test_what_was_left_out_is_told_by_reason() -> None:
    told = feed_words.left_out_in_words(LeftOut(broken=3, over_limit=400), ENGLISH)

    assert told == "403 left out: 400 older than the newest that are read, 3 broken"
    assert feed_words.left_out_in_words(LeftOut(), ENGLISH) == ""


@pytest.mark.parametrize(("words", "is_short"), [(3, True), (60, False)])
def test_where_items_are_too_short_for_translations_that_is_said(
    client: Client, store: Store, words: int, is_short: bool
) -> None:
    state = replace(store.feed_states()["kz-kk"], median_words=3)
    arrivals = [
        (
            Arrival(
                item=item(f"n{number}", "kz-kk", number, "Астық", "сөз " * words),
                change=Change.NEW,
                keys=(f"n{number}",),
            ),
            MARK,
        )
        for number in range(3)
    ]
    store.save_polls([state], arrivals)

    assert ("Translations cannot be found here" in client.ask("/feeds").text) is is_short


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_status_has_words_in_every_language(code: str) -> None:
    speech = translator(code)
    words = {feed_words.status_in_words(status, speech) for status in FeedStatus}

    assert len(words) == len(FeedStatus)
    assert {*feed_words.TROUBLE_FIRST} == {*FeedStatus}
