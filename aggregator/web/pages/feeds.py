"""`/feeds`: how every feed is doing, those in trouble first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from aggregator.i18n import Translator
from aggregator.lengths import COMPARED_ITEMS, LEAST_WORDS, allow_translations, compared_words
from aggregator.model import Feed, FeedState, FeedStatus
from aggregator.store.store import Store
from aggregator.web import feed_words
from aggregator.web.charts.bars import Bar, bars
from aggregator.web.feed_words import Trouble
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit

DAYS = 14  # of the small charts, today among them


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A configured feed with the state of its polls, None before the first, and what is said of it."""

    feed: Feed
    state: FeedState | None
    status: FeedStatus
    trouble: Trouble | None
    why_next: str
    left_out: str
    shortness: str  # that its items are too short; "" where they are not, or that is not known
    a_day: list[int]  # items, the earliest day first
    bars: list[Bar]


def show(site: Site, visit: Visit) -> DocumentResponse:
    """All feeds of the configuration."""
    feeds, now = site.settings.feeds, site.clock()
    states = site.store.feed_states()
    days = _days(now)
    midnight = datetime.combine(days[0], datetime.min.time(), UTC)
    items = site.store.items_a_day([feed.id for feed in feeds], midnight)
    words = _short_feeds(site.store, feeds, states)
    rows = [
        _row(
            feed,
            states.get(feed.id),
            [items.get(feed.id, {}).get(day, 0) for day in days],
            words.get(feed.id),
            visit.speech,
        )
        for feed in feeds
    ]
    values = {
        "rows": sorted(rows, key=lambda row: feed_words.TROUBLE_FIRST.index(row.status)),
        "summary": feed_words.summary((row.status for row in rows), visit.speech),
        "status_words": lambda status: feed_words.status_in_words(status, visit.speech),
        "days": DAYS,
    }
    return site.templates.page("feeds.html", values, speech=visit.speech)


def _row(
    feed: Feed, state: FeedState | None, a_day: list[int], words: int | None, speech: Translator
) -> FeedRow:
    return FeedRow(
        feed=feed,
        state=state,
        status=feed_words.status_of(state),
        trouble=feed_words.trouble(state, speech),
        why_next=feed_words.next_poll_reason(feed, state, speech),
        left_out=feed_words.left_out_in_words(state.left_out, speech) if state else "",
        shortness="" if words is None else feed_words.shortness_in_words(words, speech),
        a_day=a_day,
        bars=bars([(number, number) for number in a_day]),
    )


def _days(now: datetime) -> list[date]:
    today = now.astimezone(UTC).date()
    return [today - timedelta(days=ago) for ago in reversed(range(DAYS))]


def _short_feeds(
    store: Store, feeds: tuple[Feed, ...], states: Mapping[str, FeedState]
) -> dict[str, int]:
    """The words an item has, by feed, of feeds whose items are too short for translations to be found.

    Only feeds whose texts alone are that short are looked into: with title and page they may have enough.
    """
    found = {}
    for feed in feeds:
        state = states.get(feed.id)
        if state is None or state.median_words is None or state.median_words >= LEAST_WORDS:
            continue
        latest = store.latest_of_feed(feed.id, feed.agency_id, limit=COMPARED_ITEMS)
        words = compared_words(latest)
        if words is not None and allow_translations(words) is False:
            found[feed.id] = words
    return found
