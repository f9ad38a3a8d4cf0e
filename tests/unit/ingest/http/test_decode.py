"""Content codings are undone within bounds, or the body is refused."""

from __future__ import annotations

import gzip
import zlib

import pytest

from aggregator.errors import FetchError, TooLargeError
from aggregator.ingest.http.decode import decode

BODY = "<rss>Новини</rss>".encode()
LIMIT = 100_000


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
