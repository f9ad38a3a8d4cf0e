"""One poller for each database: a lock the kernel, or the server, frees when its holder dies.

SQLite: an flock on `<database>.lock`, which contains the holder's process id for the message. The file
is never removed: two processes could then lock two files of the same name. PostgreSQL: an advisory lock
of a session (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from aggregator.errors import StoreBusyError, StoreError
from aggregator.store.engine import POLLER_LOCK

_HOLDER = f"""
    SELECT coalesce(string_agg('backend ' || pid, ', '), 'unknown') FROM pg_locks
    WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32) + objid::bigint = {POLLER_LOCK}
"""  # noqa: S608 - the number is a constant


@contextmanager
def sole_poller(engine: Engine, file: Path | None) -> Iterator[None]:
    """Be the only poller of the database for the body.

    Raises:
        StoreBusyError: another process, or another claim of this one, holds it.
        StoreError: the database lives in memory alone.
    """
    if file is not None:
        with _file_lock(file):
            yield
    elif engine.dialect.name == "postgresql":
        with _session_lock(engine):
            yield
    else:
        raise StoreError(
            "A database in memory cannot be polled. Write sqlite:///FILE as the store."
        )


@contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    path = database.with_name(database.name + ".lock")
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise _busy(str(database), f"process {file.read().strip() or 'unknown'}") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextmanager
def _session_lock(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = f"SELECT pg_try_advisory_lock({POLLER_LOCK})"
        if not connection.exec_driver_sql(taken).scalar_one():
            holder = connection.exec_driver_sql(_HOLDER).scalar_one()
            raise _busy(str(engine.url.database), str(holder))
        try:
            yield
        finally:
            connection.invalidate()  # ends the session, and the lock with it


def _busy(database: str, holder: str) -> StoreBusyError:
    return StoreBusyError(
        f"{database} is already polled by {holder}. Stop it, or give this one a `store` of its own."
    )
