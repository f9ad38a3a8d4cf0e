"""A text becomes two MinHash signatures and the tokens that verification compares.

    Text -> tokens --+-- triples of the body ------------ 126 values   finds cut, edited, mixed copies
                     +-- pairs of the first 50 tokens --- 64 values    finds rewritten and short ones
                     +-- title and body tokens ---------- features     what `compare` reads

The signatures are datasketch's own (scheme `affine32`, seed 1), computed by one compiled loop over
its permutations: `LeanMinHash(seed=1, hashvalues=row, scheme="affine32")` wraps any row. A text
with fewer than `FEWEST` body tokens is read with its title, for want of anything better.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, Self

import numpy as np

from aggregator.match.jit import Hashes, compiled
from aggregator.match.words.tokens import tokenise
from aggregator.model import Text

SCHEME = "wire2-affine32-1-126x3-64x2"  # of text and token rules, permutations, seed, shingles
BODY_VALUES, LEAD_VALUES = 126, 64
_SIGNATURE_BYTES = 4 * (BODY_VALUES + LEAD_VALUES)
_NO_TOKENS = bytes(8)  # the two counts of `pack`
LEAD_TOKENS = 50
FEWEST = 8
MAX_TITLE, MAX_TOKENS = 100, 6_000


class WordsPrint(NamedTuple):
    """The words' part of a fingerprint: 760 bytes of signature, or none, and the packed tokens."""

    signature: bytes
    features: bytes

    def pack(self) -> bytes:
        """The stored form."""
        return self.signature + self.features

    @classmethod
    def unpack(cls, stored: bytes) -> Self:
        """What `pack` stored; a text without words, or of another scheme (b""), has no signature."""
        size = _SIGNATURE_BYTES if len(stored) > _SIGNATURE_BYTES else 0
        return cls(stored[:size], stored[size:] or _NO_TOKENS)


def fingerprint(text: Text) -> WordsPrint:
    """What the words channel keeps of a text. Pure; a text without words has an empty signature."""
    title = tokenise(text.title).values[:MAX_TITLE]
    body = tokenise(text.body).values[:MAX_TOKENS]
    if body.size < FEWEST:
        body = np.concatenate((title, body))
    return WordsPrint(
        signature=signature(body).tobytes() if body.size else b"",
        features=pack(title, body),
    )


def signature(body: Hashes) -> Hashes:
    """The two rows of a body's tokens in one: `BODY_VALUES` of triples, `LEAD_VALUES` of pairs."""
    return _signature(body, *_permutations(BODY_VALUES), *_permutations(LEAD_VALUES))


def minhash(hashes: Hashes, values: int) -> Hashes:
    """The MinHash row of a set of 32-bit hashes, as `MinHash(values, scheme="affine32")` has it."""
    return _minima(hashes, *_permutations(values))


def pack(title: Hashes, body: Hashes) -> bytes:
    """Title and body tokens as bytes, little-endian: counts first."""
    counts = np.array([title.size, body.size], dtype=np.uint32)
    return np.concatenate((counts, title, body)).astype("<u4", copy=False).tobytes()


def unpack(features: bytes) -> Hashes:
    """What `pack` wrote, as numbers: how many tokens title and body have, then these."""
    return np.frombuffer(features, dtype="<u4").astype(np.uint32)


@cache
def _permutations(values: int) -> tuple[Hashes, Hashes]:
    """The factors and addends of `MinHash(values, seed=1, scheme="affine32")`, drawn as it draws them.

    Importing datasketch loads scipy's integrators, a second that every start would wait for. numpy
    keeps this generator's stream for ever (https://numpy.org/neps/nep-0019-rng-policy.html).
    """
    draw = np.random.RandomState(1)
    factors = draw.randint(0, 1 << 31, values, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, draw.randint(0, 1 << 32, values, dtype=np.uint32)


@compiled
def shingles(tokens: Hashes, width: int) -> Hashes:
    """A 32-bit hash of every `width` neighbouring tokens; one hash where there are fewer."""
    count = max(1, tokens.size - width + 1) if tokens.size else 0
    hashes = np.empty(count, dtype=np.uint32)
    for i in range(count):
        value = np.uint64(17)
        for j in range(i, min(i + width, tokens.size)):
            word = np.uint64(tokens[j] >> np.uint32(2))
            value = (value ^ word) * np.uint64(0x9E3779B97F4A7C15)
            value ^= value >> np.uint64(32)
        hashes[i] = np.uint32(value & np.uint64(0xFFFFFFFF))
    return hashes


@compiled
def _minima(hashes: Hashes, a: Hashes, b: Hashes) -> Hashes:
    """datasketch's affine32: MurmurHash3's finaliser, then a·h + b modulo 2^32, least of each."""
    least = np.full(a.size, np.uint32(0xFFFFFFFF), dtype=np.uint32)
    for i in range(hashes.size):
        h = hashes[i]
        h = np.uint32(np.uint32(h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B))
        h = np.uint32(np.uint32(h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35))
        h = np.uint32(h ^ (h >> np.uint32(16)))
        for k in range(a.size):
            value = np.uint32(a[k] * h + b[k])
            least[k] = min(least[k], value)
    return least


@compiled
def _signature(body: Hashes, a: Hashes, b: Hashes, lead_a: Hashes, lead_b: Hashes) -> Hashes:
    whole = _minima(shingles(body, 3), a, b)
    lead = _minima(shingles(body[:LEAD_TOKENS], 2), lead_a, lead_b)
    return np.concatenate((whole, lead))
