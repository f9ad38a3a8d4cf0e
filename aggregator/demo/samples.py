"""Reads the sample wire from its files and checks it; all mistakes of a file are reported at once.

agencies.yaml -> Agency, SampleFeed --+
                                      +--> Wire
wire/*.yaml   -> SampleItem ----------+

A file in `wire/` maps the name of a story to its items; the name is the ground truth about which items are
copies. An item says when it appears: `minutes_ago` before the start, or `appears_after` it (as in `20s`), while
the demo runs. With `revises` instead of `id` it is a later version of that item, under the same guid. With
`published_in` (as in `3d`) its feed gives a wrong date: that of so many days after the start. Title and text may
contain `{day}` and `{date}`, also as `{date+1}` or `{date-1}`: the day of the story, abbreviated as in a
dateline, or in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from aggregator.demo.dispatch import FeedFormat, RssDetail, SampleFeed, SampleItem, Wire
from aggregator.errors import ConfigError, Mistake
from aggregator.model import Agency

T = TypeVar("T")
DIRECTORY = Path(__file__).parent
POLL_INTERVAL = "2s"


def _seconds(value: object) -> timedelta:
    found = re.fullmatch(r"(\d+)s", str(value))
    if not found:
        raise ValueError(f"write it in seconds, as in `20s`, not {value!r}")
    return timedelta(seconds=int(found[1]))


def _days(value: object) -> timedelta:
    found = re.fullmatch(r"(\d+)d", str(value))
    if not found:
        raise ValueError(f"write it in days, as in `3d`, not {value!r}")
    return timedelta(days=int(found[1]))


_Seconds = Annotated[timedelta, BeforeValidator(_seconds)]
_Days = Annotated[timedelta, BeforeValidator(_days)]


class _SampleEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SampleFeedEntry(_SampleEntry):
    id: str
    language: str
    title: str
    description: str
    format: FeedFormat = FeedFormat.RSS
    detail: RssDetail = RssDetail.CONTENT
    charset: str = "utf-8"


class _SampleAgencyEntry(_SampleEntry):
    id: str
    name: str
    aliases: tuple[str, ...]
    home: str
    feeds: tuple[_SampleFeedEntry, ...]


class _SampleItemEntry(_SampleEntry):
    feed: str
    title: str
    text: str  # paragraphs separated by blank lines
    id: str | None = None
    revises: str | None = None
    minutes_ago: int | None = None
    appears_after: _Seconds | None = None
    published_in: _Days | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> _SampleItemEntry:
        if (self.id is None) == (self.revises is None):
            raise ValueError("give either `id` or `revises`")
        if (self.minutes_ago is None) == (self.appears_after is None):
            raise ValueError("give either `minutes_ago` or `appears_after`")
        if self.revises is not None and self.published_in is not None:
            raise ValueError("give `published_in` with the `id`: a revision keeps its item's date")
        return self

    def to_item(self, story: str) -> SampleItem:
        after = self.appears_after or timedelta(minutes=-(self.minutes_ago or 0))
        return SampleItem(
            id=self.id or self.revises or "",
            feed_id=self.feed,
            story=story,
            title=self.title,
            paragraphs=tuple(part.strip() for part in self.text.strip().split("\n\n")),
            after=after,
            dated_after=after if self.published_in is None else self.published_in,
            is_revision=self.revises is not None,
        )


_AGENCIES = TypeAdapter(tuple[_SampleAgencyEntry, ...])
_STORIES = TypeAdapter(dict[str, tuple[_SampleItemEntry, ...]])
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster


def load(directory: Path = DIRECTORY) -> Wire:
    """Read `agencies.yaml` and `wire/*.yaml` below `directory`.

    Raises ConfigError with every mistake of the first malformed file or, when all files can be read, with every
    contradiction between the items.
    """
    agencies = _read(directory / "agencies.yaml", _AGENCIES)
    feeds = tuple(feed for agency in agencies for feed in _feeds(agency))
    items = [
        entry.to_item(story)
        for path in sorted((directory / "wire").glob("*.yaml"))
        for story, entries in _read(path, _STORIES).items()
        for entry in entries
    ]
    items.sort(key=lambda item: item.after)
    if mistakes := list(_contradictions(feeds, items)):
        raise ConfigError(str(directory / "wire"), mistakes)
    return Wire(
        agencies=tuple(
            Agency(id=a.id, name=a.name, aliases=a.aliases, home=a.home) for a in agencies
        ),
        feeds=feeds,
        items=tuple(items),
    )


def settings_mapping(
    wire: Wire, server_url: str, directory: Path, *, base_url: str = "http://127.0.0.1:8000"
) -> dict[str, object]:
    """The configuration of the demo, with the keys of `feeds.yaml`.

    `server_url` is the address of the sample server, without a trailing slash; database and merged feeds are
    written into `directory`; `base_url` is the address of the merged feeds.
    """
    return {
        "store": f"sqlite:///{directory / 'aggregator.db'}",
        "output": {
            "directory": str(directory / "feeds"),
            "base_url": base_url,
            "title": "Merged agency feed (demonstration: all news is invented)",
        },
        "fetch": {
            "interval": POLL_INTERVAL,
            "timeout": "10s",
            "host_gap": "0s",
            "host_concurrency": 4,
            "allow_networks": ["127.0.0.1/32"],
        },
        "agencies": [_agency_mapping(wire, agency, server_url) for agency in wire.agencies],
    }


def _agency_mapping(wire: Wire, agency: Agency, server_url: str) -> dict[str, object]:
    return {
        "id": agency.id,
        "name": agency.name,
        "aliases": list(agency.aliases),
        "feeds": [
            {
                "id": feed.id,
                "url": server_url + feed.path,
                "language": feed.language,
                "interval": POLL_INTERVAL,
                "fulltext": "never",  # what is said of a summary is a part of what is shown
            }
            for feed in wire.feeds
            if feed.agency_id == agency.id
        ],
    }


def _feeds(agency: _SampleAgencyEntry) -> Iterator[SampleFeed]:
    for feed in agency.feeds:
        yield SampleFeed(agency_id=agency.id, **feed.model_dump())


def _read(path: Path, adapter: TypeAdapter[T]) -> T:
    try:
        return adapter.validate_python(yaml.load(path.read_text("utf-8"), _LOADER))  # noqa: S506  # a safe one
    except yaml.YAMLError as error:
        raise ConfigError(str(path), [Mistake(0, "", f"is not YAML: {error}")]) from error
    except ValidationError as error:
        mistakes = [Mistake(0, ".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()]
        raise ConfigError(str(path), mistakes) from error


def _contradictions(feeds: Sequence[SampleFeed], items: Sequence[SampleItem]) -> Iterator[Mistake]:
    """Mistakes no single entry shows: unknown feeds, repeated ids, revisions without an earlier item."""
    known_feeds = {feed.id for feed in feeds}
    seen: dict[tuple[str, str], SampleItem] = {}
    for item in items:
        name = f"{item.feed_id}/{item.id}"
        earlier = seen.setdefault((item.feed_id, item.id), item)
        if item.feed_id not in known_feeds:
            yield Mistake(0, name, "there is no such feed")
        if item.is_revision and (earlier is item or earlier.story != item.story):
            yield Mistake(0, name, "revises no earlier item of this feed and story")
        if not item.is_revision and earlier is not item:
            yield Mistake(0, name, "two items of this feed have this id")
    at_start = {item.feed_id for item in items if item.after <= timedelta(0)}
    for feed_id in sorted(known_feeds - at_start):
        yield Mistake(0, feed_id, "has no item at the start")
