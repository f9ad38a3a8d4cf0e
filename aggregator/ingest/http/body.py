"""A response's body is read and decoded within bounds of size, chunks, layers and shared memory.

    chunks --> raw body -- last coding named -- … -- first coding named --+--> decoded body
                                              (gzip that nobody declared) -+

A small body is simply read. One that grows large, raw or decoded, needs one of a few slots and holds it
until it was parsed, so that many large or endless responses at once cannot fill the memory; small ones,
as nearly all feeds are, never wait.

Every layer of coding is bounded in output, and the number of layers and of gzip members is bounded too:
httpx's own decoder asked for 10 GiB at once for 26 KB of nested gzip. A body that ends before its
coding does is an error: half an item looks like a changed one.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from io import BytesIO

from aggregator.errors import FetchError, TooLargeError
from aggregator.ingest.http.throttle import ReservedSemaphore

ACCEPT_ENCODING = "gzip, deflate"  # of a request

# The bounds are set by hand; each balances what real feeds need against what built ones cost.
_SMALL_BYTES = 256 * 1024  # nearly every feed; 320 exchanges at once hold 80 MiB raw at most
_LARGE_SLOTS, _LARGE_RESERVED = 3, 1
_ERROR_PAGE_BYTES = 64 * 1024
_TINY_CHUNKS = 5_000  # chunks after which their average size is looked at
_TINY_CHUNK_BYTES = 32
# Chunks at hand are read without a pause: let others have the loop meanwhile.
_CHUNKS_PER_TURN = 100
_INFLATE_BYTES = 64 * 1024
_MAX_LAYERS = 4
_MAX_MEMBERS = 4096
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's window bits for the three framings
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class BodyReaders:
    """Readers for all exchanges of one fetcher, which share the slots for large bodies."""

    def __init__(self) -> None:
        self._large = ReservedSemaphore(_LARGE_SLOTS, reserved=_LARGE_RESERVED)

    def reader(self, stack: AsyncExitStack, *, proven: bool) -> BodyReader:
        """The reader of one exchange; its slot, if it needs one, is held until `stack` ends."""
        return BodyReader(self._large, stack, proven=proven)


class BodyReader:
    """Reads the body of one exchange."""

    def __init__(self, large: ReservedSemaphore, stack: AsyncExitStack, *, proven: bool) -> None:
        self._large = large
        self._stack = stack
        self._proven = proven
        self._has_slot = False

    async def read(
        self,
        chunks: AsyncIterable[bytes],
        *,
        coding: str,
        limit: int,
        deadline: asyncio.Timeout,
    ) -> bytes:
        """The decoded body; `deadline` is suspended while a large one waits for its slot.

        Raises TooLargeError beyond `limit` bytes, raw or decoded, FetchError for a broken coding.
        """
        body, size, count = BytesIO(), 0, 0
        async for chunk in chunks:
            count += 1
            if count % _CHUNKS_PER_TURN == 0:
                await asyncio.sleep(0)
            size += len(chunk)
            if size > _SMALL_BYTES:
                await self._wait_for_slot(deadline)
            body.write(chunk)
            _check_raw(size, count, limit)
        raw = body.getvalue()
        if not self._has_slot and limit > _SMALL_BYTES:
            try:
                return decode(raw, coding, limit=_SMALL_BYTES)
            except TooLargeError:
                await self._wait_for_slot(deadline)
        return await asyncio.to_thread(decode, raw, coding, limit=limit)

    async def read_error_page(self, chunks: AsyncIterable[bytes]) -> bytes:
        """The first 64 KiB; only its beginning is ever looked at."""
        body = bytearray()
        async for chunk in chunks:
            body += chunk
            if len(body) >= _ERROR_PAGE_BYTES:
                break
        return bytes(body[:_ERROR_PAGE_BYTES])

    async def _wait_for_slot(self, deadline: asyncio.Timeout) -> None:
        if not self._has_slot:
            with _suspended(deadline):
                await self._stack.enter_async_context(self._large.slot(proven=self._proven))
            self._has_slot = True


@contextmanager
def _suspended(deadline: asyncio.Timeout) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    left = (deadline.when() or loop.time()) - loop.time()
    deadline.reschedule(None)
    yield
    deadline.reschedule(loop.time() + left)


def _check_raw(size: int, count: int, limit: int) -> None:
    if size > limit:
        raise TooLargeError(f"the body is larger than {limit} bytes")
    # A chunk of one byte costs the processor what a chunk of 64 KiB does.
    if count > _TINY_CHUNKS and size < count * _TINY_CHUNK_BYTES:
        raise TooLargeError(f"the body comes in crumbs ({size} bytes in {count} pieces)")


def decode(raw: bytes, content_encoding: str, *, limit: int) -> bytes:
    """Undo the content codings of `raw`; no layer may give more than `limit` bytes.

    A coding that was declared but not applied is passed over when the bytes are plainly a document.
    Raises TooLargeError, or FetchError for a broken, cut or unknown coding.
    """
    codings = [name for name in content_encoding.lower().replace(" ", "").split(",") if name]
    if len(codings) > _MAX_LAYERS:
        raise FetchError(f"the body is coded {len(codings)} times over")
    body = raw
    for coding in reversed(codings):
        body = _undo(body, coding, limit)
    for _ in range(_MAX_LAYERS):
        if not body.startswith(_GZIP_MAGIC):
            return body
        body = _inflate(body, _GZIP, limit)
    raise FetchError(f"the body is compressed more than {_MAX_LAYERS} times over")


def _undo(body: bytes, coding: str, limit: int) -> bytes:
    if coding == "identity" or not body:
        return body
    if coding in {"gzip", "x-gzip", "deflate"}:
        framing = _framing(body)
        if framing == _RAW and _is_plain(body):
            return body
        return _inflate(body, framing, limit)
    if _is_plain(body):
        return body
    raise FetchError(f"the body has the content coding {coding!r}, which was not offered")


def _framing(body: bytes) -> int:
    """How a deflate stream is framed, by its first two bytes (RFC 1950, RFC 1952)."""
    if body.startswith(_GZIP_MAGIC):
        return _GZIP
    if body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0:
        return _ZLIB
    return _RAW


def _is_plain(body: bytes) -> bool:
    start = body[:64].lstrip()
    return start.startswith((b"<", b"{", *_BYTE_ORDER_MARKS))


def _inflate(data: bytes, framing: int, limit: int) -> bytes:
    """Inflate in small pieces: zlib copies what it leaves over, so whole bodies would cost squares."""
    stream = zlib.decompressobj(framing)
    output, size, members = BytesIO(), 0, 1
    for start in range(0, len(data), _INFLATE_BYTES):
        piece = data[start : start + _INFLATE_BYTES]
        end = start + len(piece)
        while piece:
            if stream.eof:
                rest = end - len(piece)
                if framing != _GZIP or not data.startswith(_GZIP_MAGIC, rest):
                    return output.getvalue()  # padding after the last member
                members += 1
                stream = zlib.decompressobj(framing)
            size += output.write(_step(stream, piece, limit - size + 1))
            _check_decoded(size, limit, members)
            piece = stream.unused_data
    if not stream.eof:
        raise FetchError("the compressed body is cut short")
    return output.getvalue()


def _step(stream: zlib._Decompress, piece: bytes, room: int) -> bytes:
    try:
        return stream.decompress(piece, room)
    except zlib.error as error:
        raise FetchError(f"the compressed body is broken ({error})") from error


def _check_decoded(size: int, limit: int, members: int) -> None:
    if size > limit:
        raise TooLargeError(f"the decompressed body is larger than {limit} bytes")
    if members > _MAX_MEMBERS:
        raise TooLargeError(f"the compressed body has more than {_MAX_MEMBERS} members")
