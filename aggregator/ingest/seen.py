"""What stood in the last body of each feed, so that what still stands there need not be read again.

Kept in memory alone: after a start the first body of a feed is read whole. Only an entry that is
stored word for word as it stands is remembered here; one passed over for a reason that may end, such
as a stale cache's, is read at every poll.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

MOST_ENTRIES = 300  # of a feed; the rest of a longer one is read again


class Stood(NamedTuple):
    """An entry as it stood: the item it is, and when its feed says it was published."""

    item_id: str
    published_at: datetime | None


class Standing:
    """The entries that stand in each feed, by their marks."""

    def __init__(self) -> None:
        self._feeds: dict[str, dict[str, Stood]] = {}

    def of(self, feed_id: str) -> Mapping[str, Stood]:
        """Those of one feed; empty before its first body."""
        return self._feeds.get(feed_id, {})

    def renew(self, feed_id: str, entries: Mapping[str, Stood]) -> None:
        """Remember these of a feed, and no others."""
        self._feeds[feed_id] = dict(islice(entries.items(), MOST_ENTRIES))
