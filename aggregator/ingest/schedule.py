"""When a feed is polled next, and what is remembered of the last poll. Pure: the clock is an argument.

    answered with items --> remember, adapt the base -------+
    nothing changed     --> keep ---------------------------+--> clamp(max(base, hints), min, cap)
    no items, no feed   --> STALE --+                       |        + jitter, out of skipped hours
    error, 4xx, 5xx     --> FAILING +--> back off, doubling +
    410                 --> GONE

The interval a person wrote is obeyed exactly; bounds, hints and jitter bind only the schedule's own
choices. `FeedState` is the whole memory; nothing else is kept between polls.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.config import FetchSettings
from aggregator.ingest.http.freshness import freshness, retry_after
from aggregator.model import Feed, FeedState, FeedStatus, Fetched, ParsedFeed

MIN_INTERVAL = timedelta(minutes=5)
MAX_INTERVAL = timedelta(hours=24)
MAX_RETRY_AFTER = timedelta(days=7)
FULL_FETCH_AFTER = timedelta(hours=12)  # how long "nothing changed" is believed without proof
MOVE_AFTER = timedelta(hours=24)  # how long a permanent redirect must stand before we follow it
_UNKNOWN_WINDOW = timedelta(hours=2)  # assumed where a body's items do not tell their span
_JITTER = 0.1  # of the interval
_MOSTLY_KNOWN, _MOSTLY_NEW = 0.67, 0.33
_SLOWER, _FASTER = 1.25, 0.5
_SKIPPABLE_HOURS, _SKIPPABLE_DAYS = 18, 5  # a feed that forbids more than this means something else
_FUTURE = timedelta(minutes=10)  # how far ahead a server's clock may be
_LATE = timedelta(hours=1)
_HOME_AFTER = 3  # failures at a redirected address before the configured one is tried again


def first_state(feed: Feed, now: datetime) -> FeedState:
    """A feed never polled: due at once."""
    return FeedState(feed_id=feed.id, url=feed.url, configured_url=feed.url, next_due_at=now)


def reconcile(state: FeedState, feed: Feed, now: datetime) -> FeedState:
    """The state under a configuration that may have changed; a new address starts afresh."""
    if feed.url != state.configured_url:
        return first_state(feed, now)
    if feed.interval is not None and state.next_due_at > now + feed.interval and not state.failures:
        return replace(state, next_due_at=now + feed.interval)
    return state


def is_proven(state: FeedState) -> bool:
    """Whether the feed did no harm the last time: such a one never waits for those that may."""
    return state.succeeded_at is not None and not state.failures


def validators(state: FeedState) -> dict[bytes, bytes]:
    """The conditional headers of the next request, byte for byte as the server sent them.

    None when they were caught lying, when the last whole answer is too old at the time the feed is
    due, or when they could not be sent as a header.
    """
    if not state.trust_validators or state.full_at is None:
        return {}
    if state.next_due_at - state.full_at > FULL_FETCH_AFTER:
        return {}
    pairs = ((b"If-None-Match", state.etag), (b"If-Modified-Since", state.last_modified))
    return {name: value.encode("latin-1") for name, value in pairs if value and _is_sendable(value)}


def body_hash(body: bytes) -> str:
    """SHA-256 of a decoded body, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def is_unchanged(state: FeedState, fetched: Fetched) -> bool:
    """Whether an answer says, or shows, what the last one did: it need not be parsed."""
    return fetched.status == 304 or (
        200 <= fetched.status < 300 and state.body_hash == body_hash(fetched.body)
    )


class Known(NamedTuple):
    """What of a body was known before it came.

    `share` is that of its items, in [0, 1]; None where that is not known itself. `unread` tells when
    the entries left unread were published, as far as they say.
    """

    share: float | None = None
    unread: tuple[datetime | None, ...] = ()


def after_answer(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    *,
    fetched: Fetched,
    parsed: ParsedFeed | None,
    known: Known,
    now: datetime,
) -> FeedState:
    """The state after an answer with items, or one that says nothing changed (`parsed` is None)."""
    published = [item.published_at for item in parsed.items] if parsed is not None else []
    times = _plausible_times([*published, *known.unread], now)
    answered = replace(
        state, status=FeedStatus.OK, error=None, failures=0, polled_at=now, succeeded_at=now
    )
    if fetched.status != 304:
        answered = _remember_body(answered, state, fetched, parsed, known.share, times, now)
    answered = _follow(answered, fetched, now)
    answered = _adapt(answered, state, settings, parsed, known.share, times)
    return replace(answered, next_due_at=_next_due(answered, feed, settings, fetched, now))


def after_failure(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    *,
    error: str,
    now: datetime,
    fetched: Fetched | None = None,
) -> FeedState:
    """The state after a poll that gave no items: no answer, an error status, or no feed.

    With a 200 the feed is STALE and keeps its items; with a 410 it is GONE; else it is FAILING.
    """
    failures = state.failures + 1
    at_home = state.url == state.configured_url
    url = state.url if at_home or failures < _HOME_AFTER else state.configured_url
    status = _status_of_failure(fetched, at_home)
    return replace(
        state,
        url=url,
        status=status,
        error=" ".join(error.split()),
        failures=failures,
        polled_at=now,
        next_due_at=now
        + _back_off(replace(state, failures=failures), feed, settings, fetched, now),
    )


def _status_of_failure(fetched: Fetched | None, at_home: bool) -> FeedStatus:
    if fetched is None:
        return FeedStatus.FAILING
    if fetched.status == 410 and at_home and not fetched.is_detour:
        return FeedStatus.GONE
    return FeedStatus.STALE if 200 <= fetched.status < 300 else FeedStatus.FAILING


def _is_sendable(value: str) -> bool:
    """Whether a value can stand in a header: visible ASCII and any bytes beyond (RFC 9110, section 5.5)."""
    return all(" " <= char <= "\xff" and char != "\x7f" for char in value)


# What is remembered


def _remember_body(
    answered: FeedState,
    before: FeedState,
    fetched: Fetched,
    parsed: ParsedFeed | None,
    known_share: float | None,
    times: Sequence[datetime],
    now: datetime,
) -> FeedState:
    etag, last_modified = fetched.headers.get("etag"), fetched.headers.get("last-modified")
    answered = replace(
        answered,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash(fetched.body),
        full_at=now,
    )
    if parsed is None:
        return answered
    if parsed.problems and parsed.dropped:  # cut on its way: ask for the whole of it again
        answered = replace(answered, etag=None, last_modified=None)
    lied = _stood_still(before, fetched, known_share) or _kept_back(before, times)
    return replace(
        answered,
        trust_validators=before.trust_validators and not lied,
        title=parsed.title,
        format=parsed.format,
        item_count=len(parsed.items) + len(parsed.unread),
        ttl=parsed.ttl,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        newest_at=max([*times, *([before.newest_at] if before.newest_at else [])], default=None),
    )


def _plausible_times(times: Iterable[datetime | None], now: datetime) -> list[datetime]:
    return [time for time in times if time is not None and time <= now + _FUTURE]


def _stood_still(before: FeedState, fetched: Fetched, known_share: float | None) -> bool:
    """The validators are those of the last body, yet this one brings new items."""
    if before.body_hash is None or known_share is None or known_share == 1:
        return False
    etag, last_modified = fetched.headers.get("etag"), fetched.headers.get("last-modified")
    if etag is not None or before.etag is not None:
        return etag == before.etag
    return last_modified is not None and last_modified == before.last_modified


def _kept_back(before: FeedState, times: Iterable[datetime]) -> bool:
    """After answers of 304, items turn up that were published long before the last of those."""
    if before.full_at is None or before.polled_at is None or before.newest_at is None:
        return False
    if before.polled_at <= before.full_at or not (before.etag or before.last_modified):
        return False
    return any(before.newest_at < time < before.polled_at - _LATE for time in times)


def _follow(state: FeedState, fetched: Fetched, now: datetime) -> FeedState:
    """A permanent redirect with a feed behind it becomes the address once it has stood a day."""
    target = fetched.permanent_url
    if target is None or target == state.url:
        return replace(state, moved_to=None, moved_at=None)
    if state.moved_to != target or state.moved_at is None:
        return replace(state, moved_to=target, moved_at=now)
    if now - state.moved_at < MOVE_AFTER:
        return state
    return replace(state, url=target, moved_to=None, moved_at=None)


# When next


def _adapt(
    state: FeedState,
    before: FeedState,
    settings: FetchSettings,
    parsed: ParsedFeed | None,
    known_share: float | None,
    times: Sequence[datetime],
) -> FeedState:
    """Slower when two polls in a row brought little new, faster at once when one brought much.

    Never so slow that the feed's window could roll over between two polls: what enters and leaves
    it unseen is lost.
    """
    low, high = _bounds(settings)
    base = before.interval or settings.interval
    share = 1.0 if known_share is None else known_share
    streak = max(before.overlap_streak, 0) + 1 if share >= _MOSTLY_KNOWN else 0
    if streak >= 2:
        slowest = max(base, min(high, _window(times) / 2))
        base, streak = min(base * _SLOWER, slowest), 0
    elif share < _MOSTLY_NEW and before.body_hash is not None:
        base, streak = base * _FASTER, -1
    if parsed is not None:
        base = min(base, max(_window(times) / 2, low))
    return replace(state, interval=max(low, min(base, high)), overlap_streak=streak)


def _window(times: Sequence[datetime]) -> timedelta:
    """The time a body's items span."""
    return max(times) - min(times) if len(times) > 1 else _UNKNOWN_WINDOW


def _bounds(settings: FetchSettings) -> tuple[timedelta, timedelta]:
    return min(MIN_INTERVAL, settings.interval), max(MAX_INTERVAL, settings.interval)


def _written_interval(feed: Feed, settings: FetchSettings) -> timedelta | None:
    """The interval a person insists on: the feed's own, or a general one below our minimum."""
    if feed.interval is not None:
        return feed.interval
    return settings.interval if settings.interval < MIN_INTERVAL else None


def _next_due(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    fetched: Fetched,
    now: datetime,
) -> datetime:
    written = _written_interval(feed, settings)
    if written is not None:
        return now + written
    low, high = _bounds(settings)
    wishes = [state.interval or settings.interval, *freshness(fetched.headers, now)]
    if state.ttl is not None:
        wishes.append(state.ttl)
    wait = max(low, min(max(wishes), high))
    due_at = now + min(wait * (1 + _jitter(feed.id)), high)
    return _out_of_skipped(due_at, state, now + high)


def _jitter(feed_id: str) -> float:
    """A share of the interval in [0, 0.1), the same for a feed at all times, so that feeds spread."""
    digest = hashlib.sha256(feed_id.encode()).digest()
    return _JITTER * int.from_bytes(digest[:4], "big") / 2**32


def _out_of_skipped(due_at: datetime, state: FeedState, latest: datetime) -> datetime:
    hours = state.skip_hours if len(state.skip_hours) <= _SKIPPABLE_HOURS else frozenset()
    days = state.skip_days if len(state.skip_days) <= _SKIPPABLE_DAYS else frozenset()
    moved = due_at
    while moved.hour in hours or moved.weekday() in days:
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return min(moved, max(latest, due_at))


def _back_off(
    state: FeedState,
    feed: Feed,
    settings: FetchSettings,
    fetched: Fetched | None,
    now: datetime,
) -> timedelta:
    """The interval, doubled with every failure after the first; what the server asks for, if longer."""
    _, high = _bounds(settings)
    base = _written_interval(feed, settings) or state.interval or settings.interval
    wait = min(base * (1 << min(state.failures - 1, 20)), max(high, base))
    asked = retry_after(fetched, now) if fetched is not None else None
    if asked is None:
        return wait
    return max(wait, min(asked, MAX_RETRY_AFTER))
