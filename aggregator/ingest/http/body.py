"""Bodies taken in within bounds of size, pieces, and the memory all of them hold together.

A small body is simply taken. One that grows large, raw or decoded, needs one of a few places and keeps
it until it was parsed, so that many large or endless answers at once cannot fill the memory; small
ones, as nearly all feeds are, never wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Iterator
from contextlib import AsyncExitStack, contextmanager

from aggregator.errors import TooLargeError
from aggregator.ingest.http.decode import decode
from aggregator.ingest.http.lanes import Lanes

_SMALL_BYTES = 512 * 1024
_LARGE_PLACES, _LARGE_KEPT = 3, 1
_START_BYTES = 64 * 1024
_CRUMBS = 5_000  # pieces after which their average size is looked at
_CRUMB_BYTES = 32
_BREATH_PIECES = 100  # pieces at hand are read without a pause: let others have the loop meanwhile


class Intake:
    """Takes in the bodies of all exchanges of one fetcher."""

    def __init__(self) -> None:
        self._large = Lanes(_LARGE_PLACES, kept=_LARGE_KEPT)

    def portion(self, held: AsyncExitStack, *, proven: bool) -> Portion:
        """What one exchange may take in; its place, if it needs one, is in `held` until that ends."""
        return Portion(self._large, held, proven=proven)


class Portion:
    """The body of one exchange; a redirect's or an error's hardly counts."""

    def __init__(self, large: Lanes, held: AsyncExitStack, *, proven: bool) -> None:
        self._large = large
        self._held = held
        self._proven = proven
        self._has_place = False

    async def whole(
        self,
        pieces: AsyncIterable[bytes],
        *,
        coding: str,
        limit: int,
        clock: asyncio.Timeout,
    ) -> bytes:
        """The decoded body; `clock` stands still while a large one waits for its place.

        Raises TooLargeError beyond `limit` bytes, raw or decoded, FetchError for a broken coding.
        """
        body, count = bytearray(), 0
        async for piece in pieces:
            count += 1
            if count % _BREATH_PIECES == 0:
                await asyncio.sleep(0)
            if len(body) + len(piece) > _SMALL_BYTES:
                await self._take_place(clock)
            body += piece
            _check(len(body), count, limit)
        raw = bytes(body)
        del body
        if not self._has_place and limit > _SMALL_BYTES:
            try:
                return decode(raw, coding, limit=_SMALL_BYTES)
            except TooLargeError:
                await self._take_place(clock)
        return await asyncio.to_thread(decode, raw, coding, limit=limit)

    async def _take_place(self, clock: asyncio.Timeout) -> None:
        if not self._has_place:
            with _stopped(clock):
                await self._held.enter_async_context(self._large.place(proven=self._proven))
            self._has_place = True

    async def start(self, pieces: AsyncIterable[bytes]) -> bytes:
        """The first 64 KiB of an error page; it is nobody's news, so that it is cut does not matter."""
        body = bytearray()
        async for piece in pieces:
            body += piece
            if len(body) >= _START_BYTES:
                break
        return bytes(body[:_START_BYTES])


@contextmanager
def _stopped(clock: asyncio.Timeout) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    left = (clock.when() or loop.time()) - loop.time()
    clock.reschedule(None)
    yield
    clock.reschedule(loop.time() + left)


def _check(size: int, count: int, limit: int) -> None:
    if size > limit:
        raise TooLargeError(f"the body is larger than {limit} bytes")
    # A chunk of one byte costs the processor what a chunk of 64 KiB does.
    if count > _CRUMBS and size < count * _CRUMB_BYTES:
        raise TooLargeError(f"the body comes in crumbs ({size} bytes in {count} pieces)")
