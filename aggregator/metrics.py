"""What the daemon counts, for Prometheus and for /health: polls, items, ticks, publications.

Names follow https://prometheus.io/docs/practices/naming/ (base units, `_total` for counters).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from aggregator.model import PageReport, PollReport

POLL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counters of one daemon, in a registry of their own."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        self._ticked: float | None = None  # monotonic seconds: the clock may be set
        self.published_at: datetime | None = None
        self._registry = CollectorRegistry()
        self._polls = Counter(
            "aggregator_polls", "Polls, by what came of them.", ["result"], registry=self._registry
        )
        self._items = Counter(
            "aggregator_items",
            "Items stored, by what they were.",
            ["change"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "aggregator_poll_seconds",
            "Time a poll took, waiting for its host's turn included.",
            buckets=POLL_SECONDS,
            registry=self._registry,
        )
        self._pages = Counter(
            "aggregator_pages",
            "Article pages, by what came of them.",
            ["result"],
            registry=self._registry,
        )
        self._in_flight = Gauge(
            "aggregator_polls_in_flight", "Polls under way.", registry=self._registry
        )
        self._tick = Gauge(
            "aggregator_last_tick_timestamp_seconds", "The last tick.", registry=self._registry
        )
        self._publication = Gauge(
            "aggregator_last_publication_timestamp_seconds",
            "The last writing of the merged feeds.",
            registry=self._registry,
        )
        self._stored = Gauge(
            "aggregator_stored", "Rows in the store, by what.", ["what"], registry=self._registry
        )

    def record_tick(self, now: datetime, *, in_flight: int) -> None:
        """A tick of the daemon, with the number of polls in flight."""
        self._ticked = time.monotonic()
        self._tick.set(now.timestamp())
        self._in_flight.set(in_flight)

    def ticked_at(self, now: datetime) -> datetime | None:
        """When the last tick was, by a clock that shows `now`; None before the first."""
        if self._ticked is None:
            return None
        return now - timedelta(seconds=time.monotonic() - self._ticked)

    def record_poll(self, report: PollReport) -> None:
        """A poll that ended."""
        self._polls.labels(report.result.value).inc()
        self._seconds.observe(report.took.total_seconds())
        self._items.labels("new").inc(report.new)
        self._items.labels("revised").inc(report.revised)
        self._items.labels("matched").inc(report.matched)

    def record_page(self, report: PageReport) -> None:
        """An article page that items waited for."""
        self._pages.labels(report.result.value).inc()
        self._items.labels("matched").inc(sum(report.matched.values()))

    def record_publication(self, now: datetime, figures: Mapping[str, int]) -> None:
        """A writing of the merged feeds; `figures` are the numbers of rows in the store."""
        self.published_at = now
        self._publication.set(now.timestamp())
        for what, count in figures.items():
            self._stored.labels(what).set(count)

    def render(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self._registry)
