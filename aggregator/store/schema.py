"""The tables, as the present version has them; `migrations/` leads older databases here.

    feeds        1 --- n items          a feed's state between polls; its items outlive it
    items        1 --- n item_keys      every identity an item answers to in its feed
                 1 --- 1 item_words     the words of title and text, for searches
                 1 --- n item_revisions what an item said before
                 1 --- n fingerprints   what each channel of matching keeps of its text
    copies       1 --- 1 items          those of other agencies than their story's: see copies.py
    stories      1 --- n items          a story without items is an alias: see `joined_into`
    matches      n --- 2 items          verified pairs which made no story: related ones
    decisions    1 --- n moves          what a person decided, and how to take it back
    days                                UTC days of the stories: how many, and when last changed
    pages                               article pages as last asked for, by their address
    seen_entries 1 --- 1 feeds          entries of its last body that need not be read again

The pair by which an item came into its story stands in its own row (`match_…`), and so does what it is
to the others (`Lineage`: `parent_…` and what follows), for they are read with the item.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
)

from aggregator.model import (
    Action,
    CreditState,
    FeedState,
    FeedStatus,
    Item,
    Kind,
    Match,
    Notice,
    Page,
)
from aggregator.store.columns import (
    CreditsJson,
    EnclosuresJson,
    EvidenceJson,
    LeftOutJson,
    ReplacementsJson,
    Seconds,
    SeenJson,
    SmallNumbers,
    UtcDateTime,
    Words,
    word,
)

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
    }
)


def _match_columns(prefix: str) -> list[Column[Any]]:
    """Give the five columns of a match there may be; all are null or none is."""
    return [
        Column(prefix + "a", Text),
        Column(prefix + "b", Text),
        Column(prefix + "kind", word(Kind)),
        Column(prefix + "score", Float),
        Column(prefix + "evidence", EvidenceJson),
    ]


def _reading_columns() -> list[Column[Any]]:
    """Give the columns of what reading an item's text said of it, beside its credits."""
    return [
        _flag("is_whole"),
        _flag("names_source"),
        Column("notice", word(Notice)),
        Column("corrects", ReplacementsJson, nullable=False, server_default="[]"),
    ]


def _flag(name: str) -> Column[bool]:
    """Give a column that is false where nothing else is said."""
    return Column(name, Boolean, nullable=False, default=False, server_default=false())


feeds = Table(
    "feeds",
    metadata,
    Column("feed_id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("configured_url", Text, nullable=False),
    Column("next_due_at", UtcDateTime, nullable=False),
    Column("status", word(FeedStatus), nullable=False),
    Column("error", Text),
    Column("failures", Integer, nullable=False),
    Column("interval", Seconds),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("trust_validators", Boolean, nullable=False),
    Column("title", Text),
    Column("format", Text),
    Column("item_count", Integer, nullable=False),
    Column("polled_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("full_at", UtcDateTime),
    Column("newest_at", UtcDateTime),
    Column("overlap_streak", Integer, nullable=False),
    Column("moved_to", Text),
    Column("moved_at", UtcDateTime),
    Column("ttl", Seconds),
    Column("skip_hours", SmallNumbers, nullable=False),
    Column("skip_days", SmallNumbers, nullable=False),
    Column("retired", Boolean, nullable=False, default=False),
    Column("left_out", LeftOutJson, nullable=False, server_default="[]"),
    Column("median_words", Integer),
    Index(None, "retired", "next_due_at"),
)

# Beside the feeds' rows, which every poll writes and a start reads all.
seen_entries = Table(
    "seen_entries",
    metadata,
    Column("feed_id", Text, ForeignKey("feeds.feed_id"), primary_key=True),
    Column("scheme", Text, nullable=False),
    Column("entries", SeenJson, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, nullable=False),
    Column("origin_id", Text, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("day", Date, nullable=False),  # the UTC day of first_seen_at
    Column("item_count", Integer, nullable=False, default=0),
    # The story that took the last of this one's items: the old id still answers.
    Column("joined_into", Text, ForeignKey("stories.id")),
    Column("published_at", UtcDateTime),  # of every story: a column added later may be null
    _flag("is_published"),  # and `published_at` does not change any more
    Column("killed_at", UtcDateTime),
    Column("scheme", Text, nullable=False, server_default=""),  # of the rules that summarised it
    # What stories are listed and chosen by: see heads.py.
    Column("spread", Float, nullable=False, default=0, server_default="0"),
    Column("agencies", Text, nullable=False, default="", server_default=""),
    Column("languages", Text, nullable=False, default="", server_default=""),
    Column("corrected_at", UtcDateTime),
    # One for each `Order`.
    Index(None, "first_seen_at", "published_at", "id"),
    Index(None, "published_at", "id"),
    Index(None, "item_count", "first_seen_at", "id"),
    Index(None, "spread", "first_seen_at", "id"),
    Index(None, "corrected_at", "id"),
    Index(None, "day", "item_count"),
    # All that `pickup` reads of a story, so that SQLite need not look for its row.
    Index(
        "stories_of_origin_idx",
        *("origin_id", "published_at", "id", "item_count", "lead_id", "killed_at"),
    ),
    Index(None, "is_published"),
    Index(None, "scheme"),
)

items = Table(
    "items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("feed_id", Text, ForeignKey("feeds.feed_id"), nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("guid", Text),
    Column("link", Text),
    Column("html", Text, nullable=False),
    Column("language", Text),
    Column("published_at", UtcDateTime),
    Column("revision", Integer, nullable=False),
    Column("revised_at", UtcDateTime),
    Column("content_hash", Text, nullable=False),
    Column("credits", CreditsJson, nullable=False),
    Column("full_text", Text, nullable=False),
    Column("story_id", Text, ForeignKey("stories.id")),  # null: stored, in no story yet
    *_match_columns("match_"),
    *_reading_columns(),
    _flag("is_awaited"),  # revised, and not looked at again yet
    *_match_columns("parent_"),
    _flag("is_undecided"),
    Column("credit", word(CreditState)),
    _flag("is_edition"),
    _flag("is_stale"),
    Column("superseded_by", Text),
    Column("replaced", ReplacementsJson, nullable=False, server_default="[]"),  # `Lineage.corrects`
    Column("enclosures", EnclosuresJson, nullable=False, server_default="[]"),
    Column("awaits_page_until", UtcDateTime),
    Column("versioned_at", UtcDateTime),
    Column("stated_notice", word(Notice)),
    Column("text_key", Text),
    _flag("is_placeholder"),
    Index(None, "story_id", "reported_at"),
    Index(None, "reported_at"),
    Index(None, "agency_id", "reported_at"),
    Index(None, "agency_id", "story_id"),
    Index(None, "language", "story_id"),
    Index(None, "feed_id", "seen_at"),
    Index(None, "is_awaited"),
    Index(None, "is_stale"),
    Index(None, "awaits_page_until"),
    Index(None, "text_key", "is_placeholder"),
    # A link may be longer than an entry of PostgreSQL's B-tree (2,704 bytes); a hash has no limit.
    Index(None, "link", postgresql_using="hash"),
    Index(None, "guid", postgresql_using="hash"),
)

copies = Table(
    "copies",
    metadata,
    # The copies of an agency's reports lie together, by time: a question is about those of weeks.
    Column("origin_id", Text, primary_key=True),
    Column("published_at", UtcDateTime, primary_key=True),  # of its story
    Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
    Column("story_id", Text, ForeignKey("stories.id"), nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("language", Text),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("kind", Text),
    Column("lag_s", Float),
    Column("since_first_s", Float),
    Column("credit", Text, nullable=False),
    Column("facts", JSON(none_as_null=True)),  # `[old, new]` each; null for none
    _flag("is_edition"),
    _flag("is_undecided"),
    _flag("is_stale"),
    Column("superseded_by", Text),
    # All that a story is chosen by, of one of its copies.
    Index(None, "story_id", "agency_id", "kind", "credit", "is_stale"),
    Index(None, "agency_id", "reported_at"),
    # All that `pickup.carriers` counts, in the order in which it does.
    Index(
        "copies_of_pair_idx",
        *("origin_id", "agency_id", "published_at"),
        *("story_id", "kind", "credit", "is_stale", "since_first_s"),
    ),
    sqlite_with_rowid=False,
)

# The index over it differs by engine (fulltext.py), and goes by a number that VACUUM does not change.
item_words = Table(
    "item_words",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("item_id", Text, ForeignKey("items.id"), nullable=False, unique=True),
    Column("words", Words, nullable=False),
)

item_keys = Table(
    "item_keys",
    metadata,
    Column("digest", LargeBinary, primary_key=True),  # of feed and key: `keys.digest`
    Column("item_id", Text, ForeignKey("items.id"), nullable=False),
    sqlite_with_rowid=False,
)

item_revisions = Table(
    "item_revisions",
    metadata,
    Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("guid", Text),
    Column("link", Text),
    Column("html", Text, nullable=False),
    Column("language", Text),
    Column("published_at", UtcDateTime),
    Column("revised_at", UtcDateTime),
    Column("content_hash", Text, nullable=False),
    Column("credits", CreditsJson, nullable=False),
    Column("full_text", Text, nullable=False),
    *_reading_columns(),
)

pages = Table(
    "pages",
    metadata,
    Column("key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("text", Text, nullable=False),
    Column("refusal", Text),
    Index(None, "host", "asked_at"),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("scheme", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("a", Text, ForeignKey("items.id"), primary_key=True),
    Column("b", Text, ForeignKey("items.id"), primary_key=True),
    Column("kind", word(Kind), nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", EvidenceJson, nullable=False),
    Index(None, "b"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", word(Action), nullable=False),
    Column("item_id", Text, ForeignKey("items.id"), nullable=False),
    Column("other_id", Text, ForeignKey("items.id")),
    Column("made_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("version", Integer, nullable=False),  # of the stories, when it was made or undone
    Column("made_by", Text),
    Column("reason", Text, nullable=False, server_default=""),
    Index(None, "item_id"),
)

moves = Table(
    "moves",
    metadata,
    Column("decision_id", Integer, ForeignKey("decisions.id"), primary_key=True),
    Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
    Column("story_id", Text, ForeignKey("stories.id"), nullable=False),
    Column("former_story_id", Text, ForeignKey("stories.id"), nullable=False),
    *_match_columns("former_"),
)

days = Table(
    "days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("story_count", Integer, nullable=False),
    Column("version", Integer, nullable=False),  # grows with every change of a story of that day
    Index(None, "version"),
)


def _columns_of(kind: type, table: Table, prefix: str = "") -> tuple[Column[Any], ...]:
    return tuple(table.c[prefix + field.name] for field in fields(kind))


# What a row must begin with for `rows` to read a value of it.
FEED_STATE = _columns_of(FeedState, feeds)
ITEM = _columns_of(Item, items)
PAGE = _columns_of(Page, pages)
PAIR = _columns_of(Match, matches)
ITEM_MATCH = _columns_of(Match, items, "match_")
# What `rows.read_lineage` reads: the pair with the parent, then the rest.
LINEAGE = (
    *_columns_of(Match, items, "parent_"),
    items.c.is_undecided,
    items.c.credit,
    items.c.is_edition,
    items.c.is_stale,
    items.c.superseded_by,
    items.c.replaced,
)
FORMER_MATCH = _columns_of(Match, moves, "former_")
