"""The copies among the items of stories, in a narrow table of their own: what `pickup` reads ten thousand of.

    items of a story --> keep: who had it from whom, how much later, credited or not --> copies
                                                                    copies --> read, counted

They follow from the stories alone, and are made anew with whatever changes one (`placement.rearrange`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
)

from aggregator.model import CreditState, Kind, Notice, Replacement
from aggregator.pickup import Copy, Counted
from aggregator.store.chunks import chunks
from aggregator.store.schema import copies, items, stories

_MEMBERS: Select[Any] = (
    select(
        items.c.story_id,
        stories.c.origin_id,
        stories.c.published_at.label("story_published_at"),
        items.c.id,
        items.c.agency_id,
        items.c.language,
        items.c.reported_at,
        items.c.published_at,
        items.c.notice,
        items.c.parent_b,
        items.c.parent_kind,
        items.c.is_undecided,
        items.c.credit,
        items.c.is_edition,
        items.c.is_stale,
        items.c.superseded_by,
        items.c.replaced,
    )
    .join(items, items.c.story_id == stories.c.id)
    # An item that stands alone is no copy, unless its agency is not the origin.
    .where(or_(stories.c.item_count > 1, items.c.agency_id != stories.c.origin_id))
    .order_by(items.c.story_id, items.c.reported_at, items.c.id)
)
_COPIES = select(
    copies.c.story_id,
    copies.c.reported_at,
    copies.c.item_id,
    copies.c.agency_id,
    copies.c.language,
    copies.c.kind,
    copies.c.lag_s,
    copies.c.since_first_s,
    copies.c.credit,
    copies.c.facts,
    copies.c.is_edition,
    copies.c.is_undecided,
    copies.c.is_stale,
    copies.c.superseded_by,
)
# As `pickup.credit_owed` has it: of a copy that may have been the first, no credit is missing.
credit_owed = case(
    (
        and_(copies.c.is_undecided, copies.c.credit == CreditState.NONE.value),
        CreditState.UNKNOWN.value,
    ),
    else_=copies.c.credit,
)
_COUNTED = select(
    copies.c.story_id,
    copies.c.origin_id,
    copies.c.agency_id,
    copies.c.language,
    func.coalesce(copies.c.kind, "") == Kind.REVISION.value,
    copies.c.since_first_s,
    credit_owed,
    copies.c.is_stale,
)
_KINDS = {kind.value: kind for kind in Kind}
_ROWS = 500  # read at a time
_CREDITS = {credit.value: credit for credit in CreditState}


def keep(connection: Connection, story_ids: Collection[str]) -> None:
    """Write the copies in stories, in the place of those they had."""
    for part in chunks(story_ids):  # of all, before one is written that has moved
        connection.execute(delete(copies).where(copies.c.story_id.in_(part)))
    for part in chunks(story_ids):
        members = connection.execute(_MEMBERS.where(items.c.story_id.in_(part))).all()
        rows = [
            row
            for _, held in groupby(members, key=lambda member: member.story_id)
            for row in _Story([*held]).rows()
        ]
        if rows:
            connection.execute(insert(copies), rows)


def read(connection: Connection, *conditions: ColumnElement[bool]) -> Mapping[str, list[Copy]]:
    """Return the copies for which conditions hold by story, in the order of their times."""
    found: defaultdict[str, list[Copy]] = defaultdict(list)
    for row in streamed(connection.execute(_COPIES.where(*conditions))):
        story_id, at, item_id, agency_id, language, kind, lag_s, since_first_s, *rest = row
        credit, facts, *flags = rest
        found[story_id].append(
            Copy(
                at,
                item_id,
                agency_id,
                language,
                _KINDS.get(kind),
                None if lag_s is None else timedelta(0, lag_s),
                None if since_first_s is None else timedelta(0, since_first_s),
                _CREDITS[credit],
                tuple(Replacement(old=old, new=new) for old, new in facts) if facts else (),
                *flags,
            )
        )
    for held in found.values():
        held.sort()  # a copy begins with its time and its id
    return found


def counted(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Counted, ...]:
    """Return what the figures need of the copies for which conditions hold."""
    rows = streamed(connection.execute(_COUNTED.where(*conditions)))
    return tuple([Counted._make(row) for row in rows])


def streamed(result: CursorResult[Any]) -> Iterator[Sequence[Any]]:
    """Give the rows of a result, some at a time: `pickup` took 118 ms a month so, 136 ms with all rows at once."""
    return chain.from_iterable(result.partitions(_ROWS))


class _Story:
    """The items of a story, in the order of their times; not empty."""

    def __init__(self, members: Sequence[Row[Any]]) -> None:
        self._members = members
        self._origin_id: str = members[0].origin_id
        self._by_id = {member.id: member for member in members}
        own = (member for member in members if member.agency_id == self._origin_id)
        self._first = next(own, None)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give a row for each item of another agency, but for notices by which they withdraw theirs."""
        for member in self._members:
            if member.agency_id != self._origin_id and member.notice is not Notice.KILL:
                yield self._row(member)

    def _row(self, member: Row[Any]) -> dict[str, Any]:
        parent = self._by_id.get(member.parent_b)
        facts = self._corrected(member) if member.is_stale else ()
        return {
            "item_id": member.id,
            "story_id": member.story_id,
            "origin_id": self._origin_id,
            "agency_id": member.agency_id,
            "language": member.language,
            "published_at": member.story_published_at,
            "reported_at": member.reported_at,
            "kind": member.parent_kind.value if parent else None,
            "lag_s": max(_seconds(parent, member), 0) if parent else None,
            "since_first_s": self._since_first(member),
            "credit": (member.credit or CreditState.UNKNOWN).value,
            "facts": [[pair.old, pair.new] for pair in facts] or None,
            "is_edition": member.is_edition,
            "is_undecided": member.is_undecided,
            "is_stale": member.is_stale,
            "superseded_by": member.superseded_by,
        }

    def _since_first(self, member: Row[Any]) -> float | None:
        is_as_its_feed_says = member.reported_at == member.published_at
        if self._first is None or member.is_undecided or not is_as_its_feed_says:
            return None
        since = _seconds(self._first, member)
        return since if since >= 0 else None

    def _corrected(self, member: Row[Any]) -> tuple[Replacement, ...]:
        """Give the facts that concern an item: corrected by the origin, or by whom it was taken from."""
        sources, above = {self._origin_id}, member
        for _ in self._members:  # no more steps than items
            above = self._by_id.get(above.parent_b, above)
            sources.add(above.agency_id)
        concern = (
            other
            for other in self._members
            if other.agency_id in sources
            and (other.agency_id, other.language) != (member.agency_id, member.language)
        )
        return tuple(dict.fromkeys(pair for other in concern for pair in other.replaced))


def _seconds(earlier: Row[Any], later: Row[Any]) -> float:
    length: timedelta = later.reported_at - earlier.reported_at
    return length.total_seconds()
