"""The version of the stories, and the UTC days it touched: how others learn what to render anew.

Every change of a story sets the version of its day, and of the day it stood in before, to one more
than any day has. There is one writer at a time, so versions are given in the order of commits.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from aggregator.store.engine import upsert
from aggregator.store.schema import days, stories


def day_of(moment: datetime) -> date:
    """Give the UTC day of an aware time."""
    return moment.astimezone(UTC).date()


def version(connection: Connection) -> int:
    """Give the version of the last change of any story; 0 when there is none."""
    return connection.execute(select(func.max(days.c.version))).scalar_one() or 0


def touch(connection: Connection, touched: Collection[date]) -> int:
    """Say that stories of these days changed; count their stories anew. Gives the new version."""
    present = version(connection) + 1
    rows = connection.execute(
        select(stories.c.day, func.count())
        .where(stories.c.day.in_(touched), stories.c.item_count > 0)
        .group_by(stories.c.day)
    )
    counted = {row[0]: row[1] for row in rows}
    upsert(
        connection,
        days,
        [{"day": day, "story_count": counted.get(day, 0), "version": present} for day in touched],
    )
    return present


def changed(connection: Connection, since_version: int) -> set[date]:
    """Give the days touched after a version."""
    return set(connection.scalars(select(days.c.day).where(days.c.version > since_version)))


def counts(connection: Connection) -> list[tuple[date, int]]:
    """Give the days which have stories, newest first, with their number."""
    rows = connection.execute(
        select(days.c.day, days.c.story_count)
        .where(days.c.story_count > 0)
        .order_by(days.c.day.desc())
    )
    return [(row.day, row.story_count) for row in rows]
