"""Where each entry of a well-formed feed begins and ends, so that some can be cut out of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

_ENTRIES = {"item", "entry"}


class Span(NamedTuple):
    """Where an entry begins and ends in the bytes of its document, and what is declared around it."""

    start: int
    end: int
    around: str


def entry_spans(document: bytes) -> list[Span]:
    """The entries of a well-formed feed in UTF-8, in its order; none within another."""
    parser = expat.ParserCreate("utf-8")
    spans: list[Span] = []
    around: list[str] = []
    frame = ""  # `around` as one text, made once for all entries of it
    depth = begin = 0  # within an entry

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, begin, frame
        if not depth and not _is_entry(name):
            around.append(_declared(name, attributes))
            frame = "\n".join(around)
            return
        depth += 1
        if depth == 1:
            begin = parser.CurrentByteIndex

    def end(_name: str) -> None:
        nonlocal depth, frame
        if not depth:
            around.pop()
            frame = "\n".join(around)
            return
        depth -= 1
        at = parser.CurrentByteIndex
        if not depth and at > begin:  # an entry of a single tag says nothing
            spans.append(Span(begin, document.index(b">", at) + 1, frame))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(document, True)
    return spans


def without(document: bytes, spans: Collection[Span]) -> bytes:
    """The document with these entries, in its order, cut out."""
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(document)]
    return b"".join(document[start:end] for start, end in list(pairwise(edges))[::2])


def _is_entry(name: str) -> bool:
    return name.rpartition(":")[2].lower() in _ENTRIES


def _declared(name: str, attributes: Mapping[str, str]) -> str:
    """What an element declares for all within it: namespaces, `xml:base`, `xml:lang`."""
    return f"{name} {sorted(pair for pair in attributes.items() if pair[0].startswith('xml'))}"
