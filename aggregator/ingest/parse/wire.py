"""What the formats that agencies exchange copy in have in common: their entry becomes a `ParsedItem`. Pure.

ninjs and NewsML-G2 are one model of news in two spellings (https://iptc.org/std/NewsML-G2/guidelines/): an
identifier with versions, a publishing status, an embargo, headlines, bodies, renditions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.ingest.parse.dates import read_date
from aggregator.ingest.parse.entry import RawBody, RawEntry, language, parsed_item
from aggregator.ingest.parse.html import clean_url
from aggregator.model import Enclosure, Notice, ParsedItem

# Kinds of items that are no report by themselves: what is said of them is their caption, never a text.
PICTURED = frozenset({"picture", "graphic", "audio", "video"})
_USABLE, _CANCELED = "usable", {"canceled", "cancelled"}
_LAST_PART = re.compile(r"[^:/#]*$")  # of a code: "stat:usable", "http://cv.iptc.org/…/usable"
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,80}")
_MAX_ENCLOSURES = 20  # set by hand: a gallery, not an archive
_MAX_LENGTH = 2**53  # bytes; what is more is no size


@dataclass(frozen=True, slots=True, kw_only=True)
class WireEntry:
    """An item as its format gave it, in raw strings.

    `embargo` is None where there is none, "" where its end is not told. `notice` is what marks other than
    the status say. `is_whole` is whether the bodies are all of the report.
    """

    guid: str | None
    links: Iterable[str] = ()  # candidates for the page of the item, the best first
    headlines: Iterable[str] = ()  # the best first
    bodies: Iterable[RawBody] = ()
    version_created: str = ""
    first_created: str = ""
    status: str = ""
    embargo: str | None = None
    notice: Notice | None = None
    language: str = ""
    authors: Iterable[str] = ()
    categories: Iterable[str] = ()
    enclosures: Iterable[Enclosure | None] = ()
    is_whole: bool = False


def wire_item(entry: WireEntry) -> ParsedItem | None:
    """The item made safe; None where it has no words and is no withdrawal of another.

    Its time is that of the version at hand: what earlier versions said we do not know. It is never
    before the end of its embargo.
    """
    made_at = read_date(entry.version_created) or read_date(entry.first_created)
    ends_at = read_date(entry.embargo or "")
    published_at = max(made_at, ends_at) if made_at and ends_at else made_at or ends_at
    withheld = is_withheld(entry.status) or (entry.embargo is not None and ends_at is None)
    killed = withheld or code(entry.status) in _CANCELED
    title, bodies = next(filter(str.strip, entry.headlines), ""), list(entry.bodies)
    if killed and not title and not any(body.text.strip() for body in bodies):
        item = _bare(entry.guid)
    else:
        item = _with_words(entry, title, bodies, published_at)
    if item is None:
        return None
    return replace(
        item,
        is_whole=entry.is_whole and bool(item.text),
        language=language(entry.language),
        enclosures=_few(entry.enclosures),
        versioned_at=read_date(entry.version_created),
        notice=Notice.KILL if killed else entry.notice,
        is_withheld=withheld,
        embargoed_until=ends_at,
    )


def code(value: str) -> str:
    """The last part of a code, in lower case: "usable" of "stat:usable" and of its address."""
    found = _LAST_PART.search(value.strip())
    return found[0].lower() if found else ""


def is_withheld(status: str) -> bool:
    """Whether a status keeps an item from being published: all do but `usable`, the default."""
    return code(status) not in {"", _USABLE, *_CANCELED}


def enclosure(address: str, media_type: str = "", length: object = None) -> Enclosure | None:
    """A file that an item brings; None where its address is none that others could ask."""
    url = clean_url(address)
    if url is None:
        return None
    digits = str(length) if isinstance(length, int | str) else ""
    size = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else None
    return Enclosure(
        url=url,
        media_type=media_type.lower() if _MEDIA_TYPE.fullmatch(media_type) else "",
        length=size if size is None or size <= _MAX_LENGTH else None,
    )


def _with_words(
    entry: WireEntry, title: str, bodies: Sequence[RawBody], published_at: datetime | None
) -> ParsedItem | None:
    links = (clean_url(link) for link in entry.links)
    return parsed_item(
        RawEntry(
            guid=entry.guid,
            link=next((link for link in links if link), None),
            title=title,
            bodies=bodies,
            published_at=published_at,
            updated_at=read_date(entry.version_created),
            authors=entry.authors,
            categories=entry.categories,
        )
    )


def _bare(guid: str | None) -> ParsedItem | None:
    """A withdrawal that says no more than what it withdraws."""
    item = parsed_item(RawEntry(guid=guid, link=None, title="-")) if guid else None
    return replace(item, title="") if item else None


def _few(found: Iterable[Enclosure | None]) -> tuple[Enclosure, ...]:
    """The enclosures there are, each address once."""
    by_url = {each.url: each for each in found if each is not None}
    return tuple(by_url.values())[:_MAX_ENCLOSURES]
