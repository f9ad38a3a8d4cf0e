"""What runs by the clock: each job once at a time, failures reported, pauses kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from hypothesis import given
from hypothesis import strategies as st

from aggregator import jobs
from aggregator.jobs import Cooldown, Every, Job

HOURLY = IntervalTrigger(hours=1)


class Supervision:
    """Keeps what failed inside it."""

    def __init__(self) -> None:
        self.failures: list[ValueError] = []

    @contextmanager
    def __call__(self) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            self.failures.append(error)


def test_a_job_runs_at_the_start_where_it_says_so_and_is_supervised() -> None:
    supervision = Supervision()

    async def run() -> None:
        ran = asyncio.Event()

        async def fails() -> None:
            ran.set()
            raise ValueError("the disk")

        async def never() -> None:
            raise AssertionError("not due for an hour")

        table = [Job("fails", HOURLY, fails, at_start=True), Job("never", HOURLY, never)]
        scheduler = jobs.start(table, now=datetime.now(UTC), supervise=supervision)
        await asyncio.wait_for(ran.wait(), 60)
        scheduler.shutdown(wait=False)

    asyncio.run(run())

    assert [str(failure) for failure in supervision.failures] == ["the disk"]


def test_every_job_runs_once_at_a_time_and_late_runs_are_one() -> None:
    async def run() -> None:
        async def nothing() -> None:
            pass

        scheduler = jobs.start(
            [Job("daily", DateTrigger(datetime(2099, 1, 1, tzinfo=UTC)), nothing)],
            now=datetime.now(UTC),
            supervise=Supervision(),
        )
        (job,) = scheduler.get_jobs()
        assert (job.id, job.coalesce, job.max_instances, job.misfire_grace_time) == (
            "daily",
            True,
            1,
            None,
        )
        assert job.next_run_time == datetime(2099, 1, 1, tzinfo=UTC)
        scheduler.shutdown(wait=False)

    asyncio.run(run())


def test_every_counts_from_the_last_run_and_missed_runs_are_none() -> None:
    trigger, now = Every(seconds=2), datetime(2026, 11, 2, 12, tzinfo=UTC)
    long_ago = now - timedelta(days=3650)
    for previous in (None, now, long_ago, now + timedelta(hours=2)):
        assert trigger.get_next_fire_time(previous, now) == now + timedelta(seconds=2)


def test_after_a_step_back_every_job_is_due_when_it_would_have_been() -> None:
    async def run() -> None:
        async def nothing() -> None:
            pass

        before = datetime.now(UTC) + timedelta(hours=2)  # what the clock showed before it was set
        nightly = CronTrigger(hour=3, timezone=UTC)
        table = [Job("tick", Every(seconds=1), nothing), Job("nightly", nightly, nothing)]
        scheduler = jobs.start(table, now=before, supervise=Supervision())
        scheduler.pause()
        for job in scheduler.get_jobs():
            job.modify(next_run_time=before)
        now = before - timedelta(hours=2)

        jobs.restart(scheduler, now)

        due = {job.id: job.next_run_time for job in scheduler.get_jobs()}
        assert due["tick"] == now + timedelta(seconds=1)
        assert due["nightly"] == nightly.get_next_fire_time(None, now)
        scheduler.shutdown(wait=False)

    asyncio.run(run())


def test_a_run_that_fails_is_still_requested() -> None:
    cooldown = Cooldown(least_seconds=2, ratio=10)
    cooldown.request()
    with pytest.raises(OSError, match="full"), cooldown.run(lambda: 0.0):
        raise OSError("full")
    assert cooldown.is_due(0.0)


def test_nothing_runs_that_was_not_requested() -> None:
    cooldown = Cooldown(least_seconds=2, ratio=10)
    assert cooldown.is_ready(0)
    assert not cooldown.is_due(0)

    cooldown.request()

    assert cooldown.is_due(0)


@pytest.mark.parametrize(
    ("took_seconds", "pause_seconds"), [(0.0, 2.0), (0.1, 2.0), (0.5, 5.0), (30.0, 300.0)]
)
def test_the_pause_grows_with_what_the_last_run_took(
    took_seconds: float, pause_seconds: float
) -> None:
    cooldown = Cooldown(least_seconds=2, ratio=10)
    times = iter([100.0, 100.0 + took_seconds])
    cooldown.request()
    with cooldown.run(lambda: next(times)):
        pass
    cooldown.request()

    end = 100.0 + took_seconds + pause_seconds
    assert not cooldown.is_due(end - 0.01)
    assert cooldown.is_due(end)


def test_what_is_requested_during_a_run_asks_for_another() -> None:
    cooldown = Cooldown(least_seconds=0, ratio=0)
    cooldown.request()
    with cooldown.run(lambda: 0.0):
        assert not cooldown.is_requested
        cooldown.request()

    assert cooldown.is_due(0)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 20)), min_size=2, max_size=20))
def test_runs_are_apart_by_their_pause_whenever_they_are_requested(
    runs: list[tuple[float, float]],
) -> None:
    cooldown, now = Cooldown(least_seconds=2, ratio=10), 0.0
    spans = []
    for waits, takes in runs:
        cooldown.request()
        now += waits
        if cooldown.is_due(now):
            times = iter([now, now + takes])
            with cooldown.run(lambda times=times: next(times)):  # type: ignore[misc]
                pass
            spans.append((now, now + takes))
            now += takes
    for (start, end), (following, _) in pairwise(spans):
        assert following - end >= max(2, 10 * (end - start)) - 1e-6
