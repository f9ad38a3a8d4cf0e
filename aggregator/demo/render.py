"""Renders dispatches as an agency serves them: RSS 2.0, Atom 1.0, JSON Feed 1.1, and an article page.

The feeds differ as real ones do: in how much of a report they deliver, in their encoding, in the elements that
hold the text. Everything is escaped for its format; the same dispatches give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as ET

from aggregator.demo.dispatch import Dispatch, FeedFormat, RssDetail, SampleFeed

_ATOM = "http://www.w3.org/2005/Atom"
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1.1rem/1.6 Georgia, serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }}
small {{ color: #666 }}</style>
<header><small>{feed}</small></header>
<article>
<h1>{title}</h1>
<small><time datetime="{updated}">{updated}</time></small>
{paragraphs}
</article>
<footer><small>{description}</small></footer>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDocument:
    """The body of a response, and its media type."""

    body: bytes
    media_type: str


def render_feed(
    feed: SampleFeed, dispatches: Sequence[Dispatch], *, server_url: str
) -> SampleDocument:
    """Render `dispatches` in the format of `feed`; `server_url` has no trailing slash."""
    write = {
        FeedFormat.RSS: _rss,
        FeedFormat.ATOM: _atom,
        FeedFormat.JSON: _json,
    }[feed.format]
    return write(feed, dispatches, server_url)


def render_article(feed: SampleFeed, dispatch: Dispatch) -> SampleDocument:
    """Render the page an item links to: the whole report, without scripts."""
    page = _PAGE.format(
        language=feed.language,
        title=escape(dispatch.title),
        feed=escape(feed.title),
        description=escape(feed.description),
        updated=_rfc3339(dispatch.updated_at),
        paragraphs=_html(dispatch.paragraphs),
    )
    return SampleDocument(body=page.encode(), media_type="text/html; charset=utf-8")


def _rss(feed: SampleFeed, dispatches: Sequence[Dispatch], server_url: str) -> SampleDocument:
    root = ET.Element(
        "rss",
        {
            "version": "2.0",
            "xmlns:atom": _ATOM,
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        },
    )
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", f"{server_url}/{feed.agency_id}/{feed.language}/")
    _add(channel, "description", feed.description)
    _add(channel, "language", feed.language)
    self_link = {"rel": "self", "type": "application/rss+xml", "href": server_url + feed.path}
    _add(channel, "atom:link", **self_link)
    for dispatch in dispatches:
        _rss_item(ET.SubElement(channel, "item"), feed, dispatch, server_url)
    return SampleDocument(
        body=ET.tostring(root, encoding=feed.charset, xml_declaration=True),
        media_type=f"application/rss+xml; charset={feed.charset}",
    )


def _rss_item(item: ET.Element, feed: SampleFeed, dispatch: Dispatch, server_url: str) -> None:
    _add(item, "title", dispatch.title)
    _add(item, "link", server_url + feed.article_path(dispatch.id))
    _add(item, "guid", _guid(dispatch), isPermaLink="false")
    _add(item, "pubDate", format_datetime(dispatch.published_at, usegmt=True))
    if feed.detail is RssDetail.DESCRIPTION:
        _add(item, "description", _html(dispatch.paragraphs))
    elif feed.detail is not RssDetail.TITLE:
        _add(item, "description", escape(dispatch.paragraphs[0], quote=False))
    if feed.detail is RssDetail.CONTENT:
        _add(item, "content:encoded", _html(dispatch.paragraphs))


def _atom(feed: SampleFeed, dispatches: Sequence[Dispatch], server_url: str) -> SampleDocument:
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "id", f"tag:{feed.agency_id}.example,2026:{feed.language}")
    _add(root, "updated", _rfc3339(max(d.updated_at for d in dispatches)))
    _add(root, "link", rel="self", type="application/atom+xml", href=server_url + feed.path)
    _add(ET.SubElement(root, "author"), "name", feed.title)
    for dispatch in dispatches:
        entry = ET.SubElement(root, "entry")
        _add(entry, "title", dispatch.title)
        _add(entry, "id", _guid(dispatch))
        _add(entry, "link", rel="alternate", href=server_url + feed.article_path(dispatch.id))
        _add(entry, "published", _rfc3339(dispatch.published_at))
        _add(entry, "updated", _rfc3339(dispatch.updated_at))
        _add(entry, "summary", dispatch.paragraphs[0])
        _add(entry, "content", _html(dispatch.paragraphs), type="html")
    return SampleDocument(
        body=ET.tostring(root, encoding=feed.charset, xml_declaration=True),
        media_type=f"application/atom+xml; charset={feed.charset}",
    )


def _json(feed: SampleFeed, dispatches: Sequence[Dispatch], server_url: str) -> SampleDocument:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "language": feed.language,
        "feed_url": server_url + feed.path,
        "items": [
            {
                "id": _guid(dispatch),
                "url": server_url + feed.article_path(dispatch.id),
                "title": dispatch.title,
                "content_html": _html(dispatch.paragraphs),
                "date_published": _rfc3339(dispatch.published_at),
                "date_modified": _rfc3339(dispatch.updated_at),
            }
            for dispatch in dispatches
        ],
    }
    body = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return SampleDocument(body=body, media_type="application/feed+json")


def _add(parent: ET.Element, tag: str, text: str | None = None, /, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text


def _guid(dispatch: Dispatch) -> str:
    """A tag URI (RFC 4151): it does not contain the server's address, whose port changes at every start."""
    return f"tag:{dispatch.feed_id}.example,2026:{dispatch.id}"


def _html(paragraphs: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)


def _rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
