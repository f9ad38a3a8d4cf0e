"""How an identity of an item is kept: a digest of its feed and key, since keys are links and guids of any length."""

from __future__ import annotations

from hashlib import blake2b


def digest(feed_id: str, key: str) -> bytes:
    """Return the 16 bytes an identity is kept as."""
    return blake2b(f"{feed_id}\0{key}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
