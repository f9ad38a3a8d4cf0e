"""The parts that poll and match are built here, and run for one cycle.

settings -> store, fetcher, parser pool, matcher -> pipeline -+-> poll_once
                                                              +-> service.live: the daemon
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

from aggregator.cli.console import Bar
from aggregator.cli.wiring import announce_compilation, open_store
from aggregator.clock import utc_now
from aggregator.config import Settings
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.parse.pool import ParserPool
from aggregator.match.matcher import Matcher
from aggregator.model import FeedState, PollReport
from aggregator.pipeline import Pipeline
from aggregator.placer import Placer
from aggregator.publisher import Publisher
from aggregator.store.store import Store

Told = Callable[
    [PollReport, int, int], None
]  # a report, how many there were, how many there will be


def knowing_matcher(settings: Settings, store: Store, bar: Bar) -> Matcher:
    """A matcher that knows the items of the window, as the daemon's does."""
    matcher = _matcher(settings, store)
    for done, entry in enumerate(store.indexed(utc_now() - settings.match.window), start=1):
        if entry.fingerprint.scheme == matcher.scheme:  # others are renewed when the daemon starts
            matcher.add([entry])
        bar.at("reading the index", done)
    return matcher


def _matcher(settings: Settings, store: Store) -> Matcher:
    announce_compilation()
    return Matcher(settings.match, settings.agencies, store.fingerprints)


@contextmanager
def claimed(settings: Settings) -> Iterator[tuple[Store, Executor]]:
    """The store, ours alone to poll into, and the one thread that writes to it."""
    with (
        open_store(settings) as store,
        store.claim(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer") as writer,
    ):
        yield store, writer


@asynccontextmanager
async def pipeline_of(
    settings: Settings, store: Store, writer: Executor
) -> AsyncIterator[Pipeline]:
    """The parts in their order, let go of in the other."""
    async with Fetcher(settings.fetch) as fetcher, ParserPool() as parser:
        yield Pipeline(
            settings,
            store=store,
            placer=Placer(
                store, _matcher(settings, store), window=settings.match.window, clock=utc_now
            ),
            fetcher=fetcher,
            parser=parser,
            writer=writer,
            clock=utc_now,
        )


# ----------------------------------------------------------------------------------------- one cycle


def poll_once(
    settings: Settings, *, feed_ids: Collection[str], everything: bool, told: Told
) -> list[str]:
    """Poll the feeds that are due, or all of them, and publish; the names of the files written.

    `feed_ids` narrows that to some feeds, due or not; none means all. Raises AggregatorError when the
    database or the outputs fail; a feed's own failure is in its report.
    """
    with claimed(settings) as (store, writer):
        asyncio.run(_cycle(settings, store, writer, feed_ids, everything, told))
        return Publisher(store, settings).publish(utc_now())


async def _cycle(
    settings: Settings,
    store: Store,
    writer: Executor,
    feed_ids: Collection[str],
    everything: bool,
    told: Told,
) -> None:
    async with pipeline_of(settings, store, writer) as pipeline:
        await asyncio.get_running_loop().run_in_executor(writer, pipeline.start)
        states = _to_poll(pipeline, feed_ids, everything=everything)
        polls = [asyncio.ensure_future(pipeline.poll(state)) for state in states]
        try:
            for done, poll in enumerate(asyncio.as_completed(polls), start=1):
                told(await poll, done, len(polls))
        finally:
            for task in polls:
                task.cancel()
            await asyncio.gather(*polls, return_exceptions=True)


def _to_poll(pipeline: Pipeline, feed_ids: Collection[str], *, everything: bool) -> list[FeedState]:
    if feed_ids or everything:
        states = pipeline.store.feed_states()
        return [states[id_] for id_ in pipeline.feeds if not feed_ids or id_ in feed_ids]
    return [s for s in pipeline.store.feeds_due(utc_now()) if s.feed_id in pipeline.feeds]
