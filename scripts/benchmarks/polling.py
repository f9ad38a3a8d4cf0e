"""1,000 feeds of 30 items on loopback: first poll, nothing changed (304), three new items each.

CPU time is that of the aggregator with its parse workers; the feed server is a process of its own.
Beside it, a loop around feedparser alone: fetch and parse each feed, keep the guids that were seen.
Then whole cycles, each of a fresh process, of 150 feeds: ours, and lemon24/reader's (`beside_reader`).

FEEDS=300 polls fewer, WORDS=40 has shorter texts, READER=/path/to/python names a Python that has reader.
"""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import feedparser

from aggregator.cli.compiling import prepare_matcher
from aggregator.config import FetchSettings, Settings
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.parse.pool import ParserPool
from aggregator.match.matcher import Matcher
from aggregator.model import Agency, Feed, PollResult
from aggregator.pipeline import Pipeline
from aggregator.placer import Placer
from aggregator.store.store import Store
from scripts.benchmarks import beside_reader
from scripts.benchmarks.machine import cpu_seconds, describe

FEEDS = int(os.environ.get("FEEDS", "1000"))
ROUNDS = ("first poll", "304, nothing changed", "3 new items each", "304 again")


@contextmanager
def feed_server() -> Iterator[tuple[str, int]]:
    """The address of the feed server, and its process id, for its CPU time is not to be counted."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "scripts.benchmarks.wire", str(port)]
    process = subprocess.Popen(command)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{url}/0.rss").close()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.kill()
        process.wait()


def grow(url: str) -> None:
    """Three new items in every feed."""
    urllib.request.urlopen(urllib.request.Request(f"{url}/grow", method="POST")).close()


def settings_for(url: str, directory: Path) -> Settings:
    """A thousand agencies with a feed each, all on the server."""
    return Settings(
        store=f"sqlite:///{directory}/aggregator.db",
        fetch=FetchSettings(
            host_gap=timedelta(0),
            host_concurrency=32,
            allow_networks=(ip_network("127.0.0.1/32"),),
        ),
        agencies=tuple(Agency(id=f"a{n}", name=f"Agency {n}") for n in range(FEEDS)),
        feeds=tuple(
            Feed(id=f"f{n}", url=f"{url}/{n}.rss", agency_id=f"a{n}", language="en")
            for n in range(FEEDS)
        ),
    )


async def measure(settings: Settings, url: str, server: int) -> None:
    """Poll all feeds once for each round, and print its figures."""
    store = Store(settings.store)
    store.prepare()
    with ThreadPoolExecutor(1) as writer:
        async with Fetcher(settings.fetch) as fetcher, ParserPool() as parser:
            matcher = Matcher(settings.match, settings.agencies, store.fingerprints)
            placer = Placer(
                store,
                matcher,
                feeds=settings.feeds,
                window=settings.match.window,
                clock=lambda: datetime.now(UTC),
            )
            pipeline = Pipeline(
                settings,
                store=store,
                placer=placer,
                fetcher=fetcher,
                parser=parser,
                writer=writer,
                clock=lambda: datetime.now(UTC),
            )
            await asyncio.get_running_loop().run_in_executor(writer, pipeline.start)
            for name in ROUNDS:
                if name == "3 new items each":
                    grow(url)
                await poll_all(name, pipeline, server)
    store.close()


async def poll_all(name: str, pipeline: Pipeline, server: int) -> None:
    """All feeds once."""
    states = list(pipeline.store.feed_states().values())
    cpu, wall = cpu_seconds(but=server), time.perf_counter()
    reports = await asyncio.gather(*map(pipeline.poll, states))
    cpu, wall = cpu_seconds(but=server) - cpu, time.perf_counter() - wall
    failed = [report for report in reports if report.result is PollResult.FAILED]
    print_figures("aggregator", name, cpu, wall)
    memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    news = sum(report.new for report in reports)
    print(f"{'':13}new {news}, failed {len(failed)}, memory so far {memory_mib} MiB", flush=True)


def measure_feedparser(url: str, server: int) -> None:
    """feedparser fetches and parses one feed after the other, a set remembers guids."""
    seen: set[str] = set()
    etags: dict[int, str | None] = {}
    for name in ROUNDS:
        if name == "3 new items each":
            grow(url)
        cpu, wall = cpu_seconds(but=server), time.perf_counter()
        for number in range(FEEDS):
            feed = feedparser.parse(  # type: ignore[attr-defined,no-untyped-call]  # it has no types
                f"{url}/{number}.rss", etag=etags.get(number)
            )
            etags[number] = feed.get("etag")
            seen.update(entry.id for entry in feed.entries)
        print_figures("feedparser", name, cpu_seconds(but=server) - cpu, time.perf_counter() - wall)


def print_figures(who: str, what: str, cpu: float, wall: float) -> None:
    """One line of figures."""
    print(f"{who:12} {what:22} {FEEDS / wall:7.0f} feeds/s {cpu / FEEDS * 1000:8.2f} CPU-ms a feed")


def main() -> None:
    """Both, one after the other."""
    print(f"Polling {FEEDS:,} feeds of 30 items")
    print(describe("feedparser", "httpx", "numba", "sqlalchemy"))
    prepare_matcher()
    with tempfile.TemporaryDirectory() as directory:
        with feed_server() as (url, server):
            asyncio.run(measure(settings_for(url, Path(directory)), url, server))
        with feed_server() as (url, server):
            measure_feedparser(url, server)
        with feed_server() as (url, _):
            beside_reader.measure(url, Path(directory, "cycles"), grow=lambda: grow(url))


if __name__ == "__main__":
    main()
