"""Article pages as last asked for, and the items that wait for theirs.

items.save --> awaits_page_until --+-- save: page, text, fingerprint, in one transaction --> null
                                   +-- release: no page, or the time is over -------------> null
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from aggregator.model import Fingerprint, Item, Page
from aggregator.store.chunks import chunks
from aggregator.store.engine import upsert
from aggregator.store.items import READING, revisions_stored, save_fingerprints
from aggregator.store.schema import PAGE, items, pages

_NAMES = tuple(column.name for column in PAGE)
_FROM_PAGE = ("full_text", "is_whole", "corrects")


class Waiting(NamedTuple):
    """An item that waits for its page."""

    item_id: str
    feed_id: str
    link: str
    seen_at: datetime


def waiting(connection: Connection) -> list[Waiting]:
    """Return the items that wait for their page: those that correct or withdraw, then the earliest reported."""
    rows = connection.execute(
        select(items.c.id, items.c.feed_id, items.c.link, items.c.seen_at)
        .where(items.c.awaits_page_until.is_not(None))
        .order_by(items.c.notice.is_(None), items.c.reported_at, items.c.id)
    )
    return [Waiting(row.id, row.feed_id, row.link or "", row.seen_at) for row in rows]


def release(connection: Connection, item_ids: Collection[str]) -> None:
    """Let items wait no longer."""
    for part in chunks(item_ids):
        connection.execute(update(items).where(items.c.id.in_(part)).values(awaits_page_until=None))


def expired(connection: Connection, now: datetime) -> list[str]:
    """Return the ids of items that waited until their time was over."""
    return list(connection.scalars(select(items.c.id).where(items.c.awaits_page_until <= now)))


def page(connection: Connection, key: str) -> Page | None:
    """Return a page as it was last asked for; None where it never was."""
    row = connection.execute(select(*PAGE).where(pages.c.key == key)).one_or_none()
    return None if row is None else Page(**row._asdict())


def latest(connection: Connection, host: str, limit: int) -> list[Page]:
    """Return the pages of a host that were asked last, the latest first."""
    rows = connection.execute(
        select(*PAGE).where(pages.c.host == host).order_by(pages.c.asked_at.desc()).limit(limit)
    )
    return [Page(**row._asdict()) for row in rows]


def count_asked(connection: Connection, host: str, since_at: datetime) -> int:
    """Count the pages of a host asked since a time."""
    asked = select(func.count()).where(pages.c.host == host, pages.c.asked_at >= since_at)
    return int(connection.execute(asked).scalar_one())


def save(
    connection: Connection,
    asked: Page | None,
    read: Sequence[tuple[Item, Fingerprint]],
    released: Collection[str],
) -> None:
    """Write a page, and what items are with it; one revised since keeps its words, and waits on."""
    if asked is not None:
        upsert(connection, pages, [{name: getattr(asked, name) for name in _NAMES}])
    present = revisions_stored(connection, [item.id for item, _ in read])
    current = [pair for pair in read if present.get(pair[0].id) == pair[0].revision]
    rows = [
        {"of_item": item.id, "awaits_page_until": None}
        | {name: getattr(item, name) for name in (*_FROM_PAGE, *READING)}
        for item, _ in current
    ]
    if rows:
        connection.execute(update(items).where(items.c.id == bindparam("of_item")), rows)
    save_fingerprints(connection, {item.id: made for item, made in current})
    release(connection, released)
