"""Who carried whose reports: two queries a direction, whatever the number of reports.

    reports of an agency   stories (origin_id, published_at), and copies likewise
    carried by an agency   copies (agency_id, reported_at), and their stories by id

A span and the one before it are read at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, select

from aggregator.pickup import Copy, Direction, Headline, Pickup, Report, Span
from aggregator.store.chunks import chunks
from aggregator.store.copies import read as read_copies
from aggregator.store.schema import copies, items, stories

_REPORTS = select(
    stories.c.id,
    stories.c.origin_id,
    stories.c.lead_id,
    stories.c.published_at,
    stories.c.killed_at,
).where(stories.c.item_count > 0)  # a story joined into another has none
_HEADLINES = select(items.c.id, items.c.title, items.c.link)


def read(connection: Connection, agency_id: str, span: Span, partner_id: str | None) -> Pickup:
    """Return what became of an agency's reports, and what it carried of others', or of a partner's alone."""
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
    found = read_copies(connection, *_published(copies, origin_id, span), *carried)
    reports = [
        report
        for report in _reports(connection, _published(stories, origin_id, span), found)
        if report.copies or report.killed_at is None
    ]
    return Direction(
        reports=tuple(report for report in reports if span.has(report.published_at)),
        earlier=tuple(report for report in reports if not span.has(report.published_at)),
    )


def _carried_by(connection: Connection, agency_id: str, span: Span) -> Direction:
    """Read what an agency carried of all others, by the times at which it did."""
    carried = (
        copies.c.agency_id == agency_id,
        copies.c.reported_at >= span.before.since_at,
        copies.c.reported_at < span.until_at,
    )
    of_these = stories.c.id.in_(select(copies.c.story_id).where(*carried))
    reports = _reports(connection, [of_these], read_copies(connection, *carried))
    return Direction(
        reports=_carried_in(span, reports),
        earlier=_carried_in(span.before, reports),
        is_complete=False,
    )


def _published(table: Table, origin_id: str, span: Span) -> list[ColumnElement[bool]]:
    """Hold for the rows of an agency's reports of a span and the one before."""
    return [
        table.c.origin_id == origin_id,
        table.c.published_at >= span.before.since_at,
        table.c.published_at < span.until_at,
    ]


def _reports(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    found: Mapping[str, Sequence[Copy]],
) -> list[Report]:
    """Read reports, the latest first, with these copies by story."""
    rows = connection.execute(_REPORTS.where(*conditions)).all()
    reports = [Report(*row, copies=tuple(found.get(row[0], ()))) for row in rows]
    return sorted(reports, key=lambda report: (report.published_at, report.story_id), reverse=True)


def _carried_in(span: Span, reports: Iterable[Report]) -> tuple[Report, ...]:
    """Give the reports with copies of a span, and of their copies those alone."""
    kept = (
        report._replace(copies=tuple(copy for copy in report.copies if span.has(copy.reported_at)))
        for report in reports
    )
    return tuple(report for report in kept if report.copies)
