"""Starts the polls that are due where there is room: in all, and for each site.

A site answers few requests at once (`fetch.host_concurrency`), so the polls of a site with thousands of
feeds would take all the room, and the feeds of other sites would wait. What has no room waits in the store.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from aggregator.model import FeedState, PollReport
from aggregator.pipeline import Pipeline

# Both set by hand: enough that no worker idles between two ticks, few enough that a poll at the end of
# the queue is not out of date when its turn comes.
MAX_POLLS = 1000  # in flight, those that wait for their site's turn included
MAX_WAITING_PER_SITE = 50  # of these, beside those the site may be asked at once
HOLD_SECONDS = 5.0  # without a descriptor left: some polls end meanwhile
HOLD_IS_NEWS_SECONDS = 300.0  # a shortage that lasts is told so often


class PollDispatcher:
    """The polls in flight. `report` is called with what came of each, inside `supervise()`."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        report: Callable[[PollReport], None],
        supervise: Callable[[], AbstractContextManager[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self.per_site = Counter[str]()  # polls in flight; a site without any is not in it
        self._pipeline = pipeline
        self._report = report
        self._supervise = supervise
        self._clock = clock
        self._polls: dict[str, asyncio.Task[None]] = {}  # by feed id
        self._site_limit = pipeline.settings.fetch.host_concurrency + MAX_WAITING_PER_SITE
        self._backlogged: set[str] = set()  # sites with more feeds due than may be in flight
        self._dispatching = asyncio.Lock()
        self._refills: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._held_until = self._told_until = -math.inf  # in the event loop's time

    def __len__(self) -> int:
        """How many polls are in flight."""
        return len(self._polls)

    async def start_due(self, now: datetime) -> None:
        """Start the polls that are due and not in flight, oldest first, where there is room."""
        async with self._dispatching:
            in_flight = set(self._polls)  # the states read now may be out of date once these end
            room = MAX_POLLS - len(in_flight)
            if room <= 0 or asyncio.get_running_loop().time() < self._held_until:
                return
            full = {site for site in self.per_site if self._is_at_limit(site)}
            states = await asyncio.to_thread(
                self._pipeline.store.feeds_due, now, limit=room + len(in_flight), except_at=full
            )
            for state in states:
                if state.feed_id in in_flight or state.feed_id not in self._pipeline.feeds:
                    continue
                if self._is_at_limit(site_of(state.url)):
                    full.add(site_of(state.url))
                elif not self._is_closed:
                    self._start(state)
            self._backlogged = full

    def hold(self) -> bool:
        """Start no polls for a moment, as there is no descriptor for them; whether that is news."""
        now = asyncio.get_running_loop().time()
        is_news = now >= self._told_until
        self._held_until = now + HOLD_SECONDS
        if is_news:
            self._told_until = now + HOLD_IS_NEWS_SECONDS
        return is_news

    async def close(self, *, timeout_seconds: float) -> None:
        """Start no more polls; finish what already reached the writer, abandon what is being fetched."""
        self._is_closed = True
        tasks = [*self._polls.values(), *self._refills]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await asyncio.gather(*tasks, return_exceptions=True)

    def _is_at_limit(self, site: str) -> bool:
        return self.per_site[site] >= self._site_limit

    def _start(self, state: FeedState) -> None:
        task = asyncio.create_task(self._poll(state))
        site = site_of(state.url)
        self._polls[state.feed_id] = task
        self.per_site[site] += 1

        def ended(_task: asyncio.Task[None]) -> None:
            del self._polls[state.feed_id]
            self.per_site[site] -= 1
            self.per_site += Counter()  # drops sites without polls
            self._refill(site)

        task.add_done_callback(ended)

    async def _poll(self, state: FeedState) -> None:
        with self._supervise():
            self._report(await self._pipeline.poll(state))

    def _refill(self, site: str) -> None:
        """Start more of a backlogged site once half of its queue is gone: the next tick is far off."""
        few = self._site_limit - MAX_WAITING_PER_SITE // 2
        if site in self._backlogged and self.per_site[site] <= few and not self._is_closed:
            self._backlogged.discard(site)
            task = asyncio.create_task(self._start_more())
            self._refills.add(task)
            task.add_done_callback(self._refills.discard)

    async def _start_more(self) -> None:
        with self._supervise():
            await self.start_due(self._clock())


def site_of(url: str) -> str:
    """The part of an address that all feeds of one server share: "https://bta.example/"."""
    return url[: url.find("/", len("https://")) + 1] or url
