"""RSS, RDF and Atom of every version, through feedparser. Pure.

feedparser reads the structure; its sanitiser, its dates and its guesses at charsets are not used
(they leak scripts, misread agencies' dates and mangle Cyrillic: docs/decisions.md, "Ingest"). What it is given is
clean UTF-8 that holds complete items only.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest
from typing import cast

import feedparser

from aggregator.errors import ParseError
from aggregator.ingest.parse.dates import read_date
from aggregator.ingest.parse.enclosures import RawEnclosure
from aggregator.ingest.parse.entry import RawBody, RawEntry, language, parsed_item
from aggregator.ingest.parse.html import clean_line, clean_url
from aggregator.ingest.parse.repair import repair
from aggregator.ingest.parse.skip_known import Remainder, without_known
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
    result = _structure(remainder.text)
    feed = _values(result.get("feed"))
    raw = [_values(entry) for entry in _list(result, "entries")]
    version = str(result.get("version") or "")
    if not version and not raw and not remainder.known:
        raise ParseError("the XML is of no feed format")
    items = _items(raw, base, remainder.digests, is_atom=version.startswith("atom"))
    return ParsedFeed(
        format=version or "xml",
        items=items,
        unread=remainder.known,
        title=clean_line(_string(feed, "title")) or None,
        language=language(_string(feed, "language")),
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


def _items(
    raw: Sequence[_Values], base: str, digests: Sequence[str], *, is_atom: bool
) -> tuple[ParsedItem, ...]:
    """The entries with words, each with its digest where feedparser found those that have one."""
    paired = zip_longest(raw, digests if len(digests) == len(raw) else ())
    parsed = ((_item(entry, base, is_atom=is_atom), digest) for entry, digest in paired)
    return tuple(replace(item, digest=digest) for item, digest in parsed if item is not None)


def _structure(text: str) -> _Values:
    """What feedparser reads, without a base, lest it make addresses of guids.

    Always of a stream: a body given as bytes may be taken for a file's name.
    """
    try:
        result = feedparser.parse(  # type: ignore[attr-defined,no-untyped-call]  # it has no types
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:
        raise  # `child` replies to it
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ParseError(f"the feed cannot be read ({reason})") from error
    return cast("_Values", result)


def _item(entry: _Values, base: str, *, is_atom: bool) -> ParsedItem | None:
    guid = _string(entry, "id")
    updated_at = read_date(_string(entry, "updated"))
    return parsed_item(
        RawEntry(
            guid=guid,
            link=_link(entry, guid, base),
            title=_string(entry, "title"),
            bodies=_bodies(entry, base, is_atom=is_atom),
            published_at=read_date(_string(entry, "published") or _string(entry, "created")),
            updated_at=updated_at,
            authors=_authors(entry),
            categories=(
                _string(tag, "label") or _string(tag, "term") for tag in _dicts(entry, "tags")
            ),
            enclosures=_enclosures(entry),
            base=base,
        )
    )


def _link(entry: _Values, guid: str, base: str) -> str | None:
    """The entry's own page: past a redirector, else its link, else a guid that is an address.

    Not a guid that its feed says is none (`isPermaLink="false"`): feedparser then gives no link, and
    says `guidislink` is False.
    """
    links = _dicts(entry, "links")[:_MAX_LINKS]
    alternates = [_string(each, "href") for each in links if each.get("rel") == "alternate"]
    # Where there is no link, feedparser takes the guid for one, whatever it is.
    link = "" if entry.get("guidislink") else _string(entry, "link")
    candidates = [_string(entry, "feedburner_origlink"), link, *alternates]
    is_no_link = entry.get("guidislink") is False and not link
    if guid.startswith(("http://", "https://")) and not is_no_link:
        candidates.append(guid)
    cleaned = (clean_url(candidate, base=base) for candidate in candidates if candidate)
    return next((address for address in cleaned if address), None)


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
    for detail in (*contents, _values(entry.get("summary_detail"))):
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


def _string(values: _Values, key: str) -> str:
    """A string as feedparser holds it; its own `get` answers some keys with others' values."""
    value = dict.get(values, key) if isinstance(values, dict) else values.get(key)
    return value if isinstance(value, str) else ""


def _list(values: _Values, key: str) -> Sequence[object]:
    value = values.get(key)
    return value if isinstance(value, list) else ()


def _dicts(values: _Values, key: str) -> list[_Values]:
    return [_values(each) for each in _list(values, key)]
