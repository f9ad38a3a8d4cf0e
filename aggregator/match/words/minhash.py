"""A text becomes two MinHash rows and the packed tokens that verification compares.

    Text -> tokens --+-- triples of the body ------------ 126 values   finds cut, edited, mixed copies
                     +-- pairs of title and lead -------- 64 values    finds rewritten and short ones
                     +-- title and body ----------------- tokens       what `features` reads
                     +-- title and lead ----------------- marks        what `rules` reads

MinHash is Broder's ("On the resemblance and containment of documents", 1997); the permutations and
the arithmetic are datasketch's (scheme `affine32`, seed 1). One compiled loop computes the rows, for
a `MinHash` object a text is several times slower; `LeanMinHash(seed=1, hashvalues=row,
scheme="affine32")` wraps any of them. A text with fewer than `MIN_BODY_TOKENS` body tokens is read
with its title, for want of anything better.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple, Self

import numpy as np

from aggregator.match.jit import Hashes, jit, kept_array
from aggregator.match.words.capitals import confirm_names
from aggregator.match.words.marks import marks
from aggregator.match.words.token_bits import word_of
from aggregator.match.words.tokens import tokenise
from aggregator.model import Text

# What a row is comparable with, and nothing else: the rules of text and tokens ("wire4"), datasketch's
# scheme and seed, how many permutations and how wide a shingle. A change of any of them is a new name.
SCHEME = "wire7-affine32-1-126x3-64x2"
_DATASKETCH_SCHEME: Final = "affine32"
_SEED = 1
BODY_PERMUTATIONS, LEAD_PERMUTATIONS = 126, 64
_SIGNATURE_BYTES = 4 * (BODY_PERMUTATIONS + LEAD_PERMUTATIONS)
_NO_TOKENS = bytes(8)  # the two counts of `pack_tokens`
BODY_SHINGLE, LEAD_SHINGLE = 3, 2  # tokens in a shingle of the whole body, and of its lead
# LSH over the body alone proposes .71 of the true pairs, over these tokens .96, over both .97
# (5,500 edited copies of real news, 15 candidates an item).
LEAD_TOKENS = 40  # of the body, behind the title
MIN_BODY_TOKENS = 8  # set by hand: a body of fewer says less than its title
MAX_TITLE_TOKENS, MAX_BODY_TOKENS = 100, 6_000  # set by hand, to bound a pair's cost


class WordsPrint(NamedTuple):
    """The words' part of a fingerprint: 760 bytes of signature, or none, and the packed tokens."""

    signature: bytes
    tokens: bytes

    def pack(self) -> bytes:
        """The stored form."""
        return self.signature + self.tokens

    @classmethod
    def unpack(cls, stored: bytes) -> Self:
        """What `pack` stored; a text without words, or of another scheme (b""), has no signature."""
        size = _SIGNATURE_BYTES if len(stored) > _SIGNATURE_BYTES else 0
        return cls(stored[:size], stored[size:] or _NO_TOKENS)


def fingerprint(text: Text) -> WordsPrint:
    """What the words channel keeps of a text. Pure; a text without words has an empty signature."""
    of_title = tokenise(text.title).head(MAX_TITLE_TOKENS)
    of_body = tokenise(text.body).head(MAX_BODY_TOKENS)
    title, body = confirm_names(of_title.values, of_body.values)
    kept = marks(
        text,
        of_title._replace(values=title),
        of_body._replace(values=body),
        bare=body.size < MIN_BODY_TOKENS,
    )
    lead = np.concatenate((title, body[:LEAD_TOKENS]))
    if body.size < MIN_BODY_TOKENS:
        body = lead
    return WordsPrint(
        signature=signature(body, lead).tobytes() if body.size else b"",
        tokens=pack_tokens(title, body, kept),
    )


def signature(body: Hashes, lead: Hashes) -> Hashes:
    """The two rows of a text's tokens in one, shape (190,): of its body, then of title and lead."""
    of_body, of_lead = _permutations(BODY_PERMUTATIONS), _permutations(LEAD_PERMUTATIONS)
    return np.concatenate(
        (
            _minima(shingles(body, BODY_SHINGLE), *of_body),
            _minima(shingles(lead, LEAD_SHINGLE), *of_lead),
        )
    )


def minhash(hashes: Hashes, num_perm: int) -> Hashes:
    """The row of a set of 32-bit hashes, as `MinHash(num_perm, scheme="affine32")` would have it."""
    return _minima(hashes, *_permutations(num_perm))


def estimated_jaccards(a: bytes, b: bytes) -> dict[str, float]:
    """datasketch's estimates of how alike two signatures' sets of shingles are, each in [0, 1].

    The standard error is at most .5 / sqrt(permutations): .045 for the whole body, .063 for the lead.
    Where a text has no words there is no estimate.
    """
    if not a or not b:
        return {}
    rows = [np.split(np.frombuffer(row, dtype="<u4"), [BODY_PERMUTATIONS]) for row in (a, b)]
    (whole_a, lead_a), (whole_b, lead_b) = rows
    return {
        "minhash_jaccard": _estimated_jaccard(whole_a, whole_b),
        "minhash_jaccard_lead": _estimated_jaccard(lead_a, lead_b),
    }


def _estimated_jaccard(a: Hashes, b: Hashes) -> float:
    from datasketch import LeanMinHash

    one, other = (
        LeanMinHash(seed=_SEED, hashvalues=row, scheme=_DATASKETCH_SCHEME) for row in (a, b)
    )
    return round(float(one.jaccard(other)), 4)


def pack_tokens(title: Hashes, body: Hashes, noted: Hashes) -> bytes:
    """Title and body tokens as bytes (uint32, little-endian): both counts, the tokens, the marks."""
    counts = np.array([title.size, body.size], dtype=np.uint32)
    return np.concatenate((counts, title, body, noted)).astype("<u4", copy=False).tobytes()


def unpack_tokens(packed: bytes) -> Hashes:
    """Packed tokens as numbers, shape (2 + title + body + marks,).

    How many tokens title and body have, then those, then the marks (`marks`).
    """
    return np.frombuffer(packed, dtype="<u4").astype(np.uint32)


@cache
def _permutations(num_perm: int) -> tuple[Hashes, Hashes]:
    """datasketch's factors and addends, uint32 and of shape (num_perm,) each.

    Drawn once and kept with the compiled functions: datasketch loads scipy, 0.6 s of processor and 40 MB.
    """

    def drawn() -> Hashes:
        from datasketch import MinHash

        made = MinHash(num_perm=num_perm, seed=_SEED, scheme=_DATASKETCH_SCHEME)
        return np.stack(made.permutations)

    factors, addends = kept_array(f"permutations-{num_perm}", drawn)
    return factors, addends


@jit
def shingles(tokens: Hashes, width: int) -> Hashes:
    """A 32-bit hash of every `width` neighbouring tokens; one hash where there are fewer."""
    count = max(1, tokens.size - width + 1) if tokens.size else 0
    hashes = np.empty(count, dtype=np.uint32)
    for i in range(count):
        value = np.uint64(17)
        for j in range(i, min(i + width, tokens.size)):
            value = (value ^ np.uint64(word_of(tokens[j]))) * np.uint64(0x9E3779B97F4A7C15)
            value ^= value >> np.uint64(32)
        hashes[i] = np.uint32(value & np.uint64(0xFFFFFFFF))
    return hashes


@jit
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
