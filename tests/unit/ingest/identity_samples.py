"""Entries of a feed, and a memory of its items, for the tests of identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.ingest import identity
from aggregator.model import Arrival, Change, Feed, Item, ParsedItem

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
FEED = Feed(id="bta-bg", url="https://bta.example/rss", agency_id="bta")
FERRY = (
    "Фериботът между Силистра и Кълъраш тръгва отново от понеделник, съобщи речната администрация."
)
SPIDER = "Учени от Пловдив описаха нов вид паяк, намерен в пещера край Асеновград през август."


def entry(title: str = "Ферибот", text: str = FERRY, **changes: object) -> ParsedItem:
    plain = ParsedItem(
        guid="g1", link="https://bta.example/1", title=title, html=f"<p>{text}</p>", text=text
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class Memory:
    """What the store holds of a feed."""

    def __init__(self, feed: Feed = FEED) -> None:
        self.feed = feed
        self.known: dict[str, Item] = {}
        self.now = NOW
        self.polled_at: datetime | None = None

    def poll(self, *entries: ParsedItem, after: timedelta = timedelta(minutes=15)) -> list[Arrival]:
        found = identity.arrivals(
            self.feed,
            [identity.identify(self.feed.id, entry) for entry in entries],
            self.known,
            language="bg",
            now=self.now,
            previous_poll_at=self.polled_at,
        )
        for arrival in found:
            old = arrival.item.id
            self.known = {
                key: arrival.item if item.id == old else item for key, item in self.known.items()
            }
            for key in arrival.keys:
                self.known.setdefault(key, arrival.item)
        self.polled_at, self.now = self.now, self.now + after
        return list(found)


def changes(arrivals: Sequence[Arrival]) -> list[Change]:
    return [arrival.change for arrival in arrivals]
