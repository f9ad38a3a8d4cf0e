"""0005: what stories are listed and chosen by, and why a person decided what they did.

stories     + spread agencies languages, of the items and copies they have; an index for each order
              published_at of every row: a story that was joined into another is still a place in the list
copies      + an index of what a story is chosen by
decisions   + reason, an index by item
"""

from alembic import op
from sqlalchemy import Column, Float, Text

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


def upgrade() -> None:
    """Add what lists and chooses stories, and what is asked of decisions."""
    _stories()
    _decisions()


def _stories() -> None:
    """Add the columns, and fill them."""
    op.add_column("stories", Column("spread", Float, nullable=False, server_default="0"))
    op.add_column("stories", Column("agencies", Text, nullable=False, server_default=""))
    op.add_column("stories", Column("languages", Text, nullable=False, server_default=""))
    _fill_stories()
    op.drop_index("stories_first_seen_at_id_idx", "stories")
    for columns in (
        ["first_seen_at", "published_at", "id"],
        ["published_at", "id"],
        ["item_count", "first_seen_at", "id"],
        ["spread", "first_seen_at", "id"],
    ):
        op.create_index(f"stories_{'_'.join(columns)}_idx", "stories", columns)
    chosen_by = ["credit", "kind", "agency_id", "is_stale", "story_id"]
    op.create_index(f"copies_{'_'.join(chosen_by)}_idx", "copies", chosen_by)


def _fill_stories() -> None:
    joined = _JOINED[op.get_bind().dialect.name]
    agencies, languages = (
        _WORDS.format(joined=joined.format(column), column=column)
        for column in ("agency_id", "language")
    )
    op.execute("UPDATE stories SET published_at = first_seen_at WHERE published_at IS NULL")
    op.execute(f"UPDATE stories SET agencies = ({agencies}), languages = ({languages})")  # noqa: S608
    op.execute(f"UPDATE stories SET spread = ({_SPREAD})")  # noqa: S608 - no value of anyone's


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
