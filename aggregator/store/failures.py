"""Errors of the database become errors of this project: every transaction runs in `translating_errors`.

busy, locked                          StoreBusyError
full, read-only, not to be opened     StoreFullError
damaged, not a database               StoreError that says to restore a backup
anything else                         StoreError
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from aggregator.descriptors import SHORTAGE, are_exhausted
from aggregator.errors import StoreBusyError, StoreError, StoreFullError

# The codes of SQLite (https://www.sqlite.org/rescode.html) by the first word after SQLITE_,
# the SQLSTATEs of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_BUSY = {"BUSY", "LOCKED", "PROTOCOL", "55P03", "40001", "40P01", "57014"}
_FULL = {"FULL", "READONLY", "IOERR", "CANTOPEN", "PERM", "AUTH", "53100", "25006"}
_DAMAGED = {"CORRUPT", "NOTADB", "XX001", "XX002"}
_FULL_ERRNO = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG}


@contextmanager
def translating_errors(database: str) -> Iterator[None]:
    """Raise a database error of the body as an error of ours; `database` is its name in the message."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreBusyError(f"{database}: too many readers at once. Try again.") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _translated(error, database) from error
    except OSError as error:
        kind = StoreFullError if error.errno in _FULL_ERRNO else StoreError
        raise kind(
            f"{database}: {error}. Free some space, or let this user write there."
        ) from error


def _translated(error: Exception, database: str) -> StoreError:
    original = error.orig if isinstance(error, DBAPIError) else error
    reason = " ".join(str(original).split())
    code = _code(original)
    if code in _BUSY:
        return StoreBusyError(f"{database} is locked by another process ({reason}). Try again.")
    if code in _FULL and are_exhausted():
        return StoreBusyError(f"{database} cannot be opened: {SHORTAGE}.")
    if code in _FULL:
        return StoreFullError(
            f"{database} cannot be written ({reason}). "
            "Free some space on the disk, or let this user write to the file and its folder."
        )
    if code in _DAMAGED:
        return StoreError(
            f"{database} is damaged or not a database ({reason}). "
            "Restore the last backup, or move the file away to start with an empty one."
        )
    return StoreError(f"{database}: {reason}")


def _code(error: object) -> str:
    """Return "BUSY" of SQLITE_BUSY_SNAPSHOT, or a SQLSTATE, or ""."""
    name = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
    return name.removeprefix("SQLITE_").partition("_")[0]
