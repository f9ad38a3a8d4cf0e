"""Validators, ETag and Last-Modified (RFC 9110, section 8.8): what a server said becomes a conditional request. Pure."""

from __future__ import annotations


def conditional(etag: str | None, last_modified: str | None) -> dict[bytes, bytes]:
    """The conditional headers of a request, byte for byte as the server sent them; none that cannot be sent."""
    pairs = ((b"If-None-Match", etag), (b"If-Modified-Since", last_modified))
    return {name: value.encode("latin-1") for name, value in pairs if value and is_sendable(value)}


def is_sendable(value: str) -> bool:
    """Whether a value can be sent in a header: visible ASCII and any bytes beyond (RFC 9110, section 5.5)."""
    return all(" " <= char <= "\xff" and char != "\x7f" for char in value)
