"""NewsML-G2, the XML of news agencies (https://iptc.org/std/NewsML-G2/): newsItem, alone or in a newsMessage. Pure.

    newsMessage/itemSet --+-- newsItem -- itemMeta: status, versions, embargo, signals
                          |            -- contentMeta: headline, language, by, subjects
                          |            -- contentSet: inlineXML (XHTML, NITF), inlineData, remoteContent
                          +-- packageItem, planningItem, conceptItem …: no report, passed over

Elements are known by their local names: agencies choose their prefixes, and some leave the namespace out.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from aggregator.errors import ParseError
from aggregator.ingest.parse.entry import RawBody, language
from aggregator.ingest.parse.repair import MAX_ITEMS
from aggregator.ingest.parse.tree import tree
from aggregator.ingest.parse.wire import PICTURED, WireEntry, code, enclosure, wire_item
from aggregator.model import Enclosure, LeftOut, Notice, ParsedFeed

ROOTS = "newsItem newsMessage packageItem planningItem conceptItem knowledgeItem catalogItem"

_LANG = "http://www.w3.org/XML/1998/namespace}lang"
# Of NITF and XHTML: what is no part of the report's words.
_NOT_TEXT = {"media", "head", "body.head", "body.end", "script", "style"}
_CAPTIONS = ("caption", "credit")
_PAGE_RELATIONS = {"alternate", "canonical", "permalink", "self"}


def parse(text: str) -> ParsedFeed:
    """The news items of a document. Raises ParseError where there are none, or more than MAX_ITEMS."""
    root, problem = tree(text)
    found = [each for each in root.iter() if _name(each) == "newsItem"]
    if not found:
        raise ParseError(f"the {_name(root)} has no newsItem; what it refers to comes by itself")
    if len(found) > MAX_ITEMS:
        raise ParseError(f"has {len(found)} items, read are {MAX_ITEMS} at most; split the file")
    parsed = [wire_item(_entry(each)) for each in found]
    items = tuple(item for item in parsed if item is not None)
    if not items:
        raise ParseError("no newsItem in it has words")
    return ParsedFeed(
        format="newsml-g2",
        items=items,
        left_out=LeftOut(empty=len(found) - len(items)),
        problems=(problem,) if problem else (),
    )


class _Parts(NamedTuple):
    """The three parts of an item; an element without children where one is missing."""

    item: Element
    meta: Element
    about: Element
    content: Element

    @classmethod
    def of(cls, item: Element) -> _Parts:
        parts = ("itemMeta", "contentMeta", "contentSet")
        return cls(item, *(next(_children(item, name), Element(name)) for name in parts))


def _entry(item: Element) -> WireEntry:
    parts = _Parts.of(item)
    is_pictured = code(_coded(parts.meta, "itemClass")) in PICTURED
    contents = [] if is_pictured else list(_contents(parts.content))
    summaries = [] if is_pictured else list(_summaries(parts.about))
    return WireEntry(
        guid=item.get("guid"),
        links=_links(parts),
        headlines=_headlines(parts),
        bodies=[*contents, *summaries],
        version_created=_text(parts.meta, "versionCreated"),
        first_created=_text(parts.meta, "firstCreated"),
        status=_coded(parts.meta, "pubStatus"),
        embargo=next((_words(each) for each in _children(parts.meta, "embargoed")), None),
        notice=_notice(parts),
        language=_language(parts),
        authors=_authors(parts.about),
        categories=_topics(parts.about),
        enclosures=_enclosures(parts),
        is_whole=bool(contents),
    )


def _notice(parts: _Parts) -> Notice | None:
    """A correction of another item: the signal, on a first version.

    Later versions have it from some programs whatever they change; those are compared with the version
    before. (The one by APA, XML::NewsML_G2, sets it on every version after the first.)
    """
    signals = {code(_code_of(each)) for each in _children(parts.meta, "signal")}
    is_first = parts.item.get("version", "1").strip() in {"", "1"}
    return Notice.CORRECTION if is_first and "correction" in signals else None


def _headlines(parts: _Parts) -> Iterator[str]:
    """The main headline, in the content's language before others, then the title editors know the item by."""
    spoken = language(_language(parts))

    def rank(headline: Element) -> tuple[bool, bool]:
        is_foreign = language(headline.get(_LANG)) not in {None, spoken}
        return code(headline.get("role", "")) not in {"", "main"}, is_foreign

    found = sorted(_children(parts.about, "headline"), key=rank)
    yield from map(_words, found)
    yield _text(parts.meta, "title")


def _summaries(about: Element) -> Iterator[RawBody]:
    for each in _children(about, "description"):
        if not any(part in each.get("role", "").lower() for part in _CAPTIONS):
            yield RawBody(text=_words(each), base="", is_markup=False)


def _contents(content: Element) -> Iterator[RawBody]:
    for each in content:
        if _name(each) == "inlineXML":
            yield RawBody(text=_markup(_body_of(each)), base="", is_markup=True, is_content=True)
        elif _name(each) == "inlineData" and not each.get("encoding"):
            is_markup = True if "html" in each.get("contenttype", "") else None
            text = "".join(each.itertext())
            yield RawBody(text=text, base="", is_markup=is_markup, is_content=True)


def _body_of(inline: Element) -> Element:
    """The body of a document in it, without headline and byline, which stand in `contentMeta`."""
    for name in ("body.content", "body"):
        found = next((each for each in inline.iter() if _name(each) == name), None)
        if found is not None:
            return found
    return inline


def _markup(element: Element) -> str:
    """What an element holds, as HTML without attributes but for the addresses of links."""
    pieces = [html.escape(element.text or "", quote=False)]
    for child in element:
        name = _name(child)
        if name not in _NOT_TEXT:
            target = child.get("href", "") if name == "a" else ""
            href = f' href="{html.escape(target)}"' if target else ""
            pieces.append(f"<{name}{href}>{_markup(child)}</{name}>")
        pieces.append(html.escape(child.tail or "", quote=False))
    return "".join(pieces)


def _links(parts: _Parts) -> Iterator[str]:
    """The item's page: a rendition in HTML, a link to another form of it, a guid that is an address."""
    for each in _children(parts.content, "remoteContent"):
        if "html" in each.get("contenttype", ""):
            yield each.get("href", "")
    for each in _children(parts.meta, "link"):
        if code(each.get("rel", "")) in _PAGE_RELATIONS:
            yield each.get("href", "")
    yield parts.item.get("guid", "")


def _enclosures(parts: _Parts) -> Iterator[Enclosure | None]:
    for each in _children(parts.content, "remoteContent"):
        kind = each.get("contenttype", "")
        if "html" not in kind:
            yield enclosure(each.get("href", ""), kind, each.get("size"))


def _language(parts: _Parts) -> str:
    """Of the content, where it says so; else of the whole item."""
    tags = [each.get("tag", "") for each in _children(parts.about, "language")]
    outer = [each.get(_LANG, "") for part in parts.content for each in (part, *part)]
    found = [*tags, *outer, parts.item.get(_LANG, "")]
    return next((tag for tag in found if tag), "")


def _authors(about: Element) -> Iterator[str]:
    lines = [_words(each) for each in _children(about, "by")]
    yield from lines
    if not any(lines):
        for each in _children(about, "creator"):
            yield _name_of(each)


def _topics(about: Element) -> Iterator[str]:
    for each in about:
        if _name(each) == "subject":
            yield _name_of(each)
        elif _name(each) == "keyword":
            yield _words(each)


# ---------------------------------------------------------------------------------------- elements


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element if _name(each) == name)


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _text(element: Element, name: str) -> str:
    return next((_words(each) for each in _children(element, name)), "")


def _name_of(concept: Element) -> str:
    return _text(concept, "name") or concept.get("literal", "")


def _coded(element: Element, name: str) -> str:
    return next((_code_of(each) for each in _children(element, name)), "")


def _code_of(concept: Element) -> str:
    """A code as an agency writes it: in short, as an address, or in its own words."""
    return concept.get("qcode") or concept.get("uri") or concept.get("literal") or ""
