"""How much goes on at once: slots for costly work, and politeness towards hosts.

    ReservedSemaphore   so many slots, some reserved for feeds whose last poll succeeded
    HostLimiter         per host: how many exchanges at once, and how far apart they start

However many new or failing feeds stall, swell or wear out their parser, one that responded well the
last time finds a slot.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

# Set by hand: a few MB of host states against forgetting, and so asking too soon, a host in use.
_MAX_HOSTS = 4096
_LONGEST_GAP_SECONDS = 60.0  # no caller asks for a longer one (`articles` leaves such hosts alone)


class ReservedSemaphore:
    """A semaphore of `slots`, of which `reserved` are for proven feeds alone (the bulkhead pattern)."""

    def __init__(self, slots: int, *, reserved: int) -> None:
        self._all = asyncio.Semaphore(slots)
        self._unproven = asyncio.Semaphore(slots - reserved)

    @asynccontextmanager
    async def slot(self, *, proven: bool) -> AsyncIterator[None]:
        """Wait for a slot, and hold it within the block."""
        async with AsyncExitStack() as stack:
            if not proven:
                await stack.enter_async_context(self._unproven)
            await stack.enter_async_context(self._all)
            yield


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    last_start: float = -math.inf  # in the event loop's time
    users: int = 0


class HostLimiter:
    """A rate limiter per host; waiting for one delays no other.

    `concurrency` exchanges at once, started at least `gap` apart.
    """

    def __init__(self, *, concurrency: int, gap: timedelta) -> None:
        self._concurrency = concurrency
        self._gap_seconds = gap.total_seconds()
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def slot(self, name: str, *, gap: timedelta | None = None) -> AsyncIterator[None]:
        """Wait for a slot at the host, and until `gap` (else the usual one) has passed since its last start.

        A gap of nothing is for an exchange that goes on at a host where it already had its slot.
        """
        host = self._host(name)
        host.users += 1
        try:
            async with host.slots:
                await _wait(host, self._gap_seconds if gap is None else gap.total_seconds())
                yield
        finally:
            host.users -= 1

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            if len(self._hosts) >= _MAX_HOSTS:
                self._forget_idle()
            self._hosts[name] = _Host(slots=asyncio.Semaphore(self._concurrency))
        return self._hosts[name]

    def _forget_idle(self) -> None:
        late = asyncio.get_running_loop().time() - max(self._gap_seconds, _LONGEST_GAP_SECONDS)
        self._hosts = {
            name: host for name, host in self._hosts.items() if host.users or host.last_start > late
        }


async def _wait(host: _Host, gap_seconds: float) -> None:
    now = asyncio.get_running_loop().time()
    host.last_start = max(now, host.last_start + gap_seconds)
    if host.last_start > now:
        await asyncio.sleep(host.last_start - now)
        # a busy loop wakes late: the next start counts from when this one really was
        host.last_start = max(host.last_start, asyncio.get_running_loop().time())
