"""Merged feeds narrowed by parameters, as in /merged.rss?language=bg: rendered when they are requested.

A rendered feed is cached until any story changes; the least recently used one gives way first.
"""

from __future__ import annotations

from functools import lru_cache

from aggregator import provenance
from aggregator.filters import Filter, default_preference
from aggregator.syndicate import formats
from aggregator.syndicate.document import (
    CURRENT,
    DocumentPlan,
    MergedDocument,
    Rendered,
    newest_first,
)
from aggregator.web.filter_words import in_words
from aggregator.web.site import Site

CACHE_SIZE = 32  # documents; a feed of 200 entries is about 1 MB


class FilteredFeeds:
    """Renders the newest stories that match parameters. May be called from any thread."""

    def __init__(self, site: Site) -> None:
        self._store = site.store
        self._output = site.settings.output
        self._preference = default_preference(site.settings)
        self._agencies = site.agencies
        self._feeds = {feed.id: feed.url for feed in site.settings.feeds}
        self._clock = site.clock
        self._cached = lru_cache(maxsize=CACHE_SIZE)(self._render)

    def get(self, extension: str, wanted: Filter) -> Rendered:
        """The feed in a format ("rss", "atom", "json"). Raises StoreError."""
        return self._cached(extension, wanted, self._store.version())

    def _render(self, extension: str, wanted: Filter, _version: int) -> Rendered:
        now = self._clock()
        stories = self._store.stories(wanted.query(now, limit=self._output.items, withdrawn=True))
        document = MergedDocument(
            plan=DocumentPlan(name=CURRENT),
            title=self._title(wanted),
            description="Agency reports, each once, with its copies",
            base_url=self._output.base_url,
            updated_at=max((provenance.updated_at(story) for story in stories), default=now),
            stories=newest_first(stories),
            feeds=self._feeds,
            query=wanted.pairs,
            preference=wanted.prefer or self._preference,
        )
        # A copy that joins changes the bytes but no story's time; so Last-Modified is the time of rendering.
        return formats.render(document, extension, self._agencies, last_modified_at=now)

    def _title(self, wanted: Filter) -> str:
        conditions = in_words(wanted, self._agencies)
        return f"{self._output.title}: {conditions}" if conditions else self._output.title
