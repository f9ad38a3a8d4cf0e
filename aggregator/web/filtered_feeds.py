"""Merged feeds narrowed by parameters, as in /merged.rss?language=bg: rendered when they are requested.

A rendered feed is cached until any story changes; the least recently used one gives way first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from aggregator import provenance
from aggregator.config import Settings
from aggregator.store.store import Store
from aggregator.syndicate import formats
from aggregator.syndicate.document import (
    CURRENT,
    DocumentPlan,
    MergedDocument,
    Rendered,
    newest_first,
)
from aggregator.web.params import Params

CACHE_SIZE = 32  # documents; a feed of 200 entries is about 1 MB


class FilteredFeeds:
    """Renders the newest stories that match parameters. May be called from any thread."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._output = settings.output
        self._agencies = {agency.id: agency for agency in settings.agencies}
        self._feeds = {feed.id: feed.url for feed in settings.feeds}
        self._clock = clock
        self._cached = lru_cache(maxsize=CACHE_SIZE)(self._render)

    def get(self, extension: str, params: Params) -> Rendered:
        """The feed in a format ("rss", "atom", "json"). Raises StoreError."""
        return self._cached(extension, params, self._store.version())

    def _render(self, extension: str, params: Params, _version: int) -> Rendered:
        now = self._clock()
        stories = self._store.stories(params.query(now, size=self._output.items, withdrawn=True))
        document = MergedDocument(
            plan=DocumentPlan(name=CURRENT),
            title=self._title(params),
            description="Agency reports, each once, with its copies",
            base_url=self._output.base_url,
            updated_at=max((provenance.updated_at(story) for story in stories), default=now),
            stories=newest_first(stories),
            feeds=self._feeds,
            query=params.pairs,
        )
        # A copy that joins changes the bytes but no story's time; so Last-Modified is the time of rendering.
        return formats.render(document, extension, self._agencies, last_modified_at=now)

    def _title(self, params: Params) -> str:
        conditions = ", ".join(f"{name} {value}" for name, value in params.pairs)
        return f"{self._output.title} ({conditions})" if conditions else self._output.title
