"""Politeness towards hosts: how many exchanges at once, and how far apart they start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

_KEPT_GATES = 4096  # beyond this many hosts, idle ones are forgotten


@dataclass(slots=True)
class _Gate:
    places: asyncio.Semaphore
    next_start: float = 0.0  # in the event loop's time
    users: int = 0


class HostGates:
    """One gate per host; waiting at one delays no other host."""

    def __init__(self, *, concurrency: int, gap: timedelta) -> None:
        self._concurrency = concurrency
        self._gap_seconds = gap.total_seconds()
        self._gates: dict[str, _Gate] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, keep_gap: bool = True) -> AsyncIterator[None]:
        """Wait for a place at `host`, and until `gap` has passed since its last start.

        `keep_gap=False` is for an exchange that goes on at a host where it already had its turn.
        """
        gate = self._gate(host)
        gate.users += 1
        try:
            async with gate.places:
                await self._wait(gate, keep_gap)
                yield
        finally:
            gate.users -= 1

    def _gate(self, host: str) -> _Gate:
        if host not in self._gates:
            if len(self._gates) >= _KEPT_GATES:
                self._forget_idle()
            self._gates[host] = _Gate(places=asyncio.Semaphore(self._concurrency))
        return self._gates[host]

    async def _wait(self, gate: _Gate, keep_gap: bool) -> None:
        now = asyncio.get_running_loop().time()
        start = max(now, gate.next_start) if keep_gap else now
        gate.next_start = start + self._gap_seconds
        if start > now:
            await asyncio.sleep(start - now)

    def _forget_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        self._gates = {
            host: gate for host, gate in self._gates.items() if gate.users or gate.next_start > now
        }
