"""What differs between SQLite and PostgreSQL, and nothing else: with fulltext.py the one file with an engine's own SQL.

A transaction has one of three modes:

    READ     one snapshot for all its queries; never waits for a writer, nor makes one wait
    WRITE    the only writer of the database until it ends; on the disk when it returns
    RELAXED  as WRITE, but a loss of power may undo it: for what the next poll finds out again

No transaction survives where an earlier one was lost, RELAXED or not: both engines write one
log (https://www.sqlite.org/wal.html, https://www.postgresql.org/docs/current/wal-async-commit.html).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from enum import Enum, auto
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Table,
    Text,
    cast,
    create_engine,
    event,
    func,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import NoSuchModuleError

from aggregator.errors import StoreError
from aggregator.files import replacing

WAIT_SECONDS = 5.0  # for another writer, before StoreBusyError
POOL = {"pool_size": 8, "max_overflow": 32, "pool_timeout": 30}

WRITER_LOCK = 0x6167_6772_0001  # advisory locks of PostgreSQL: two arbitrary numbers
POLLER_LOCK = 0x6167_6772_0002


class TransactionMode(Enum):
    """What a transaction is for; see the top of this file."""

    READ = auto()
    WRITE = auto()
    RELAXED = auto()


_OPENING = {
    ("sqlite", TransactionMode.READ): ("BEGIN",),
    ("sqlite", TransactionMode.WRITE): ("PRAGMA synchronous = FULL", "BEGIN IMMEDIATE"),
    ("sqlite", TransactionMode.RELAXED): ("PRAGMA synchronous = NORMAL", "BEGIN IMMEDIATE"),
    ("postgresql", TransactionMode.READ): (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    ),
    ("postgresql", TransactionMode.WRITE): (f"SELECT pg_advisory_xact_lock({WRITER_LOCK})",),
    ("postgresql", TransactionMode.RELAXED): (
        f"SELECT pg_advisory_xact_lock({WRITER_LOCK})",
        "SET LOCAL synchronous_commit = off",
    ),
}
_BACKUP_HINT = "Name a file in a folder that you may write to, on a disk with room for it."
_compact_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def open_engine(url: str, *, wait_seconds: float | None = None) -> Engine:
    """Make the engine for a URL, without a connection yet. Makes the folder of a SQLite file.

    A statement waits `wait_seconds` for a lock that another program holds, by default 5 s.

    Raises:
        StoreError: this kind of database is not supported.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() not in _CONNECT:
        raise StoreError(
            f"The store {parsed} is not supported. "
            "Write sqlite:///FILE or postgresql+psycopg://HOST/NAME."
        )
    file = database_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    options = POOL if file is not None or parsed.get_backend_name() == "postgresql" else {}
    try:
        engine = create_engine(parsed, json_serializer=_compact_json, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError(
            f"The store {parsed} needs a driver: pip install 'psycopg[binary]'."
        ) from error
    seconds = WAIT_SECONDS if wait_seconds is None else wait_seconds
    connect = partial(_CONNECT[engine.dialect.name], wait_seconds=seconds)
    event.listen(engine, "connect", connect)
    return engine


def database_file(url: str) -> Path | None:
    """Return the file of a SQLite URL, relative ones from the working directory; None for others."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database).removeprefix("file:"))


@contextmanager
def transaction(engine: Engine, mode: TransactionMode) -> Iterator[Connection]:
    """Run a transaction: commit when the body ends, roll back when it raises."""
    with engine.connect() as connection, connection.begin():
        for statement in _OPENING[engine.dialect.name, mode]:
            connection.exec_driver_sql(statement)
        yield connection


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet; leave the others as they are."""
    if rows:
        insert = _insert(connection.dialect.name, table)
        connection.execute(insert.on_conflict_do_nothing(), list(rows))


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: str | None = None,
) -> None:
    """Insert rows; where the key is there already, by default the primary one, set the columns given.

    All rows have the same columns, those of the key among them.
    """
    if rows:
        statement = _upsert(connection.dialect.name, table, tuple(rows[0]), key)
        connection.execute(statement, list(rows))


@cache  # to make a statement takes longer than to write a row
def _upsert(dialect: str, table: Table, names: tuple[str, ...], key: str | None) -> Executable:
    insert = _insert(dialect, table)
    keys = [key] if key else [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the engine's INSERT with ON CONFLICT, the same in both."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def position(connection: Connection, column: ColumnElement[str], text: str) -> ColumnElement[int]:
    """Where a text stands in a column, counted from 1, in the same letters; 0 where it does not."""
    return (func.instr if connection.dialect.name == "sqlite" else func.strpos)(column, text)


def joined(connection: Connection, numbers: ColumnElement[Any]) -> ColumnElement[str | None]:
    """The numbers of a group as text, with commas between them; null for none."""
    if connection.dialect.name == "sqlite":
        return func.group_concat(numbers, ",")
    return func.string_agg(cast(numbers, Text), ",")


def utc_day(connection: Connection, column: ColumnElement[datetime]) -> ColumnElement[str]:
    """The UTC day of a time as text: "2026-11-24"."""
    if connection.dialect.name == "sqlite":
        return func.substr(column, 1, 10, type_=Text)
    return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD", type_=Text)


def integrity_problems(connection: Connection) -> list[str]:
    """Ask the engine for damage and for dangling references. PostgreSQL guards against both itself."""
    if connection.dialect.name != "sqlite":
        return []
    damage = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    problems = [f"The database is damaged: {line}" for line in damage if line != "ok"]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return problems + [
        f"Row {row.rowid} of {row.table} refers to a row of {row.parent} that does not exist"
        for row in orphans[:20]
    ]


def size_bytes(connection: Connection) -> int:
    """Return the size of the database, free pages included, the write-ahead log left out."""
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    size = connection.exec_driver_sql("SELECT pg_database_size(current_database())")
    return int(size.scalar_one())


def copy_database(engine: Engine, target: Path, *, mode: int) -> None:
    """Copy the whole database into one file with the permissions `mode`, while others use it.

    https://www.sqlite.org/backup.html: copied in one step, the copy is the state of one moment.

    Raises:
        StoreError: the engine has a tool of its own for this.
        OutputError: the file cannot be written; one that was there is unchanged.
    """
    if engine.dialect.name != "sqlite":
        raise StoreError(
            "Only a SQLite database is copied by `backup`; for PostgreSQL run "
            f"pg_dump --format=custom --file={target} {engine.url.database}"
        )
    with (
        replacing(target, hint=_BACKUP_HINT, mode=mode) as new,
        engine.connect() as connection,
        closing(sqlite3.connect(new.path)) as copy,
    ):
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101 - narrows the driver's type
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it


def _connect_sqlite(
    connection: sqlite3.Connection, _record: object, *, wait_seconds: float
) -> None:
    connection.isolation_level = None  # `transaction` opens them
    connection.execute(f"PRAGMA busy_timeout = {wait_seconds * 1000:.0f}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -8192")  # KiB, for each connection
    connection.execute(f"PRAGMA journal_size_limit = {64 * 1024 * 1024}")


def _connect_postgresql(connection: Any, _record: object, *, wait_seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{wait_seconds * 1000:.0f}ms'")
    connection.commit()


_CONNECT = {"sqlite": _connect_sqlite, "postgresql": _connect_postgresql}
