"""`/status`: whether all of it works, for people; `/health` says the same to programs."""

from __future__ import annotations

from collections.abc import Callable

from aggregator.model import FeedStatus
from aggregator.web import feed_words
from aggregator.web.health import MAX_UNPLACED, Health, report
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit


def reading(
    health: Callable[[], Health] | None,
) -> Callable[[Site, Visit], DocumentResponse]:
    """The page, over what the daemon says of itself; None where none runs beside the web."""

    def show(site: Site, visit: Visit) -> DocumentResponse:
        return _show(site, visit, health() if health else None)

    return show


def _show(site: Site, visit: Visit, health: Health | None) -> DocumentResponse:
    states = site.store.feed_states()
    waiting = site.store.count_unplaced(limit=MAX_UNPLACED)
    configured = [states.get(feed.id) for feed in site.settings.feeds]
    _, told = report(health, states.values(), waiting=waiting, now=site.clock())
    statuses = [feed_words.status_of(state) for state in configured]
    values = {
        "health": health,
        "problems": told["problems"],
        "polled_at": max(
            (state.polled_at for state in configured if state and state.polled_at), default=None
        ),
        "waiting": waiting,
        "most_waiting": MAX_UNPLACED,
        "feeds": [
            (status, feed_words.status_in_words(status, visit.speech), statuses.count(status))
            for status in (*feed_words.TROUBLE_FIRST,)
            if status is FeedStatus.OK or status in statuses
        ],
    }
    return site.templates.page("status.html", values, speech=visit.speech)
