"""Values by id, fetched many at a time and kept while they are often asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LruCache(Generic[Value]):
    """The `capacity` values used last; `fetch` gives those of the ids asked for that there are.

    An id without a value is asked for again each time; to remember that there is none, let `fetch`
    give it a value that says so.
    """

    def __init__(
        self, fetch: Callable[[Sequence[str]], Mapping[str, Value]], *, capacity: int
    ) -> None:
        self._fetch = fetch
        self._capacity = capacity
        self._values: OrderedDict[str, Value] = OrderedDict()  # the last used stand last

    def of(self, ids: Sequence[str]) -> dict[str, Value]:
        """The values of those ids that have one, in the order of `ids`; at most one `fetch`."""
        values = self._values
        if missing := [id_ for id_ in ids if id_ not in values]:
            values.update(self._fetch(missing))
        found = {id_: values[id_] for id_ in ids if id_ in values}
        for id_ in found:
            values.move_to_end(id_)
        while len(values) > self._capacity:
            values.popitem(last=False)
        return found

    def drop(self, id_: str) -> None:
        """Forget a value that has changed where it came from."""
        self._values.pop(id_, None)
