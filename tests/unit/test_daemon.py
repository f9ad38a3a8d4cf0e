"""Which of the feeds that are due are polled at a tick."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from aggregator.config import Settings
from aggregator.daemon import POLLS_IN_FLIGHT, WAITING_FOR_A_SITE, Daemon, site_of
from aggregator.metrics import Metrics
from aggregator.model import FeedState, PollReport, PollResult
from aggregator.pipeline import Pipeline
from aggregator.publisher import Publisher

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def state(feed_id: str, site: str) -> FeedState:
    url = f"{site}{feed_id}"
    return FeedState(feed_id=feed_id, url=url, configured_url=url, next_due_at=NOON)


class Pipes:
    """A pipeline whose polls last until they are let go; its own store, too."""

    def __init__(self, *states: FeedState) -> None:
        self.states = {each.feed_id: each for each in states}
        self.feeds = self.states
        self.settings = Settings()
        self.store = self
        self.polled: list[str] = []
        self.done: set[str] = set()
        self.let_go, self.all_done = asyncio.Event(), asyncio.Event()

    def feeds_due(
        self, _now: datetime, *, limit: int, except_at: Collection[str]
    ) -> list[FeedState]:
        due = [
            each
            for each in self.states.values()
            if each.feed_id not in self.done and not each.url.startswith(tuple(except_at))
        ]
        return due[:limit]

    async def poll(self, feed: FeedState) -> PollReport:
        self.polled.append(feed.feed_id)
        await self.let_go.wait()
        self.done.add(feed.feed_id)
        if len(self.done) == len(self.states):
            self.all_done.set()
        return PollReport(feed_id=feed.feed_id, result=PollResult.UNCHANGED)


def test_a_site_of_many_feeds_keeps_no_other_waiting() -> None:
    crowd = [state(f"c{n}", "https://crowd.example/") for n in range(2 * POLLS_IN_FLIGHT)]

    async def run() -> None:
        pipes = Pipes(*crowd, state("other", "https://other.example/"))
        with ThreadPoolExecutor() as writer:
            daemon = Daemon(
                cast(Pipeline, pipes),
                cast(Publisher, SimpleNamespace()),
                Metrics(NOON),
                writer=writer,
                config_changed=lambda: False,
            )
            most = WAITING_FOR_A_SITE + pipes.settings.fetch.host_concurrency
            await daemon.tick()
            await daemon.tick()
            await asyncio.sleep(0)
            assert len(pipes.polled) == most + 1
            assert "other" in pipes.polled
            pipes.let_go.set()
            await asyncio.wait_for(pipes.all_done.wait(), 60)  # without a tick: who ends makes room
            await asyncio.sleep(0)
            assert sorted(pipes.polled) == sorted(pipes.states)
            assert not daemon.sites

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://a.example/rss/bg", "https://a.example/"),
        ("http://a.example:8080/rss", "http://a.example:8080/"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_the_site_of_an_address(url: str, site: str) -> None:
    assert site_of(url) == site
