"""Long lists in chunks: both engines bound the number of parameters of one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TypeVar

SIZE = 500  # SQLite allows 32,766 parameters, PostgreSQL 65,535

T = TypeVar("T")


def chunks(values: Collection[T]) -> Iterator[list[T]]:
    """Return the values in their order, `SIZE` at a time."""
    rest = iter(values)
    while part := list(islice(rest, SIZE)):
        yield part
