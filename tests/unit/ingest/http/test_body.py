"""Bodies are read and their content codings undone within bounds, or they are refused."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from aggregator.errors import FetchError, TooLargeError
from aggregator.ingest.http.body import BodyReaders, decode

BODY = "<rss>Новини</rss>".encode()
LIMIT = 100_000
MIB = 1024 * 1024


def zipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def raw(body: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return squeezer.compress(body) + squeezer.flush()


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", zipped(BODY)),
        ("GZip", zipped(BODY)),
        ("x-gzip", zipped(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw(BODY)),
        ("deflate, gzip", zipped(zlib.compress(BODY))),
        ("gzip", b"".join(zipped(bytes([byte])) for byte in BODY)),
        ("gzip", zipped(BODY) + b"\0" * 512),
        ("deflate", zipped(BODY)),
        ("", zipped(zipped(BODY))),
        ("gzip", BODY),
        ("zstd", BODY),
    ],
)
def test_gives_the_body_as_it_was_meant(coding: str, data: bytes) -> None:
    assert decode(data, coding, limit=LIMIT) == BODY


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
def test_no_layer_gives_more_than_the_limit(layers: int) -> None:
    bomb = bytes(5_000_000)
    for _ in range(layers):
        bomb = zipped(bomb)
    with pytest.raises(TooLargeError):
        decode(bomb, ", ".join(["gzip"] * layers), limit=LIMIT)


@pytest.mark.parametrize(
    ("coding", "data", "error"),
    [
        ("gzip", zipped(BODY)[:-1], "cut short"),
        ("gzip", zipped(BODY) + zipped(BODY)[:12], "cut short"),
        ("gzip", zipped(BODY)[:12] + b"\xff" * 30, "broken|cut short"),
        ("deflate", zlib.compress(BODY)[:-2], "cut short"),
        ("br", b"\x8b\x02\x80", "'br', which was not offered"),
        ("gzip,gzip,gzip,gzip,gzip", b"x", "5 times over"),
        ("gzip", zipped(b"x") * 5000, "members"),
    ],
)
def test_what_is_not_whole_is_refused(coding: str, data: bytes, error: str) -> None:
    with pytest.raises(FetchError, match=error):
        decode(data, coding, limit=LIMIT)


def test_a_limit_met_exactly_is_kept() -> None:
    assert decode(zipped(BODY), "gzip", limit=len(BODY)) == BODY
    with pytest.raises(TooLargeError):
        decode(zipped(BODY), "gzip", limit=len(BODY) - 1)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def read(*parts: bytes, coding: str = "", limit: int = 4 * MIB) -> bytes:
    async def run() -> bytes:
        async with AsyncExitStack() as stack, asyncio.timeout(5) as deadline:
            reader = BodyReaders().reader(stack, proven=False)
            return await reader.read(chunks(*parts), coding=coding, limit=limit, deadline=deadline)

    return asyncio.run(run())


def test_bodies_small_and_large_are_read_to_their_end() -> None:
    large = bytes(range(256)) * 8192
    assert read(b"a", b"", b"b") == b"ab"
    assert read(large) == large
    assert read(gzip.compress(large), coding="gzip") == large


@pytest.mark.parametrize(
    "parts", [(b"x" * 11,), (b"x" * 6, b"x" * 5), (gzip.compress(b"x" * 11),)], ids=len
)
def test_no_body_is_larger_than_allowed(parts: tuple[bytes, ...]) -> None:
    with pytest.raises(TooLargeError):
        read(*parts, coding="gzip" if len(parts[0]) > 11 else "", limit=10)


def test_tiny_chunks_are_refused() -> None:
    with pytest.raises(TooLargeError, match="crumbs"):
        read(*[b"x"] * 6000)


def test_large_bodies_wait_for_each_other_and_their_deadline_is_suspended() -> None:
    async def run() -> int:
        readers, here, most = BodyReaders(), 0, 0

        async def one() -> None:
            nonlocal here, most
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(0.5) as deadline:
                    reader = readers.reader(stack, proven=False)
                    body = chunks(bytes(MIB))
                    await reader.read(body, coding="", limit=4 * MIB, deadline=deadline)
                here += 1
                most = max(most, here)
                await asyncio.sleep(0.1)
                here -= 1

        await asyncio.gather(*(one() for _ in range(24)))
        return most

    assert asyncio.run(run()) == 2  # of three slots one is reserved for the proven
