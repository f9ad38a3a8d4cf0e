"""The clock: one tick asks the store which feeds are due, polls them, and publishes what changed.

    APScheduler --every second--> tick --> store.feeds_due --> pipeline.poll … --> publish
                                                                                      |
    SIGTERM, SIGINT --> stop: no new polls, the item at hand finished, feeds written  v
    feeds.yaml changed --> the same, then start anew with it               web serves the shelf

One tick over the indexed `next_due_at` instead of a job per feed: ten thousand overdue jobs block
the loop for most of a second, the tick costs 0.3 % of a core (docs/decisions.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.types import ASGIApp

from aggregator.errors import AggregatorError, UsageError, unexpected
from aggregator.metrics import Metrics
from aggregator.model import FeedState, PollReport, PollResult
from aggregator.pipeline import Pipeline
from aggregator.publisher import Publisher

TICK_SECONDS = 1
POLLS_IN_FLIGHT = 1000  # those waiting for their host's turn included
WAITING_FOR_A_SITE = 50  # of these, beside those it may be asked at once: others wait in the store
PUBLISH_PAUSE_SECONDS = 2.0  # at the least between two writings of the merged feeds
PUBLISH_PAUSE_RATIO = 10  # and this many times what the last took: a day of many stories is dear
STOP_SECONDS = 5.0  # what is in flight may take this long after SIGTERM
ARCHIVE_SECONDS = 2.0  # … and an archive this long: the next start writes it
log = structlog.get_logger()


def utc_now() -> datetime:
    """The one clock of the house."""
    return datetime.now(UTC)


class Ending(Enum):
    """Why the daemon returned."""

    STOPPED = auto()  # asked to by a signal
    RELOAD = auto()  # the configuration changed: start anew with it


class Daemon:
    """Polls, publishes and serves until told to stop.

    `config_changed` is asked at every tick; True ends the run with `Ending.RELOAD`. The store must be
    prepared and claimed. `run` raises AggregatorError when the database or the outputs fail.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        publisher: Publisher,
        metrics: Metrics,
        *,
        writer: Executor,
        config_changed: Callable[[], bool],
    ) -> None:
        self.pipeline = pipeline
        self.publisher = publisher
        self.metrics = metrics
        self.writer = writer
        self.config_changed = config_changed
        self.polls: dict[str, asyncio.Task[None]] = {}
        self.sites = Counter[str]()  # how many of the polls are of each …
        self.most_of_a_site = pipeline.settings.fetch.host_concurrency + WAITING_FOR_A_SITE
        self._crowded: set[str] = set()  # sites with more that is due than may be under way
        self._starting = asyncio.Lock()
        self._filling: set[asyncio.Task[None]] = set()
        self.failure: AggregatorError | None = None
        self.ending = Ending.STOPPED
        self._press = ThreadPoolExecutor(1, thread_name_prefix="publisher")
        self._stop = asyncio.Event()
        self._changed = asyncio.Event()

    # ------------------------------------------------------------------------------------ a life

    async def run(self, app: ASGIApp, listener: socket.socket) -> Ending:
        """Start, tick until a signal, a changed configuration or a failure, stop cleanly."""
        self._obey_signals()
        server = _Server(
            uvicorn.Config(
                app, log_config=None, access_log=False, timeout_graceful_shutdown=2, lifespan="off"
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await asyncio.get_running_loop().run_in_executor(self.writer, self.pipeline.start)
        await self._publish(archives=False)
        self._changed.set()  # archives may be waiting
        publishing = asyncio.create_task(self._publish_changes())
        scheduler = self._schedule()
        log.info("started", feeds=len(self.pipeline.feeds))
        await self._stop.wait()
        scheduler.pause()
        asyncio.get_running_loop().call_later(ARCHIVE_SECONDS, self._give_up_archives)
        await self._finish_polls()
        scheduler.shutdown(wait=False)
        publishing.cancel()
        if self.failure is None:
            await self._publish(archives=True)
        await asyncio.to_thread(self._press.shutdown)
        server.should_exit = True
        await serving
        if self.failure:
            raise self.failure
        log.info("stopped")
        return self.ending

    def stop(self, ending: Ending = Ending.STOPPED) -> None:
        """End the run after what is at hand."""
        self.ending = ending
        self.pipeline.stop()
        self._stop.set()

    def _obey_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.stop, Ending.RELOAD)

    def _schedule(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self.tick,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=utc_now(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        scheduler.start()
        return scheduler

    # ----------------------------------------------------------------------------------- a second

    async def tick(self) -> None:
        """Start a poll of every feed that is due and not being polled."""
        with self._failures_stop_us():
            if await asyncio.to_thread(self.config_changed):
                log.info("configuration changed")
                self.stop(Ending.RELOAD)
                return
            now = utc_now()
            self.metrics.ticked(now, in_flight=len(self.polls))
            await self._start_due(now)

    async def _start_due(self, now: datetime) -> None:
        """Start what is due, oldest first, where there is room: in all, and for each site."""
        async with self._starting:
            under_way = set(self.polls)  # of these what is read now may be old when it is here
            room = POLLS_IN_FLIGHT - len(under_way)
            if room <= 0:
                return
            crowded = {site for site in self.sites if self._is_full(site)}
            states = await asyncio.to_thread(
                self.pipeline.store.feeds_due, now, limit=room + len(under_way), except_at=crowded
            )
            for state in states:
                if state.feed_id in under_way or state.feed_id not in self.pipeline.feeds:
                    continue
                if self._is_full(site_of(state.url)):
                    crowded.add(site_of(state.url))
                elif not self._stop.is_set():
                    self._start_poll(state)
            self._crowded = crowded

    def _is_full(self, site: str) -> bool:
        return self.sites[site] >= self.most_of_a_site

    def _start_poll(self, state: FeedState) -> None:
        task = asyncio.create_task(self._poll(state))
        site = site_of(state.url)
        self.polls[state.feed_id] = task
        self.sites[site] += 1

        def ended(_task: asyncio.Task[None]) -> None:
            del self.polls[state.feed_id]
            self.sites[site] -= 1
            self.sites += Counter()  # forget those without
            self._fill_up(site)

        task.add_done_callback(ended)

    def _fill_up(self, site: str) -> None:
        """At a site with many feeds the next tick is far: start more once half of the queue is gone."""
        few = self.most_of_a_site - WAITING_FOR_A_SITE // 2
        if site in self._crowded and self.sites[site] <= few and not self._stop.is_set():
            self._crowded.discard(site)
            filling = asyncio.create_task(self._start_more())
            self._filling.add(filling)
            filling.add_done_callback(self._filling.discard)

    async def _start_more(self) -> None:
        with self._failures_stop_us():
            await self._start_due(utc_now())

    async def _poll(self, state: FeedState) -> None:
        with self._failures_stop_us():
            report = await self.pipeline.poll(state)
            tell(report)
            self.metrics.polled(report)
            if report.result is PollResult.CHANGED:
                self._changed.set()

    async def _publish_changes(self) -> None:
        """The current documents soon after each change, archives as often as their size allows."""
        loop = asyncio.get_running_loop()
        archives_at = loop.time()
        with self._failures_stop_us():
            while True:
                await self._changed.wait()
                self._changed.clear()
                took = await self._publish(archives=False)
                if loop.time() >= archives_at:
                    archives_took = await self._publish(archives=True)
                    archives_at = loop.time() + PUBLISH_PAUSE_RATIO * archives_took
                else:
                    loop.call_at(archives_at, self._changed.set)
                await asyncio.sleep(max(PUBLISH_PAUSE_SECONDS, PUBLISH_PAUSE_RATIO * took))

    async def _publish(self, *, archives: bool) -> float:
        """Write what changed, on a thread of its own; the seconds that took."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        written = await loop.run_in_executor(
            self._press, lambda: self.publisher.publish(utc_now(), archives=archives)
        )
        if written:
            figures = await asyncio.to_thread(self.pipeline.store.figures)
            self.metrics.published(utc_now(), figures)
            log.info("published", files=len(written))
        return loop.time() - started

    def _give_up_archives(self) -> None:
        self.publisher.gave_up = True

    # ------------------------------------------------------------------------------------- the end

    async def _finish_polls(self) -> None:
        """What already reached the writer is finished; a fetch under way will be done next time."""
        tasks = [*self.polls.values(), *self._filling]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(*tasks, return_exceptions=True)

    @contextlib.contextmanager
    def _failures_stop_us(self) -> Generator[None, None, None]:
        """A failing database or disk is everybody's failure: stop rather than pretend to work."""
        try:
            yield
        except AggregatorError as error:
            log.error("failed", error=str(error))
            self.failure = self.failure or error
            self.stop()
        except Exception as error:
            log.exception("failed")
            self.failure = self.failure or AggregatorError(unexpected(error, log_line="failed"))
            self.stop()


def site_of(url: str) -> str:
    """What the addresses of one server begin with, to its name's last slash."""
    return url[: url.find("/", len("https://")) + 1] or url


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the daemon decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises UsageError when the address is taken or not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port}: {error.strerror or error}. "
            "Choose another with --host and --port, or server.port in the configuration."
        ) from error


def tell(report: PollReport) -> None:
    """The one log line a poll leaves behind, with its figures."""
    figures = {
        "status": report.http_status,
        "items": report.items,
        "new": report.new,
        "revised": report.revised,
        "matched": report.matched,
        "took_ms": round(report.took / timedelta(milliseconds=1)),
        "error": report.error,
    }
    say = log.warning if report.error else log.info
    say(
        "poll",
        feed=report.feed_id,
        result=report.result.value,
        **{name: value for name, value in figures.items() if value is not None},
    )
