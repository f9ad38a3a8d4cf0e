"""The daemon: polls the feeds that are due, publishes what changed, and serves it until it is stopped.

    job       trigger            does
    -------   ----------------   ----------------------------------------------------------------
    tick      every second       notices a changed configuration, a database that is gone, and one
                                 that another program has locked; starts the polls that are due, and
                                 the reading of article pages that items wait for
    publish   every half second  if stories changed and the pauses are over, or a person decided
                                 something, wherever: writes the current documents, then the archives
                                 of the days that changed

    stopped: no new polls; what was fetched is stored and placed; everything is published
    a changed configuration: the same, then `Ending.RELOAD`

One tick over the indexed `next_due_at` instead of a job for each feed: ten thousand overdue jobs block
the loop for most of a second, the tick costs 0.3 % of a core (docs/decisions.md).

Within a run, time is monotonic: where the clock is set, jobs go on and feeds wait as long as they would have.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator import descriptors, jobs
from aggregator.clock import StepWatch, utc_now
from aggregator.errors import AggregatorError, StoreBusyError, unexpected
from aggregator.jobs import Cooldown, Every, Job
from aggregator.metrics import Metrics
from aggregator.model import PageReport, PollReport, PollResult
from aggregator.page_dispatcher import PageDispatcher
from aggregator.patience import Patience
from aggregator.pipeline import Pipeline
from aggregator.poll_dispatcher import PollDispatcher
from aggregator.publisher import Publisher

TICK = Every(seconds=1)
PUBLISH_CHECK = Every(seconds=0.5)  # costs 0.1 % of a core
CLOCK_CHECK_SECONDS = 0.5  # how soon a step of the clock is noticed
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


class Server(Protocol):
    """What serves while the daemon runs."""

    async def run_until_stopped(self) -> None:
        """Serve; returns soon after `stop`."""

    def stop(self) -> None:
        """Finish what is being answered."""


class Daemon:
    """Polls, publishes and serves until it is stopped.

    `config_changed` is asked at every tick; True ends the run with `Ending.RELOAD`. So is `check`, which raises
    AggregatorError where it is no use to go on. Work that finds the database locked waits as `patience` says.
    The store must be prepared and claimed. `run` raises AggregatorError when the database or the outputs fail.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        publisher: Publisher,
        metrics: Metrics,
        *,
        writer: Executor,
        config_changed: Callable[[], bool],
        check: Callable[[], None] = lambda: None,
        patience: Patience | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.publisher = publisher
        self.metrics = metrics
        self.writer = writer
        self.config_changed = config_changed
        self.check = check
        self.patience = patience or Patience()
        self.polls = PollDispatcher(
            pipeline, report=self._report, supervise=self._supervise, clock=utc_now
        )
        self.pages = PageDispatcher(
            pipeline.pages, report=self._report_page, supervise=self._supervise
        )
        self.failure: AggregatorError | None = None
        self.ending = Ending.STOPPED
        self._stop = asyncio.Event()
        self._current = Cooldown(least_seconds=PUBLISH_PAUSE_SECONDS, ratio=PUBLISH_PAUSE_RATIO)
        self._archives = Cooldown(least_seconds=0, ratio=PUBLISH_PAUSE_RATIO)
        self._publishing = asyncio.Lock()
        self._publisher_thread = ThreadPoolExecutor(1, thread_name_prefix="publisher")
        self._trying_lock: asyncio.Task[None] | None = None

    def _jobs(self) -> list[Job]:
        return [
            Job("tick", TICK, self.tick, at_start=True),
            Job("publish", PUBLISH_CHECK, self._publish_changes, at_start=True),
        ]

    # ------------------------------------------------------------------------------ start and stop

    async def run(self, server: Server) -> Ending:
        """Start, work until a signal, a changed configuration or a failure, and stop cleanly."""
        serving = asyncio.create_task(server.run_until_stopped())
        with self._supervise():
            await self._start()
        async with self._working():
            await self._stop.wait()
        server.stop()
        await serving
        if self.failure:
            raise self.failure
        log.info("stopped")
        return self.ending

    async def _start(self) -> None:
        """Make the parts ready; a stop that came before leaves them as they are."""
        if not self._stop.is_set():
            await asyncio.get_running_loop().run_in_executor(self.writer, self.pipeline.start)
        if not self._stop.is_set():
            await self._publish(archives=False)
        self._archives.request()  # the last run may have left some

    @contextlib.asynccontextmanager
    async def _working(self) -> AsyncGenerator[None]:
        """Have the jobs run within the block; finish what they began at its end."""
        scheduler = jobs.start(self._jobs(), now=utc_now(), supervise=self._supervise)
        watching = asyncio.create_task(self._watch_clock(scheduler))
        if self._stop.is_set():
            scheduler.pause()
        else:
            log.info("started", feeds=len(self.pipeline.feeds))
        yield
        watching.cancel()
        scheduler.pause()
        await self._finish()
        scheduler.shutdown(wait=False)

    def stop(self, ending: Ending = Ending.STOPPED) -> None:
        """End the run once what is in flight is finished. A stop stays one when a reload is asked for after it."""
        if ending is Ending.STOPPED or not self._stop.is_set():
            self.ending = ending
        self.pipeline.stop()
        self.patience.stop()
        self._stop.set()

    async def _finish(self) -> None:
        """Finish the polls that can be finished, and publish everything."""
        loop = asyncio.get_running_loop()
        loop.call_later(ARCHIVES_STOP_SECONDS, self.publisher.cancel_archives)
        await asyncio.gather(
            self.pages.close(timeout_seconds=STOP_SECONDS),
            self.polls.close(timeout_seconds=STOP_SECONDS),
        )
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
            if isinstance(error, StoreBusyError) or descriptors.is_short(error):
                self._blocked(error)
            else:
                self._failed(error)
        except Exception as error:
            log.exception("failed")
            message = unexpected(error, "running the daemon", log_line="failed")
            self.failure = self.failure or AggregatorError(message)
            self.stop()

    def _failed(self, error: AggregatorError) -> None:
        log.error("failed", error=str(error))
        self.failure = self.failure or error
        self.stop()

    def _blocked(self, error: AggregatorError) -> None:
        """The database is locked, or no descriptor is left: the next run tries again, while there is patience."""
        if self._stop.is_set():
            log.warning("left for the next start", reason=str(error))
        elif not self.patience.failed():
            self._failed(error)

    async def _watch_clock(self, scheduler: AsyncIOScheduler) -> None:
        """Where the clock is set, have jobs and feeds wait as long as they would have."""
        loop = asyncio.get_running_loop()
        watch = StepWatch(utc_now(), loop.time())
        while True:
            await asyncio.sleep(CLOCK_CHECK_SECONDS)
            step = watch.step(utc_now(), loop.time())
            if not step:
                continue
            log.warning("clock stepped", seconds=round(step.total_seconds(), 1))
            jobs.restart(scheduler, utc_now())
            if step < timedelta(0):  # after one forward feeds are due at once
                with self._supervise():
                    await loop.run_in_executor(self.writer, self.pipeline.set_clock_back, -step)

    # ------------------------------------------------------------------------------------- polling

    async def tick(self) -> None:
        """Stop if the configuration changed, else start the polls that are due and can be stored."""
        await asyncio.to_thread(self.check)
        if await asyncio.to_thread(self.config_changed):
            log.info("configuration changed")
            self.stop(Ending.RELOAD)
            return
        now = utc_now()
        self.metrics.record_tick(now, in_flight=len(self.polls))
        if self.patience.is_waiting:
            self._try_lock()
        else:
            await self.polls.start_due(now)
            await self.pages.read_due()

    def _try_lock(self) -> None:
        """See whether the database is free again, if no one else is waiting for it."""
        if self._trying_lock is None or self._trying_lock.done():
            self._trying_lock = asyncio.create_task(self._write_nothing())

    async def _write_nothing(self) -> None:
        with self._supervise():
            save = self.pipeline.store.save_feed_states
            await asyncio.get_running_loop().run_in_executor(self.writer, save, ())

    def _report(self, report: PollReport) -> None:
        self.metrics.record_poll(report)
        if report.result is PollResult.POSTPONED:
            if self.polls.hold():
                log.warning("polls postponed", reason=report.error)
            return
        if report.waiting:
            self.pages.settle(report, then=log_poll)
        else:
            log_poll(report)
        if report.result is PollResult.CHANGED:
            self._current.request()
            self._archives.request()

    def _report_page(self, report: PageReport) -> None:
        log_page(report)
        self.metrics.record_page(report)
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


def log_poll(report: PollReport) -> None:
    """The one line that each poll has in the log, with its figures."""
    figures = {
        "status": report.http_status,
        "items": report.items,
        "new": report.new,
        "revised": report.revised,
        "matched": report.matched,
        "waiting": report.waiting or None,
        "left_out": report.left_out.total or None,
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


def log_page(report: PageReport) -> None:
    """The one line that each article page has in the log."""
    figures = {"url": report.url, "reason": report.refusal, "matched": sum(report.matched.values())}
    log.info(
        "page",
        result=report.result.value,
        items=report.items,
        **{name: value for name, value in figures.items() if value},
    )
