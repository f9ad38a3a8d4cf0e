"""The entries in the last body of each feed, so that those still there need not be parsed again.

In memory only: after a start the first body of a feed is parsed in full. Only an entry whose present
text is stored is here; one that was ignored for a reason that may end, such as a stale cache's, is
parsed at every poll.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

# Of a feed, set by hand to bound memory; the rest of a longer one is parsed again.
MAX_ENTRIES = 300


class SeenEntry(NamedTuple):
    """The item an entry is, when its feed says it was published, and the words of its text."""

    item_id: str
    published_at: datetime | None
    words: int = 0


class SeenEntries:
    """The entries seen in each feed's last body, by their digests (`parse.skip_known`)."""

    def __init__(self) -> None:
        self._feeds: dict[str, dict[str, SeenEntry]] = {}

    def of(self, feed_id: str) -> Mapping[str, SeenEntry]:
        """Those of one feed; empty before its first body."""
        return self._feeds.get(feed_id, {})

    def replace(self, feed_id: str, entries: Mapping[str, SeenEntry]) -> None:
        """Remember these of a feed, and no others."""
        self._feeds[feed_id] = dict(islice(entries.items(), MAX_ENTRIES))
