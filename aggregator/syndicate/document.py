"""Which merged documents there are, what one holds, and what it is once rendered.

days (newest first) --plan--> Plan, Plan, …  --stories--> Document --rss|atom|jsonfeed--> Rendered

    merged <--current-- merged-2026-11-24 <--next-archive-- merged-2026-11-23 …     (RFC 5005, section 4)
       |----prev-archive---->      |----------prev-archive--------->
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from aggregator.model import Story
from aggregator.syndicate import safe

CURRENT = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A document to be made: the newest stories when `day` is None, else all stories of that UTC day.

    `previous`, `next` and `current` name the documents to link to; a name has no extension.
    """

    name: str
    day: date | None = None
    previous: str | None = None
    next: str | None = None
    current: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a merged feed holds, in whichever format.

    `stories` stand newest first. `feeds` maps a feed's id to its address. `query` is set for a
    document that answers a question (`language=bg`) and is part of its address.
    """

    plan: Plan
    title: str
    description: str
    base_url: str  # no trailing slash
    updated_at: datetime
    stories: Sequence[Story]
    feeds: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    language: str = "en"  # of the title and of our own words; each entry says its own

    @property
    def home_url(self) -> str:
        """The page that shows the same stories."""
        return f"{self.base_url}/"

    def url(self, extension: str) -> str:
        """The document's own address in a format: "rss", "atom" or "json"."""
        return self.url_of(self.plan.name, extension) + (
            f"?{urlencode(self.query)}" if self.query else ""
        )

    def url_of(self, name: str, extension: str) -> str:
        """The address of a sibling document in a format."""
        return f"{self.base_url}/{name}.{extension}"

    def story_url(self, story_id: str) -> str:
        """The page of one story."""
        return f"{self.base_url}/stories/{story_id}"


class Frame(NamedTuple):
    """What stands before, between and after the entries of a written document."""

    head: str
    between: str
    tail: str

    def around(self, entries: Iterable[str]) -> Iterator[bytes]:
        """The document piece by piece, with these entries in it."""
        yield safe.encode(self.head)
        for number, entry in enumerate(entries):
            yield safe.encode(self.between + entry if number else entry)
        yield safe.encode(self.tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A document as it is served: bytes, the same compressed, and its validators (RFC 9110, 8.8).

    `etag` is strong, quoted, and follows from the content alone. `last_modified_at` is None where
    only the content tells whether something changed.
    """

    name: str
    body: bytes
    gzip: bytes
    etag: str
    media_type: str
    last_modified_at: datetime | None = None


def archive_name(day: date) -> str:
    """The name of a day's archive: "merged-2026-11-24"."""
    return f"{CURRENT}-{day.isoformat()}"


def plan(days: Sequence[tuple[date, int]], *, newest: int) -> tuple[Plan, ...]:
    """The documents for stories counted by day, newest day first; the current document comes first.

    A day has an archive when not all of its stories are among the `newest`; the archive then holds all
    of them, so that whoever follows the links misses nothing.
    """
    archived = _days_beyond(days, newest)
    names = [None, *map(archive_name, archived), None]  # newest first, nothing at either end
    archives = (
        Plan(name=archive_name(day), day=day, next=newer, previous=older, current=CURRENT)
        for day, newer, older in zip(archived, names, names[2:], strict=False)
    )
    return (Plan(name=CURRENT, previous=names[1]), *archives)


def _days_beyond(days: Sequence[tuple[date, int]], newest: int) -> list[date]:
    found, seen = [], 0
    for day, count in days:
        seen += count
        if count and seen > newest:
            found.append(day)
    return found


def seal(
    name: str, body: bytes, *, media_type: str, last_modified_at: datetime | None = None
) -> Rendered:
    """The bytes made ready to be served or written; equal bodies have equal entity tags."""
    return Rendered(
        name=name,
        body=body,
        gzip=gzip.compress(body, compresslevel=6, mtime=0),
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        media_type=media_type,
        last_modified_at=last_modified_at,
    )
