"""A merged document as Atom 1.0 (RFC 4287), archives by RFC 5005, withdrawn stories by RFC 6721."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from aggregator import provenance
from aggregator.model import Agency
from aggregator.syndicate import xmltree
from aggregator.syndicate.document import CURRENT, Envelope, MergedDocument
from aggregator.syndicate.entry import StoryEntry, entries
from aggregator.syndicate.xmltree import (
    ATOM,
    FEED_HISTORY,
    TOMBSTONES,
    Element,
    add,
    serialise_element,
)

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_TYPE = "application/atom+xml"


def render(document: MergedDocument, agencies: Mapping[str, Agency]) -> bytes:
    """The document's bytes."""
    return b"".join(envelope(document).wrap(map(write, entries(document, agencies))))


def envelope(document: MergedDocument) -> Envelope:
    """The document without its entries."""
    root = Element(
        "feed",
        {
            "xmlns": ATOM,
            "xmlns:fh": FEED_HISTORY,
            "xmlns:at": TOMBSTONES,
            "xml:lang": document.language,
        },
    )
    _describe(root, document)
    return xmltree.envelope(root, tail="</feed>")


def _describe(feed: Element, document: MergedDocument) -> None:
    plan = document.plan
    add(feed, "title", document.title)
    add(feed, "subtitle", document.description)
    # An archive is a part of the same logical feed and bears its id (RFC 5005, section 4).
    add(feed, "id", document.url_of(CURRENT, "atom") if plan.day else document.url("atom"))
    add(feed, "updated", provenance.rfc3339(document.updated_at))
    author = add(feed, "author")
    add(author, "name", document.title)
    add(author, "uri", document.home_url)
    add(feed, "link", rel="alternate", type="text/html", href=document.home_url)
    add(feed, "link", rel="self", type=_TYPE, href=document.url("atom"))
    links = {"prev-archive": plan.previous, "next-archive": plan.next, "current": plan.current}
    for relation, name in links.items():
        if name:
            add(feed, "link", rel=relation, type=_TYPE, href=document.url_of(name, "atom"))
    if plan.day:
        add(feed, "fh:archive")


def write(entry: StoryEntry) -> str:
    """One entry, or the tombstone of one that was withdrawn."""
    if entry.story.killed_at:
        return _tombstone(entry, entry.story.killed_at)
    element = Element("entry", {"xml:lang": entry.language} if entry.language else {})
    add(element, "title", entry.title)
    add(element, "id", entry.id)
    add(element, "published", provenance.rfc3339(entry.published_at))
    # With its fraction: see entry.StoryEntry.
    updated_at = entry.updated_at.astimezone(UTC).replace(tzinfo=None)
    add(element, "updated", f"{updated_at.isoformat(timespec='microseconds')}Z")
    author = add(element, "author")
    add(author, "name", entry.agency)
    if entry.agency_home:
        add(author, "uri", entry.agency_home)
    add(
        element, "link", rel="alternate", type="text/html", href=entry.link, hreflang=entry.language
    )
    for file in entry.enclosures:
        length = str(file.length) if file.length else None
        add(
            element,
            "link",
            rel="enclosure",
            type=file.media_type,
            href=file.url,
            length=length,
        )
    for other in entry.others:
        add(
            element,
            "link",
            rel="related",
            type="text/html",
            href=other.url,
            hreflang=other.language,
            title=other.title,
        )
    if entry.feed_url:
        _write_source(add(element, "source"), entry, entry.feed_url)
    add(element, "summary", entry.summary)
    add(element, "content", entry.html, type="html")
    return serialise_element(element)


def _tombstone(entry: StoryEntry, killed_at: datetime) -> str:
    """What tells readers to remove the entry (RFC 6721, section 3)."""
    when = provenance.rfc3339(killed_at)
    element = Element("at:deleted-entry", {"ref": entry.id, "when": when})
    add(element, "at:comment", f"Withdrawn by {entry.origin}")
    return serialise_element(element)


def _write_source(source: Element, entry: StoryEntry, feed_url: str) -> None:
    add(source, "id", feed_url)
    add(source, "title", entry.feed_title)
    add(source, "updated", provenance.rfc3339(entry.published_at))
    add(source, "link", rel="self", href=feed_url)
