"""A page is made once for all who ask, until a story changes; and not too many at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from aggregator.errors import NotFoundError, OverloadedError
from aggregator.web import page_cache
from aggregator.web.page_cache import PageCache, Shared

HOME = ("/", b"", "en")


class Maker:
    """Makes pages once `go` is set, and counts them."""

    def __init__(self) -> None:
        self.made = 0
        self.version = 1
        self.go = threading.Event()
        self.go.set()

    def page(self) -> ASGIApp:
        self.made += 1
        assert self.go.wait(60)
        return PlainTextResponse(str(self.made))


@asynccontextmanager
async def cache_of(maker: Maker) -> AsyncIterator[PageCache]:
    with ThreadPoolExecutor(1) as reader:
        yield PageCache(lambda: maker.version, reader)


def with_cache(test: Callable[[PageCache, Maker], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        maker = Maker()
        async with cache_of(maker) as cache:
            await test(cache, maker)

    asyncio.run(asyncio.wait_for(run(), 60))


def test_six_hundred_readers_are_one_page() -> None:
    async def test(cache: PageCache, maker: Maker) -> None:
        pages = await asyncio.gather(*(cache.get(HOME, maker.page) for _ in range(600)))
        assert maker.made == 1
        assert len(set(map(id, pages))) == 1
        assert await cache.kept(HOME) is pages[0]

    with_cache(test)


def test_a_page_is_made_anew_once_a_story_changed() -> None:
    async def test(cache: PageCache, maker: Maker) -> None:
        first = await cache.get(HOME, maker.page)
        maker.version = 2
        assert await cache.kept(HOME) is None
        assert await cache.get(HOME, maker.page) is not first
        assert await cache.get(HOME, maker.page) is await cache.kept(HOME)
        assert maker.made == 2

    with_cache(test)


def test_a_page_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(cache: PageCache, maker: Maker) -> None:
        await cache.get(HOME, maker.page)
        monkeypatch.setattr(page_cache, "PAGE_SECONDS", -1.0)
        assert await cache.kept(HOME) is None
        await cache.get(HOME, maker.page)
        assert maker.made == 2

    with_cache(test)


def test_other_conditions_are_another_page_and_some_are_never_kept() -> None:
    async def test(cache: PageCache, maker: Maker) -> None:
        await cache.get(("/", b"language=bg", "en"), maker.page)
        await cache.get(HOME, maker.page)
        await cache.get(("/feeds", b"", "en"), maker.page, until_change=False)
        await cache.get(("/feeds", b"", "en"), maker.page, until_change=False)
        assert maker.made == 4
        assert await cache.kept(("/feeds", b"", "en")) is None

    with_cache(test)


def test_no_more_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "PAGES", 2)

    async def test(cache: PageCache, maker: Maker) -> None:
        for query in (b"a", b"b"):
            await cache.get(("/", query, "en"), maker.page)
        await cache.get(("/", b"a", "en"), maker.page)  # used again: the other gives way
        await cache.get(("/", b"c", "en"), maker.page)
        kept = [await cache.kept(("/", query, "en")) is not None for query in (b"a", b"b", b"c")]
        assert kept == [True, False, True]

    with_cache(test)


def test_too_many_pages_at_once_are_told_so_and_those_under_way_shared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_cache, "MAX_MAKING", 2)

    async def test(cache: PageCache, maker: Maker) -> None:
        maker.go.clear()
        under_way = [
            asyncio.create_task(cache.get(("/", query, "en"), maker.page))
            for query in (b"a", b"b", b"a")
        ]
        await asyncio.to_thread(_wait_until, lambda: maker.made == 2)
        with pytest.raises(OverloadedError):
            await cache.get(("/", b"c", "en"), maker.page)
        maker.go.set()
        await asyncio.gather(*under_way)
        await cache.get(("/", b"c", "en"), maker.page)
        assert maker.made == 3

    with_cache(test)


def test_who_goes_away_takes_the_page_from_nobody() -> None:
    async def test(cache: PageCache, maker: Maker) -> None:
        maker.go.clear()
        gone, stays = (asyncio.create_task(cache.get(HOME, maker.page)) for _ in range(2))
        await asyncio.to_thread(_wait_until, lambda: maker.made == 1)
        gone.cancel()
        maker.go.set()
        assert await stays is not None

    with_cache(test)


def test_a_page_that_cannot_be_made_is_not_kept() -> None:
    async def test(cache: PageCache, _maker: Maker) -> None:
        def fails() -> ASGIApp:
            raise NotFoundError("none")

        for _ in range(2):
            with pytest.raises(NotFoundError):
                await cache.get(HOME, fails)
        assert await cache.kept(HOME) is None

    with_cache(test)


def test_who_asks_while_it_is_done_gets_what_was_begun_later() -> None:
    async def run() -> None:
        begun, is_begun, let_go = 0, asyncio.Event(), asyncio.Event()

        async def work() -> int:
            nonlocal begun
            begun += 1
            mine = begun
            is_begun.set()
            await let_go.wait()
            return mine

        shared = Shared(work)
        first = [asyncio.create_task(shared.get()) for _ in range(3)]
        await is_begun.wait()
        later = [asyncio.create_task(shared.get()) for _ in range(3)]
        await asyncio.sleep(0)
        let_go.set()
        assert await asyncio.gather(*first) == [1, 1, 1]
        assert await asyncio.gather(*later) == [2, 2, 2]

    asyncio.run(asyncio.wait_for(run(), 60))


def _wait_until(question: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(6000):
        if question():
            return
        tick.wait(0.01)
    raise AssertionError("in vain")
