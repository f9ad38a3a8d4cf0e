"""The parts of a command are built here, and closed again: settings, store, matcher, pipeline.

settings -> store -> matcher, fetcher, parser pool -> pipeline

What is slow to import is imported by the function that builds it, so that a command pays for its own parts only.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from aggregator import descriptors
from aggregator.cli.compiling import prepare_matcher
from aggregator.cli.options import Call
from aggregator.clock import utc_now
from aggregator.config import Settings, load
from aggregator.errors import ConfigError, Mistake, UsageError
from aggregator.model import Feed, Item, Match
from aggregator.patience import Patience

_TRY_SECONDS = 1.0  # of a patient wait: a stop is heard after it

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from aggregator.cli.console import ProgressBar
    from aggregator.editor import Editor
    from aggregator.match.matcher import Matcher
    from aggregator.pipeline import Pipeline
    from aggregator.store.store import Store


# ---------------------------------------------------------------------------------------- settings


def load_settings(call: Call) -> Settings:
    """The configuration a call names. Raises ConfigError."""
    if not call.config.exists():
        message = (
            "there is no such file. Name another with -c FILE. `aggregator` alone shows how to begin; "
            "`aggregator demo` needs no configuration"
        )
        raise ConfigError(str(call.config), [Mistake(0, "", message)])
    return load(call.config, os.environ)


def select_feeds(settings: Settings, ids: Collection[str]) -> list[Feed]:
    """The feeds with these ids, in the order of the configuration; all feeds if `ids` is empty.

    Raises UsageError for an unknown id.
    """
    known = {feed.id for feed in settings.feeds}
    if unknown := [feed_id for feed_id in ids if feed_id not in known]:
        raise UsageError(f"There is no such feed: '{unknown[0]}'. See `aggregator feeds list`.")
    return [feed for feed in settings.feeds if not ids or feed.id in ids]


# ------------------------------------------------------------------------------------------- store


@contextmanager
def open_store(
    settings: Settings, *, prepared: bool = True, patience: Patience | None = None
) -> Iterator[Store]:
    """The store. With `prepared`, missing tables are created and another version's schema is refused.

    With `patience`, a write waits for a locked database as long as that says, in short tries.
    """
    from aggregator.store.store import Store

    store = (
        Store(settings.store, wait_seconds=_TRY_SECONDS, patience=patience)
        if patience
        else Store(settings.store)
    )
    try:
        if prepared:
            store.prepare()
        yield store
    finally:
        store.close()


@contextmanager
def claim_store(
    settings: Settings, *, patience: Patience | None = None
) -> Iterator[tuple[Store, Executor]]:
    """The store, claimed for polling by this process alone, and the one thread that writes to it.

    Raises StoreBusyError when another process polls this database.
    """
    with (
        open_store(settings, patience=patience) as store,
        store.claim(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer") as writer,
    ):
        yield store, writer


# ----------------------------------------------------------------------------- matcher and pipeline


def loaded_matcher(settings: Settings, store: Store, bar: ProgressBar) -> Matcher:
    """A matcher with the items of the window in its index, as the daemon's has them."""
    matcher = _empty_matcher(settings, store)
    for done, entry in enumerate(store.indexed(utc_now() - settings.match.window), start=1):
        if matcher.reads(entry.fingerprint):  # others are renewed when the daemon starts
            matcher.add([entry])
        bar.update("reading the index", done)
    return matcher


def new_editor(settings: Settings, store: Store) -> Editor:
    """An editor for the person who calls the program.

    The matcher that judges pairs which no one has compared yet is built when one is asked for: most
    decisions need none. Without an index it takes all words for as rare as in a new store.
    """
    from functools import cache, partial

    from aggregator.editor import Editor
    from aggregator.match import story

    matcher = cache(partial(_empty_matcher, settings, store))

    def judge(item: Item, other: Item) -> Match:
        return matcher().judge(item, other)

    return Editor(store, summarise=partial(story.summarise, relate=judge), by=machine_user())


def machine_user() -> str | None:
    """The name of the machine's user; None where it has none (a container without one)."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None


def _empty_matcher(settings: Settings, store: Store) -> Matcher:
    from aggregator.match.matcher import Matcher

    prepare_matcher()
    return Matcher(settings.match, settings.agencies, store.fingerprints)


@asynccontextmanager
async def open_pipeline(
    settings: Settings, store: Store, writer: Executor
) -> AsyncIterator[Pipeline]:
    """The pipeline with its fetcher and parser pool, which are closed afterwards."""
    from aggregator.allocation import return_large_blocks
    from aggregator.ingest.http.client import Fetcher
    from aggregator.ingest.parse.pool import ParserPool
    from aggregator.pipeline import Pipeline
    from aggregator.placer import Placer

    return_large_blocks()
    exchanges = descriptors.shares(descriptors.raise_limit()).exchanges
    async with (
        Fetcher(settings.fetch, max_exchanges=exchanges) as fetcher,
        ParserPool() as parser,
    ):
        # The matcher loads while the first parser does: that one is then ready for the first feed.
        matcher = _empty_matcher(settings, store)
        placer = Placer(
            store,
            matcher,
            feeds=settings.feeds,
            window=settings.match.window,
            clock=utc_now,
        )
        yield Pipeline(
            settings,
            store=store,
            placer=placer,
            fetcher=fetcher,
            parser=parser,
            writer=writer,
            clock=utc_now,
        )


def loop_factory() -> Callable[[], AbstractEventLoop] | None:
    """What makes the event loop: uvloop's where there is one, else None for Python's own."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
