"""States of feeds written while the clock was wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.ingest import clock_faults, schedule
from aggregator.model import FeedState
from tests.unit.ingest.schedule_samples import DAY, FEED, HOUR, NOW, QUARTER, state

AHEAD = 10 * DAY


def polled(ahead: timedelta, wait: timedelta = QUARTER, **changes: object) -> FeedState:
    """A feed polled while the clock was so much ahead."""
    at = NOW + ahead
    times = {"polled_at": at, "succeeded_at": at, "full_at": at, "next_due_at": at + wait}
    return state(**{**times, "interval": QUARTER, **changes})


@pytest.mark.parametrize(
    ("before", "due_in"),
    [
        (polled(AHEAD), timedelta(0)),
        (polled(timedelta(minutes=1)), timedelta(0)),
        (polled(timedelta(0)), QUARTER),  # the clock is right
        (polled(-HOUR), QUARTER - HOUR),
        (polled(-HOUR, DAY), DAY - HOUR),
        # what it was told to wait after failures holds: it may have been Retry-After
        (polled(AHEAD, 2 * HOUR, failures=2), 2 * HOUR),
        (polled(AHEAD, 7 * DAY, failures=2), 7 * DAY),
        (polled(-HOUR, 7 * DAY, failures=1), 7 * DAY - HOUR),
        # never polled, but subscribed while the clock was ahead
        (state(next_due_at=NOW + AHEAD), timedelta(0)),
        (state(next_due_at=NOW + DAY), DAY),
        # due later than anything makes a feed wait
        (polled(-HOUR, DAY + 2 * HOUR), timedelta(0)),
        (polled(-HOUR, 8 * DAY, failures=3), timedelta(0)),
    ],
)
def test_at_the_start_no_feed_waits_for_a_clock_that_was_wrong(
    before: FeedState, due_in: timedelta
) -> None:
    assert schedule.reconcile(before, FEED, NOW).next_due_at - NOW == due_in


def test_an_interval_longer_than_any_of_ours_is_kept() -> None:
    monthly = replace(FEED, interval=30 * DAY)
    before = polled(-HOUR, 30 * DAY, interval=None)
    assert schedule.reconcile(before, monthly, NOW) == before


def test_nothing_remembered_is_still_to_come() -> None:
    once_ahead = polled(-HOUR, succeeded_at=NOW + AHEAD, full_at=NOW + AHEAD, moved_at=NOW + AHEAD)
    for before in (once_ahead, polled(AHEAD, moved_at=NOW + AHEAD)):
        after = schedule.reconcile(before, FEED, NOW)
        for at in (after.polled_at, after.succeeded_at, after.full_at, after.moved_at):
            assert at is not None
            assert at <= NOW


def test_a_step_back_moves_every_time_by_as_much() -> None:
    before = polled(HOUR, moved_at=NOW)
    after = clock_faults.set_back(before, 2 * HOUR)
    assert after == polled(-HOUR, moved_at=NOW - 2 * HOUR)
    assert clock_faults.set_back(state(), HOUR) == state(next_due_at=NOW - HOUR)
