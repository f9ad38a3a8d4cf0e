"""Fetches a feed once, without storing anything: what it serves, and how often it would be polled.

address -> fetch -+-> a feed: its format, items, languages, interval
                  +-> a page that links to feeds: the first of them is fetched in its place
                  +-> neither: why not
a folder --> looked into, nothing moved: its files as one feed
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.clock import utc_now
from aggregator.config import FetchSettings
from aggregator.config.folders import is_folder
from aggregator.errors import FetchError, ParseError
from aggregator.ingest import schedule
from aggregator.ingest.drop import Batch, Drops
from aggregator.ingest.http import freshness
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.parse import discover
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.pool import ParserPool
from aggregator.model import Feed, Fetched, ParsedFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one request to a feed's address showed. `problem` is None when it is a feed with items.

    `feed.url` is the address requested; `offers` are the feeds an HTML page there links to; `interval` is how
    soon it would be polled again, and `why` says what decided that.
    """

    feed: Feed
    problem: str | None = None
    fetched: Fetched | None = None
    parsed: ParsedFeed | None = None
    offers: tuple[str, ...] = ()
    interval: timedelta | None = None
    why: str = ""
    batch: Batch | None = None  # of a folder: the files that the next poll would take

    @property
    def newest_at(self) -> datetime | None:
        """The latest time an item says it was published."""
        times = [item.published_at for item in self.parsed.items] if self.parsed else []
        return max((at for at in times if at), default=None)


def probe_feeds(
    feeds: Sequence[Feed], settings: FetchSettings, on_probe: Callable[[Probe, int], None]
) -> None:
    """Fetch every feed once; `on_probe` gets each result as it comes, and how many are done."""
    asyncio.run(_probe_all(feeds, settings, on_probe))


def find_feed(feed: Feed, settings: FetchSettings) -> Probe:
    """The feed at an address, or the first one the page there links to; its `offers` are all of them."""
    return asyncio.run(_find(feed, settings))


async def _probe_all(
    feeds: Sequence[Feed], settings: FetchSettings, on_probe: Callable[[Probe, int], None]
) -> None:
    async with Fetcher(settings) as fetcher, ParserPool() as parser:
        probes = [_probe(feed, settings, fetcher, parser) for feed in feeds]
        for done, probe in enumerate(asyncio.as_completed(probes), start=1):
            on_probe(await probe, done)


async def _find(feed: Feed, settings: FetchSettings) -> Probe:
    async with Fetcher(settings) as fetcher, ParserPool() as parser:
        page = await _probe(feed, settings, fetcher, parser)
        if not page.offers:
            return page
        linked = replace(feed, url=page.offers[0])
        return replace(await _probe(linked, settings, fetcher, parser), offers=page.offers)


async def _probe(
    feed: Feed, settings: FetchSettings, fetcher: Fetcher, parser: ParserPool
) -> Probe:
    try:
        if is_folder(feed.url):
            return await _look(feed, settings, parser)
        async with fetcher.get(feed, schedule.first_state(feed, utc_now())) as fetched:
            return await _parse(feed, settings, fetched, parser)
    except FetchError as error:
        return Probe(feed=feed, problem=str(error))


async def _look(feed: Feed, settings: FetchSettings, parser: ParserPool) -> Probe:
    batch = await Drops(settings, parser).read(feed, utc_now(), look_only=True)
    why = "set for this feed" if feed.interval else "as folders are"
    return Probe(
        feed=feed,
        parsed=batch.parsed,
        interval=schedule.written_interval(feed, settings),
        why=why,
        batch=batch,
    )


async def _parse(
    feed: Feed, settings: FetchSettings, fetched: Fetched, parser: ParserPool
) -> Probe:
    if not 200 <= fetched.status < 300:
        return Probe(feed=feed, fetched=fetched, problem=f"answered {fetched.status}")
    try:
        parsed = await parser.parse(fetched.body, url=fetched.url, headers=fetched.headers)
    except ParseError as error:
        return Probe(feed=feed, fetched=fetched, problem=str(error), offers=_offers(fetched))
    interval, why = _interval(feed, settings, fetched, parsed)
    return Probe(
        feed=feed,
        fetched=fetched,
        parsed=parsed,
        problem=None if parsed.items else "is a feed without items",
        interval=interval,
        why=why,
    )


def _offers(fetched: Fetched) -> tuple[str, ...]:
    page = to_text(fetched.body, fetched.headers.get("content-type", ""))
    return discover.feeds_in(page, base=fetched.url)


def _interval(
    feed: Feed, settings: FetchSettings, fetched: Fetched, parsed: ParsedFeed
) -> tuple[timedelta, str]:
    """How soon the feed would be polled again after this response, and what decides it."""
    at = utc_now()
    first = schedule.first_state(feed, at)
    body = schedule.Body(schedule.body_hash(fetched.body), parsed)
    after = schedule.after_success(first, feed, settings, fetched=fetched, body=body, now=at)
    interval = after.next_due_at - at
    if feed.interval is not None:
        return interval, "set for this feed"
    if interval <= settings.interval * 1.1:
        faster = after.interval is not None and after.interval < settings.interval
        return interval, "its items change quickly" if faster else "as configured"
    fresh = max(freshness.freshness(fetched.headers, at), default=timedelta(0))
    ttl = parsed.ttl or timedelta(0)
    if max(fresh, ttl) <= settings.interval:
        return interval, "its skipHours or skipDays"
    return interval, "its ttl" if ttl > fresh else "its max-age or Expires"
