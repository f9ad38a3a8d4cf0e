"""What the daemon does by the clock: jobs with triggers, run by APScheduler on the event loop.

A job runs once at a time (`max_instances`); runs that were missed are made up for by one
(`coalesce`), however late (`misfire_grace_time`: the default of 1 s dropped 200 of 200 late runs).

APScheduler waits by the wall clock: after a step back of two hours nothing would run for two hours, and
after one forward all missed runs would be counted one by one. So jobs run `Every` so many seconds from the
last run, and whoever notices a step calls `restart`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

_DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


@dataclass(frozen=True, slots=True)
class Job:
    """A function and when it runs; with `at_start` once more as soon as the scheduler starts."""

    name: str
    trigger: BaseTrigger
    function: Callable[[], Awaitable[None]]
    at_start: bool = False


class Every(BaseTrigger):
    """Fires so long after the last run began; however many runs were missed, the next is one."""

    def __init__(self, *, seconds: float) -> None:
        self._interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous_fire_time: datetime | None, now: datetime) -> datetime:
        """When the next run is due."""
        return now + self._interval


class Cooldown:
    """Limits how often something runs: soon after it is requested, but with a pause after each run.

    A run of d seconds is followed by a pause of `ratio` x d seconds, and of `least_seconds` at least:
    so it takes 1 / (1 + `ratio`) of the time at most. Times are seconds of a monotonic clock.
    """

    def __init__(self, *, least_seconds: float, ratio: float) -> None:
        self._least_seconds = least_seconds
        self._ratio = ratio
        self._ready_at = float("-inf")
        self.is_requested = False

    def request(self) -> None:
        """Ask for a run; several requests before it are one."""
        self.is_requested = True

    def is_ready(self, now: float) -> bool:
        """Whether the pause after the last run is over."""
        return now >= self._ready_at

    def is_due(self, now: float) -> bool:
        """Whether a run was requested and may begin."""
        return self.is_requested and self.is_ready(now)

    @contextmanager
    def run(self, clock: Callable[[], float]) -> Iterator[None]:
        """Measure the run in the block; a request made meanwhile asks for another, as does a failure."""
        self.is_requested = False
        started = clock()
        try:
            yield
        except BaseException:
            self.is_requested = True
            raise
        ended = clock()
        self._ready_at = ended + max(self._least_seconds, self._ratio * (ended - started))


def start(
    jobs: Iterable[Job], *, now: datetime, supervise: Callable[[], AbstractContextManager[None]]
) -> AsyncIOScheduler:
    """Start a scheduler with these jobs on the running event loop; each run is inside `supervise()`."""

    async def run(job: Job) -> None:
        with supervise():
            await job.function()

    # APScheduler warns of each run skipped because the last one is not over, and logs an error for a run
    # cancelled by the shutdown. Both are intended; failures of jobs are reported by `supervise`.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=_DEFAULTS)
    for job in jobs:
        first = {"next_run_time": now} if job.at_start else {}
        scheduler.add_job(run, job.trigger, args=[job], id=job.name, name=job.name, **first)
    scheduler.start()
    return scheduler


def restart(scheduler: AsyncIOScheduler, now: datetime) -> None:
    """Reckon anew when each job runs next: the clock was set, and what was reckoned before may be hours off."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=job.trigger.get_next_fire_time(None, now))
