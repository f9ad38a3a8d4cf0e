"""What reading article pages gains: the demo's wire as feeds of summaries or titles, with their pages and without.

    python -m scripts.evaluation.fulltexts

Polls the sample agencies over HTTP as `aggregator poll` does, and compares the stories with the true ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from aggregator.cli import cycle
from aggregator.cli.wiring import open_store
from aggregator.clock import utc_now
from aggregator.config import Settings, parse
from aggregator.demo import samples
from aggregator.demo.dispatch import FeedFormat, RssDetail
from aggregator.demo.server import SampleServer
from aggregator.model import Fulltext, Story, StoryQuery

DETAILS = (RssDetail.SUMMARY, RssDetail.TITLE)
CHOICES = (Fulltext.NEVER, Fulltext.AUTO)
Pairs = set[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Pairs of items: those of one story in truth, those found, by whether they are of one language."""

    true: Mapping[bool, Pairs]
    found: Mapping[bool, Pairs]

    def recall(self, *, across: bool) -> float:
        """The share of the true pairs that were found."""
        return len(self.true[across] & self.found[across]) / len(self.true[across])

    def precision(self, *, across: bool) -> float:
        """The share of the pairs found that are true; 1 where none was."""
        found = self.found[across]
        return len(self.true[across] & found) / len(found) if found else 1.0


def measure(detail: RssDetail, choice: Fulltext) -> Measured:
    """The demo's wire, its feeds reduced to so much of each item, polled once."""
    wire = samples.load()
    feeds = (replace(feed, format=FeedFormat.RSS, detail=detail) for feed in wire.feeds)
    wire = replace(wire, feeds=tuple(feeds))
    with (
        TemporaryDirectory() as directory,
        SampleServer(wire, clock=utc_now, everything=True) as server,
    ):
        mapping: Any = samples.settings_mapping(wire, server.url, Path(directory))
        for agency, at in ((a, n) for a in mapping["agencies"] for n in range(len(a["feeds"]))):
            agency["feeds"][at]["fulltext"] = choice.value
        settings = parse(json.dumps(mapping, ensure_ascii=False), file="demo")
        stories = _polled(settings)
    languages = {feed.id: feed.language for feed in wire.feeds}
    found = {_name(m.item.guid or ""): story.id for story in stories for m in story.members}
    true = {f"{item.feed_id}:{item.id}": item.story for item in wire.items}
    return Measured(true=_pairs(true, languages), found=_pairs(found, languages))


def _polled(settings: Settings) -> list[Story]:
    """The stories once all feeds were polled and no item waits for its page any more."""
    is_first = is_waiting = True
    while is_waiting:  # one cycle reads what comes to its turn in so many seconds
        cycle.poll_once(settings, feed_ids=(), everything=is_first, on_progress=lambda *_: None)
        with open_store(settings) as store:
            is_first, is_waiting = False, bool(store.waiting_for_pages())
            stories = store.stories(StoryQuery())
    return stories


def _name(guid: str) -> str:
    """The feed and the id of "tag:bta-bg.example,2026:ferry"."""
    _, domain, item_id = guid.split(":")
    return f"{domain.partition('.example')[0]}:{item_id}"


def _pairs(stories: Mapping[str, str], languages: Mapping[str, str]) -> dict[bool, Pairs]:
    found: dict[bool, Pairs] = {False: set(), True: set()}
    for a, b in _of_one_story(stories):
        across = languages[a.partition(":")[0]] != languages[b.partition(":")[0]]
        found[across].add((a, b))
    return found


def _of_one_story(stories: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for a, b in combinations(sorted(stories), 2):
        if stories[a] == stories[b]:
            yield a, b


def main() -> None:
    """Print the figures."""
    table = Table(
        "feeds have", "fulltext", "copies: precision", "recall", "translations: precision", "recall"
    )
    for detail, choice in product(DETAILS, CHOICES):
        got = measure(detail, choice)
        figures = [
            f"{value:.3f}"
            for across in (False, True)
            for value in (got.precision(across=across), got.recall(across=across))
        ]
        table.add_row(detail.value, choice.value, *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
