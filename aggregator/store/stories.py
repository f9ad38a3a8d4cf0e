"""Stories as they are read: a handful of queries for 500 stories, whatever their number of items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from aggregator.errors import NotFoundError, UsageError
from aggregator.model import Action, Kind, Match, Member, Order, Related, Story, StoryQuery
from aggregator.search_words import parse
from aggregator.store import fulltext
from aggregator.store.addresses import items_at
from aggregator.store.chunks import chunks
from aggregator.store.heads import has_word
from aggregator.store.rows import read_item, read_lineage, read_match
from aggregator.store.schema import (
    ITEM,
    ITEM_MATCH,
    LINEAGE,
    PAIR,
    copies,
    decisions,
    item_words,
    items,
    matches,
    stories,
)

RELATED_SHOWN = 10  # related stories listed with one
# Items of a language, an agency, or with the words of a search: so few are all found by their index, in 20 ms; of
# more, one of thirty at 100,000, a page is full after a thousand stories, looked at in as long (scripts/bench pages).
FEW = 3000

# The columns that each order goes by, the latest and the largest first; there is an index for each.
_ORDERS: dict[Order, tuple[Column[Any], ...]] = {
    Order.SEEN: (stories.c.first_seen_at, stories.c.published_at, stories.c.id),
    Order.DATE: (stories.c.published_at, stories.c.id),
    Order.CARRIED: (stories.c.item_count, stories.c.first_seen_at, stories.c.id),
    Order.SPREAD: (stories.c.spread, stories.c.first_seen_at, stories.c.id),
}
_MATCH_AT = len(ITEM)
_LINEAGE_AT = _MATCH_AT + len(ITEM_MATCH)
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_HEADS = select(stories).where(stories.c.id.in_(_IDS))
_CHOSEN = (
    select(func.max(decisions.c.id))
    .where(
        decisions.c.item_id == items.c.id,
        decisions.c.action == Action.LEAD,
        decisions.c.undone_at.is_(None),
    )
    .scalar_subquery()
)


def _members(html: ColumnElement[str]) -> Select[tuple[object, ...]]:
    """Select the members of these stories, with this for the markup of their items."""
    item = (html if column is items.c.html else column for column in ITEM)
    return (
        select(*item, *ITEM_MATCH, *LINEAGE, items.c.story_id, _CHOSEN.label("chosen"))
        .where(items.c.story_id.in_(_IDS))
        .order_by(items.c.reported_at, items.c.id)
    )


_MEMBERS, _WITHOUT_MARKUP = _members(items.c.html), _members(literal("").label("html"))


def _related_on(mine: ColumnElement[str], other: ColumnElement[str]) -> Select[tuple[object, ...]]:
    """Select the related pairs that have an item of these stories on the side `mine`."""
    here, there, lead = items.alias("here"), items.alias("there"), items.alias("lead")
    return (
        select(
            *PAIR,
            here.c.story_id.label("of_story"),
            there.c.story_id,
            lead.c.title,
            lead.c.agency_id,
            lead.c.language,
            lead.c.reported_at,
        )
        .join(here, here.c.id == mine)
        .join(there, there.c.id == other)
        .join(stories, stories.c.id == there.c.story_id)
        .join(lead, lead.c.id == stories.c.lead_id)
        .where(
            here.c.story_id.in_(_IDS),
            there.c.story_id != here.c.story_id,
            matches.c.kind == Kind.RELATED,
        )
    )


_IN_STORY = select(items.c.story_id).where(items.c.story_id.is_not(None))
_PAIRS = union_all(
    _related_on(matches.c.a, matches.c.b), _related_on(matches.c.b, matches.c.a)
).subquery()
_RELATED = select(_PAIRS).order_by(_PAIRS.c.score.desc(), _PAIRS.c.a, _PAIRS.c.b)


def story(connection: Connection, story_id: str) -> Story:
    """Return the story with this id, or the one it was joined into; NotFoundError when there is none."""
    row = _present(connection, story_id)
    if row is None:
        raise NotFoundError(
            "There is no story with the id %(asked)r. `aggregator stories` lists them.",
            asked=story_id,
        )
    return next(_load(connection, [row.id]))


def _present(connection: Connection, story_id: str) -> Row[Any] | None:
    """Read the row of a story, or of the one it was joined into; None for an unknown id."""
    row = connection.execute(select(stories).where(stories.c.id == story_id)).one_or_none()
    while row is not None and row.joined_into is not None:
        row = connection.execute(select(stories).where(stories.c.id == row.joined_into)).one()
    return row


def story_of(connection: Connection, item_id: str) -> Story:
    """Return the story an item is in; NotFoundError when there is no such item, or it is not placed yet."""
    row = connection.execute(select(items.c.story_id).where(items.c.id == item_id)).one_or_none()
    if row is None:
        raise NotFoundError("There is no item with the id %(asked)r.", asked=item_id)
    if row.story_id is None:
        raise NotFoundError(
            "Item %(asked)s is not in a story yet. The next poll places it.", asked=item_id
        )
    return story(connection, row.story_id)


def find(connection: Connection, query: StoryQuery) -> Iterator[Story]:
    """Return the stories a query selects, in its order, behind the story that `after` names.

    They are loaded as they are consumed, a few hundred at a time. Raises UsageError for an unknown `after`.
    """
    by = _ORDERS[query.order]
    conditions = _conditions(connection, query)
    if query.after is not None:
        conditions.append(tuple_(*by) < tuple_(*_place(connection, query.after, query.order)))
    ids = connection.scalars(
        select(stories.c.id)
        .where(*conditions)
        .order_by(*(column.desc() for column in by))
        .limit(query.limit)
    ).all()
    return _load(connection, ids)


def _place(connection: Connection, story_id: str, order: Order) -> list[BindParameter[Any]]:
    """Give the place of a story in an order. By time, one that was joined into another keeps its own."""
    row = connection.execute(select(stories).where(stories.c.id == story_id)).one_or_none()
    if order in {Order.CARRIED, Order.SPREAD}:  # without items it would be the last of all
        row = _present(connection, story_id)
    if row is None:
        raise UsageError(
            '"after": there is no story with the id "%(asked)s": the address is of another '
            "database, or misspelt. Begin at the first page, without it.",
            asked=story_id[:80],
        )
    return [
        bindparam(None, getattr(row, column.name), type_=column.type) for column in _ORDERS[order]
    ]


def corrections(connection: Connection, since_at: datetime, limit: int) -> list[Story]:
    """Return stories that their origin corrected or withdrew since a time, the last one first."""
    ids = connection.scalars(
        select(stories.c.id)
        .where(stories.c.corrected_at >= since_at, stories.c.item_count > 0)
        .order_by(stories.c.corrected_at.desc(), stories.c.id.desc())
        .limit(limit)
    ).all()
    return list(_load(connection, ids))


def latest_update(connection: Connection, query: StoryQuery) -> datetime | None:
    """Return the latest `updated_at` of the stories a query selects, ignoring its limit."""
    return connection.execute(
        select(func.max(stories.c.updated_at)).where(*_conditions(connection, query))
    ).scalar()


def count(connection: Connection, query: StoryQuery) -> int:
    """Count the stories a query selects, ignoring its limit."""
    return connection.execute(
        select(func.count()).select_from(stories).where(*_conditions(connection, query))
    ).scalar_one()


def members(
    connection: Connection, story_ids: Collection[str], *, markup: bool = True
) -> dict[str, list[Member]]:
    """Return the members of stories, in the order of their reports.

    To summarise a story they need no `markup`, which is more than half of what they hold.
    """
    found: dict[str, list[Member]] = defaultdict(list)
    selected = _MEMBERS if markup else _WITHOUT_MARKUP
    rows = connection.execute(selected, {"ids": list(story_ids)})
    for row in rows:
        found[row.story_id].append(
            Member(
                item=read_item(row),
                match=read_match(row[_MATCH_AT:]),
                lineage=read_lineage(row[_LINEAGE_AT:]),
                chosen=row.chosen,
            )
        )
    return found


def with_other_scheme(
    connection: Connection, scheme: str, since_at: datetime, limit: int
) -> list[Story]:
    """Return stories first seen since a time that were summarised by other rules, the earliest first."""
    ids = connection.scalars(
        select(stories.c.id)
        .where(
            stories.c.scheme != scheme,
            stories.c.item_count > 0,
            stories.c.first_seen_at >= since_at,
        )
        .order_by(stories.c.first_seen_at, stories.c.id)
        .limit(limit)
    ).all()
    return list(_load(connection, ids))


def freeze_dates(connection: Connection) -> None:
    """Let the date that each story is published with stay as it is from now on."""
    waiting = (stories.c.is_published == false(), stories.c.item_count > 0)
    connection.execute(update(stories).where(*waiting).values(is_published=True))


def matches_of(connection: Connection, item_ids: Collection[str]) -> list[Match]:
    """Return every verified pair with one of these items on either side, the best first."""
    found: dict[tuple[str, str], Match] = {}
    for part in chunks(item_ids):
        pairs = select(*PAIR).where(or_(matches.c.a.in_(part), matches.c.b.in_(part)))
        of_these = select(items.c.story_id).where(items.c.id.in_(part))
        placed = select(*ITEM_MATCH).where(
            items.c.story_id.in_(of_these),
            or_(items.c.match_a.in_(part), items.c.match_b.in_(part)),
        )
        for query in (pairs, placed):
            read = (read_match(row) for row in connection.execute(query))
            found.update(((match.a, match.b), match) for match in read if match)
    return sorted(found.values(), key=lambda match: (-match.score, match.a, match.b))


def _load(connection: Connection, story_ids: Sequence[str]) -> Iterator[Story]:
    """Return the stories with these ids, in this order."""
    for part in chunks(story_ids):
        heads = {row.id: row for row in connection.execute(_HEADS, {"ids": part})}
        present, related = members(connection, part), _related(connection, part)
        for story_id in part:
            head = heads[story_id]
            yield Story(
                id=head.id,
                members=tuple(present[head.id]),
                lead_id=head.lead_id,
                origin_id=head.origin_id,
                first_seen_at=head.first_seen_at,
                updated_at=head.updated_at,
                published_at=head.published_at,
                killed_at=head.killed_at,
                related=tuple(related[head.id]),
            )


def _related(connection: Connection, story_ids: list[str]) -> dict[str, list[Related]]:
    """Give, for each story, the other stories its items are related to, by their best pair."""
    found: dict[str, dict[str, Related]] = defaultdict(dict)
    for row in connection.execute(_RELATED, {"ids": story_ids}):
        match = read_match(row)
        shown = found[row.of_story]
        if match and row.story_id not in shown and len(shown) < RELATED_SHOWN:
            shown[row.story_id] = Related(
                story_id=row.story_id,
                title=row.title,
                agency_id=row.agency_id,
                language=row.language,
                reported_at=row.reported_at,
                match=match,
            )
    return defaultdict(list, {story_id: list(shown.values()) for story_id, shown in found.items()})


def _conditions(connection: Connection, query: StoryQuery) -> list[ColumnElement[bool]]:
    # A story joined into another has no items, so it is never listed.
    conditions: list[ColumnElement[bool]] = [stories.c.item_count >= max(query.min_items, 1)]
    if query.since_at:
        conditions.append(stories.c.first_seen_at >= query.since_at)
    if query.until_at:
        conditions.append(stories.c.first_seen_at < query.until_at)
    if query.origin_id:
        conditions.append(stories.c.origin_id == query.origin_id)
    if query.killed is not None:
        conditions.append(stories.c.killed_at.is_not(None) == query.killed)
    if query.language:
        among = has_word(connection, stories.c.languages, query.language)
        conditions.append(
            _of(connection, _IN_STORY.where(items.c.language == query.language), among)
        )
    if query.agency_id:
        among = has_word(connection, stories.c.agencies, query.agency_id)
        conditions.append(
            _of(connection, _IN_STORY.where(items.c.agency_id == query.agency_id), among)
        )
    return [*conditions, *_of_one_copy(connection, query), *_of_a_search(connection, query.search)]


def _of_one_copy(connection: Connection, query: StoryQuery) -> list[ColumnElement[bool]]:
    """Build what must hold of one and the same copy."""
    wanted: list[ColumnElement[bool]] = []
    if query.carried_by:
        wanted.append(copies.c.agency_id == query.carried_by)
    if query.kind:
        wanted.append(copies.c.kind == query.kind)
    if query.credit:
        wanted.append(copies.c.credit == query.credit.value)
    if query.stale and not wanted:
        return _stale(query.agency_id)
    if query.stale:
        wanted.append(copies.c.is_stale)
        if query.agency_id and not query.carried_by:
            wanted.append(copies.c.agency_id == query.agency_id)
    if not wanted:
        return []
    of_story = select(1).where(copies.c.story_id == stories.c.id, *wanted)
    return [_of(connection, select(copies.c.story_id).where(*wanted), of_story.exists())]


def _stale(agency_id: str | None) -> list[ColumnElement[bool]]:
    """Build what holds of a stale item: also of the origin's own, in another language, which is no copy."""
    stale = _IN_STORY.where(items.c.is_stale)
    if agency_id:
        stale = stale.where(items.c.agency_id == agency_id)
    return [stories.c.id.in_(stale)]


def _of_a_search(connection: Connection, text: str | None) -> list[ColumnElement[bool]]:
    """Build what must hold of one and the same item."""
    search = parse(text or "")
    if text and (at_address := items_at(connection, text)):
        return [stories.c.id.in_(_IN_STORY.where(items.c.id.in_(at_address)))]
    if not search:
        return []
    numbers = connection.scalars(fulltext.matching(connection, search).limit(FEW + 1)).all()
    held = item_words.c.item_id == items.c.id
    if len(numbers) <= FEW:
        return [
            stories.c.id.in_(
                _IN_STORY.join(item_words, held).where(item_words.c.number.in_(numbers))
            )
        ]
    of_story = select(1).join(item_words, held).where(items.c.story_id == stories.c.id)
    return [of_story.where(fulltext.fits(connection, search)).exists()]


def _of(
    connection: Connection, story_ids: Select[Any], otherwise: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Hold for these stories, which are found first if they are few; else where `otherwise` does.

    Of many the next one comes soon, and to find all would take longer.
    """
    found = connection.scalars(story_ids.limit(FEW + 1)).all()
    return stories.c.id.in_(set(found)) if len(found) <= FEW else otherwise
