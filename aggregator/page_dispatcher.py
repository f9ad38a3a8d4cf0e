"""Has the article pages read that items wait for: one at a time of each site, the earliest reported first.

    the store's waiting items --> by site --+-- site at rest between two pages, or busy --> later
                                            +-- room? --> `page_reader`, then the site's next

What waits is in the store; here is only whose turn it is. `PollDispatcher` does the same for polls.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from aggregator.model import PageReport, PollReport
from aggregator.page_reader import PageReader, WantedPage

MAX_PAGES = 16  # in flight, of as many sites; set by hand: few beside the polls
_STEP_SECONDS = 1.0  # a drain looks so often whose turn it is
_SETTLE_SECONDS = (
    2.0  # a poll is told once its pages were read, or without; set by hand: most failures are known
)


class PageDispatcher:
    """The pages in flight. `report` is called with what came of each, inside `supervise()`."""

    def __init__(
        self,
        reader: PageReader,
        *,
        report: Callable[[PageReport], None],
        supervise: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._reader = reader
        self._report = report
        self._supervise = supervise
        self._queues: dict[str, list[WantedPage]] = {}  # by site; what is in flight is in none
        self._in_flight: dict[str, asyncio.Task[None]] = {}  # by site
        self._may_wait = True  # whether the store may have items that wait
        self._refreshing = asyncio.Lock()
        self._wakings: set[asyncio.Task[None]] = set()
        self._settling: set[asyncio.Task[None]] = set()
        self._matched = Counter[str]()  # items that joined a story with their pages, by feed
        self._progress = asyncio.Event()  # of the next page
        self._is_closed = False

    def __len__(self) -> int:
        """How many pages are in flight."""
        return len(self._in_flight)

    def wake(self) -> None:
        """Items wait now: begin at once, without waiting for the next `read_due`."""
        self._may_wait = True
        if not self._is_closed:
            task = asyncio.create_task(self._read_due())
            self._wakings.add(task)
            task.add_done_callback(self._wakings.discard)

    def settle(self, report: PollReport, then: Callable[[PollReport], None]) -> None:
        """Begin to read the pages of a poll; `then` gets its report once they are read, or after two seconds."""
        self.wake()
        task = asyncio.create_task(self._settle(report, then))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def read_due(self) -> None:
        """Place what has waited long enough, and begin to read the pages whose turn it is."""
        if not self._may_wait or self._is_closed:
            return
        async with self._refreshing:
            if overdue := await self._reader.release_overdue():
                self._tell(overdue)
            busy = set(self._in_flight)  # what is read now may be finished before it is looked at
            waiting = await asyncio.to_thread(self._reader.waiting)
            self._may_wait = bool(waiting)
            self._queues = {site: pages for site, pages in self._queues.items() if site in busy}
            for page in waiting:
                if page.host not in busy:
                    self._queues.setdefault(page.host, []).append(page)
        self._start()

    async def drain(self, *, seconds: float) -> None:
        """Read the pages whose turn comes within so many seconds; what waits longer is left waiting."""
        now = asyncio.get_running_loop().time
        deadline = now() + seconds
        while now() < deadline and not self._is_closed:
            if self._in_flight:
                await asyncio.wait(
                    self._in_flight.values(), timeout=min(_STEP_SECONDS, deadline - now())
                )
                continue
            await self.read_due()
            if not self._in_flight and not await self._rest_until(deadline):
                break
        await self.close(timeout_seconds=_STEP_SECONDS)

    async def _rest_until(self, deadline: float) -> bool:
        """Wait for the next site's turn; False where there is none before the deadline."""
        turns = map(self._reader.articles.seconds_until_ready, self._queues)
        wait = min(turns, default=None)
        if wait is None or asyncio.get_running_loop().time() + wait > deadline:
            return False
        await asyncio.sleep(wait)
        return True

    def stop(self) -> None:
        """Ask for no more pages."""
        self._is_closed = True

    async def close(self, *, timeout_seconds: float) -> None:
        """Ask for no more pages, abandon those that are being fetched: their items wait on."""
        self.stop()
        self._progress.set()
        tasks = [*self._in_flight.values(), *self._wakings]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await asyncio.gather(*tasks, *self._settling, return_exceptions=True)

    def _start(self) -> None:
        """Start a page of each site whose turn it is, where there is room."""
        for host in list(self._queues):
            if self._is_closed or len(self._in_flight) >= MAX_PAGES:
                return
            is_ready = self._reader.articles.seconds_until_ready(host) <= 0
            if is_ready and host not in self._in_flight:
                page, *rest = self._queues.pop(host)
                if rest:
                    self._queues[host] = rest
                self._in_flight[host] = task = asyncio.create_task(self._read(page))
                task.add_done_callback(partial(self._ended, host))

    async def _read(self, page: WantedPage) -> None:
        with self._supervise():
            report = await self._reader.read(page)
            if report.items > len(page.item_ids):  # all that waited for the site
                self._queues.pop(page.host, None)
            self._tell(report)

    def _tell(self, report: PageReport) -> None:
        self._matched.update(report.matched)
        self._report(report)
        self._progress.set()
        self._progress = asyncio.Event()

    async def _settle(self, report: PollReport, then: Callable[[PollReport], None]) -> None:
        before, waiting = self._matched[report.feed_id], report.waiting
        with self._supervise(), contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SETTLE_SECONDS):
                while waiting and not self._is_closed:
                    progress = self._progress
                    waiting = (await asyncio.to_thread(self._reader.count_waiting))[report.feed_id]
                    if waiting:
                        await progress.wait()
        matched = report.matched + self._matched[report.feed_id] - before
        then(replace(report, matched=matched, waiting=waiting))

    def _ended(self, host: str, _task: asyncio.Task[None]) -> None:
        del self._in_flight[host]
        self._start()

    async def _read_due(self) -> None:
        with self._supervise():
            await self.read_due()
