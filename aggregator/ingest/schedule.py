"""When a feed is polled next, and what is remembered of the last poll. Pure: the clock is an argument.

    success, items     --> remember body, adapt interval --+
    success, unchanged --> as before ----------------------+--> max(interval, what the server asks for)
    no items, no feed  --> STALE --+                                within bounds, + jitter,
    error, 4xx, 5xx    --> FAILING +--> exponential backoff         out of skipped hours
    410                --> GONE

The interval a person wrote is obeyed exactly; bounds, hints and jitter bind only the schedule's own
choices. `FeedState` is all that is remembered between polls.

Where a threshold has no measurement beside it, it was set by hand; its comment says what it balances.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.config import FetchSettings
from aggregator.folders import is_folder
from aggregator.ingest import clock_faults
from aggregator.ingest.http.freshness import freshness, retry_after
from aggregator.ingest.http.validators import conditional, is_sendable
from aggregator.model import Feed, FeedState, FeedStatus, Fetched, ParsedFeed

MIN_INTERVAL = timedelta(minutes=5)  # load on an agency's server against a copy's delay
FOLDER_INTERVAL = timedelta(minutes=1)  # of a folder: to look costs nobody else anything
MAX_INTERVAL = timedelta(hours=24)  # a feed that wakes up is noticed within a day
MAX_RETRY_AFTER = timedelta(days=7)  # obeying the server against a header that is a mistake
# How long "nothing changed" is believed without proof: some servers respond 304 for ever, and Media
# Cloud asks unconditionally, every six hours at most. Bytes against what such a server hides.
UNCONDITIONAL_AFTER = timedelta(hours=12)
# How long a permanent redirect must last before it is followed: a hijacked or misconfigured server
# against a configured address that is gone one day.
FOLLOW_REDIRECT_AFTER = timedelta(hours=24)
_DEFAULT_SPAN = timedelta(hours=2)  # assumed of a body whose items have no two dates
_JITTER = 0.1  # of the interval: spreads feeds that were added together, delays none by much
# Shares of a body's items that were known before, and what the interval is multiplied by: slowly
# slower and quickly faster, since a poll too many costs less than an item lost.
_MOSTLY_KNOWN, _SLOWER = 0.67, 1.25
_MOSTLY_NEW, _FASTER = 0.33, 0.5
_STREAK_TO_SLOW = 2  # polls in a row, so that one quiet quarter of an hour changes nothing
_MAX_SKIP_HOURS, _MAX_SKIP_DAYS = 18, 5  # a feed that forbids more than this means something else
_CLOCK_SKEW = timedelta(minutes=10)  # how far ahead a server's clock may be and be believed
_EDITING_TIME = timedelta(hours=1)  # an item may appear so long after it says it was published
_FAILURES_TO_RETURN = 3  # at a redirected address, before the configured one is tried again
_MAX_DOUBLINGS = 20  # keeps the arithmetic of a backoff finite; any bound is met long before


def first_state(feed: Feed, now: datetime) -> FeedState:
    """A feed never polled: due at once."""
    return FeedState(feed_id=feed.id, url=feed.url, configured_url=feed.url, next_due_at=now)


def reconcile(state: FeedState, feed: Feed, now: datetime) -> FeedState:
    """The state under a configuration and a clock that may have changed; a new address starts afresh."""
    if feed.url != state.configured_url:
        return first_state(feed, now)
    state = clock_faults.mended(state, now, longest=_longest_wait(state, feed))
    if feed.interval is not None and state.next_due_at > now + feed.interval and not state.failures:
        return replace(state, next_due_at=now + feed.interval)
    return state


def _longest_wait(state: FeedState, feed: Feed) -> timedelta:
    """More than this nothing makes a feed wait; only failures may have had a Retry-After."""
    bound = MAX_RETRY_AFTER if state.failures else MAX_INTERVAL
    return max(bound, feed.interval or bound, state.interval or bound)


def is_proven(state: FeedState) -> bool:
    """Whether the last poll succeeded: such a feed never waits for those that may do harm."""
    return state.succeeded_at is not None and not state.failures


def validators(state: FeedState) -> dict[bytes, bytes]:
    """The conditional headers of the next request, byte for byte as the server sent them.

    Empty when they were caught lying, when the last response with a body is too old at the time the
    feed is due, or when they cannot be sent as a header.
    """
    if not state.trust_validators or state.full_at is None:
        return {}
    if state.next_due_at - state.full_at > UNCONDITIONAL_AFTER:
        return {}
    return conditional(state.etag, state.last_modified)


def body_hash(body: bytes) -> str:
    """SHA-256 of a decoded body, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def is_unchanged(state: FeedState, fetched: Fetched, digest: str) -> bool:
    """Whether a response says, or by its body's `digest` shows, that it need not be parsed."""
    return fetched.status == 304 or (200 <= fetched.status < 300 and state.body_hash == digest)


class Body(NamedTuple):
    """What the schedule needs to know of a response's body.

    `digest` is its `body_hash`; `feed` what was parsed, None when the body is one we had. `known_share`
    is the share of its items that were known before, in [0, 1]; None where that is not known itself.
    `unread_published_at` says when the entries left unread were published, as far as they say.
    `median_words` is that of the texts of all its entries.
    """

    digest: str
    feed: ParsedFeed | None = None
    known_share: float | None = None
    unread_published_at: tuple[datetime | None, ...] = ()
    median_words: int | None = None


def after_success(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    *,
    fetched: Fetched,
    body: Body,
    now: datetime,
) -> FeedState:
    """The state after a response with items, or one that says nothing changed (`body.feed` is None)."""
    published = [item.published_at for item in body.feed.items] if body.feed is not None else []
    times = _plausible_times([*published, *body.unread_published_at], now)
    interval, streak = _adapted_interval(state, settings, body, times)
    if is_folder(feed.url):
        interval, streak = FOLDER_INTERVAL, 0
    after = replace(
        state,
        status=FeedStatus.OK,
        error=None,
        failures=0,
        polled_at=now,
        succeeded_at=now,
        interval=interval,
        overlap_streak=streak,
    )
    if fetched.status == 304:
        after = _renew_validators(after, fetched)
    else:
        after = _remember_body(after, fetched, body.digest, now)
        if body.feed is not None:
            after = _remember_feed(after, body.feed, times)
            after = replace(after, median_words=body.median_words)
            lied = _reuses_validators(state, fetched, body.known_share)
            lied = lied or _was_falsely_304(state, times)
            after = replace(after, trust_validators=state.trust_validators and not lied)
    after = _follow_redirect(after, fetched, now)
    return replace(after, next_due_at=_next_due_at(after, feed, settings, fetched, body, now))


def after_failure(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    *,
    error: str,
    now: datetime,
    fetched: Fetched | None = None,
) -> FeedState:
    """The state after a poll that gave no items: no response, an error status, or no feed.

    With a 200 the feed is STALE and keeps its items; with a 410 it is GONE; else it is FAILING.
    """
    failures = state.failures + 1
    is_configured = state.url == state.configured_url
    url = state.url if is_configured or failures < _FAILURES_TO_RETURN else state.configured_url
    status = _failure_status(fetched, is_configured=is_configured)
    return replace(
        state,
        url=url,
        status=status,
        error=" ".join(error.split()),
        failures=failures,
        polled_at=now,
        next_due_at=now + _backoff(replace(state, failures=failures), feed, settings, fetched, now),
    )


def _failure_status(fetched: Fetched | None, *, is_configured: bool) -> FeedStatus:
    if fetched is None:
        return FeedStatus.FAILING
    if fetched.status == 410 and is_configured and not fetched.is_detour:
        return FeedStatus.GONE
    return FeedStatus.STALE if 200 <= fetched.status < 300 else FeedStatus.FAILING


# What is remembered


def _remember_body(after: FeedState, fetched: Fetched, digest: str, now: datetime) -> FeedState:
    return replace(
        after,
        etag=fetched.headers.get("etag"),
        last_modified=fetched.headers.get("last-modified"),
        body_hash=digest,
        full_at=now,
    )


def _renew_validators(after: FeedState, fetched: Fetched) -> FeedState:
    """What a 304 says of the body we have takes the place of what was said before (RFC 9111, section 3.2).

    Only what it says: a 304 may leave out what has not changed. That it hides no item is seen by the
    next full body, `UNCONDITIONAL_AFTER` at the latest.
    """
    said = (fetched.headers.get("etag", ""), fetched.headers.get("last-modified", ""))
    etag, last_modified = (value if value and is_sendable(value) else None for value in said)
    return replace(
        after,
        etag=etag or after.etag,
        last_modified=last_modified or after.last_modified,
    )


def _remember_feed(state: FeedState, parsed: ParsedFeed, times: Sequence[datetime]) -> FeedState:
    if parsed.problems and parsed.left_out.broken:  # cut on its way: ask for all of it again
        state = replace(state, etag=None, last_modified=None)
    return replace(
        state,
        title=parsed.title,
        format=parsed.format,
        item_count=len(parsed.items) + len(parsed.unread),
        ttl=parsed.ttl,
        left_out=parsed.left_out,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        newest_at=max([*times, *([state.newest_at] if state.newest_at else [])], default=None),
    )


def _plausible_times(times: Iterable[datetime | None], now: datetime) -> list[datetime]:
    return [time for time in times if time is not None and time <= now + _CLOCK_SKEW]


def _reuses_validators(before: FeedState, fetched: Fetched, known_share: float | None) -> bool:
    """Whether the validators are those of the last body, yet this one brings new items."""
    if before.body_hash is None or known_share is None or known_share == 1:
        return False
    etag, last_modified = fetched.headers.get("etag"), fetched.headers.get("last-modified")
    if etag is not None or before.etag is not None:
        return etag == before.etag
    return last_modified is not None and last_modified == before.last_modified


def _was_falsely_304(before: FeedState, times: Iterable[datetime]) -> bool:
    """Whether, after responses of 304, items turn up that were published long before the last of those."""
    if before.full_at is None or before.polled_at is None or before.newest_at is None:
        return False
    if before.polled_at <= before.full_at or not (before.etag or before.last_modified):
        return False
    return any(before.newest_at < time < before.polled_at - _EDITING_TIME for time in times)


def _follow_redirect(state: FeedState, fetched: Fetched, now: datetime) -> FeedState:
    """A permanent redirect to a feed becomes the address once it has lasted a day."""
    target = fetched.permanent_url
    if target is None or target == state.url:
        return replace(state, moved_to=None, moved_at=None)
    if state.moved_to != target or state.moved_at is None:
        return replace(state, moved_to=target, moved_at=now)
    if now - state.moved_at < FOLLOW_REDIRECT_AFTER:
        return state
    return replace(state, url=target, moved_to=None, moved_at=None)


# When next


def _adapted_interval(
    before: FeedState, settings: FetchSettings, body: Body, times: Sequence[datetime]
) -> tuple[timedelta, int]:
    """Slower when two polls in a row brought little new, faster at once when one brought much.

    Never longer than half the time a body spans, so that no item enters and leaves it between two
    polls: such a one is lost. Gives the interval and the new `overlap_streak`.
    """
    low, high = _bounds(settings)
    interval = before.interval or settings.interval
    share = 1.0 if body.known_share is None else body.known_share
    streak = max(before.overlap_streak, 0) + 1 if share >= _MOSTLY_KNOWN else 0
    if streak >= _STREAK_TO_SLOW:
        slowest = max(interval, min(high, _span(times) / 2))
        interval, streak = min(interval * _SLOWER, slowest), 0
    elif share < _MOSTLY_NEW and before.body_hash is not None:
        interval, streak = interval * _FASTER, -1
    if body.feed is not None:
        interval = min(interval, max(_span(times) / 2, low))
    return max(low, min(interval, high)), streak


def _span(times: Sequence[datetime]) -> timedelta:
    """The time between a body's oldest and newest item."""
    return max(times) - min(times) if len(times) > 1 else _DEFAULT_SPAN


def _bounds(settings: FetchSettings) -> tuple[timedelta, timedelta]:
    return min(MIN_INTERVAL, settings.interval), max(MAX_INTERVAL, settings.interval)


def written_interval(feed: Feed, settings: FetchSettings) -> timedelta | None:
    """The interval a person insists on: the feed's own, a folder's, a general one below our minimum."""
    if feed.interval is not None:
        return feed.interval
    if is_folder(feed.url):
        return min(FOLDER_INTERVAL, settings.interval)
    return settings.interval if settings.interval < MIN_INTERVAL else None


def _next_due_at(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    fetched: Fetched,
    body: Body,
    now: datetime,
) -> datetime:
    written = written_interval(feed, settings)
    if body.feed is not None and body.feed.has_more:
        return now
    if written is not None:
        return now + written
    low, high = _bounds(settings)
    asked_for = [state.interval or settings.interval, *freshness(fetched.headers, now)]
    if state.ttl is not None:
        asked_for.append(state.ttl)
    wait = max(low, min(max(asked_for), high))
    due_at = now + min(wait * (1 + _jitter(feed.id)), high)
    return _past_skipped(due_at, state, now + high)


def _jitter(feed_id: str) -> float:
    """A share of the interval in [0, 0.1), the same for a feed at all times, so that feeds spread."""
    digest = hashlib.sha256(feed_id.encode()).digest()
    return _JITTER * int.from_bytes(digest[:4], "big") / 2**32


def _past_skipped(due_at: datetime, state: FeedState, latest: datetime) -> datetime:
    """`due_at` moved out of the hours and days the feed asks us to skip, to `latest` at most."""
    hours = state.skip_hours if len(state.skip_hours) <= _MAX_SKIP_HOURS else frozenset()
    days = state.skip_days if len(state.skip_days) <= _MAX_SKIP_DAYS else frozenset()
    later = due_at
    while later.hour in hours or later.weekday() in days:
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return min(later, max(latest, due_at))


def _backoff(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    fetched: Fetched | None,
    now: datetime,
) -> timedelta:
    """The interval, doubled with every failure after the first; what the server asks for, if longer."""
    _, high = _bounds(settings)
    if is_folder(feed.url):  # what is wrong with it is mended here, and nobody is bothered
        high = settings.interval
    base = written_interval(feed, settings) or state.interval or settings.interval
    wait = min(base * (1 << min(state.failures - 1, _MAX_DOUBLINGS)), max(high, base))
    asked = retry_after(fetched, now) if fetched is not None else None
    if asked is None:
        return wait
    return max(wait, min(asked, MAX_RETRY_AFTER))
