"""A directory with a configuration and a real store of a few stories, and the command line run in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog

from aggregator.cli import main
from aggregator.match import story
from aggregator.model import (
    Arrival,
    Change,
    ChannelPrint,
    Credit,
    Evidence,
    Feed,
    FeedState,
    Fingerprint,
    Item,
    Kind,
    Match,
    Move,
)
from aggregator.store.store import Store
from tests.contract.samples import unlike
from tests.databases import store_at

CONFIG = """\
store: sqlite:///{directory}/news.db
output: {{directory: "{directory}/feeds"}}
fetch: {{host_gap: 0s, timeout: 5s, allow_networks: [127.0.0.1/32]}}
agencies:
  - id: north
    name: North Wire
    aliases: [Северна тел]
    home: https://north.example
    feeds:
      - {{id: north-en, url: "https://north.example/rss", language: en}}   # the whole wire
      - {{id: north-bg, url: "https://north.example/bg", language: bg}}
  # a small agency
  - id: south
    name: South Wire
    feeds:
      - {{id: south-en, url: "https://south.example/rss", language: en}}
"""
FLOOD = (
    "The river Ardvik rose four metres in two days and closed the bridge at Lonne. "
    "Engineers expect it to open again on Thursday, the road office said."
)
START = datetime(2020, 11, 20, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the command is run; nothing of the machine's own settings reaches it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("AGGREGATOR_CONFIG", "AGGREGATOR_STORE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    structlog.reset_defaults()


@pytest.fixture
def aggregator(directory: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str) -> Done:
        capsys.readouterr()
        code = 0
        try:
            main(args)
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return run


@pytest.fixture
def config(directory: Path) -> Path:
    path = directory / "config" / "feeds.yaml"
    path.parent.mkdir()
    path.write_text(CONFIG.format(directory=directory), "utf-8")
    return path


@pytest.fixture
def stories(config: Path, directory: Path) -> None:
    """The flood twice, as one story; a concert, alone."""
    store_at(directory / "news.db", fill)


SUMMARISE = partial(story.summarise, relate=unlike)


def fill(store: Store) -> None:
    flood = item("north", 1, "Bridge at Lonne closed by flood", FLOOD)
    copy = item("south", 1, "Flood closes Lonne bridge", FLOOD, credit="north")
    concert = item("north", 2, "Choir sings in the mine", "Forty voices sang under ground. " * 4)
    for one in (flood, copy, concert):
        feed = Feed(id=one.feed_id, url=f"https://{one.agency_id}.example/rss", agency_id="")
        store.save_polls([state(feed)], [(arrival(one), FINGERPRINT)])
    near = Match(
        a=copy.id,
        b=flood.id,
        kind=Kind.NEAR,
        score=0.9,
        evidence=Evidence(rule="model", reason="One text is an edited copy of the other."),
    )
    store.place(
        [
            (Move(item_id=flood.id, story_id="sflood"), ()),
            (Move(item_id=copy.id, story_id="sflood", match=near), ()),
            (Move(item_id=concert.id, story_id="sconcert"), ()),
        ],
        summarise=SUMMARISE,
    )


FINGERPRINT = Fingerprint(
    language="en", parts=(ChannelPrint(channel="words", scheme="none", data=b""),)
)


def item(agency: str, number: int, title: str, text: str, *, credit: str = "") -> Item:
    at = START + timedelta(hours=number, minutes=12 if agency == "south" else 0)
    return Item(
        id=f"{agency}{number}",
        feed_id=f"{agency}-en",
        agency_id=agency,
        title=title,
        text=text,
        seen_at=at,
        reported_at=at,
        published_at=at,
        guid=f"{agency}-guid-{number}",
        link=f"https://{agency}.example/{number}",
        language="en",
        content_hash=f"{agency}{number}",
        credits=(Credit(agency_id=credit, phrase=f"{credit} reports"),) if credit else (),
    )


def arrival(one: Item) -> Arrival:
    return Arrival(item=one, change=Change.NEW, keys=(f"guid:{one.guid}",))


def state(feed: Feed) -> FeedState:
    return FeedState(feed_id=feed.id, url=feed.url, configured_url=feed.url, next_due_at=START)
