"""Politeness towards hosts: how many exchanges at once, and how far apart they start."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

_KEPT_GATES = 4096  # beyond this many hosts, idle ones are forgotten
_LONGEST_GAP_SECONDS = 60.0  # anybody asks for


@dataclass(slots=True)
class _Gate:
    places: asyncio.Semaphore
    last_start: float = -math.inf  # in the event loop's time
    users: int = 0


class HostGates:
    """One gate per host; waiting at one delays no other host."""

    def __init__(self, *, concurrency: int, gap: timedelta) -> None:
        self._concurrency = concurrency
        self._gap_seconds = gap.total_seconds()
        self._gates: dict[str, _Gate] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, gap: timedelta | None = None) -> AsyncIterator[None]:
        """Wait for a place at `host`, and until `gap` (else the usual one) has passed since its last start.

        A gap of nothing is for an exchange that goes on at a host where it already had its turn.
        """
        gate = self._gate(host)
        gate.users += 1
        try:
            async with gate.places:
                await _wait(gate, self._gap_seconds if gap is None else gap.total_seconds())
                yield
        finally:
            gate.users -= 1

    def _gate(self, host: str) -> _Gate:
        if host not in self._gates:
            if len(self._gates) >= _KEPT_GATES:
                self._forget_idle()
            self._gates[host] = _Gate(places=asyncio.Semaphore(self._concurrency))
        return self._gates[host]

    def _forget_idle(self) -> None:
        late = asyncio.get_running_loop().time() - max(self._gap_seconds, _LONGEST_GAP_SECONDS)
        self._gates = {
            host: gate for host, gate in self._gates.items() if gate.users or gate.last_start > late
        }


async def _wait(gate: _Gate, gap_seconds: float) -> None:
    now = asyncio.get_running_loop().time()
    gate.last_start = max(now, gate.last_start + gap_seconds)
    if gate.last_start > now:
        await asyncio.sleep(gate.last_start - now)
        # a busy loop wakes late: the next start counts from when this one really was
        gate.last_start = max(gate.last_start, asyncio.get_running_loop().time())
