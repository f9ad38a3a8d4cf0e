"""0001: the tables as first published.

The types are spelled plainly, not taken from `columns.py`: a step stays as it was when that changes.
The way back from a step is the backup made before it.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None

TIME = DateTime(timezone=True)
WORD = String(16)


def upgrade() -> None:
    """Make every table; a table comes after those it points to."""
    _feeds()
    _stories()
    _items()
    _about_items()
    _decisions()


def _feeds() -> None:
    op.create_table(
        "feeds",
        Column("feed_id", Text, primary_key=True),
        _required("url", Text()),
        _required("configured_url", Text()),
        _required("next_due_at", TIME),
        _required("status", WORD),
        Column("error", Text),
        _required("failures", Integer()),
        Column("interval", Float),
        Column("etag", Text),
        Column("last_modified", Text),
        Column("body_hash", Text),
        _required("trust_validators", Boolean()),
        Column("title", Text),
        Column("format", Text),
        _required("item_count", Integer()),
        Column("polled_at", TIME),
        Column("succeeded_at", TIME),
        Column("full_at", TIME),
        Column("newest_at", TIME),
        _required("overlap_streak", Integer()),
        Column("moved_to", Text),
        Column("moved_at", TIME),
        Column("ttl", Float),
        _required("skip_hours", Integer()),
        _required("skip_days", Integer()),
        _required("retired", Boolean()),
    )
    op.create_index("feeds_retired_next_due_at_idx", "feeds", ["retired", "next_due_at"])


def _stories() -> None:
    op.create_table(
        "stories",
        Column("id", Text, primary_key=True),
        _required("lead_id", Text()),
        _required("origin_id", Text()),
        _required("first_seen_at", TIME),
        _required("updated_at", TIME),
        _required("day", Date()),
        _required("item_count", Integer()),
        Column("joined_into", Text, ForeignKey("stories.id")),
    )
    op.create_index("stories_first_seen_at_id_idx", "stories", ["first_seen_at", "id"])
    op.create_index("stories_day_item_count_idx", "stories", ["day", "item_count"])
    op.create_table(
        "days",
        Column("day", Date, primary_key=True),
        _required("story_count", Integer()),
        _required("version", Integer()),
    )
    op.create_index("days_version_idx", "days", ["version"])


def _items() -> None:
    op.create_table(
        "items",
        Column("id", Text, primary_key=True),
        Column("feed_id", Text, ForeignKey("feeds.feed_id"), nullable=False),
        _required("agency_id", Text()),
        _required("title", Text()),
        _required("text", Text()),
        _required("seen_at", TIME),
        _required("reported_at", TIME),
        Column("guid", Text),
        Column("link", Text),
        _required("html", Text()),
        Column("language", Text),
        Column("published_at", TIME),
        _required("revision", Integer()),
        Column("revised_at", TIME),
        _required("content_hash", Text()),
        _required("credits", JSON()),
        _required("full_text", Text()),
        Column("story_id", Text, ForeignKey("stories.id")),
        *_match("match_"),
        _required("search_text", Text()),
    )
    op.create_index("items_story_id_reported_at_idx", "items", ["story_id", "reported_at"])
    op.create_index("items_reported_at_idx", "items", ["reported_at"])
    op.create_index("items_link_idx", "items", ["link"], postgresql_using="hash")
    op.create_index("items_guid_idx", "items", ["guid"], postgresql_using="hash")


def _about_items() -> None:
    op.create_table(
        "item_keys",
        Column("digest", LargeBinary, primary_key=True),
        Column("item_id", Text, ForeignKey("items.id"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "item_revisions",
        Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
        Column("revision", Integer, primary_key=True),
        _required("title", Text()),
        _required("text", Text()),
        _required("reported_at", TIME),
        Column("guid", Text),
        Column("link", Text),
        _required("html", Text()),
        Column("language", Text),
        Column("published_at", TIME),
        Column("revised_at", TIME),
        _required("content_hash", Text()),
        _required("credits", JSON()),
        _required("full_text", Text()),
    )
    op.create_table(
        "fingerprints",
        Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
        _required("scheme", Text()),
        _required("language", Text()),
        _required("signature", LargeBinary()),
        _required("features", LargeBinary()),
        _required("crosslang", LargeBinary()),
    )
    op.create_table(
        "matches",
        Column("a", Text, ForeignKey("items.id"), primary_key=True),
        Column("b", Text, ForeignKey("items.id"), primary_key=True),
        _required("kind", WORD),
        _required("score", Float()),
        _required("evidence", JSON()),
    )
    op.create_index("matches_b_idx", "matches", ["b"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        Column("id", Integer, primary_key=True),
        _required("action", WORD),
        Column("item_id", Text, ForeignKey("items.id"), nullable=False),
        Column("other_id", Text, ForeignKey("items.id")),
        _required("made_at", TIME),
        Column("undone_at", TIME),
        _required("version", Integer()),
    )
    op.create_table(
        "moves",
        Column("decision_id", Integer, ForeignKey("decisions.id"), primary_key=True),
        Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
        Column("story_id", Text, ForeignKey("stories.id"), nullable=False),
        Column("former_story_id", Text, ForeignKey("stories.id"), nullable=False),
        *_match("former_"),
    )


def _required(name: str, kind: TypeEngine[Any]) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _match(prefix: str) -> list[Column[Any]]:
    return [
        Column(prefix + "a", Text),
        Column(prefix + "b", Text),
        Column(prefix + "kind", WORD),
        Column(prefix + "score", Float),
        Column(prefix + "evidence", JSON),
    ]
