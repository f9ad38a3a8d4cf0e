"""Subscriptions as OPML 2.0 (http://opml.org/spec2.opml): one outline for each agency, its feeds inside.

A file that is read is not trusted: a document type is refused (so no entity can expand), and size,
number and depth are bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.parsers import expat

from aggregator.errors import ParseError
from aggregator.model import Agency, Feed
from aggregator.syndicate import safe
from aggregator.syndicate.xmltree import Element, add, serialise_document

MEDIA_TYPE = "text/x-opml; charset=utf-8"
MAX_BYTES = 5 * 1024 * 1024
MAX_OUTLINES = 20_000
MAX_DEPTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed as listed in an OPML file; `group` is the text of the outline around it, "" at the top."""

    title: str
    url: str
    group: str = ""
    language: str | None = None


def render(title: str, agencies: Sequence[Agency], feeds: Sequence[Feed]) -> bytes:
    """All feeds, grouped by agency, in the order given; an agency without feeds is left out."""
    root = Element("opml", {"version": "2.0"})
    add(add(root, "head"), "title", title)
    body = add(root, "body")
    for agency in agencies:
        own = [feed for feed in feeds if feed.agency_id == agency.id]
        if not own:
            continue
        group = add(body, "outline", text=agency.name, title=agency.name)
        for feed in own:
            add(
                group,
                "outline",
                type="rss",
                text=feed.id,
                title=feed.id,
                xmlUrl=feed.url,
                htmlUrl=agency.home,
                language=feed.language,
            )
    return serialise_document(root)


def read(body: bytes) -> list[Subscription]:
    """The feeds of an OPML file of any version, in its order, each address once.

    Raises ParseError when the bytes are not OPML, declare a document type, or exceed the bounds.
    Outlines without an absolute http(s) `xmlUrl` are groups.
    """
    if len(body) > MAX_BYTES:
        raise ParseError(f"the OPML file is larger than {MAX_BYTES // 1024 // 1024} MiB")
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise ParseError(f"the file is not well-formed OPML: {error}") from error
    if not reader.is_opml:
        raise ParseError("the file is XML, but not OPML: its first element is not <opml>")
    return list(reader.found.values())


class _Reader:
    """What is around the outline being read, and the feeds found so far by address."""

    def __init__(self) -> None:
        self.found: dict[str, Subscription] = {}
        self.is_opml = False
        self._around: list[str] = []  # for each open element, its outline's text or ""
        self._outlines = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._around:
            self.is_opml = name.lower() == "opml"
        if len(self._around) >= MAX_DEPTH:
            raise ParseError(f"the OPML file nests more than {MAX_DEPTH} elements")
        self._around.append(self._outline(attributes) if name.lower() == "outline" else "")

    def _end(self, _name: str) -> None:
        self._around.pop()

    def _doctype(self, *_declaration: object) -> None:
        raise ParseError("the OPML file declares a document type, which is refused")

    def _outline(self, attributes: dict[str, str]) -> str:
        self._outlines += 1
        if self._outlines > MAX_OUTLINES:
            raise ParseError(f"the OPML file has more than {MAX_OUTLINES} outlines")
        text = " ".join((attributes.get("title") or attributes.get("text") or "").split())
        url = safe.address(attributes.get("xmlUrl") or attributes.get("xmlurl"))
        if url and url not in self.found:
            self.found[url] = Subscription(
                title=text or url,
                url=url,
                group=next((name for name in reversed(self._around) if name), ""),
                language=safe.language(attributes.get("language")),
            )
        return text
