"""Slots at a host, and slots reserved for the proven."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from aggregator.ingest.http import throttle
from aggregator.ingest.http.throttle import HostLimiter, ReservedSemaphore

NOTHING = timedelta(0)


async def starts(limiter: HostLimiter, *hosts: str, gap: timedelta | None = None) -> list[float]:
    """When each of some exchanges at once had its slot, in seconds from now."""
    now = asyncio.get_running_loop().time
    begun = now()

    async def slot(host: str) -> float:
        async with limiter.slot(host, gap=gap):
            return now() - begun

    return await asyncio.gather(*map(slot, hosts))


def test_slots_at_a_host_are_apart_and_other_hosts_do_not_wait() -> None:
    async def run() -> None:
        limiter = HostLimiter(concurrency=1, gap=timedelta(seconds=0.1))
        first, second, other, third = await starts(limiter, "a", "a", "b", "a")
        assert max(first, other) < 0.09
        assert 0.1 <= second < third - 0.09
        (later,) = await starts(limiter, "a", gap=timedelta(seconds=0.3))
        assert later >= 0.28
        (at_once,) = await starts(limiter, "a", gap=NOTHING)
        assert at_once < 0.09

    asyncio.run(run())


def test_as_many_at_once_as_the_configuration_says() -> None:
    async def run() -> int:
        limiter, here, most = HostLimiter(concurrency=3, gap=NOTHING), 0, 0

        async def stay() -> None:
            nonlocal here, most
            async with limiter.slot("a"):
                here += 1
                most = max(most, here)
                await asyncio.sleep(0.005)
                here -= 1

        await asyncio.gather(*(stay() for _ in range(10)))
        return most

    assert asyncio.run(run()) == 3


def test_idle_hosts_are_forgotten_others_keep_their_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_MAX_HOSTS", 3)

    async def run() -> float:
        limiter = HostLimiter(concurrency=1, gap=timedelta(seconds=0.1))
        begun = asyncio.get_running_loop().time()
        await starts(limiter, "a", *(f"h{n}" for n in range(20)))
        await starts(limiter, "a")
        return asyncio.get_running_loop().time() - begun

    assert asyncio.run(run()) >= 0.09


def test_the_unproven_leave_slots_to_the_proven() -> None:
    async def run() -> None:
        semaphore, release = ReservedSemaphore(3, reserved=1), asyncio.Event()

        async def stay(*, proven: bool) -> None:
            async with semaphore.slot(proven=proven):
                await release.wait()

        crowd = [asyncio.create_task(stay(proven=False)) for _ in range(10)]
        await asyncio.sleep(0)
        async with asyncio.timeout(1), semaphore.slot(proven=True):
            pass
        release.set()
        await asyncio.gather(*crowd)

    asyncio.run(run())
