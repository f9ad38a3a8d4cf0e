"""0004: what was left out of a feed's body and seen in it, the files an item brings, and the article pages asked for.

feeds   + left_out median_words
items   + enclosures awaits_page_until versioned_at stated_notice text_key is_placeholder
        search_text is the last column again, so that SQLite does not read over it
pages, seen_entries   new
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    false,
)

revision = "0004"
down_revision = "0003"

TIME = DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and the tables; older rows have nothing to say for them."""
    op.add_column("feeds", _list("left_out"))
    op.add_column("feeds", Column("median_words", Integer))
    op.create_table(
        "seen_entries",
        Column("feed_id", Text, nullable=False),
        Column("scheme", Text, nullable=False),
        Column("entries", JSON, nullable=False),
        ForeignKeyConstraint(["feed_id"], ["feeds.feed_id"], name="seen_entries_feed_id_fkey"),
        PrimaryKeyConstraint("feed_id", name="seen_entries_pkey"),
    )
    _items()
    op.create_table(
        "pages",
        Column("key", Text, nullable=False),
        Column("url", Text, nullable=False),
        Column("host", Text, nullable=False),
        Column("asked_at", TIME, nullable=False),
        Column("status", Integer),
        Column("etag", Text),
        Column("last_modified", Text),
        Column("text", Text, nullable=False),
        Column("refusal", Text),
        PrimaryKeyConstraint("key", name="pages_pkey"),
    )
    op.create_index("pages_host_asked_at_idx", "pages", ["host", "asked_at"])


def _items() -> None:
    op.add_column("items", _list("enclosures"))
    op.add_column("items", Column("awaits_page_until", TIME))
    op.add_column("items", Column("versioned_at", TIME))
    op.add_column("items", Column("stated_notice", String(16)))
    op.add_column("items", Column("text_key", Text))
    op.add_column(
        "items", Column("is_placeholder", Boolean, nullable=False, server_default=false())
    )
    op.add_column("items", Column("moved_text", Text, nullable=False, server_default=""))
    op.execute("UPDATE items SET moved_text = search_text")
    op.drop_column("items", "search_text")
    op.alter_column("items", "moved_text", new_column_name="search_text")
    op.create_index("items_awaits_page_until_idx", "items", ["awaits_page_until"])
    op.create_index("items_text_key_is_placeholder_idx", "items", ["text_key", "is_placeholder"])


def _list(name: str) -> Column[Any]:
    return Column(name, JSON, nullable=False, server_default="[]")
