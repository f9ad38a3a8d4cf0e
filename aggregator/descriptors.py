"""How many files and sockets this process may have open at once, and who gets how many of them.

    reserve      the database's connections, documents being written, parsers, the log
    exchanges    requests to feeds under way
    connections  readers of the web

A reader too many waits or is sent away; without a descriptor left nothing could be polled or published.
"""

from __future__ import annotations

import errno
import os
import resource
from dataclasses import dataclass

SHORTAGE = "this computer has no file descriptor or thread left for the request; raise `ulimit -n`"
_RESERVE = 160  # 80 for 40 connections of SQLite with their logs; a running daemon has 40 others
MAX_EXCHANGES = 320  # set by hand: most of them only wait, so the number is generous
_MAX_CONNECTIONS = (
    2000  # set by hand: about 25 KB of memory each, more than one event loop serves well
)
_ENOUGH = _RESERVE + MAX_EXCHANGES + _MAX_CONNECTIONS
_SHORTAGE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


@dataclass(frozen=True, slots=True)
class Shares:
    """How many sockets polling and the web may have open."""

    exchanges: int
    connections: int


def shares(limit: int) -> Shares:
    """Who gets what of `limit` descriptors; half of what is scarce is for polling."""
    free = max(limit - _RESERVE, 2)
    exchanges = min(MAX_EXCHANGES, free // 2)
    return Shares(exchanges=exchanges, connections=min(_MAX_CONNECTIONS, free - exchanges))


def raise_limit() -> int:
    """Raise the soft limit as far as is of use and allowed; how many descriptors may be counted on then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        return soft
    return wanted


def is_short(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a lack of descriptors of this process or machine."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, OSError) and error.errno in _SHORTAGE:
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def are_exhausted() -> bool:
    """Whether no file can be opened now: some libraries tell of that by another error (a name not found)."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno in _SHORTAGE
    return False
