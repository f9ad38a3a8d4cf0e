"""0005: what stories are listed and chosen by, and why a person decided what they did.

stories     + spread agencies languages corrected_at, of their items and copies; an index for each order
              published_at of every row: a story that was joined into another is still a place in the list
item_words  new: the words of items, with the engine's own index, in the place of items.search_text
items       + indexes by agency, language and feed
copies      + an index of all that is counted of a pair of agencies, and of all that a story is chosen by,
              in the place of that of the stories alone
decisions   + reason, an index by item
"""

from alembic import op
from sqlalchemy import (
    Column,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from aggregator.store import fulltext

revision = "0005"
down_revision = "0004"

# SQLite and PostgreSQL call it differently.
_JOINED = {
    "sqlite": "group_concat({0}, ' ')",
    "postgresql": "string_agg({0}, ' ' ORDER BY {0})",
}
_WORDS = """
    SELECT ' ' || coalesce({joined}, '') || ' ' FROM (
        SELECT DISTINCT {column} FROM items
        WHERE items.story_id = stories.id AND coalesce({column}, '') <> '' ORDER BY {column}
    ) AS held
"""
# Agencies an hour, from the first report to the last agency's first copy, with an hour at least.
_SPREAD = """
    SELECT coalesce(count(*) / (CASE WHEN max(s) > 3600 THEN max(s) / 3600.0 ELSE 1.0 END), 0)
    FROM (
        SELECT min(copies.since_first_s) AS s FROM copies
        WHERE copies.story_id = stories.id AND copies.since_first_s IS NOT NULL
        GROUP BY copies.agency_id
    ) AS first_copies
"""
_CORRECTED = """
    SELECT max(coalesce(items.revised_at, items.reported_at)) FROM items
    WHERE items.story_id = stories.id AND items.agency_id = stories.origin_id
    AND (items.notice = 'correction' OR CAST(items.replaced AS TEXT) <> '[]')
"""


def upgrade() -> None:
    """Add what lists and chooses stories, the words that searches read, and what is asked of decisions."""
    _stories()
    _words()
    _decisions()


def _stories() -> None:
    """Add the columns, and fill them."""
    op.add_column("stories", Column("spread", Float, nullable=False, server_default="0"))
    op.add_column("stories", Column("agencies", Text, nullable=False, server_default=""))
    op.add_column("stories", Column("languages", Text, nullable=False, server_default=""))
    op.add_column("stories", Column("corrected_at", DateTime(timezone=True)))
    _fill_stories()
    op.drop_index("stories_first_seen_at_id_idx", "stories")
    for columns in (
        ["first_seen_at", "published_at", "id"],
        ["published_at", "id"],
        ["item_count", "first_seen_at", "id"],
        ["spread", "first_seen_at", "id"],
        ["corrected_at", "id"],
    ):
        op.create_index(f"stories_{'_'.join(columns)}_idx", "stories", columns)
    op.drop_index("copies_story_id_idx", "copies")
    chosen_by = ["story_id", "agency_id", "kind", "credit", "is_stale"]
    op.create_index(f"copies_{'_'.join(chosen_by)}_idx", "copies", chosen_by)
    of_pair = ["origin_id", "agency_id", "published_at"]
    counted = ["story_id", "kind", "credit", "is_stale", "since_first_s"]
    op.create_index("copies_of_pair_idx", "copies", of_pair + counted)


def _fill_stories() -> None:
    joined = _JOINED[op.get_bind().dialect.name]
    agencies, languages = (
        _WORDS.format(joined=joined.format(column), column=column)
        for column in ("agency_id", "language")
    )
    op.execute("UPDATE stories SET published_at = first_seen_at WHERE published_at IS NULL")
    op.execute(f"UPDATE stories SET agencies = ({agencies}), languages = ({languages})")  # noqa: S608
    op.execute(f"UPDATE stories SET spread = ({_SPREAD})")  # noqa: S608 - no value of anyone's
    op.execute(f"UPDATE stories SET corrected_at = ({_CORRECTED})")  # noqa: S608
    op.execute(
        "UPDATE stories SET corrected_at = killed_at "
        "WHERE killed_at IS NOT NULL AND (corrected_at IS NULL OR corrected_at < killed_at)"
    )


def _decisions() -> None:
    """Add the reason, which older decisions do not give; a split names what it split the item from.

    Of an older one that is the item it came by; of an item that came by none, it is not known.
    """
    op.add_column("decisions", Column("reason", Text, nullable=False, server_default=""))
    op.create_index("decisions_item_id_idx", "decisions", ["item_id"])
    op.execute(
        """
        UPDATE decisions SET other_id = (
            SELECT moves.former_b FROM moves
            WHERE moves.decision_id = decisions.id AND moves.item_id = decisions.item_id
        )
        WHERE action = 'split'
        """
    )


def _words() -> None:
    """Read all items for their words, in the way that searches are read now."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "item_words",
        Column("number", Integer, nullable=False),
        Column("item_id", Text, nullable=False),
        Column("words", Text if is_sqlite else TSVECTOR, nullable=False),
        PrimaryKeyConstraint("number", name="item_words_pkey"),
        ForeignKeyConstraint(["item_id"], ["items.id"], name="item_words_item_id_fkey"),
        UniqueConstraint("item_id", name="item_words_item_id_key"),
    )
    fulltext.create(op.get_bind())
    connection, last_id = op.get_bind(), ""
    some = text("SELECT id, title, text FROM items WHERE id > :last ORDER BY id LIMIT 500")
    while rows := connection.execute(some, {"last": last_id}).all():
        last_id = rows[-1].id
        fulltext.save(connection, {row.id: (row.title, row.text) for row in rows})
    op.drop_column("items", "search_text")
    op.create_index("items_agency_id_story_id_idx", "items", ["agency_id", "story_id"])
    op.create_index("items_language_story_id_idx", "items", ["language", "story_id"])
    op.create_index("items_feed_id_seen_at_idx", "items", ["feed_id", "seen_at"])
