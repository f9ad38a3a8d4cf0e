"""Merged feeds that are not on the shelf: those that answer a question, rendered when asked for.

An answer is kept until any story changes, or until others were asked for more lately.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from aggregator import provenance
from aggregator.config import Settings
from aggregator.store.store import Store
from aggregator.syndicate import formats
from aggregator.syndicate.document import CURRENT, DocumentPlan, MergedDocument, Rendered
from aggregator.web.params import Question

KEPT = 32  # a feed of 200 entries is about 1 MB


class FilteredFeeds:
    """Renders the newest stories a question asks for. May be called from any thread."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._output = settings.output
        self._agencies = {agency.id: agency for agency in settings.agencies}
        self._feeds = {feed.id: feed.url for feed in settings.feeds}
        self._clock = clock
        self._kept = lru_cache(maxsize=KEPT)(self._render)

    def get(self, extension: str, question: Question) -> Rendered:
        """The feed in a format ("rss", "atom", "json"). Raises StoreError."""
        return self._kept(extension, question, self._store.version())

    def _render(self, extension: str, question: Question, _version: int) -> Rendered:
        now = self._clock()
        stories = self._store.stories(question.query(now, size=self._output.items))
        document = MergedDocument(
            plan=DocumentPlan(name=CURRENT),
            title=self._title(question),
            description="Agency reports, each once, with its copies",
            base_url=self._output.base_url,
            updated_at=max((provenance.updated_at(story) for story in stories), default=now),
            stories=stories,
            feeds=self._feeds,
            query=question.pairs,
        )
        # A copy that joins changes the bytes but no story's time, so the time is when we looked.
        return formats.render(document, extension, self._agencies, last_modified_at=now)

    def _title(self, question: Question) -> str:
        asked = ", ".join(f"{name} {value}" for name, value in question.pairs)
        return f"{self._output.title} ({asked})" if asked else self._output.title
