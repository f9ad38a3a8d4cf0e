"""Pages made on a few threads of their own: each once, however many ask for it, until a story changes.

    request --> the stories' version --> the page made of it --> response
                 (one read for all         (cached; under way: shared;
                  who ask meanwhile)        else a thread's, or 503)

So readers of pages wait for each other and not for a queue of the same page made over and over, and what needs no
page (/health, the merged feeds) waits for none of them.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from starlette.types import ASGIApp

from aggregator.errors import OverloadedError

T = TypeVar("T")
Key = tuple[str, bytes, str]  # path, query, language

# All set by hand.
PAGES = 64  # kept: some 10 MB
PAGE_SECONDS = (
    60.0  # that one is kept: `since` moves with the clock, and a comparison may come late
)
THREADS = 4  # a slow search leaves three; making pages is Python's work, and more threads make none faster
MAX_MAKING = 50  # pages under way or waiting for a thread: a second's work


class Shared(Generic[T]):
    """Does `work` once for all who ask at the same time; who asks while it is done shares the next result."""

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        self._work = work
        self._current: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The result of work that begins after this call."""
        if self._next is None or self._next.done():
            self._next = asyncio.create_task(self._run(self._current))
        return await asyncio.shield(self._next)

    async def _run(self, previous: asyncio.Task[T] | None) -> T:
        if previous is not None and not previous.done():
            await asyncio.wait([previous])
        self._current, self._next = self._next, None
        return await self._work()


@dataclass(frozen=True, slots=True)
class _Page:
    version: int
    made_at: float  # monotonic seconds
    response: ASGIApp


class PageCache:
    """Pages by path and query; used from one event loop at a time.

    `version` reads the stories' version; `reader` is the thread that does so.
    """

    def __init__(self, version: Callable[[], int], reader: Executor) -> None:
        self._version = Shared(partial(_on, reader, version))
        self._pages: OrderedDict[Key, _Page] = OrderedDict()
        self._making: dict[tuple[Key, int], asyncio.Task[ASGIApp]] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    async def get(
        self, key: Key, make: Callable[[], ASGIApp], *, until_change: bool = True
    ) -> ASGIApp:
        """The page `make` gives on a thread; kept until the stories change, or not at all.

        Raises OverloadedError when too many pages are being made, else what `make` raises.
        """
        version = await self._version.get()
        if (kept := self._kept(key, version)) is not None:
            return kept
        response = await asyncio.shield(self._task((key, version), make))
        if until_change:
            self._keep(key, _Page(version, time.monotonic(), response))
        return response

    async def kept(self, key: Key) -> ASGIApp | None:
        """The page if it is kept and up to date. Raises StoreError."""
        if key not in self._pages:
            return None
        return self._kept(key, await self._version.get())

    def _kept(self, key: Key, version: int) -> ASGIApp | None:
        page = self._pages.get(key)
        if page is None or page.version != version:
            return None
        if time.monotonic() - page.made_at > PAGE_SECONDS:
            return None
        self._pages.move_to_end(key)
        return page.response

    def _task(self, wanted: tuple[Key, int], make: Callable[[], ASGIApp]) -> asyncio.Task[ASGIApp]:
        task = self._making.get(wanted)
        if task is None or task.done():
            if len(self._making) >= MAX_MAKING:
                raise OverloadedError("Too many pages are asked for at once.")
            task = asyncio.create_task(_on(self._threads, make))
            self._making[wanted] = task
            task.add_done_callback(lambda _: self._making.pop(wanted, None))
        return task

    def _keep(self, key: Key, page: _Page) -> None:
        self._pages[key] = page
        self._pages.move_to_end(key)
        if len(self._pages) > PAGES:
            self._pages.popitem(last=False)


async def _on(executor: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(executor, work)
