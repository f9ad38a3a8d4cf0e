"""0003: what each item of a story is to the others, and when a story was published, corrected, killed.

    items      + is_whole names_source notice corrects   what reading its text says of it
               + parent_… is_undecided credit is_edition is_stale superseded_by replaced: its lineage
               + is_awaited
               search_text is the last column again, so that SQLite does not read over it
    stories    + published_at is_published killed_at scheme
    copies     new: the items of other agencies than their story's
    decisions  + made_by

An entry keeps the date it was published with: that of the item that founded its story. Stories are of no
scheme, so those of the window are summarised anew at the next start. Until then, and in older ones, the
parent of an item is the one it was recognised by, and nothing is said of its credit: its text may name
a source that was not looked for. How much later than the origin an older copy came is not known either.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    String,
    Text,
    false,
)
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision = "0002"

TIME = DateTime(timezone=True)
WORD = String(16)
_FOUNDER = """
    SELECT founder.reported_at FROM items AS founder WHERE founder.story_id = stories.id
    ORDER BY founder.seen_at, founder.id LIMIT 1
"""
_IS_LATER = """
    match_b IN (SELECT other.id FROM items AS other WHERE other.reported_at <= items.reported_at)
"""
_OLDER_COPIES = """
    INSERT INTO copies (
        item_id, story_id, origin_id, agency_id, language, published_at, reported_at, kind, credit
    )
    SELECT
        items.id, stories.id, stories.origin_id, items.agency_id, items.language,
        stories.published_at, items.reported_at, items.parent_kind, 'unknown'
    FROM items JOIN stories ON stories.id = items.story_id
    WHERE items.agency_id <> stories.origin_id
"""


def upgrade() -> None:
    """Add the columns, and fill those that older rows have something to say for."""
    _items()
    _stories()
    _copies()
    op.add_column("decisions", Column("made_by", Text))
    for column in _reading_columns():
        op.add_column("item_revisions", column)


def _items() -> None:
    for column in _reading_columns():
        op.add_column("items", column)
    op.add_column("items", _flag("is_awaited"))
    for column in _match_columns("parent_"):
        op.add_column("items", column)
    op.add_column("items", _flag("is_undecided"))
    op.add_column("items", Column("credit", WORD))
    op.add_column("items", _flag("is_edition"))
    op.add_column("items", _flag("is_stale"))
    op.add_column("items", Column("superseded_by", Text))
    op.add_column("items", _list("replaced"))
    op.add_column("items", Column("moved_text", Text, nullable=False, server_default=""))
    copied = ", ".join(
        f"parent_{part} = match_{part}" for part in ("a", "b", "kind", "score", "evidence")
    )
    op.execute("UPDATE items SET moved_text = search_text, names_source = true")
    op.execute(f"UPDATE items SET {copied} WHERE {_IS_LATER}")  # noqa: S608 - no value of anyone's
    op.drop_column("items", "search_text")
    op.alter_column("items", "moved_text", new_column_name="search_text")
    op.create_index("items_agency_id_reported_at_idx", "items", ["agency_id", "reported_at"])
    op.create_index("items_is_awaited_idx", "items", ["is_awaited"])
    op.create_index("items_is_stale_idx", "items", ["is_stale"])


def _stories() -> None:
    op.add_column("stories", Column("published_at", TIME))
    op.add_column("stories", _flag("is_published"))
    op.add_column("stories", Column("killed_at", TIME))
    op.add_column("stories", Column("scheme", Text, nullable=False, server_default=""))
    op.execute(f"UPDATE stories SET published_at = ({_FOUNDER}), is_published = true")  # noqa: S608
    of_origin = ["origin_id", "published_at", "id", "item_count", "lead_id", "killed_at"]
    op.create_index("stories_of_origin_idx", "stories", of_origin)
    op.create_index("stories_is_published_idx", "stories", ["is_published"])
    op.create_index("stories_scheme_idx", "stories", ["scheme"])


def _copies() -> None:
    op.create_table(
        "copies",
        Column("origin_id", Text, nullable=False),
        Column("published_at", TIME, nullable=False),
        Column("item_id", Text, nullable=False),
        Column("story_id", Text, nullable=False),
        Column("agency_id", Text, nullable=False),
        Column("language", Text),
        Column("reported_at", TIME, nullable=False),
        Column("kind", Text),
        Column("lag_s", Float),
        Column("since_first_s", Float),
        Column("credit", Text, nullable=False),
        Column("facts", JSON),
        _flag("is_edition"),
        _flag("is_undecided"),
        _flag("is_stale"),
        Column("superseded_by", Text),
        PrimaryKeyConstraint("origin_id", "published_at", "item_id", name="copies_pkey"),
        ForeignKeyConstraint(["item_id"], ["items.id"], name="copies_item_id_fkey"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="copies_story_id_fkey"),
        sqlite_with_rowid=False,
    )
    op.execute(_OLDER_COPIES)
    op.create_index("copies_story_id_idx", "copies", ["story_id"])
    op.create_index("copies_agency_id_reported_at_idx", "copies", ["agency_id", "reported_at"])


def _reading_columns() -> list[Column[Any]]:
    return [
        _flag("is_whole"),
        _flag("names_source"),
        Column("notice", WORD),
        _list("corrects"),
    ]


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _list(name: str) -> Column[Any]:
    return Column(name, JSON, nullable=False, server_default="[]")


def _match_columns(prefix: str) -> list[Column[Any]]:
    kinds: dict[str, TypeEngine[Any]] = {
        "a": Text(), "b": Text(), "kind": WORD, "score": Float(), "evidence": JSON(),
    }  # fmt: skip
    return [Column(prefix + name, kind) for name, kind in kinds.items()]
