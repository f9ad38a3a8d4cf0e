"""The state of each feed between polls, and what was seen in its last body."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, false, func, select, update

from aggregator.model import FeedState, FeedStatus, SeenEntries, SeenEntry
from aggregator.store.chunks import chunks
from aggregator.store.engine import upsert
from aggregator.store.rows import read_feed_state
from aggregator.store.schema import FEED_STATE, feeds, seen_entries

_NAMES = tuple(column.name for column in FEED_STATE)


def states(connection: Connection) -> dict[str, FeedState]:
    """Return every feed's state by the feed's id, retired ones too."""
    return {row[0]: read_feed_state(row) for row in connection.execute(select(*FEED_STATE))}


def save(connection: Connection, states: Iterable[FeedState]) -> None:
    """Write states; a new feed is added."""
    upsert(connection, feeds, [{name: getattr(state, name) for name in _NAMES} for state in states])


def seen(connection: Connection, feed_id: str, scheme: str) -> Mapping[str, SeenEntry]:
    """Return the entries of a feed's last body by digest; none that were read under another scheme."""
    this = and_(seen_entries.c.feed_id == feed_id, seen_entries.c.scheme == scheme)
    return connection.execute(select(seen_entries.c.entries).where(this)).scalar() or {}


def save_seen(connection: Connection, seen: Iterable[SeenEntries]) -> None:
    """Write the entries of feeds' last bodies, in the place of those before."""
    rows = [{"feed_id": one.feed_id, "scheme": one.scheme, "entries": one.entries} for one in seen]
    upsert(connection, seen_entries, rows)


def due(
    connection: Connection, now: datetime, limit: int | None, except_at: Collection[str]
) -> list[FeedState]:
    """Return the feeds to be polled at `now`, the longest due first; none whose address begins as one of `except_at`."""
    elsewhere = (~feeds.c.url.startswith(start, autoescape=True) for start in except_at)
    rows = connection.execute(
        select(*FEED_STATE)
        .where(_is_polled(), feeds.c.next_due_at <= now, *elsewhere)
        .order_by(feeds.c.next_due_at)
        .limit(limit)
    )
    return [read_feed_state(row) for row in rows]


def next_due_at(connection: Connection) -> datetime | None:
    """Return the time the next feed is due."""
    return connection.execute(select(func.min(feeds.c.next_due_at)).where(_is_polled())).scalar()


def retire(connection: Connection, keep: Collection[str]) -> None:
    """Take the feeds that are not in `keep` out of the schedule, and put the others back."""
    known = connection.execute(select(feeds.c.feed_id, feeds.c.retired)).all()
    wrong = [row.feed_id for row in known if row.retired == (row.feed_id in keep)]
    for part in chunks(wrong):
        connection.execute(
            update(feeds).where(feeds.c.feed_id.in_(part)).values(retired=~feeds.c.retired)
        )


def _is_polled() -> ColumnElement[bool]:
    return and_(feeds.c.retired == false(), feeds.c.status != FeedStatus.GONE)
