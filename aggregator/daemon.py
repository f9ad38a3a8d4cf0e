"""The daemon: polls the feeds that are due, publishes what changed, and serves it until it is stopped.

    job       trigger            does
    -------   ----------------   ----------------------------------------------------------------
    tick      every second       notices a changed configuration; starts the polls that are due
    publish   every half second  if stories changed and the pauses are over, or a person decided
                                 something, wherever: writes the current documents, then the archives
                                 of the days that changed

    SIGTERM, SIGINT: no new polls; what was fetched is stored and placed; everything is published
    SIGHUP, a changed configuration: the same, then `Ending.RELOAD`

One tick over the indexed `next_due_at` instead of a job for each feed: ten thousand overdue jobs block
the loop for most of a second, the tick costs 0.3 % of a core (docs/decisions.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from enum import Enum, auto

import structlog
import uvicorn
from apscheduler.triggers.interval import IntervalTrigger
from starlette.types import ASGIApp

from aggregator import jobs
from aggregator.clock import utc_now
from aggregator.errors import AggregatorError, UsageError, unexpected
from aggregator.jobs import Cooldown, Job
from aggregator.metrics import Metrics
from aggregator.model import PollReport, PollResult
from aggregator.pipeline import Pipeline
from aggregator.poll_dispatcher import PollDispatcher
from aggregator.publisher import Publisher

TICK = IntervalTrigger(seconds=1)
PUBLISH_CHECK = IntervalTrigger(seconds=0.5)  # costs 0.1 % of a core
# Set by hand: readers see a change within seconds, and writing takes a tenth of the time at most, also
# of a day with so many stories that it takes half a minute.
PUBLISH_PAUSE_SECONDS = 2.0
PUBLISH_PAUSE_RATIO = 10
# The daemon ends within 10 s of SIGTERM.
STOP_SECONDS = 5.0  # for what is in flight
ARCHIVES_STOP_SECONDS = 2.0  # for archives; what is not written by then, the next start writes
log = structlog.get_logger()


class Ending(Enum):
    """Why the daemon returned."""

    STOPPED = auto()  # by a signal
    RELOAD = auto()  # the configuration changed: start again with the new one


class Daemon:
    """Polls, publishes and serves until it is stopped.

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
        self.polls = PollDispatcher(
            pipeline, report=self._report, supervise=self._supervise, clock=utc_now
        )
        self.failure: AggregatorError | None = None
        self.ending = Ending.STOPPED
        self._stop = asyncio.Event()
        self._current = Cooldown(least_seconds=PUBLISH_PAUSE_SECONDS, ratio=PUBLISH_PAUSE_RATIO)
        self._archives = Cooldown(least_seconds=0, ratio=PUBLISH_PAUSE_RATIO)
        self._publishing = asyncio.Lock()
        self._publisher_thread = ThreadPoolExecutor(1, thread_name_prefix="publisher")

    def _jobs(self) -> list[Job]:
        return [
            Job("tick", TICK, self.tick, at_start=True),
            Job("publish", PUBLISH_CHECK, self._publish_changes, at_start=True),
        ]

    # ------------------------------------------------------------------------------ start and stop

    async def run(self, app: ASGIApp, listener: socket.socket) -> Ending:
        """Start, work until a signal, a changed configuration or a failure, and stop cleanly."""
        self._handle_signals()
        server = _Server(
            uvicorn.Config(
                app, log_config=None, access_log=False, timeout_graceful_shutdown=2, lifespan="off"
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await asyncio.get_running_loop().run_in_executor(self.writer, self.pipeline.start)
        await self._publish(archives=False)
        self._archives.request()  # the last run may have left some
        scheduler = jobs.start(self._jobs(), now=utc_now(), supervise=self._supervise)
        log.info("started", feeds=len(self.pipeline.feeds))
        await self._stop.wait()
        scheduler.pause()
        await self._finish()
        scheduler.shutdown(wait=False)
        server.should_exit = True
        await serving
        if self.failure:
            raise self.failure
        log.info("stopped")
        return self.ending

    def stop(self, ending: Ending = Ending.STOPPED) -> None:
        """End the run once what is in flight is finished. A stop stays one when a reload is asked for after it."""
        if ending is Ending.STOPPED or not self._stop.is_set():
            self.ending = ending
        self.pipeline.stop()
        self._stop.set()

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.stop, Ending.RELOAD)

    async def _finish(self) -> None:
        """Finish the polls that can be finished, and publish everything."""
        loop = asyncio.get_running_loop()
        loop.call_later(ARCHIVES_STOP_SECONDS, self.publisher.cancel_archives)
        await self.polls.close(timeout_seconds=STOP_SECONDS)
        async with self._publishing:  # after the publication at hand, if there is one
            if self.failure is None:
                with self._supervise():
                    await self._publish(archives=True)
        await asyncio.to_thread(self._publisher_thread.shutdown)

    @contextlib.contextmanager
    def _supervise(self) -> Generator[None, None, None]:
        """Stop the daemon where the block fails: without its database or outputs it cannot work."""
        try:
            yield
        except AggregatorError as error:
            log.error("failed", error=str(error))
            self.failure = self.failure or error
            self.stop()
        except Exception as error:
            log.exception("failed")
            message = unexpected(error, "running the daemon", log_line="failed")
            self.failure = self.failure or AggregatorError(message)
            self.stop()

    # ------------------------------------------------------------------------------------- polling

    async def tick(self) -> None:
        """Stop if the configuration changed, else start the polls that are due."""
        if await asyncio.to_thread(self.config_changed):
            log.info("configuration changed")
            self.stop(Ending.RELOAD)
            return
        now = utc_now()
        self.metrics.record_tick(now, in_flight=len(self.polls))
        await self.polls.start_due(now)

    def _report(self, report: PollReport) -> None:
        log_poll(report)
        self.metrics.record_poll(report)
        if report.result is PollResult.CHANGED:
            self._current.request()
            self._archives.request()

    # ---------------------------------------------------------------------------------- publishing

    async def _publish_changes(self) -> None:
        """Write the current documents soon after a change, then archives as often as their size allows."""
        now = asyncio.get_running_loop().time
        if await asyncio.to_thread(self.publisher.misses_decision):
            self._current.request()
            self._archives.request()
        elif not self._current.is_ready(now()):
            return
        if self._current.is_requested or self._archives.is_due(now()):
            async with self._publishing:
                if self._stop.is_set():  # what is left is `_finish`'s, and the thread may be gone
                    return
                with self._current.run(now):
                    await self._publish(archives=False)
                if self._archives.is_due(now()):
                    with self._archives.run(now):
                        await self._publish(archives=True)

    async def _publish(self, *, archives: bool) -> None:
        """Write what changed, on a thread of its own."""
        written = await asyncio.get_running_loop().run_in_executor(
            self._publisher_thread, lambda: self.publisher.publish(utc_now(), archives=archives)
        )
        if written:
            figures = await asyncio.to_thread(self.pipeline.store.figures)
            self.metrics.record_publication(utc_now(), figures)
            log.info("published", files=len(written))


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the daemon decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises UsageError when the address is taken or not this machine's."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. "
            "Choose another with --host and --port, or server.port in the configuration."
        ) from error


def log_poll(report: PollReport) -> None:
    """The one line that each poll has in the log, with its figures."""
    figures = {
        "status": report.http_status,
        "items": report.items,
        "new": report.new,
        "revised": report.revised,
        "matched": report.matched,
        "files": report.files or None,
        "files_failed": report.files_failed or None,
        "took_ms": round(report.took / timedelta(milliseconds=1)),
        "error": report.error,
    }
    write = log.warning if report.error else log.info
    write(
        "poll",
        feed=report.feed_id,
        result=report.result.value,
        **{name: value for name, value in figures.items() if value is not None},
    )
