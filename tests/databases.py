"""SQLite databases made once and copied for each test: a copy costs a fiftieth of making the tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.store.store import Store


def nothing(store: Store) -> None:
    """The tables alone."""


def store_at(path: Path, fill: Callable[[Store], None] = nothing) -> Store:
    """A prepared database of the test's own at `path`, with what `fill` put into it."""
    path.write_bytes(_image(fill))
    return Store(f"sqlite:///{path}")


@cache
def _image(fill: Callable[[Store], None]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "image.db")
        store = Store(f"sqlite:///{path}")
        store.prepare()
        fill(store)
        store.close()  # and with the last connection what its log held is in the file
        return path.read_bytes()
