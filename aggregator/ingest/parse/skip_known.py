"""Entries are marked by how they are written; those whose marks are known are cut out unread. Pure.

    document -- expat --> where each entry begins and ends --> its mark --+-- known --> cut out
                                                                          +-- not ----> stays, to be parsed

Of the thirty entries of an agency's feed two or three are new at a poll; the others stand there byte
for byte as they stood, and to parse, sanitise and look up these would be most of the work. A mark
covers all that decides what an entry means: its bytes, the namespaces and bases declared around it,
and the address that relative ones are resolved against.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

_MARK_BYTES = 12  # two entries of one feed share a mark once in 10^28
_ENTRIES = {"item", "entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A document with the entries to be read, their marks in order, and the marks of those cut out."""

    text: str
    marks: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class _Span(NamedTuple):
    """Where an entry stands in the bytes of its document, and what is declared around it."""

    start: int
    end: int
    around: str


def marked(text: str, *, base: str, known: Collection[str]) -> Marked:
    """A well-formed feed without the entries whose marks are `known`."""
    document = text.encode("utf-8", "replace")
    spans = _spans(document)
    marks = [_mark(document[span.start : span.end], span.around, base) for span in spans]
    unread = [span for span, mark in zip(spans, marks, strict=True) if mark in known]
    return Marked(
        text=_without(document, unread).decode() if unread else text,
        marks=tuple(mark for mark in marks if mark not in known),
        unread=tuple(mark for mark in marks if mark in known),
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
        if not depth and at > begin:  # an entry of a single tag says nothing worth a mark
            spans.append(_Span(begin, document.index(b">", at) + 1, "\n".join(around)))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(document, True)
    return spans


def _is_entry(name: str) -> bool:
    return name.rpartition(":")[2].lower() in _ENTRIES


def _declared(name: str, attributes: Mapping[str, str]) -> str:
    """What an element says of all within it: namespaces, `xml:base`, `xml:lang`."""
    return f"{name} {sorted(pair for pair in attributes.items() if pair[0].startswith('xml'))}"


def _mark(entry: bytes, around: str, base: str) -> str:
    frame = f"{base}\n{around}\n".encode("utf-8", "replace")
    return blake2b(frame + entry, digest_size=_MARK_BYTES).hexdigest()


def _without(document: bytes, spans: Collection[_Span]) -> bytes:
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(document)]
    return b"".join(document[start:end] for start, end in list(pairwise(edges))[::2])
