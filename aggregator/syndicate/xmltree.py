"""An XML document built from prefixed names, for RSS, Atom and OPML.

The root declares the prefixes, so names are written as they will stand ("atom:link"): no global
registry of namespaces is touched.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from aggregator.syndicate import safe

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
FEED_HISTORY = "http://purl.org/syndication/history/1.0"

__all__ = ["ATOM", "CONTENT", "DUBLIN_CORE", "FEED_HISTORY", "Element", "add", "serialise"]


def add(parent: Element, name: str, text: str | None = None, **attributes: str | None) -> Element:
    """A child with its text and those of its attributes that are not None; "xml_lang" is "xml:lang"."""
    given = {key.replace("_", ":"): value for key, value in attributes.items() if value is not None}
    child = SubElement(parent, name, given)
    child.text = text
    return child


def serialise(root: Element) -> bytes:
    """The document in UTF-8, with its declaration; always well-formed XML 1.0."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + safe.encode(tostring(root, "unicode"))
