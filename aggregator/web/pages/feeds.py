"""`/feeds`: the state of every feed."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model import Feed, FeedState
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A configured feed with the state of its polls; `state` is None before the first poll."""

    feed: Feed
    state: FeedState | None


def show(site: Site, visit: Visit) -> DocumentResponse:
    """All feeds of the configuration."""
    states = site.store.feed_states()
    rows = [FeedRow(feed=feed, state=states.get(feed.id)) for feed in site.settings.feeds]
    return site.templates.page("feeds.html", {"rows": rows}, speech=visit.speech)
