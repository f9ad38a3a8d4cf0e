"""An XML document built from prefixed names, for RSS, Atom and OPML.

The root declares the prefixes, so names are written as in the document ("atom:link"): no global
registry of namespaces is changed.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from aggregator.syndicate import safe
from aggregator.syndicate.document import Envelope

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
FEED_HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

__all__ = [
    "ATOM",
    "CONTENT",
    "DUBLIN_CORE",
    "FEED_HISTORY",
    "MEDIA",
    "TOMBSTONES",
    "Element",
    "add",
    "envelope",
    "serialise_document",
    "serialise_element",
]


def add(parent: Element, name: str, text: str | None = None, **attributes: str | None) -> Element:
    """A child with its text and those of its attributes that are not None; "xml_lang" is "xml:lang"."""
    given = {key.replace("_", ":"): value for key, value in attributes.items() if value is not None}
    child = SubElement(parent, name, given)
    child.text = text
    return child


def serialise_document(root: Element) -> bytes:
    """The document in UTF-8, with its declaration; always well-formed XML 1.0."""
    return safe.encode(_DECLARATION + serialise_element(root))


def serialise_element(element: Element) -> str:
    """One element, without a declaration."""
    return tostring(element, "unicode")


def envelope(root: Element, *, tail: str) -> Envelope:
    """A document without its entries, which go before the closing tags `tail`."""
    head = (_DECLARATION + serialise_element(root)).removesuffix(tail)
    return Envelope(head=head, separator="", tail=tail)
