"""The tokens of indexed items, unpacked once and kept while they are often compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aggregator.match.jit import Hashes
from aggregator.match.lru import LruCache
from aggregator.match.words.minhash import unpack_tokens
from aggregator.model import Fingerprint

CAPACITY = 8192  # items; set by hand: a text of 500 words takes 2 KB


def token_cache(
    fingerprints: Callable[[Sequence[str]], Mapping[str, Fingerprint]], *, capacity: int = CAPACITY
) -> LruCache[Hashes]:
    """Tokens as `unpack_tokens` gives them, by item id; `fingerprints` is asked for those not at hand."""

    def fetch(item_ids: Sequence[str]) -> dict[str, Hashes]:
        found = fingerprints(item_ids)
        return {item_id: unpack_tokens(made.features) for item_id, made in found.items()}

    return LruCache(fetch, capacity=capacity)
