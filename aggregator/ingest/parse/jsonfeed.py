"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from aggregator.errors import ParseError
from aggregator.ingest.parse.dates import read_date
from aggregator.ingest.parse.enclosures import RawEnclosure
from aggregator.ingest.parse.entry import RawBody, RawEntry, language, parsed_item
from aggregator.ingest.parse.html import clean_line, clean_url
from aggregator.ingest.parse.json_values import string
from aggregator.ingest.parse.links import first_page
from aggregator.ingest.parse.newest import newest
from aggregator.ingest.parse.title import Writing
from aggregator.model import LeftOut, ParsedFeed, ParsedItem

_Object = Mapping[str, object]


def parse(text: str, *, base: str) -> ParsedFeed:
    """A JSON Feed; relative addresses are resolved against `base`. Raises ParseError for other JSON."""
    feed = _document(text)
    version = string(feed, "version")
    raw = feed.get("items")
    if not isinstance(raw, list) or "jsonfeed" not in version:
        raise ParseError("the JSON is no JSON Feed: it lacks `version` or `items`")
    entries = [entry for entry in raw if isinstance(entry, dict)]
    kept = newest(entries, _date)
    items = tuple(item for entry in kept if (item := _item(entry, base)) is not None)
    return ParsedFeed(
        format="json11" if version.rstrip("/").endswith("1.1") else "json10",
        items=items,
        title=clean_line(string(feed, "title")) or None,
        language=language(string(feed, "language")),
        left_out=LeftOut(
            broken=len(raw) - len(entries),
            over_limit=len(entries) - len(kept),
            empty=len(kept) - len(items),
        ),
    )


def _document(text: str) -> _Object:
    try:
        document = json.loads(text, strict=False)
    except RecursionError as error:
        raise ParseError("the JSON cannot be read: it nests too deep") from error
    except ValueError as error:
        raise ParseError(f"the JSON cannot be read ({str(error)[:200]})") from error
    if not isinstance(document, dict):
        raise ParseError("the JSON is no JSON Feed: it is no object")
    return document


def _item(entry: _Object, base: str) -> ParsedItem | None:
    return parsed_item(
        RawEntry(
            guid=_identifier(entry.get("id")),
            link=_page(entry, base),
            title=string(entry, "title"),
            writing=Writing.MOSTLY_TEXT,
            bodies=_bodies(entry, base),
            published_at=read_date(string(entry, "date_published")),
            updated_at=read_date(string(entry, "date_modified")),
            authors=_authors(entry),
            categories=_strings(entry.get("tags")),
            language=language(string(entry, "language")),
            enclosures=_enclosures(entry),
            base=base,
        )
    )


def _date(entry: _Object) -> datetime | None:
    return read_date(string(entry, "date_published") or string(entry, "date_modified"))


def _page(entry: _Object, base: str) -> str | None:
    """The item's own address before that of what it speaks of; the id only if it is one by itself."""
    identifier = clean_url(string(entry, "id")) or ""
    return first_page((string(entry, "url"), string(entry, "external_url"), identifier), base)


def _identifier(value: object) -> str | None:
    """Ids ought to be strings; numbers are accepted too."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value) if not isinstance(value, int) or abs(value) < 10**30 else None


def _bodies(entry: _Object, base: str) -> Iterator[RawBody]:
    html, text = string(entry, "content_html"), string(entry, "content_text")
    yield RawBody(text=html, base=base, is_markup=True, is_content=True)
    yield RawBody(text=text, base=base, is_markup=False, is_content=True)
    yield RawBody(text=string(entry, "summary"), base=base, is_markup=False)


def _enclosures(entry: _Object) -> Iterator[RawEnclosure]:
    """Attachments, and the picture of the item."""
    attachments = entry.get("attachments")
    for each in attachments if isinstance(attachments, list) else ():
        if isinstance(each, dict):
            yield RawEnclosure(
                url=string(each, "url"),
                media_type=string(each, "mime_type"),
                length=each.get("size_in_bytes"),
            )
    yield RawEnclosure(url=string(entry, "image") or string(entry, "banner_image"))


def _authors(entry: _Object) -> Iterator[str]:
    authors = entry.get("authors")
    for author in [*(authors if isinstance(authors, list) else ()), entry.get("author")]:
        if isinstance(author, dict):
            yield string(author, "name")


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
