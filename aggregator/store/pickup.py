"""Who carried whose reports: four queries a direction, whatever the number of reports, and one for all pairs of agencies.

    reports of an agency   stories by origin and time (the index alone), and copies likewise
    carried by an agency   copies by carrier and time, and their stories by id

Of the span before, what the figures need is read and no more.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Table,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)

from aggregator.model import CreditState, Kind
from aggregator.pickup import (
    Copy,
    Direction,
    Earlier,
    Headline,
    Matrix,
    Pickup,
    Report,
    Span,
    figures_of,
)
from aggregator.store.chunks import chunks
from aggregator.store.copies import counted, credit_owed, streamed
from aggregator.store.copies import read as read_copies
from aggregator.store.engine import joined
from aggregator.store.schema import copies, items, stories

_REPORTS = select(
    stories.c.id,
    stories.c.origin_id,
    stories.c.lead_id,
    stories.c.published_at,
    stories.c.killed_at,
).order_by(stories.c.published_at.desc(), stories.c.id.desc())
_HEADLINES = select(items.c.id, items.c.title, items.c.link)


def read(connection: Connection, agency_id: str, span: Span, partner_id: str | None) -> Pickup:
    """Return what became of an agency's reports, and what it carried of others', or of a partner's alone."""
    with _no_collection():
        return Pickup(
            agency_id=agency_id,
            partner_id=partner_id,
            span=span,
            ours=_reports_of(connection, agency_id, span, partner_id),
            theirs=(
                _reports_of(connection, partner_id, span, agency_id)
                if partner_id
                else _carried_by(connection, agency_id, span)
            ),
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: thousands of rows that are all kept had everything traversed again and again.

    That took a third of the time (docs/decisions.md).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def carriers(connection: Connection, span: Span) -> Matrix:
    """Return what each agency carried of each other's reports of a span; lags in whole seconds, sooner written."""
    is_copy = func.coalesce(copies.c.kind, "") != Kind.REVISION.value
    counted = [
        func.count(case((and_(is_copy, credit_owed == credit.value), 1))) for credit in CreditState
    ]
    rows = connection.execute(
        select(
            copies.c.origin_id,
            copies.c.agency_id,
            func.count(copies.c.story_id.distinct()),
            func.count(case((copies.c.is_stale, 1))),
            joined(connection, case((is_copy, cast(copies.c.since_first_s, Integer)))),
            *counted,
        )
        .where(copies.c.published_at >= span.since_at, copies.c.published_at < span.until_at)
        .group_by(copies.c.origin_id, copies.c.agency_id)
    )
    figures = {}
    for origin_id, carrier_id, carried, stale, lags_s, *credits_ in rows:
        figures[origin_id, carrier_id] = figures_of(
            map(float, lags_s.split(",")) if lags_s else (),
            Counter({state.value: n for state, n in zip(CreditState, credits_, strict=True) if n}),
            reports=None,
            carried=carried,
            stale=stale,
        )
    return Matrix(span=span, figures=figures)


def headlines(connection: Connection, item_ids: Collection[str]) -> dict[str, Headline]:
    """Return title and link of items, by id."""
    found = {}
    for part in chunks(item_ids):
        for row in connection.execute(_HEADLINES.where(items.c.id.in_(part))):
            found[row.id] = Headline(title=row.title, link=row.link)
    return found


def _reports_of(
    connection: Connection, origin_id: str, span: Span, carrier_id: str | None
) -> Direction:
    """Read the reports of an agency, with the copies of one other or of all."""
    carried = [copies.c.agency_id == carrier_id] if carrier_id else []

    def listed(within: Span) -> list[ColumnElement[bool]]:
        of_these = select(copies.c.story_id).where(*_published(copies, origin_id, within), *carried)
        return [
            *_published(stories, origin_id, within),
            stories.c.item_count > 0,  # a story joined into another has none
            or_(stories.c.killed_at.is_(None), stories.c.id.in_(of_these)),
        ]

    before = span.before
    earlier = select(func.count()).select_from(stories).where(*listed(before))
    return Direction(
        reports=_reports(
            connection,
            listed(span),
            read_copies(connection, *_published(copies, origin_id, span), *carried),
        ),
        earlier=Earlier(
            reports=connection.execute(earlier).scalar_one(),
            copies=counted(connection, *_published(copies, origin_id, before), *carried),
        ),
    )


def _carried_by(connection: Connection, agency_id: str, span: Span) -> Direction:
    """Read what an agency carried of all others, by the times at which it did."""
    carried = _reported(agency_id, span)
    of_these = stories.c.id.in_(select(copies.c.story_id).where(*carried))
    return Direction(
        reports=_reports(connection, [of_these], read_copies(connection, *carried)),
        earlier=Earlier(
            reports=None, copies=counted(connection, *_reported(agency_id, span.before))
        ),
    )


def _published(table: Table, origin_id: str, span: Span) -> list[ColumnElement[bool]]:
    """Hold for the rows of an agency's reports of a span."""
    return [
        table.c.origin_id == origin_id,
        table.c.published_at >= span.since_at,
        table.c.published_at < span.until_at,
    ]


def _reported(carrier_id: str, span: Span) -> list[ColumnElement[bool]]:
    """Hold for the copies that an agency reported in a span."""
    return [
        copies.c.agency_id == carrier_id,
        copies.c.reported_at >= span.since_at,
        copies.c.reported_at < span.until_at,
    ]


def _reports(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    found: Mapping[str, Sequence[Copy]],
) -> tuple[Report, ...]:
    """Read reports, the latest first, with these copies by story."""
    rows = streamed(connection.execute(_REPORTS.where(*conditions)))
    return tuple([Report._make((*row, tuple(found.get(row[0], ())))) for row in rows])
