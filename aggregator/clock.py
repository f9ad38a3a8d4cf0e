"""The one clock of the program: every time that is not an argument comes from here.

Only the edges read it (the daemon, the command line, the demonstration); everything else is given
`now`. tests/test_architecture.py checks both.
"""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(UTC)
