"""Items by the address of their page, in whatever spelling a person has it.

address -- links.spellings --> its key in every feed --> items that answer, or have such an item's link
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from aggregator import links
from aggregator.store.chunks import chunks
from aggregator.store.keys import digest
from aggregator.store.schema import feeds, item_keys, items


def items_at(connection: Connection, address: str) -> list[str]:
    """Return the ids of the items at an address, the one seen last first; none where it is no address.

    Those of the first spelling that has any: the address as it is goes before that of the whole page.
    """
    spellings = links.spellings(address)
    feed_ids = connection.scalars(select(feeds.c.feed_id)).all() if spellings else ()
    for spelling in spellings:
        key = links.link_key(spelling)
        if key is not None:
            answering = _answering(connection, [digest(feed_id, key) for feed_id in feed_ids])
            if found := _with_their_links(connection, answering, links.usual_forms(spelling)):
                return found
    return []


def _answering(connection: Connection, digests: Sequence[bytes]) -> list[str]:
    return [
        item_id
        for part in chunks(digests)
        for item_id in connection.scalars(
            select(item_keys.c.item_id).where(item_keys.c.digest.in_(part))
        )
    ]


def _with_their_links(
    connection: Connection, item_ids: Sequence[str], addresses: Sequence[str]
) -> list[str]:
    """Return these items and all that have one of their links, or one of the addresses.

    Of items with one link, one answers to it; of those which share it within a body none does.
    """
    theirs = select(items.c.link).where(items.c.id.in_(item_ids))
    is_wanted = or_(items.c.link.in_(theirs), items.c.link.in_(addresses))
    latest_first = (items.c.seen_at.desc(), items.c.id)
    return [*connection.scalars(select(items.c.id).where(is_wanted).order_by(*latest_first))]
