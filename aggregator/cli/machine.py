"""The parts that poll, match, publish and serve are built here, and run: once, or as the daemon.

settings -> store, fetcher, parser pool, matcher -> pipeline -+-> poll_once
                                       publisher, web --------+-> live: a daemon, and the next when
                                                                  the configuration has changed
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

import structlog
from starlette.applications import Starlette

from aggregator.cli.parts import now, open_store
from aggregator.cli.show import Bar
from aggregator.config import ServerSettings, Settings
from aggregator.daemon import Daemon, Ending, listen
from aggregator.errors import UsageError
from aggregator.ingest.fetch import Fetcher
from aggregator.ingest.worker import ParserPool
from aggregator.match.matcher import Matcher
from aggregator.metrics import Metrics
from aggregator.model import FeedState, Match, PollReport
from aggregator.pipeline import Pipeline
from aggregator.publisher import Publisher
from aggregator.store.store import Store
from aggregator.web.app import create_app
from aggregator.web.health import Health

Told = Callable[
    [PollReport, int, int], None
]  # a report, how many there were, how many there will be
log = structlog.get_logger()


def knowing_matcher(settings: Settings, store: Store, bar: Bar) -> Matcher:
    """A matcher that knows the items of the window, as the daemon's does."""
    matcher = _matcher(settings, store)
    for done, entry in enumerate(store.indexed(now() - settings.match.window), start=1):
        if entry.fingerprint.scheme == matcher.scheme:  # others are renewed when the daemon starts
            matcher.add([entry])
        bar.at("reading the index", done)
    return matcher


def _matcher(settings: Settings, store: Store) -> Matcher:
    return Matcher(settings.match, settings.agencies, store.fingerprints)


@contextmanager
def _claimed(settings: Settings) -> Iterator[tuple[Store, Executor]]:
    """The store, ours alone to poll into, and the one thread that writes to it."""
    with (
        open_store(settings) as store,
        store.claim(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer") as writer,
    ):
        yield store, writer


@asynccontextmanager
async def _pipeline(settings: Settings, store: Store, writer: Executor) -> AsyncIterator[Pipeline]:
    async with Fetcher(settings.fetch) as fetcher, ParserPool() as parser:
        yield Pipeline(
            settings,
            store=store,
            matcher=_matcher(settings, store),
            fetcher=fetcher,
            parser=parser,
            writer=writer,
            clock=now,
        )


# ----------------------------------------------------------------------------------------- one cycle


def poll_once(
    settings: Settings, *, feed_ids: Collection[str], everything: bool, told: Told
) -> list[str]:
    """Poll the feeds that are due, or all of them, and publish; the names of the files written.

    `feed_ids` narrows that to some feeds, due or not; none means all. Raises AggregatorError when the
    database or the outputs fail; a feed's own failure is in its report.
    """
    with _claimed(settings) as (store, writer):
        asyncio.run(_cycle(settings, store, writer, feed_ids, everything, told))
        return Publisher(store, settings).publish(now())


async def _cycle(
    settings: Settings,
    store: Store,
    writer: Executor,
    feed_ids: Collection[str],
    everything: bool,
    told: Told,
) -> None:
    async with _pipeline(settings, store, writer) as pipeline:
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
    return [s for s in pipeline.store.feeds_due(now()) if s.feed_id in pipeline.feeds]


# ---------------------------------------------------------------------------------------- the daemon


def live(settings_now: Callable[[], Settings], changed: Callable[[], bool]) -> None:
    """Run the daemon until it is told to stop, each time `changed` anew with the settings there are then.

    The socket outlives a restart, so nobody who asks meanwhile is turned away.
    """
    listener = None
    address = None
    ending = Ending.RELOAD
    while ending is Ending.RELOAD:
        settings = settings_now()
        with _claimed(settings) as (store, writer):
            if listener is None or settings.server != address:
                if listener:
                    listener.close()
                address = settings.server
                listener = listen(address.host, address.port)
            log.info("listening", url=url_of(listener))
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                work = _live_once(settings, store, writer, listener.dup(), changed)
                ending = runner.run(work)
    if listener:
        listener.close()


async def _live_once(
    settings: Settings,
    store: Store,
    writer: Executor,
    listener: socket.socket,
    changed: Callable[[], bool],
) -> Ending:
    async with _pipeline(settings, store, writer) as pipeline:
        publisher, metrics = Publisher(store, settings), Metrics(now())
        daemon = Daemon(pipeline, publisher, metrics, writer=writer, config_changed=changed)
        app = _web(settings, pipeline, publisher, metrics, writer)
        return await daemon.run(app, listener)


def _web(
    settings: Settings,
    pipeline: Pipeline,
    publisher: Publisher,
    metrics: Metrics,
    writer: Executor,
) -> Starlette:
    def explain(a: str, b: str) -> Match:
        items = pipeline.store.item(a), pipeline.store.item(b)
        return writer.submit(pipeline.matcher.explain, *items).result()

    def health() -> Health:
        return Health(
            started_at=metrics.started_at,
            ticked_at=metrics.ticked_at,
            published_at=metrics.published_at,
        )

    return create_app(
        pipeline.store,
        settings,
        shelf=publisher.shelf,
        clock=now,
        explain=explain,
        metrics=metrics.render,
        health=health,
    )


def served_at(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings with the address a person gave in the call."""
    server = ServerSettings(
        host=host or settings.server.host, port=settings.server.port if port is None else port
    )
    return settings.model_copy(update={"server": server})


def free_address(host: str, port: int, *, any_port: bool) -> str:
    """The URL that can be listened at; with `any_port` at another port where this one is taken."""
    try:
        listener = listen(host, port)
    except UsageError:
        if not any_port:
            raise
        listener = listen(host, 0)
    with listener:
        return url_of(listener)


def url_of(listener: socket.socket) -> str:
    """Where a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
