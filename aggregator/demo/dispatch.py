"""The sample wire as plain values, and what of it each feed holds at a moment.

Wire(agencies, feeds, items) --dispatches(feed, started_at, now)--> Dispatch … newest first

Nothing here reads a clock: items know only when they go on the wire, counted from the start. So the news
is always fresh, and a test can look at any moment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from babel.dates import format_date

from aggregator.model import Agency

_DATE = re.compile(r"\{(day|date)([+-]\d+)?\}")
_ENGLISH_PATTERNS = {"day": "MMM d", "date": "MMMM d"}


class Form(StrEnum):
    """What a feed is written in."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


class Carries(StrEnum):
    """How much of an item an RSS feed delivers; Atom, JSON Feed and the article page have all of it."""

    CONTENT = "content"  # the first paragraph as description, the full text in its own element
    DESCRIPTION = "description"  # the full text as the description
    LEAD = "lead"  # the first paragraph only


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFeed:
    """One feed of the sample wire. `charset` is the encoding it is served in."""

    id: str
    agency_id: str
    language: str
    title: str
    description: str
    form: Form = Form.RSS
    carries: Carries = Carries.CONTENT
    charset: str = "utf-8"

    @property
    def path(self) -> str:
        """Where the server has it, from the root."""
        suffix = "json" if self.form is Form.JSON else "xml"
        return f"/{self.agency_id}/{self.language}.{suffix}"

    def article_path(self, item_id: str) -> str:
        """Where the page of one of its items is, from the root."""
        return f"/{self.agency_id}/{self.language}/{item_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleItem:
    """One version of one item.

    `story` is the truth: items of one story are copies of each other, items of two are not. `after` is
    when it goes on the wire, counted from the start: negative for what is there before. A revision has
    the id of the item it changes.
    """

    id: str
    feed_id: str
    story: str
    title: str
    paragraphs: tuple[str, ...]
    after: timedelta
    is_revision: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """An item as its feed has it at one moment, with its dates written out."""

    id: str
    feed_id: str
    story: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Wire:
    """Everything there is to serve; `items` stand in the order they go on the wire."""

    agencies: tuple[Agency, ...]
    feeds: tuple[SampleFeed, ...]
    items: tuple[SampleItem, ...]

    @property
    def last_appearance(self) -> timedelta:
        """How long after the start the last item goes on the wire."""
        return self.items[-1].after

    def dispatches(
        self, feed: SampleFeed, *, started_at: datetime, now: datetime
    ) -> tuple[Dispatch, ...]:
        """What `feed` holds at `now`, newest first; of each item the version then valid."""
        due = [i for i in self.items if i.feed_id == feed.id and started_at + i.after <= now]
        first = {item.id: item for item in reversed(due)}
        valid = {item.id: item for item in due}
        found = [
            self._dispatch(feed.language, version, started_at, first[item_id].after)
            for item_id, version in valid.items()
        ]
        return tuple(sorted(found, key=lambda dispatch: dispatch.published_at, reverse=True))

    def _dispatch(
        self, language: str, version: SampleItem, started_at: datetime, published: timedelta
    ) -> Dispatch:
        day_at = started_at + self._beginnings[version.story]
        return Dispatch(
            id=version.id,
            feed_id=version.feed_id,
            story=version.story,
            title=_with_dates(version.title, language, day_at),
            paragraphs=tuple(_with_dates(text, language, day_at) for text in version.paragraphs),
            published_at=started_at + published,
            updated_at=started_at + version.after,
        )

    @cached_property
    def _beginnings(self) -> Mapping[str, timedelta]:
        """When each story began: a copy made after midnight keeps the day of what it copies."""
        return {item.story: item.after for item in reversed(self.items)}


def _with_dates(text: str, language: str, day_at: datetime) -> str:
    """Fill `{day}`, `{date}`, `{date+1}`: the day in words, in English short for `day`."""

    def in_words(found: re.Match[str]) -> str:
        pattern = _ENGLISH_PATTERNS[found[1]] if language == "en" else "d MMMM"
        return format_date(day_at + timedelta(days=int(found[2] or 0)), pattern, locale=language)

    return _DATE.sub(in_words, text)
