"""Errors of the database become errors of this project: every transaction runs inside `told`.

busy, locked                          StoreBusyError
full, read-only, not to be opened     StoreFullError
damaged, no database                  StoreError that says how to restore a backup
anything else                         StoreError
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from aggregator.errors import StoreBusyError, StoreError, StoreFullError

# The codes of SQLite (https://www.sqlite.org/rescode.html) by their first word after SQLITE_,
# the SQLSTATEs of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_BUSY = {"BUSY", "LOCKED", "PROTOCOL", "55P03", "40001", "40P01", "57014"}
_FULL = {"FULL", "READONLY", "IOERR", "CANTOPEN", "PERM", "AUTH", "53100", "25006"}
_DAMAGED = {"CORRUPT", "NOTADB", "XX001", "XX002"}
_FULL_ERRNO = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG}


@contextmanager
def told(database: str) -> Iterator[None]:
    """Raise what the body raises of the database's errors as ours; `database` names it for people."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreBusyError(f"{database}: too many readers at once; try again") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _translated(error, database) from error
    except OSError as error:
        kind = StoreFullError if error.errno in _FULL_ERRNO else StoreError
        raise kind(f"{database}: {error}; make room, or let this user write there") from error


def _translated(error: Exception, database: str) -> StoreError:
    original = error.orig if isinstance(error, DBAPIError) else error
    reason = " ".join(str(original).split())
    code = _code(original)
    if code in _BUSY:
        return StoreBusyError(f"{database} is locked by another process ({reason}); try again")
    if code in _FULL:
        return StoreFullError(
            f"{database} cannot be written ({reason}); "
            "make room on the disk, or let this user write the file and its folder"
        )
    if code in _DAMAGED:
        return StoreError(
            f"{database} is damaged or is no database ({reason}); "
            "put the last backup in its place, or move it away to begin anew"
        )
    return StoreError(f"{database}: {reason}")


def _code(error: object) -> str:
    """Give "BUSY" of SQLITE_BUSY_SNAPSHOT, or a SQLSTATE, or ""."""
    name = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
    return name.removeprefix("SQLITE_").partition("_")[0]
