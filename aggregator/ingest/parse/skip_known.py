"""Entries that were read before, byte for byte, are cut out of a feed before it is parsed. Pure.

    document -- expat --> where each entry begins and ends --> its digest --+-- known --> cut out
                                                                            +-- not ----> stays, to be parsed

Of the thirty entries of an agency's feed two or three are new at a poll; to parse, sanitise and look up
the others again would be most of the work. A digest covers all that decides what an entry means: its
bytes, the namespaces and bases declared around it, and the address that relative ones are resolved
against.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

_DIGEST_BYTES = 12  # 2^96 digests: two different entries of a feed share one once in 10^28
_ENTRIES = {"item", "entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """A document without its known entries; the digests of those that remain, and of those cut out."""

    text: str
    digests: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


class _Span(NamedTuple):
    """Where an entry begins and ends in the bytes of its document, and what is declared around it."""

    start: int
    end: int
    around: str


def without_known(text: str, *, base: str, known: Collection[str]) -> Remainder:
    """A well-formed feed without the entries whose digests are `known`."""
    document = text.encode("utf-8", "replace")
    spans = _spans(document)
    digests = [_digest(document[span.start : span.end], span.around, base) for span in spans]
    cut = [span for span, digest in zip(spans, digests, strict=True) if digest in known]
    return Remainder(
        text=_without(document, cut).decode() if cut else text,
        digests=tuple(digest for digest in digests if digest not in known),
        known=tuple(digest for digest in digests if digest in known),
    )


def _spans(document: bytes) -> list[_Span]:
    parser = expat.ParserCreate("utf-8")
    spans: list[_Span] = []
    around: list[str] = []
    depth = begin = 0  # within an entry

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, begin
        if not depth and not _is_entry(name):
            around.append(_declared(name, attributes))
            return
        depth += 1
        if depth == 1:
            begin = parser.CurrentByteIndex

    def end(_name: str) -> None:
        nonlocal depth
        if not depth:
            around.pop()
            return
        depth -= 1
        at = parser.CurrentByteIndex
        if not depth and at > begin:  # an entry of a single tag says nothing
            spans.append(_Span(begin, document.index(b">", at) + 1, "\n".join(around)))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(document, True)
    return spans


def _is_entry(name: str) -> bool:
    return name.rpartition(":")[2].lower() in _ENTRIES


def _declared(name: str, attributes: Mapping[str, str]) -> str:
    """What an element declares for all within it: namespaces, `xml:base`, `xml:lang`."""
    return f"{name} {sorted(pair for pair in attributes.items() if pair[0].startswith('xml'))}"


def _digest(entry: bytes, around: str, base: str) -> str:
    frame = f"{base}\n{around}\n".encode("utf-8", "replace")
    return blake2b(frame + entry, digest_size=_DIGEST_BYTES).hexdigest()


def _without(document: bytes, spans: Collection[_Span]) -> bytes:
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(document)]
    return b"".join(document[start:end] for start, end in list(pairwise(edges))[::2])
