"""RSS, RDF and Atom of every version, through feedparser. Pure.

feedparser reads the structure; its sanitiser, its dates and its guesses at charsets are not used
(they leak scripts, misread agencies' dates and mangle Cyrillic: docs/decisions.md, "Ingest"). What it is given is
clean UTF-8 that holds complete items only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest
from typing import NamedTuple, cast

from aggregator.errors import ParseError
from aggregator.ingest.parse.dates import read_date
from aggregator.ingest.parse.enclosures import RawEnclosure
from aggregator.ingest.parse.entry import RawBody, RawEntry, language, parsed_item
from aggregator.ingest.parse.html import clean_line, clean_url
from aggregator.ingest.parse.links import Link, page_of
from aggregator.ingest.parse.repair import repair
from aggregator.ingest.parse.skip_known import Remainder, without_known
from aggregator.ingest.parse.structure import (
    CAPTION_TITLE,
    LANGUAGE_AROUND,
    LANGUAGE_DECLARED,
    structure,
)
from aggregator.ingest.parse.title import Writing
from aggregator.model import LeftOut, ParsedFeed, ParsedItem

# Full texts that agencies put beside the standard ones, for search engines and partners.
_FULL_TEXTS = ("yandex_full-text", "turbo_content", "full-text", "fulltext", "full_text", "text")
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml")
_SKIP_HOURS = re.compile(
    r"<skipHours>((?:(?!<skip).){0,2000})</skipHours>", re.IGNORECASE | re.DOTALL
)
_SKIP_DAYS = re.compile(r"<skipDays>((?:(?!<skip).){0,2000})</skipDays>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*(\w+)\s*</day>", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DETAILS = ("summary_detail", "title_detail")
_MAX_LINKS = 20  # of an entry
_MAX_TTL = timedelta(days=7)

_Values = Mapping[str, object]


def parse(text: str, *, base: str, known: Collection[str] = ()) -> ParsedFeed:
    """An XML feed whose root tag begins `text`; relative addresses are resolved against `base`.

    Entries whose digests are `known` are left unread. Raises ParseError when it is no feed after all.
    """
    document = repair(text)
    remainder = Remainder(text=document.text)
    if not document.problem:
        remainder = without_known(document.text, base=base, known=known)
    found = structure(remainder.text)
    version, feed, raw = found.version, found.feed, found.entries
    if not version and not raw and not remainder.known:
        raise ParseError("the XML is of no feed format")
    spoken = language(_string(feed, "language"))
    items = _items(raw, remainder.digests, _Frame(version, base, spoken))
    return ParsedFeed(
        format=version or "xml",
        items=items,
        unread=remainder.known,
        title=clean_line(_string(feed, "title")) or None,
        language=spoken,
        ttl=_ttl(feed),
        skip_hours=_skip_hours(text),
        skip_days=_skip_days(text),
        left_out=LeftOut(
            broken=document.dropped - document.over_limit,
            over_limit=document.over_limit,
            empty=len(raw) - len(items),
        ),
        problems=(document.problem,) if document.problem else (),
    )


class _Frame(NamedTuple):
    """What an entry has from its feed."""

    version: str
    base: str
    language: str | None

    @property
    def is_atom(self) -> bool:
        return self.version.startswith("atom")


def _items(raw: Sequence[_Values], digests: Sequence[str], frame: _Frame) -> tuple[ParsedItem, ...]:
    """The entries with words, each with its digest where feedparser found those that have one."""
    paired = zip_longest(raw, digests if len(digests) == len(raw) else ())
    parsed = ((_item(entry, frame), digest) for entry, digest in paired)
    return tuple(replace(item, digest=digest) for item, digest in parsed if item is not None)


def _item(entry: _Values, frame: _Frame) -> ParsedItem | None:
    own_language = _language(entry)
    return parsed_item(
        RawEntry(
            guid=_string(entry, "id"),
            link=_link(entry, frame.base, own_language or frame.language),
            title=_title(entry),
            writing=_writing(entry, is_atom=frame.is_atom),
            bodies=_bodies(entry, frame.base, is_atom=frame.is_atom),
            published_at=read_date(_string(entry, "published") or _string(entry, "created")),
            updated_at=read_date(_string(entry, "updated")),
            authors=_authors(entry),
            categories=(
                _string(tag, "label") or _string(tag, "term") for tag in _dicts(entry, "tags")
            ),
            language=own_language,
            enclosures=_enclosures(entry),
            base=frame.base,
        )
    )


def _title(entry: _Values) -> str:
    """The title; that of a picture only where there are no words but those."""
    has_words = any(_string(entry, key) for key in ("title", "summary")) or _get(entry, "content")
    return _string(entry, "title" if has_words else CAPTION_TITLE)


def _writing(entry: _Values, *, is_atom: bool) -> Writing:
    kind = _string(_values(_get(entry, "title_detail")), "type")
    return Writing.TEXT if is_atom and kind == "text/plain" else Writing.HTML


def _language(entry: _Values) -> str | None:
    """What the entry says of its language itself: as an element, as `xml:lang`, or of its parts."""
    parts = [*_dicts(entry, "content"), *(_values(_get(entry, key)) for key in _DETAILS)]
    around = language(_string(entry, LANGUAGE_AROUND))
    of_parts = (language(_string(part, "language")) for part in parts)
    said = (language(_string(entry, key)) for key in ("language", LANGUAGE_DECLARED))
    return next(filter(None, (*said, *(each for each in of_parts if each != around))), None)


def _link(entry: _Values, base: str, spoken: str | None) -> str | None:
    """The entry's own page: past a redirector, else its link, else a guid that is an address.

    Not a guid that its feed says is none (`isPermaLink="false"`): feedparser then gives no link, and
    says `guidislink` is False.
    """
    guid, link = _string(entry, "id"), _string(entry, "link")
    if original := clean_url(_string(entry, "feedburner_origlink"), base=base):
        return original
    links = [
        Link(
            address=_string(each, "href"),
            relation=_string(each, "rel"),
            media_type=_string(each, "type"),
            language=_string(each, "hreflang"),
        )
        for each in _dicts(entry, "links")[:_MAX_LINKS]
    ]
    # content that stands elsewhere, without an alternate link (RFC 4287, section 4.1.3.2)
    links += [
        Link(address=_string(content, "src"), media_type=_string(content, "type"))
        for content in _dicts(entry, "content")[:_MAX_LINKS]
        if "src" in content
    ]
    is_no_link = _get(entry, "guidislink") is False and not link
    is_address = guid.startswith(("http://", "https://")) and not is_no_link
    return page_of(links, language=spoken, base=base, otherwise=(guid,) if is_address else ())


def _enclosures(entry: _Values) -> Iterator[RawEnclosure]:
    """Enclosures and media; thumbnails only where there is nothing else."""
    media = [(each, "filesize") for each in _dicts(entry, "media_content") if each.get("url")]
    links = [(each, "length") for each in _dicts(entry, "links") if each.get("rel") == "enclosure"]
    thumbnails = [(each, "") for each in _dicts(entry, "media_thumbnail")]
    for each, length in (links + media) or thumbnails:
        yield RawEnclosure(
            url=_string(each, "href") or _string(each, "url"),
            media_type=_string(each, "type"),
            length=_string(each, length),
        )


def _bodies(entry: _Values, base: str, *, is_atom: bool) -> Iterator[RawBody]:
    contents = _dicts(entry, "content")
    for detail in (*contents, _values(_get(entry, "summary_detail"))):
        kind = _string(detail, "type")
        if kind and not (kind.startswith(_TEXT_TYPES) or kind.endswith("xml")):
            continue
        yield RawBody(
            text=_string(detail, "value"),
            base=clean_url(_string(detail, "base"), base=base) or base,
            is_markup=kind != "text/plain" if is_atom else None,
            is_content=detail in contents,
        )
    for key in ("summary", *_FULL_TEXTS):
        yield RawBody(text=_string(entry, key), base=base, is_content=key in _FULL_TEXTS)


def _authors(entry: _Values) -> Iterator[str]:
    for author in _dicts(entry, "authors"):
        yield _string(author, "name")
    if not _dicts(entry, "authors"):
        yield _string(entry, "author")


def _ttl(feed: _Values) -> timedelta | None:
    digits = _string(feed, "ttl").strip()
    if not (digits.isascii() and digits.isdecimal()):
        return None
    minutes = timedelta(minutes=min(int(digits[:9]), _MAX_TTL // timedelta(minutes=1)))
    return minutes or None


def _skip_hours(text: str) -> frozenset[int]:
    found = _SKIP_HOURS.search(text)
    hours = (int(hour) for hour in _HOUR.findall(found[1])) if found else ()
    return frozenset(hour % 24 for hour in hours if hour <= 24)  # 24 is midnight in old versions


def _skip_days(text: str) -> frozenset[int]:
    found = _SKIP_DAYS.search(text)
    days = (day.lower() for day in _DAY.findall(found[1])) if found else ()
    return frozenset(_DAYS.index(day) for day in days if day in _DAYS)


def _values(value: object) -> _Values:
    return cast("_Values", value) if isinstance(value, Mapping) else {}


def _get(values: _Values, key: str) -> object:
    """A value as feedparser holds it; its own `get` is slow, and answers some keys with others' values."""
    return dict.get(values, key) if isinstance(values, dict) else values.get(key)


def _string(values: _Values, key: str) -> str:
    value = _get(values, key)
    return value if isinstance(value, str) else ""


def _dicts(values: _Values, key: str) -> list[_Values]:
    value = _get(values, key)
    return [_values(each) for each in value] if isinstance(value, list) else []
