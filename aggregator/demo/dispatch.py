"""The sample wire as plain values, and the part of it that each feed carries at a given time.

Wire(agencies, feeds, items) --dispatches(feed, started_at, now)--> Dispatch … newest first

Nothing here reads a clock: items say when they appear, counted from the start. So the news is always recent,
and a test can choose any time.
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

_PLACEHOLDER = re.compile(r"\{(day|date)([+-]\d+)?\}")
_ENGLISH_PATTERNS = {"day": "MMM d", "date": "MMMM d"}


class FeedFormat(StrEnum):
    """The format of a feed."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


class RssDetail(StrEnum):
    """How much of an item an RSS feed delivers; Atom, JSON Feed and the article page have all of it."""

    CONTENT = "content"  # the first paragraph as description, the full text in its own element
    DESCRIPTION = "description"  # the full text as the description
    SUMMARY = "summary"  # the first paragraph only
    TITLE = "title"  # no text at all


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFeed:
    """One feed of the sample wire. `charset` is the encoding it is served in."""

    id: str
    agency_id: str
    language: str
    title: str
    description: str
    format: FeedFormat = FeedFormat.RSS
    detail: RssDetail = RssDetail.CONTENT
    charset: str = "utf-8"

    @property
    def path(self) -> str:
        """Its path on the server."""
        suffix = "json" if self.format is FeedFormat.JSON else "xml"
        return f"/{self.agency_id}/{self.language}.{suffix}"

    def article_path(self, item_id: str) -> str:
        """The path of the article page of one of its items."""
        return f"/{self.agency_id}/{self.language}/{item_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleItem:
    """One version of one item.

    `story` is the ground truth: items of one story are copies of each other, items of different stories are not.
    `after` is when the item appears, counted from the start; negative for items that are older. `dated_after` is
    the date its feed gives it, counted likewise; the two differ where the feed is mistaken. A revision has the
    id of the item it revises, and keeps its date.
    """

    id: str
    feed_id: str
    story: str
    title: str
    paragraphs: tuple[str, ...]
    after: timedelta
    dated_after: timedelta
    is_revision: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """An item as its feed carries it at a given time, with its dates written out."""

    id: str
    feed_id: str
    story: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Wire:
    """Everything the server can serve; `items` are in the order in which they appear."""

    agencies: tuple[Agency, ...]
    feeds: tuple[SampleFeed, ...]
    items: tuple[SampleItem, ...]

    @property
    def last_appearance(self) -> timedelta:
        """How long after the start the last item appears."""
        return self.items[-1].after

    def dispatches(
        self, feed: SampleFeed, *, started_at: datetime, now: datetime
    ) -> tuple[Dispatch, ...]:
        """What `feed` carries at `now`, newest first by its own dates; of each item its latest version."""
        published = [i for i in self.items if i.feed_id == feed.id and started_at + i.after <= now]
        first = {item.id: item for item in reversed(published)}
        latest = {item.id: item for item in published}
        dispatches = [
            self._dispatch(feed.language, version, started_at, first[item_id].dated_after)
            for item_id, version in latest.items()
        ]
        return tuple(sorted(dispatches, key=lambda dispatch: dispatch.published_at, reverse=True))

    def _dispatch(
        self, language: str, version: SampleItem, started_at: datetime, dated_after: timedelta
    ) -> Dispatch:
        day_at = started_at + self._story_starts[version.story]
        return Dispatch(
            id=version.id,
            feed_id=version.feed_id,
            story=version.story,
            title=_with_dates(version.title, language, day_at),
            paragraphs=tuple(_with_dates(text, language, day_at) for text in version.paragraphs),
            published_at=started_at + dated_after,
            updated_at=started_at + version.after,
        )

    @cached_property
    def _story_starts(self) -> Mapping[str, timedelta]:
        """When each story began: a copy published after midnight keeps the day of its story."""
        return {item.story: item.after for item in reversed(self.items)}


def _with_dates(text: str, language: str, day_at: datetime) -> str:
    """Fill in `{day}`, `{date}`, `{date+1}`: the date with the name of its month, for `day` in English abbreviated."""

    def format_day(found: re.Match[str]) -> str:
        pattern = _ENGLISH_PATTERNS[found[1]] if language == "en" else "d MMMM"
        return format_date(day_at + timedelta(days=int(found[2] or 0)), pattern, locale=language)

    return _PLACEHOLDER.sub(format_day, text)
