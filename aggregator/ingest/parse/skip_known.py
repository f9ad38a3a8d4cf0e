"""Entries that were read before, byte for byte, are cut out of a feed before it is parsed. Pure.

    document -- expat --> where each entry begins and ends --> its digest --+-- known --> cut out
                                                                            +-- not ----> stays, to be parsed

Of the thirty entries of an agency's feed two or three are new at a poll; to parse, sanitise and look up
the others again would be most of the work. A digest covers all that decides what an entry means: its
bytes, the namespaces and bases declared around it, and the address that relative ones are resolved
against.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

from aggregator.ingest.parse.spans import entry_spans, without

_DIGEST_BYTES = 12  # 2^96 digests: two different entries of a feed share one once in 10^28


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """A document without its known entries; the digests of those that remain, and of those cut out."""

    text: str
    digests: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def without_known(text: str, *, base: str, known: Collection[str]) -> Remainder:
    """A well-formed feed without the entries whose digests are `known`."""
    document = text.encode("utf-8", "replace")
    spans = entry_spans(document)
    digests = [_digest(document[span.start : span.end], span.around, base) for span in spans]
    cut = [span for span, digest in zip(spans, digests, strict=True) if digest in known]
    return Remainder(
        text=without(document, cut).decode() if cut else text,
        digests=tuple(digest for digest in digests if digest not in known),
        known=tuple(digest for digest in digests if digest in known),
    )


def _digest(entry: bytes, around: str, base: str) -> str:
    frame = f"{base}\n{around}\n".encode("utf-8", "replace")
    return blake2b(frame + entry, digest_size=_DIGEST_BYTES).hexdigest()
