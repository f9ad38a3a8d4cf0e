"""What stories are listed and chosen by, kept in their own rows: their agencies, languages, and how fast they spread.

So a page of stories is chosen in their table alone, whatever is asked for and however rare it is. Made anew
with whatever changes one (`placement.rearrange`), and when an item is read in another language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from aggregator import pickup
from aggregator.store.chunks import chunks
from aggregator.store.engine import position
from aggregator.store.schema import copies, items, stories

_ITEMS = select(items.c.story_id, items.c.agency_id, items.c.language).distinct()
_FIRST_COPIES = (
    select(copies.c.story_id, func.min(copies.c.since_first_s))
    .where(copies.c.since_first_s.is_not(None))
    .group_by(copies.c.story_id, copies.c.agency_id)
)
_KEEP = update(stories).where(stories.c.id == bindparam("of_story"))


def keep(connection: Connection, story_ids: Collection[str]) -> None:
    """Write what stories are chosen by, from their items and copies."""
    for part in chunks(story_ids):
        agencies, languages, first_copies = _of(connection, part)
        rows = [
            {
                "of_story": story_id,
                "agencies": _words(agencies[story_id]),
                "languages": _words(languages[story_id]),
                "spread": pickup.spread(first_copies[story_id]),
            }
            for story_id in part
        ]
        connection.execute(_KEEP, rows)


def has_word(connection: Connection, column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Hold where a word, such as the id of an agency, is one of a column's."""
    return position(connection, column, f" {word} ") > 0


def _of(
    connection: Connection, story_ids: Collection[str]
) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, list[float]]]:
    """Read the agencies of stories, the languages, and how long after it each agency's first copy came."""
    agencies: defaultdict[str, set[str]] = defaultdict(set)
    languages: defaultdict[str, set[str]] = defaultdict(set)
    first_copies: defaultdict[str, list[float]] = defaultdict(list)
    for story_id, agency_id, language in connection.execute(
        _ITEMS.where(items.c.story_id.in_(story_ids))
    ):
        agencies[story_id].add(agency_id)
        if language:
            languages[story_id].add(language)
    for story_id, seconds in connection.execute(
        _FIRST_COPIES.where(copies.c.story_id.in_(story_ids))
    ):
        first_copies[story_id].append(seconds)
    return agencies, languages, first_copies


def _words(words: Iterable[str]) -> str:
    """Return words such that each stands between blanks."""
    return f" {' '.join(sorted(words))} "
