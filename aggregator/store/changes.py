"""The change log of the stories: their version, and the UTC days that each version changed.

It tells readers what to render again. Every change of a story sets the version of its day, and of the
day it was in before, to one more than any day has. There is one writer at a time, so versions are in
the order of commits.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from aggregator.store.engine import upsert
from aggregator.store.schema import days, stories


def day_of(moment: datetime) -> date:
    """Return the UTC day of an aware time."""
    return moment.astimezone(UTC).date()


def version(connection: Connection) -> int:
    """Return the version of the last change of any story; 0 when there is none."""
    return connection.execute(select(func.max(days.c.version))).scalar_one() or 0


def touch(connection: Connection, changed_days: Collection[date]) -> int:
    """Record that stories of these days changed, and recount them. Returns the new version."""
    next_version = version(connection) + 1
    rows = connection.execute(
        select(stories.c.day, func.count())
        .where(stories.c.day.in_(changed_days), stories.c.item_count > 0)
        .group_by(stories.c.day)
    )
    counted = {row[0]: row[1] for row in rows}
    upsert(
        connection,
        days,
        [
            {"day": day, "story_count": counted.get(day, 0), "version": next_version}
            for day in changed_days
        ],
    )
    return next_version


def changed(connection: Connection, since_version: int) -> set[date]:
    """Return the days that changed after a version."""
    return set(connection.scalars(select(days.c.day).where(days.c.version > since_version)))


def counts(connection: Connection) -> list[tuple[date, int]]:
    """Return the days which have stories, newest first, with their number."""
    rows = connection.execute(
        select(days.c.day, days.c.story_count)
        .where(days.c.story_count > 0)
        .order_by(days.c.day.desc())
    )
    return [(row.day, row.story_count) for row in rows]
