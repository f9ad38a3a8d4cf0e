"""Fetches a feed once, without storing anything: what it serves, and how often it would be polled.

address -> fetch -+-> a feed: its format, items, languages, interval
                  +-> a page that links to feeds: the first of them is fetched in its place
                  +-> a refusal: asked once more under another honest name, to see whether ours is meant
                  +-> none of these: why not
a folder --> looked into, nothing moved: its files as one feed
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.cli.feeds import verdict
from aggregator.cli.feeds.verdict import Verdict
from aggregator.clock import utc_now
from aggregator.config import FetchSettings, Settings
from aggregator.errors import FetchError, ParseError, UnresolvedError
from aggregator.folders import is_folder
from aggregator.ingest import schedule
from aggregator.ingest.drop import Batch, Drops
from aggregator.ingest.http import freshness, names, refusal
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.parse import discover
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.pool import ParserPool
from aggregator.model import Feed, Fetched, ParsedFeed

_FOLDER = "see that the folder is there, and that its files may be read and moved by us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one request to a feed's address showed. `problem` is None when it is a feed with items.

    `feed.url` is the address requested; `offers` are the feeds an HTML page there links to; `interval` is how
    soon it would be polled again, and `why` says what decided that. `mend` is what to do, where more is known than the verdict.
    """

    feed: Feed
    verdict: Verdict
    problem: str | None = None
    mend: str = ""
    answers_to: str | None = None  # another name of ours that the server does not refuse
    fetched: Fetched | None = None
    parsed: ParsedFeed | None = None
    offers: tuple[str, ...] = ()
    interval: timedelta | None = None
    why: str = ""
    batch: Batch | None = None  # of a folder: the files that the next poll would take

    @property
    def advice(self) -> str:
        """What to do about the problem; "" where there is none."""
        return self.mend or verdict.ADVICE.get(self.verdict, "")

    @property
    def newest_at(self) -> datetime | None:
        """The latest time an item says it was published."""
        times = [item.published_at for item in self.parsed.items] if self.parsed else []
        return max((at for at in times if at), default=None)


def probe_feeds(
    feeds: Sequence[Feed], settings: Settings, on_probe: Callable[[Probe, int], None]
) -> None:
    """Fetch every feed once; `on_probe` gets each result as it comes, and how many are done."""
    asyncio.run(_probe_all(feeds, settings, on_probe))


def find_feed(feed: Feed, settings: Settings) -> Probe:
    """The feed at an address, or the first one the page there links to; its `offers` are all of them."""
    return asyncio.run(_find(feed, settings))


async def _probe_all(
    feeds: Sequence[Feed], settings: Settings, on_probe: Callable[[Probe, int], None]
) -> None:
    async with Fetcher(settings.fetch) as fetcher, ParserPool() as parser:
        probes = [_probe(feed, settings, fetcher, parser) for feed in feeds]
        for done, probe in enumerate(asyncio.as_completed(probes), start=1):
            on_probe(await probe, done)


async def _find(feed: Feed, settings: Settings) -> Probe:
    async with Fetcher(settings.fetch) as fetcher, ParserPool() as parser:
        page = await _probe(feed, settings, fetcher, parser)
        if not page.offers:
            return page
        linked = replace(feed, url=page.offers[0])
        return replace(await _probe(linked, settings, fetcher, parser), offers=page.offers)


async def _probe(feed: Feed, settings: Settings, fetcher: Fetcher, parser: ParserPool) -> Probe:
    probe = await _ask(feed, settings, fetcher, parser)
    if probe.verdict is not Verdict.REFUSED or probe.fetched is None:
        return probe
    name = names.user_agent(settings.fetch, feed.user_agent)
    other = names.other_name(settings.fetch, feed.user_agent)
    answers = False
    if refusal.may_be_by_name(probe.fetched):
        again = await _ask(replace(feed, user_agent=other), settings, fetcher, parser)
        answers = again.parsed is not None
    advice = verdict.advice_on_refusal(
        probe.fetched, name=name, other=other, answers_to_other=answers
    )
    return replace(probe, mend=advice, answers_to=other if answers else None)


async def _ask(feed: Feed, settings: Settings, fetcher: Fetcher, parser: ParserPool) -> Probe:
    if is_folder(feed.url):
        return await _look(feed, settings, parser)
    try:
        async with fetcher.get(feed, schedule.first_state(feed, utc_now())) as fetched:
            return await _parse(feed, settings, fetched, parser)
    except UnresolvedError as error:
        return Probe(feed=feed, verdict=Verdict.DEAD, problem=str(error))
    except FetchError as error:
        return Probe(feed=feed, verdict=Verdict.FAILING, problem=str(error))


async def _look(feed: Feed, settings: Settings, parser: ParserPool) -> Probe:
    try:
        batch = await Drops(settings.fetch, parser, agencies=settings.agencies).read(
            feed, utc_now(), look_only=True
        )
    except FetchError as error:
        return Probe(feed=feed, verdict=Verdict.FAILING, problem=str(error), mend=_FOLDER)
    why = "set for this feed" if feed.interval else "as folders are"
    return Probe(
        feed=feed,
        verdict=Verdict.OK,
        parsed=batch.parsed,
        interval=schedule.written_interval(feed, settings.fetch),
        why=why,
        batch=batch,
    )


async def _parse(feed: Feed, settings: Settings, fetched: Fetched, parser: ParserPool) -> Probe:
    if not refusal.is_success(fetched):
        return Probe(
            feed=feed,
            fetched=fetched,
            verdict=verdict.of_answer(fetched),
            problem=refusal.problem(fetched),
        )
    try:
        parsed = await parser.parse(fetched.body, url=fetched.url, headers=fetched.headers)
    except ParseError as error:
        text = to_text(fetched.body, fetched.headers.get("content-type", ""))
        return Probe(
            feed=feed,
            fetched=fetched,
            verdict=Verdict.PAGE if discover.is_page(text) else Verdict.NOT_A_FEED,
            problem=str(error),
            offers=discover.feeds_in(text, base=fetched.url),
        )
    interval, why = _interval(feed, settings.fetch, fetched, parsed)
    return Probe(
        feed=feed,
        fetched=fetched,
        parsed=parsed,
        verdict=Verdict.OK if parsed.items else Verdict.EMPTY,
        problem=None if parsed.items else "is a feed without items",
        interval=interval,
        why=why,
    )


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
