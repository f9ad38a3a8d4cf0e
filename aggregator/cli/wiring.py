"""What every command needs is built here and let go again: settings and the store."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from aggregator.cli.options import Call
from aggregator.config import Settings, load
from aggregator.errors import ConfigError, Mistake, NotFoundError, UsageError
from aggregator.model import Feed, Item

if TYPE_CHECKING:
    from aggregator.store.store import Store


def settings_of(call: Call) -> Settings:
    """The configuration a call names. Raises ConfigError."""
    if not call.config.exists():
        mend = (
            "there is no such file. Name another with -c FILE; `aggregator` alone says how to "
            "begin, and `aggregator demo` needs no configuration"
        )
        raise ConfigError(str(call.config), [Mistake(0, "", mend)])
    return load(call.config, os.environ)


@contextmanager
def open_store(settings: Settings, *, prepared: bool = True) -> Iterator[Store]:
    """The store; `prepared`: its tables made where there were none, another version's refused."""
    from aggregator.store.store import Store

    store = Store(settings.store)
    try:
        if prepared:
            store.prepare()
        yield store
    finally:
        store.close()


def announce_compilation() -> None:
    """Say so on stderr if the matcher has to be compiled: in the first run after an installation."""
    from aggregator.cli import console
    from aggregator.match.jit import before_compiling

    before_compiling(lambda: console.note("aggregator: compiling the matcher, once, about 40 s"))


def find_item(store: Store, reference: str) -> Item:
    """The item with this id, link or guid, or the lead of the story with this id. Raises NotFoundError."""
    try:
        return store.find_item(reference)
    except NotFoundError:
        with suppress(NotFoundError):
            return store.story(reference).lead
        raise


def chosen_feeds(settings: Settings, ids: Collection[str]) -> list[Feed]:
    """The feeds with these ids; all of them for none. Raises UsageError for an id there is not."""
    known = {feed.id for feed in settings.feeds}
    if unknown := [feed_id for feed_id in ids if feed_id not in known]:
        raise UsageError(
            f"there is no feed '{unknown[0]}'; `aggregator feeds list` shows those there are"
        )
    return [feed for feed in settings.feeds if not ids or feed.id in ids]
