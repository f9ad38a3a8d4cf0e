"""Turns at a host, places for the costly, and bodies taken in."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from aggregator.errors import TooLargeError
from aggregator.ingest.http import throttle
from aggregator.ingest.http.body import Intake
from aggregator.ingest.http.lanes import Lanes
from aggregator.ingest.http.throttle import HostGates

NOTHING = timedelta(0)
MIB = 1024 * 1024


async def starts(gates: HostGates, *hosts: str, gap: timedelta | None = None) -> list[float]:
    """When each of some exchanges at once had its turn, in seconds from now."""
    now = asyncio.get_running_loop().time
    begun = now()

    async def turn(host: str) -> float:
        async with gates.turn(host, gap=gap):
            return now() - begun

    return await asyncio.gather(*map(turn, hosts))


def test_turns_at_a_host_are_apart_and_other_hosts_do_not_wait() -> None:
    async def run() -> None:
        gates = HostGates(concurrency=1, gap=timedelta(seconds=0.1))
        first, second, other, third = await starts(gates, "a", "a", "b", "a")
        assert max(first, other) < 0.09
        assert 0.1 <= second < third - 0.09
        (later,) = await starts(gates, "a", gap=timedelta(seconds=0.3))
        assert later >= 0.28
        (at_once,) = await starts(gates, "a", gap=NOTHING)
        assert at_once < 0.09

    asyncio.run(run())


def test_as_many_at_once_as_the_configuration_says() -> None:
    async def run() -> int:
        gates, here, most = HostGates(concurrency=3, gap=NOTHING), 0, 0

        async def stay() -> None:
            nonlocal here, most
            async with gates.turn("a"):
                here += 1
                most = max(most, here)
                await asyncio.sleep(0.005)
                here -= 1

        await asyncio.gather(*(stay() for _ in range(10)))
        return most

    assert asyncio.run(run()) == 3


def test_idle_hosts_are_forgotten_others_keep_their_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_KEPT_GATES", 3)

    async def run() -> float:
        gates = HostGates(concurrency=1, gap=timedelta(seconds=0.1))
        begun = asyncio.get_running_loop().time()
        await starts(gates, "a", *(f"h{n}" for n in range(20)))
        await starts(gates, "a")
        return asyncio.get_running_loop().time() - begun

    assert asyncio.run(run()) >= 0.09


def test_the_unproven_leave_places_to_the_proven() -> None:
    async def run() -> None:
        lanes, release = Lanes(3, kept=1), asyncio.Event()

        async def stay(*, proven: bool) -> None:
            async with lanes.place(proven=proven):
                await release.wait()

        crowd = [asyncio.create_task(stay(proven=False)) for _ in range(10)]
        await asyncio.sleep(0)
        async with asyncio.timeout(1), lanes.place(proven=True):
            pass
        release.set()
        await asyncio.gather(*crowd)

    asyncio.run(run())


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def take(*parts: bytes, coding: str = "", limit: int = 4 * MIB) -> bytes:
    async def run() -> bytes:
        async with AsyncExitStack() as held, asyncio.timeout(5) as clock:
            portion = Intake().portion(held, proven=False)
            return await portion.whole(pieces(*parts), coding=coding, limit=limit, clock=clock)

    return asyncio.run(run())


def test_bodies_small_and_large_are_taken_whole() -> None:
    large = bytes(range(256)) * 8192
    assert take(b"a", b"", b"b") == b"ab"
    assert take(large) == large
    assert take(gzip.compress(large), coding="gzip") == large


@pytest.mark.parametrize(
    "parts", [(b"x" * 11,), (b"x" * 6, b"x" * 5), (gzip.compress(b"x" * 11),)], ids=len
)
def test_no_body_is_larger_than_allowed(parts: tuple[bytes, ...]) -> None:
    with pytest.raises(TooLargeError):
        take(*parts, coding="gzip" if len(parts[0]) > 11 else "", limit=10)


def test_crumbs_are_refused() -> None:
    with pytest.raises(TooLargeError, match="crumbs"):
        take(*[b"x"] * 6000)


def test_large_bodies_wait_for_each_other_and_their_clock_stands_still() -> None:
    async def run() -> int:
        intake, here, most = Intake(), 0, 0

        async def one() -> None:
            nonlocal here, most
            async with AsyncExitStack() as held:
                async with asyncio.timeout(0.5) as clock:
                    portion = intake.portion(held, proven=False)
                    body = pieces(bytes(MIB))
                    await portion.whole(body, coding="", limit=4 * MIB, clock=clock)
                here += 1
                most = max(most, here)
                await asyncio.sleep(0.1)
                here -= 1

        await asyncio.gather(*(one() for _ in range(24)))
        return most

    assert asyncio.run(run()) == 2  # of three places one is kept for the proven
