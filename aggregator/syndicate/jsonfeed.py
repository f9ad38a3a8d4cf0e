"""A merged document as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

`_aggregator` holds each story as `stories --json` prints it, so a program needs no second request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from aggregator import provenance
from aggregator.model import Agency, Enclosure
from aggregator.syndicate.document import Envelope, MergedDocument
from aggregator.syndicate.entry import StoryEntry, entries
from aggregator.syndicate.listing import Json, story_as_json

MEDIA_TYPE = "application/feed+json"


def render(document: MergedDocument, agencies: Mapping[str, Agency]) -> bytes:
    """The document's bytes."""
    return b"".join(envelope(document).wrap(map(write, entries(document, agencies))))


def envelope(document: MergedDocument) -> Envelope:
    """The document without its entries; the next older archive is the `next_url` of any document."""
    feed: dict[str, Json] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "description": document.description,
        "home_page_url": document.home_url,
        "feed_url": document.url("json"),
        "language": document.language,
    }
    if document.plan.previous:
        feed["next_url"] = document.url_of(document.plan.previous, "json")
    tail = "]}"
    head = _to_json({**feed, "items": []}).removesuffix(tail)
    return Envelope(head=head, separator=",", tail=f"{tail}\n")


def write(entry: StoryEntry) -> str:
    """One entry; "" for one that was withdrawn, which the format has no word for."""
    if entry.story.killed_at:
        return ""
    author: dict[str, Json] = {"name": entry.agency}
    if entry.agency_home:
        author["url"] = entry.agency_home
    item: dict[str, Json] = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": provenance.rfc3339(entry.published_at),
        "date_modified": provenance.rfc3339(entry.updated_at),
        "authors": [author],
        "_aggregator": {
            "page": entry.page,
            **story_as_json(entry.story),
        },
    }
    if entry.language:
        item["language"] = entry.language
    if entry.enclosures:
        item["attachments"] = [_attachment(file) for file in entry.enclosures]
    return _to_json(item)


def _attachment(file: Enclosure) -> dict[str, Json]:
    attachment: dict[str, Json] = {"url": file.url, "mime_type": file.media_type}
    return attachment | ({"size_in_bytes": file.length} if file.length else {})


def _to_json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
