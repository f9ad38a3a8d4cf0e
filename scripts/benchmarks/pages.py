"""Every page at 100,000 items, on SQLite and on PostgreSQL: how long the server takes to make it.

The web application answers in this process. Nothing is answered from its caches, for a story has changed
whenever it asks. The store is that of `newsroom`; a second run finds SQLite's where the first left it
(`PAGES_STORE=FILE`). Where PostgreSQL's programs are not installed, its columns are left out.

A page whose address this version does not have is left out too.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import quote

import httpx

from aggregator.allocation import collect_rarely, keep_what_is_loaded
from aggregator.config import Settings
from aggregator.model import StoryQuery
from aggregator.store.store import Store
from aggregator.web.app import create_app
from scripts.benchmarks.machine import describe
from scripts.benchmarks.newsroom import NOW, fill, settings, words_by_rank
from tests.postgres import PrivateServer, programs

RUNS = 20  # of each page, after one that is not counted
SOURCE = "http://127.0.0.1:8000"
RARE, SELDOM, OFTEN, OFTEN_TOO = words_by_rank(8000, 700, 60, 61)
SEARCHES = (
    RARE,
    SELDOM,
    OFTEN,
    "the",
    f"{OFTEN} {OFTEN_TOO}",
    '"of the"',
    f'"{OFTEN} {OFTEN_TOO}"',
    f"{SELDOM} -{OFTEN}",
    f"{OFTEN} -{SELDOM}",
)
CONDITIONS = (
    "language=ru",
    "language=zh",
    "agency=agency01",
    "agency=rare",
    "origin=agency01",
    "origin=rare",
    "carried_by=agency01",
    "origin=agency01&carried_by=agency02",
    "kind=translation",
    "credit=none",
    "kind=near&credit=none&carried_by=agency02",
    "stale=1",
    "stale=1&agency=agency01",
    "killed=1",
    "min_items=2",
    "min_items=4",
    "since=24h",
    "until=20d",
    "agency=rare&language=en",
    "prefer=en,ru",
)
SORTS = ("carried", "fast")


class Changing(Store):
    """A store in which a story has changed, whenever it is asked."""

    _versions = count(1)

    def version(self) -> int:
        """Another number than before."""
        return next(self._versions)


def main() -> None:
    """Fill the stores, ask for each page, and print a line for each."""
    print(describe("sqlalchemy", "starlette", "jinja2"))
    measured = {}
    with tempfile.TemporaryDirectory() as directory:
        file = os.environ.get("PAGES_STORE", f"{directory}/aggregator.db")
        measured["SQLite"] = measure(f"sqlite:///{file}")
    if programs():
        with server() as url:
            measured["PostgreSQL"] = measure(url)
    print("ms, half within and 95 % within".ljust(58), *(f"{name:>14}" for name in measured))
    for address in next(iter(measured.values())):
        figures = (measured[name].get(address) for name in measured)
        shown = (f"{each[0]:6.1f} {each[1]:7.1f}" if each else " " * 14 for each in figures)
        print(address.ljust(58), *shown)


@contextmanager
def server() -> Iterator[str]:
    """A private PostgreSQL."""
    private = PrivateServer()
    try:
        yield private.url
    finally:
        private.close()


def measure(url: str) -> dict[str, tuple[float, float]]:
    """Half of the requests for each page, and 95 of a hundred, are answered within so many milliseconds."""
    started = time.monotonic()
    store = Changing(url)
    store.prepare()
    if not store.story_days():
        fill(store)
        print(f"{url.partition(':')[0]}: filled in {time.monotonic() - started:.0f} s", flush=True)
    try:
        return asyncio.run(ask(store, settings()))
    finally:
        store.close()


async def ask(store: Store, of: Settings) -> dict[str, tuple[float, float]]:
    """Ask for each page in turn; those that are not there are left out."""
    app = create_app(store, of, documents={}, clock=lambda: NOW)
    collect_rarely()  # as the daemon does
    keep_what_is_loaded()
    measured = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SOURCE) as client:
        for address in addresses(store):
            times = [await seconds(client, address) for _ in range(RUNS + 1)]
            if None not in times:
                ordered = sorted(1000 * each for each in times[1:] if each is not None)
                measured[address] = ordered[RUNS // 2], ordered[int(RUNS * 0.95) - 1]
    return measured


async def seconds(client: httpx.AsyncClient, address: str) -> float | None:
    """How long a page took; None where there is none."""
    started = time.perf_counter()
    response = await client.get(address)
    took = time.perf_counter() - started
    if response.status_code == httpx.codes.NOT_FOUND:
        return None
    if response.status_code != httpx.codes.OK:
        raise SystemExit(f"{address}: {response.status_code}\n{response.text[:2000]}")
    return took


def addresses(store: Store) -> Iterator[str]:
    """The address of each page."""
    (deep,) = store.stories(StoryQuery(until_at=NOW.replace(day=5), limit=1))
    (carried,) = store.stories(StoryQuery(min_items=4, limit=1))
    a, b = carried.members[0].item.id, carried.members[1].item.id
    yield from ("/", f"/?after={deep.id}")
    yield from (f"/?sort={name}" for name in SORTS)
    yield from (f"/?sort={name}&after={deep.id}" for name in SORTS)
    yield from (f"/?{condition}" for condition in CONDITIONS)
    yield from (f"/?q={quote(text)}" for text in SEARCHES)
    yield from (f"/stories/{carried.id}", f"/compare/{a}/{b}")
    yield from ("/agencies", "/agencies/agency01", "/corrections", "/feeds")
    yield from ("/merged.rss?language=ru", f"/merged.json?q={quote(OFTEN)}", "/merged.atom?stale=1")


if __name__ == "__main__":
    main()
