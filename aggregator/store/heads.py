"""What stories are listed and chosen by, kept in their own rows: agencies, languages, how fast they spread, the last correction.

So a page of stories is chosen in their table alone, whatever is asked for and however rare it is. Made anew
with whatever changes one (`placement.rearrange`), and when an item is read in another language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    update,
)

from aggregator import pickup
from aggregator.model import Notice
from aggregator.store.chunks import chunks
from aggregator.store.engine import position
from aggregator.store.schema import copies, items, stories

_ITEMS = select(items.c.story_id, items.c.agency_id, items.c.language).distinct()
_FIRST_COPIES = (
    select(copies.c.story_id, func.min(copies.c.since_first_s))
    .where(copies.c.since_first_s.is_not(None))
    .group_by(copies.c.story_id, copies.c.agency_id)
)
# As `provenance.was_corrected_at` says of a story that was read.
_CORRECTIONS = (
    select(items.c.story_id, func.max(func.coalesce(items.c.revised_at, items.c.reported_at)))
    .join(stories, stories.c.id == items.c.story_id)
    .where(
        items.c.agency_id == stories.c.origin_id,
        or_(items.c.notice == Notice.CORRECTION, cast(items.c.replaced, Text) != "[]"),
    )
    .group_by(items.c.story_id)
)
_KILLED = select(stories.c.id, stories.c.killed_at).where(stories.c.killed_at.is_not(None))
_KEEP = update(stories).where(stories.c.id == bindparam("of_story"))


def keep(connection: Connection, story_ids: Collection[str]) -> None:
    """Write what stories are chosen by, from their items and copies."""
    for part in chunks(story_ids):
        said = _said_of(connection, part)
        connection.execute(_KEEP, [{"of_story": story_id} | said[story_id] for story_id in part])


def has_word(connection: Connection, column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Hold where a word, such as the id of an agency, is one of a column's."""
    return position(connection, column, f" {word} ") > 0


def _said_of(connection: Connection, story_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Read the columns of stories, by id."""
    of_these = items.c.story_id.in_(story_ids)
    held = connection.execute(_ITEMS.where(of_these)).all()
    agencies = _grouped((row.story_id, row.agency_id) for row in held)
    languages = _grouped((row.story_id, row.language) for row in held if row.language)
    first_copies = _grouped(
        connection.execute(_FIRST_COPIES.where(copies.c.story_id.in_(story_ids)))
    )
    corrected = _grouped(connection.execute(_CORRECTIONS.where(of_these)))
    killed = _grouped(connection.execute(_KILLED.where(stories.c.id.in_(story_ids))))
    return {
        story_id: {
            "agencies": _words(agencies[story_id]),
            "languages": _words(languages[story_id]),
            "spread": pickup.spread(first_copies[story_id]),
            "corrected_at": max(corrected[story_id] + killed[story_id], default=None),
        }
        for story_id in story_ids
    }


def _grouped(pairs: Iterable[Any]) -> defaultdict[str, list[Any]]:
    """Group the second of each pair by the first."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for story_id, value in pairs:
        found[story_id].append(value)
    return found


def _words(words: Iterable[str]) -> str:
    """Return words such that each stands between blanks."""
    return f" {' '.join(sorted(set(words)))} "
