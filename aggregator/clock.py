"""The one clock of the program: every time that is not an argument comes from here.

Only the edges read it (the daemon, the command line, the demonstration); everything else is given
`now`. tests/test_architecture.py checks both.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_STEP = timedelta(seconds=2)  # set by hand: above what slewing (500 ppm) does between two looks


def utc_now() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(UTC)


class StepWatch:
    """Notices that the wall clock was set, by comparing it with a monotonic one.

    Where a machine slept, the wall clock went on and the monotonic one of Linux did not: a step forward.
    """

    def __init__(self, wall: datetime, monotonic: float) -> None:
        self._wall = wall
        self._monotonic = monotonic

    def step(self, wall: datetime, monotonic: float) -> timedelta:
        """By how much the wall clock was set since the last look, negative if back; nothing below 2 s.

        `monotonic` is in seconds.
        """
        passed = timedelta(seconds=monotonic - self._monotonic)
        step = wall - self._wall - passed
        self._wall, self._monotonic = wall, monotonic
        return step if abs(step) > _STEP else timedelta(0)
