"""Which known item is a member of which story: asked by all channels, kept in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from aggregator.model import Credit


class IndexRow(NamedTuple):
    """An indexed item; `shared_bands` is how many LSH bands it shares with a query (0 outside queries)."""

    item_id: str
    story_id: str
    agency_id: str
    language: str
    reported_at: int  # seconds since 1970, UTC
    shared_bands: int = 0


class Registry(Protocol):
    """What is asked. The words channel keeps it beside its signatures, so that ids are held once."""

    def members(self, story_id: str) -> Sequence[IndexRow]:
        """The known members of a story, the newest first, one for each revision."""
        ...

    def story_of(self, item_id: str) -> str | None:
        """The story of an item; None for one that is not known."""
        ...

    def cites(self, item_id: str) -> bool:
        """Whether a known item credits another agency than its own."""
        ...

    def move(self, item_id: str, story_id: str) -> None:
        """Put a known item into another story; one that is not known is left alone."""
        ...


def cites_another(credits_: Iterable[Credit], agency_id: str) -> bool:
    """Whether an item with these credits names another agency than its own."""
    return any(credit.agency_id != agency_id and not credit.background for credit in credits_)
