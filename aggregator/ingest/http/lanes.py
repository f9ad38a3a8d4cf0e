"""Places for costly work, some of them kept for feeds that have proved harmless.

However many new or failing feeds stall, swell or wear out their parser, one that answered well the
last time finds a place.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager


class Lanes:
    """So many places at once; `kept` of them are for the proven alone."""

    def __init__(self, places: int, *, kept: int) -> None:
        self._places = asyncio.Semaphore(places)
        self._unproven = asyncio.Semaphore(places - kept)

    @asynccontextmanager
    async def place(self, *, proven: bool) -> AsyncIterator[None]:
        """Wait for a place, and have it."""
        async with AsyncExitStack() as held:
            if not proven:
                await held.enter_async_context(self._unproven)
            await held.enter_async_context(self._places)
            yield
