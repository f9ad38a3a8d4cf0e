"""A merged document as RSS 2.0, with the extensions readers know: atom:link, content:encoded, dc.

https://www.rssboard.org/rss-specification and its best-practices profile; archives by RFC 5005.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from aggregator import provenance
from aggregator.model import Agency, Enclosure
from aggregator.syndicate import xmltree
from aggregator.syndicate.document import Envelope, MergedDocument
from aggregator.syndicate.entry import StoryEntry, entries
from aggregator.syndicate.xmltree import (
    ATOM,
    CONTENT,
    DUBLIN_CORE,
    FEED_HISTORY,
    MEDIA,
    Element,
    add,
    serialise_element,
)

MEDIA_TYPE = "application/rss+xml; charset=utf-8"
_TYPE = "application/rss+xml"


def render(document: MergedDocument, agencies: Mapping[str, Agency]) -> bytes:
    """The document's bytes."""
    return b"".join(envelope(document).wrap(map(write, entries(document, agencies))))


def envelope(document: MergedDocument) -> Envelope:
    """The document without its entries."""
    root = Element(
        "rss",
        {
            "version": "2.0",
            "xmlns:atom": ATOM,
            "xmlns:content": CONTENT,
            "xmlns:dc": DUBLIN_CORE,
            "xmlns:fh": FEED_HISTORY,
            "xmlns:media": MEDIA,
        },
    )
    _describe(add(root, "channel"), document)
    return xmltree.envelope(root, tail="</channel></rss>")


def _describe(channel: Element, document: MergedDocument) -> None:
    add(channel, "title", document.title)
    add(channel, "link", document.home_url)
    add(channel, "description", document.description)
    add(channel, "language", document.language)
    add(channel, "lastBuildDate", _rfc822(document.updated_at))
    add(channel, "docs", "https://www.rssboard.org/rss-specification")
    add(channel, "atom:link", rel="self", type=_TYPE, href=document.url("rss"))
    plan = document.plan
    links = {"prev-archive": plan.previous, "next-archive": plan.next, "current": plan.current}
    for relation, name in links.items():
        if name:
            add(channel, "atom:link", rel=relation, type=_TYPE, href=document.url_of(name, "rss"))
    if plan.day:
        add(channel, "fh:archive")


def write(entry: StoryEntry) -> str:
    """One entry; "" for one that was withdrawn, which the format has no word for."""
    if entry.story.killed_at:
        return ""
    item = Element("item")
    add(item, "title", entry.title)
    add(item, "link", entry.link)
    add(item, "guid", entry.id, isPermaLink="false")
    add(item, "pubDate", _rfc822(entry.published_at))
    add(item, "atom:updated", provenance.rfc3339(entry.updated_at))
    add(item, "dc:creator", entry.agency)
    if entry.language:
        add(item, "dc:language", entry.language)
    # Readers take a description for HTML, so plain text is escaped once more.
    add(item, "description", escape(entry.summary, quote=False))
    add(item, "content:encoded", entry.html)
    _write_files(item, entry.enclosures)
    if entry.feed_url:
        add(item, "source", entry.feed_title, url=entry.feed_url)
    for other in entry.others:
        add(
            item,
            "atom:link",
            rel="related",
            type="text/html",
            href=other.url,
            hreflang=other.language,
            title=other.title,
        )
    return serialise_element(item)


def _write_files(item: Element, files: Sequence[Enclosure]) -> None:
    """The first as the one enclosure an item may have, where 0 is a length unknown; the others as media.

    https://www.rssboard.org/rss-profile#element-channel-item-enclosure
    """
    for file in files[:1]:
        add(item, "enclosure", url=file.url, length=str(file.length or 0), type=file.media_type)
    for file in files[1:]:
        length = str(file.length) if file.length else None
        add(item, "media:content", url=file.url, fileSize=length, type=file.media_type)


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
