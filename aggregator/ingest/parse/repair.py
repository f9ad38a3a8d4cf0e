"""A feed's XML is checked before it is parsed, and complete items are taken out of what is broken. Pure.

    well-formed --------------------------------------------------> as it is, without the oldest of too many
    broken --> stray `&`, `<`, HTML's entities mended ---------------> well-formed
               still broken --> every item that has an end, balanced, in its frame

An item without its end never leaves this file: half an item would later look like a changed one.
Bounds on depth, elements, attributes and items keep the parser that follows from taking minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from xml.parsers import expat

from aggregator.errors import ParseError
from aggregator.ingest.parse.balance import balanced
from aggregator.ingest.parse.newest import MAX_ITEMS, date_in, newest
from aggregator.ingest.parse.spans import entry_spans, without

__all__ = ["MAX_ITEMS", "Repaired", "is_well_formed", "mend", "repair"]

# Set by hand, well above what agencies send and well below what occupies feedparser: measured, 200,000
# nested elements took it 9 s, 100,000 attributes more than a minute.
MAX_DEPTH = 200
_MAX_ATTRIBUTES = 500  # of one element
MAX_PARTS = 150_000  # elements and attributes in MAX_ITEMS items; rich ones have a third of that
_MAX_TAG_LENGTH = 64 * 1024

_ITEM_TAG = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|feed|RDF))(?=[\s/>])", re.IGNORECASE)
_CHANNEL = re.compile(r"<(/?)(channel)(?=[\s/>])", re.IGNORECASE)
_FRAME = {"rss", "feed", "rdf", "channel"}
_HUGE_TAG = re.compile(rf"<[^<>]{{{_MAX_TAG_LENGTH}}}")
_STRAY = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;)([A-Za-z][A-Za-z0-9]*;)?|<(?![A-Za-z_/!?:])")
_XML_NAMES = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_OPEN, _CLOSE = "<![CDATA[", "]]>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A document that holds complete items only, the newest MAX_ITEMS of them.

    `dropped` counts the others, `over_limit` those of them that are complete and older.
    """

    text: str
    dropped: int = 0
    over_limit: int = 0
    problem: str | None = None


def repair(text: str) -> Repaired:
    """The part of an XML feed that is well-formed. `text` begins with its root's tag.

    Raises ParseError for a document built to exhaust its parser, or broken before its first item.
    """
    count = _count_items(text)
    if count is not None:
        return _newest_items(text, count)
    if _HUGE_TAG.search(text):
        raise ParseError(f"the feed has a tag longer than {_MAX_TAG_LENGTH} characters")
    for mended in (mend(text, every_section_ends=True), mend(text)):
        count = _count_items(mended)
        if count is not None:
            return _newest_items(mended, count)
    return _complete_items(mended)


def is_well_formed(text: str) -> bool:
    """Whether `text` is well-formed XML. Raises ParseError when it nests or lists beyond bounds."""
    return _count_items(text) is not None


def _count_items(text: str) -> int | None:
    """How many items a well-formed document has, or more; None for another, ParseError as above."""
    parser = expat.ParserCreate("utf-8")
    depth = items = parts = 0

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, parts
        depth += 1
        parts += 1 + len(attributes) if items < MAX_ITEMS else 0
        if depth > MAX_DEPTH or len(attributes) > _MAX_ATTRIBUTES:
            raise ParseError(
                f"the feed nests deeper than {MAX_DEPTH} elements "
                f"or has an element of more than {_MAX_ATTRIBUTES} attributes"
            )
        _check(parts)

    def end(name: str) -> None:
        nonlocal depth, items
        depth -= 1
        items += name.lower().endswith(("item", "entry"))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return None
    return items


def _check(parts: int) -> None:
    if parts > MAX_PARTS:
        raise ParseError(f"the feed has more than {MAX_PARTS} elements and attributes")


def mend(text: str, *, every_section_ends: bool = False) -> str:
    """`text` without comments, its entities known to XML, and no `&` or `<` that stands for itself.

    Where not `every_section_ends`, a CDATA section that swallows an item is taken to be unclosed.
    """
    return "".join(
        piece if piece.startswith(_OPEN) else _STRAY.sub(_mended, piece)
        for piece in _pieces(text, every_section_ends)
    )


def _mended(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    if name and name in html5:
        return html5[name]
    return "&lt;" if found[0] == "<" else f"&amp;{name or ''}"


def _pieces(text: str, every_section_ends: bool) -> Iterator[str]:
    """`text` cut before and after its CDATA sections, comments left out.

    A section or comment in which an item begins or ends was never closed; its opening is
    dropped, so that it swallows no item. Each is looked for once: no input costs its square.
    """
    position = 0
    items = _Finder("" if every_section_ends else text, _ITEM_TAG)
    closings = {
        _OPEN: _Finder(text, re.compile(re.escape(_CLOSE))),
        "<!--": _Finder(text, re.compile("-->")),
    }
    for found in re.finditer(r"<!\[CDATA\[|<!--", text):
        if found.start() < position:
            continue
        yield text[position : found.start()]
        closing = closings[found[0]].after(found.end())
        item = items.after(found.end())
        if closing is None or (item is not None and item.start() < closing.start()):
            position = found.end()
        else:
            position = closing.end()
            if found[0] == _OPEN:
                yield text[found.start() : position]
    yield text[position:]


class _Finder:
    """The next match at or after ever growing positions, in one walk over the text."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self._matches = pattern.finditer(text)
        self._next = next(self._matches, None)

    def after(self, position: int) -> re.Match[str] | None:
        while self._next is not None and self._next.start() < position:
            self._next = next(self._matches, None)
        return self._next


def _newest_items(text: str, count: int) -> Repaired:
    """A well-formed document, in which the oldest of too many items are cut out."""
    if count <= MAX_ITEMS:
        return Repaired(text=text)
    document = text.encode("utf-8", "replace")
    spans = entry_spans(document)
    kept = set(newest(spans, lambda span: date_in(document[span.start : span.end].decode())))
    cut = [span for span in spans if span not in kept]
    shorter = without(document, cut).decode()
    _check(shorter.count("<") // 2)
    return Repaired(text=shorter, dropped=len(cut), over_limit=len(cut))


def _complete_items(text: str) -> Repaired:
    """The frame of the document, and in it the newest of the items that begin and end."""
    blocks, opened, first = list[str](), 0, None
    start: int | None = None
    for tag in _ITEM_TAG.finditer(text):
        if tag[0].endswith("/>"):
            continue
        if not tag[1]:
            opened += 1
            start = tag.start()
            first = start if first is None else first
        elif start is not None:
            blocks.append(text[start : tag.end()])
            start = None
    if first is None:
        raise ParseError("the XML is not well-formed, and no item begins in it")
    complete = [balanced(block) for block in newest(blocks, date_in)]
    head = balanced(text[:first], left_open=_FRAME)
    document = "".join((head, *complete, *_closing_tags(head)))
    _check(document.count("<") // 2)
    is_well_formed(document)  # raises where what follows the break nests too deep
    return Repaired(
        text=document,
        dropped=opened - len(complete),
        over_limit=len(blocks) - len(complete),
        problem="the XML is not well-formed, or too long; whole items were kept",
    )


def _closing_tags(head: str) -> Iterator[str]:
    channels = _CHANNEL.findall(head)
    if channels and not any(slash for slash, _ in channels):
        yield f"</{channels[0][1]}>"
    root = _ROOT.search(head)
    if root:
        yield f"</{root[1]}>"
