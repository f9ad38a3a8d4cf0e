"""The index of words, as each engine has it: SQLite's FTS5, PostgreSQL's tsvector with GIN.

    save: title, text --> words --> item_words --> the index, by the engine itself
    search -------------> matching: the rows of item_words that fit, by the index
                      `-> fits: whether a row does, without it

Neither engine reads the words again: they are folded and apart already (`search_words`), so both find the
same, and nothing that a person writes is a mistake in an engine's language.

https://www.sqlite.org/fts5.html, https://www.postgresql.org/docs/current/textsearch.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    cast,
    column,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from aggregator.search_words import Search, Term, words
from aggregator.store.chunks import chunks
from aggregator.store.engine import position, upsert
from aggregator.store.schema import item_words

BREAK = "¶"  # between title and text, so that no phrase has words of both; `words` never gives it
MOST_WORDS = 16_000  # of an item: PostgreSQL keeps no more positions …
MOST_CHARACTERS = 200_000  # … and 1 MiB of words, of which each character may have four bytes

_INDEX = table("item_words_fts", column("rowid", Integer))
_FTS5 = "words, content='item_words', content_rowid='number', tokenize='ascii'"
_ADD = "INSERT INTO item_words_fts (rowid, words) VALUES (new.number, new.words);"
_REMOVE = (
    "INSERT INTO item_words_fts (item_words_fts, rowid, words) "
    "VALUES ('delete', old.number, old.words);"
)
_CREATE = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE item_words_fts USING fts5({_FTS5})",
        f"CREATE TRIGGER item_words_added AFTER INSERT ON item_words BEGIN {_ADD} END",
        f"CREATE TRIGGER item_words_removed AFTER DELETE ON item_words BEGIN {_REMOVE} END",
        f"CREATE TRIGGER item_words_changed AFTER UPDATE ON item_words BEGIN {_REMOVE} {_ADD} END",
    ),
    "postgresql": ("CREATE INDEX item_words_words_idx ON item_words USING gin (words)",),
}


def create(connection: Connection) -> None:
    """Make the index over the table of words."""
    for statement in _CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def save(connection: Connection, texts: Mapping[str, tuple[str, str]]) -> None:
    """Write the words of items, given with title and text by id, in the place of those they had."""
    for part in chunks(texts):
        rows = [{"item_id": item_id, "words": _words_of(*texts[item_id])} for item_id in part]
        upsert(connection, item_words, rows, key="item_id")


def matching(connection: Connection, search: Search) -> Select[tuple[int]]:
    """Select the numbers of the rows of `item_words` that fit a search, by the index alone where that can be."""
    if connection.dialect.name != "sqlite":
        return select(item_words.c.number).where(fits(connection, search))
    is_match = literal_column("item_words_fts").op("MATCH")(_fts5(search))
    return select(_INDEX.c.rowid).select_from(_INDEX).where(is_match)


def fits(connection: Connection, search: Search) -> ColumnElement[bool]:
    """Hold for the rows of `item_words` that fit a search; cheap where many of them do."""
    if connection.dialect.name != "sqlite":
        # PostgreSQL chooses by itself whether it uses the index.
        return item_words.c.words.op("@@")(cast(_tsquery(search), TSQUERY))
    return and_(
        *(_has(connection, term) for term in search.wanted),
        *(~_has(connection, term) for term in search.unwanted),
    )


def problems(connection: Connection) -> list[str]:
    """Describe what is wrong with the index; PostgreSQL keeps it right itself."""
    if connection.dialect.name != "sqlite":
        return []
    indexed = table("item_words_fts_docsize", column("id"))
    missing = select(item_words.c.item_id).where(item_words.c.number.not_in(select(indexed.c.id)))
    return [
        f"Item {item_id} is not in the index of words, so no search finds it"
        for item_id in connection.scalars(missing.limit(20))
    ]


def _words_of(*texts: str) -> Sequence[str]:
    found, size = list[str](), 0
    for part in texts:
        for word in words(part):
            size += len(word)
            if size > MOST_CHARACTERS or len(found) == MOST_WORDS:
                return found
            found.append(word)
        found.append(BREAK)
    return found


def _has(connection: Connection, term: Term) -> ColumnElement[bool]:
    """Hold where the words of SQLite, each between blanks, have those of a term."""
    sought = f" {' '.join(term.words)}{'' if term.open else ' '}"
    return position(connection, item_words.c.words, sought) > 0


def _fts5(search: Search) -> str:
    wanted = " AND ".join(map(_fts5_term, search.wanted))
    unwanted = " OR ".join(map(_fts5_term, search.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _fts5_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.open else ""}'


def _tsquery(search: Search) -> str:
    wanted = " & ".join(map(_tsquery_term, search.wanted))
    return " & ".join((wanted, *(f"!({_tsquery_term(term)})" for term in search.unwanted)))


def _tsquery_term(term: Term) -> str:
    return " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.open else "")
