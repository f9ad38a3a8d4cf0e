"""Items, with their keys, revisions and fingerprints.

save: arrival --+-- new ------> items, item_words, item_keys, fingerprints
                +-- revised --> the former text to item_revisions, the present one in its place,
                |               the fingerprint replaced; it is awaited: to be looked at again
                +-- known ----> nothing: arrivals may be replayed
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from aggregator.errors import NotFoundError
from aggregator.model import Arrival, Fingerprint, Indexed, Item
from aggregator.store import fulltext, heads
from aggregator.store.addresses import items_at
from aggregator.store.changes import touch
from aggregator.store.chunks import SIZE, chunks
from aggregator.store.engine import insert_new, utc_day
from aggregator.store.keys import digest
from aggregator.store.rows import read_fingerprint, read_item
from aggregator.store.schema import (
    ITEM,
    fingerprints,
    item_keys,
    item_revisions,
    items,
    stories,
)

_NAMES = tuple(column.name for column in ITEM)
_UNCHANGING = {"id", "feed_id", "agency_id", "seen_at"}  # what a revision never changes
_FORMER = tuple(name for name in _NAMES if name in item_revisions.c)
READING = (  # what reading an item gives
    "language",
    "credits",
    "names_source",
    "notice",
    "text_key",
    "is_placeholder",
)
_INDEXED = (
    items.c.id,
    items.c.story_id,
    items.c.agency_id,
    items.c.reported_at,
    items.c.credits,
)


# ------------------------------------------------------------------------------------------- writing


def save(
    connection: Connection, arrivals: Sequence[tuple[Arrival, Fingerprint]]
) -> dict[str, Fingerprint]:
    """Store what is new and what is revised; an arrival that was stored before changes nothing.

    Returns the fingerprints that were stored.
    """
    stored = revisions_stored(connection, [arrival.item.id for arrival, _ in arrivals])
    new = [pair for pair in arrivals if pair[0].item.id not in stored]
    revised = [
        pair
        for pair in arrivals
        if pair[0].item.revision > stored.get(pair[0].item.id, pair[0].item.revision)
    ]
    insert_new(connection, items, [_row(arrival.item) for arrival, _ in new])
    for arrival, _ in revised:
        _revise(connection, arrival.item)
    saved = [arrival.item for arrival, _ in new + revised]
    fulltext.save(connection, {item.id: (item.title, item.text) for item in saved})
    insert_new(
        connection, item_keys, [row for arrival, _ in arrivals for row in _key_rows(arrival)]
    )
    fingerprints_made = {arrival.item.id: made for arrival, made in new + revised}
    save_fingerprints(connection, fingerprints_made)
    _touch_stories(connection, [arrival.item.id for arrival, _ in revised])
    return fingerprints_made


def save_fingerprints(connection: Connection, made: Mapping[str, Fingerprint]) -> None:
    """Write fingerprints in the place of those the items had, whatever channels those were of."""
    for part in chunks(made):
        connection.execute(delete(fingerprints).where(fingerprints.c.item_id.in_(part)))
    rows = [
        {
            "item_id": item_id,
            "channel": part.channel,
            "scheme": part.scheme,
            "language": fingerprint.language,
            "data": part.data,
        }
        for item_id, fingerprint in made.items()
        for part in fingerprint.parts
    ]
    if rows:
        connection.execute(insert(fingerprints), rows)


def revisions_stored(connection: Connection, item_ids: Sequence[str]) -> dict[str, int]:
    """Return the present revision of each item there is among these."""
    stored: dict[str, int] = {}
    for part in chunks(item_ids):
        rows = connection.execute(select(items.c.id, items.c.revision).where(items.c.id.in_(part)))
        stored.update((row.id, row.revision) for row in rows)
    return stored


def _row(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _NAMES}


def _key_rows(arrival: Arrival) -> list[dict[str, Any]]:
    item = arrival.item
    return [{"digest": digest(item.feed_id, key), "item_id": item.id} for key in arrival.keys]


def _revise(connection: Connection, item: Item) -> None:
    this = items.c.id == item.id
    connection.execute(
        insert(item_revisions).from_select(
            ["item_id", *_FORMER],
            select(items.c.id, *(items.c[name] for name in _FORMER)).where(this),
        )
    )
    changed = {name: value for name, value in _row(item).items() if name not in _UNCHANGING}
    in_story = items.c.story_id.is_not(None)
    connection.execute(update(items).where(this).values(**changed, is_awaited=in_story))


def _touch_stories(connection: Connection, item_ids: Sequence[str]) -> None:
    """Record that the stories of items have other words now, maybe in another language."""
    touched: dict[str, date] = {}
    for part in chunks(item_ids):
        rows = connection.execute(
            select(stories.c.id, stories.c.day)
            .join(items, items.c.story_id == stories.c.id)
            .where(items.c.id.in_(part))
        )
        touched.update((row.id, row.day) for row in rows)
    if touched:
        heads.keep(connection, touched)
        touch(connection, set(touched.values()))


def save_readings(connection: Connection, read: Sequence[Item]) -> None:
    """Write what the texts of stored items say of their sources, read anew."""
    rows = [
        {"of_item": item.id, **{name: getattr(item, name) for name in READING}} for item in read
    ]
    if rows:
        connection.execute(update(items).where(items.c.id == bindparam("of_item")), rows)
        _touch_stories(connection, [item.id for item in read])


def settle(connection: Connection, item: Item) -> None:
    """Record that an item was looked at again, unless it was revised once more since."""
    is_this = (items.c.id == item.id, items.c.revision == item.revision)
    connection.execute(update(items).where(*is_this).values(is_awaited=False))


# ------------------------------------------------------------------------------------------- reading


def known(connection: Connection, feed_id: str, keys: Collection[str]) -> dict[str, Item]:
    """Return the items of a feed that answer to any of the keys, by key."""
    digests = {digest(feed_id, key): key for key in keys}
    ids: dict[str, str] = {}
    for part in chunks(digests):
        rows = connection.execute(select(item_keys).where(item_keys.c.digest.in_(part)))
        ids.update((digests[row.digest], row.item_id) for row in rows)
    found = by_id(connection, set(ids.values()))
    return {key: found[item_id] for key, item_id in ids.items()}


def at_address(connection: Connection, feed_ids: Collection[str], key: str) -> list[Item]:
    """Return the items of these feeds that answer to the key of an address, or have the same link."""
    wanted = [digest(feed_id, key) for feed_id in feed_ids]
    answering = select(item_keys.c.item_id).where(item_keys.c.digest.in_(wanted))
    links = select(items.c.link).where(items.c.id.in_(answering))
    rows = connection.execute(
        select(*ITEM).where(
            items.c.feed_id.in_(feed_ids), or_(items.c.id.in_(answering), items.c.link.in_(links))
        )
    )
    return [read_item(row) for row in rows]


def by_id(connection: Connection, item_ids: Collection[str]) -> dict[str, Item]:
    """Return the items there are among `item_ids`."""
    found: dict[str, Item] = {}
    for part in chunks(item_ids):
        rows = connection.execute(select(*ITEM).where(items.c.id.in_(part)))
        found.update((row.id, read_item(row)) for row in rows)
    return found


def item(connection: Connection, item_id: str) -> Item:
    """Return one item, or raise NotFoundError."""
    row = connection.execute(select(*ITEM).where(items.c.id == item_id)).one_or_none()
    if row is None:
        raise NotFoundError("There is no item with the id %(asked)r.", asked=item_id)
    return read_item(row)


def find(connection: Connection, reference: str) -> Item:
    """Return the item with this id, link or guid, else at this address; of several the one seen last."""
    for column in (items.c.id, items.c.link, items.c.guid):
        row = connection.execute(
            select(*ITEM).where(column == reference).order_by(items.c.seen_at.desc()).limit(1)
        ).one_or_none()
        if row is not None:
            return read_item(row)
    if ids := items_at(connection, reference):
        return item(connection, ids[0])
    raise NotFoundError(
        "There is no item with the id, link or guid %(asked)r; "
        "`aggregator stories --search WORDS` shows items with their ids",
        asked=reference,
    )


def revisions(connection: Connection, item_id: str) -> list[Item]:
    """Return every revision of an item, oldest first; the present one is the last."""
    present = item(connection, item_id)
    former = connection.execute(
        select(*(item_revisions.c[name] for name in _FORMER))
        .where(item_revisions.c.item_id == item_id)
        .order_by(item_revisions.c.revision)
    )
    return [replace(present, **row._asdict()) for row in former] + [present]


def count_unplaced(connection: Connection, limit: int) -> int:
    """Count the items that `unplaced` would return, up to `limit`."""
    some = select(items.c.id).where(_is_unplaced()).limit(limit).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def unplaced(connection: Connection, limit: int) -> list[tuple[Item, Fingerprint]]:
    """Return items which are in no story yet and wait for no page, the earliest reported first.

    Of those reported at once the one with most text comes first, then the first by its id: so what
    was stored before the others does not decide which story an item joins.
    """
    size = func.length(items.c.title) + func.length(items.c.text) + func.length(items.c.full_text)
    rows = connection.execute(
        select(*ITEM)
        .where(_is_unplaced())
        .order_by(items.c.reported_at, size.desc(), items.c.id)
        .limit(limit)
    )
    waiting = [read_item(row) for row in rows]
    known = fingerprints_of(connection, [item.id for item in waiting])
    return [(item, known[item.id]) for item in waiting]


def _is_unplaced() -> ColumnElement[bool]:
    # As an expression, so that SQLite does not go by the index of those that wait: of 100,000 items nearly all do not.
    is_awaiting = func.coalesce(items.c.awaits_page_until, None).is_not(None)
    return and_(
        items.c.story_id.is_(None),
        ~is_awaiting,
        exists().where(fingerprints.c.item_id == items.c.id),
    )


def awaited(connection: Connection, limit: int) -> list[tuple[Item, Fingerprint, str]]:
    """Return items revised since they were placed, with the story each is in, the earliest first.

    One that waits for its page is looked at again with that.
    """
    rows = connection.execute(
        select(*ITEM, items.c.story_id)
        .where(
            items.c.is_awaited,
            items.c.story_id.is_not(None),
            items.c.awaits_page_until.is_(None),
        )
        .order_by(items.c.reported_at, items.c.id)
        .limit(limit)
    ).all()
    known = fingerprints_of(connection, [row.id for row in rows])
    return [(read_item(row), known[row.id], row.story_id) for row in rows]


def of_agency(
    connection: Connection, agency_id: str, since_at: datetime, until_at: datetime
) -> list[Item]:
    """Return the items an agency reported in a span of time, the latest first."""
    rows = connection.execute(
        select(*ITEM)
        .where(items.c.agency_id == agency_id, items.c.reported_at.between(since_at, until_at))
        .order_by(items.c.reported_at.desc(), items.c.id)
    )
    return [read_item(row) for row in rows]


def latest_of_feed(connection: Connection, feed_id: str, agency_id: str, limit: int) -> list[Item]:
    """Return the items of a feed reported last, the latest first."""
    rows = connection.execute(
        select(*ITEM)
        .where(
            items.c.agency_id == agency_id, items.c.feed_id == feed_id
        )  # there is an index by agency
        .order_by(items.c.reported_at.desc(), items.c.id)
        .limit(limit)
    )
    return [read_item(row) for row in rows]


def a_day(
    connection: Connection, feed_ids: Collection[str], since_at: datetime
) -> dict[str, dict[date, int]]:
    """Count what feeds brought on each UTC day since a time; a day without items is left out."""
    found: dict[str, dict[date, int]] = {feed_id: {} for feed_id in feed_ids}
    day = utc_day(connection, items.c.seen_at)
    for part in chunks(feed_ids):
        counted = (
            select(items.c.feed_id, day, func.count())
            .where(items.c.feed_id.in_(part), items.c.seen_at >= since_at)
            .group_by(items.c.feed_id, day)
        )
        for feed_id, text, number in connection.execute(counted):
            found[feed_id][date.fromisoformat(text)] = number
    return found


def stories_by_agency(connection: Connection) -> dict[str, int]:
    """Count the stories in which each agency has an item."""
    stories_of = func.count(items.c.story_id.distinct())
    rows = connection.execute(
        select(items.c.agency_id, stories_of)
        .where(items.c.story_id.is_not(None))
        .group_by(items.c.agency_id)
    )
    return {row.agency_id: row[1] for row in rows}


def indexed(connection: Connection, since_at: datetime) -> Iterator[Indexed]:
    """Stream the placed items reported since a time, in the order of their reports."""
    placed = (
        select(*_INDEXED)
        .where(items.c.reported_at >= since_at, items.c.story_id.is_not(None))
        .order_by(items.c.reported_at)
        .execution_options(yield_per=SIZE)
    )
    with connection.execute(placed) as found:
        for rows in found.partitions():
            known = fingerprints_of(connection, [row.id for row in rows])
            for row in rows:
                if row.id in known:
                    yield Indexed(
                        item_id=row.id,
                        story_id=row.story_id,
                        agency_id=row.agency_id,
                        reported_at=row.reported_at,
                        fingerprint=known[row.id],
                        credits=row.credits,
                    )


def fingerprints_of(connection: Connection, item_ids: Sequence[str]) -> dict[str, Fingerprint]:
    """Return the fingerprints there are of these items."""
    found: dict[str, Fingerprint] = {}
    for part in chunks(item_ids):
        rows = connection.execute(
            select(fingerprints)
            .where(fingerprints.c.item_id.in_(part))
            .order_by(fingerprints.c.item_id, fingerprints.c.channel)
        )
        for item_id, parts in groupby(rows, key=lambda row: str(row.item_id)):
            found[item_id] = read_fingerprint([*parts])
    return found


def with_other_scheme(
    connection: Connection, schemes: Mapping[str, str], since_at: datetime, limit: int
) -> list[Item]:
    """Return items that lack a channel's fingerprint under its scheme, the earliest reported first."""
    wanted = [
        and_(fingerprints.c.channel == channel, fingerprints.c.scheme == scheme)
        for channel, scheme in schemes.items()
    ]
    present = (
        select(func.count())
        .where(fingerprints.c.item_id == items.c.id, or_(false(), *wanted))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(*ITEM)
        .where(items.c.reported_at >= since_at, present < len(schemes))
        .order_by(items.c.reported_at)
        .limit(limit)
    )
    return [read_item(row) for row in rows]
