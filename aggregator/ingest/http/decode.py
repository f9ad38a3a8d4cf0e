"""A body as it came over the wire becomes the body as it was meant, within bounds. Pure.

    raw -- last coding named -- … -- first coding named -- (gzip that nobody declared) --> body

Every layer is bounded in output, and the number of layers and of gzip members is bounded too, so
that no few bytes cost much memory or time. A body that ends before its coding does is an error: half
an item looks like a changed one.
"""

from __future__ import annotations

import zlib

from aggregator.errors import FetchError, TooLargeError

OFFERED = "gzip, deflate"  # what a request's Accept-Encoding says

_PIECE_BYTES = 64 * 1024
_MAX_LAYERS = 4
_MAX_MEMBERS = 4096
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's window bits for the three framings
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


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
    return start.startswith((b"<", b"{", *_MARKS))


def _inflate(data: bytes, framing: int, limit: int) -> bytes:
    """Inflate in small pieces: zlib copies what it leaves over, so whole bodies would cost squares."""
    stream = zlib.decompressobj(framing)
    output = bytearray()
    members = 1
    for start in range(0, len(data), _PIECE_BYTES):
        piece = data[start : start + _PIECE_BYTES]
        end = start + len(piece)
        while piece:
            if stream.eof:
                rest = end - len(piece)
                if framing != _GZIP or not data.startswith(_GZIP_MAGIC, rest):
                    return bytes(output)  # padding after the last member
                members += 1
                stream = zlib.decompressobj(framing)
            output += _step(stream, piece, limit - len(output) + 1)
            _check(len(output), limit, members)
            piece = stream.unused_data
    if not stream.eof:
        raise FetchError("the compressed body is cut short")
    return bytes(output)


def _step(stream: zlib._Decompress, piece: bytes, room: int) -> bytes:
    try:
        return stream.decompress(piece, room)
    except zlib.error as error:
        raise FetchError(f"the compressed body is broken ({error})") from error


def _check(size: int, limit: int, members: int) -> None:
    if size > limit:
        raise TooLargeError(f"the decompressed body is larger than {limit} bytes")
    if members > _MAX_MEMBERS:
        raise TooLargeError(f"the compressed body has more than {_MAX_MEMBERS} members")
