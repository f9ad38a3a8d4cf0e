"""What a clock that was wrong left in the states of feeds, mended. Pure: the present time is an argument.

    while it runs   the clock steps back by so much   --> every time of every state, as much (`set_back`)
    at the start    a time that is still to come      --> the clock was ahead when it was written (`mended`)

A step forward needs no mending: feeds are due at once, each once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import FeedState


def set_back(state: FeedState, by: timedelta) -> FeedState:
    """The state as a clock would have written it that was behind by so much."""
    return replace(
        state,
        next_due_at=state.next_due_at - by,
        polled_at=_earlier(state.polled_at, by),
        succeeded_at=_earlier(state.succeeded_at, by),
        full_at=_earlier(state.full_at, by),
        moved_at=_earlier(state.moved_at, by),
    )


def mended(state: FeedState, now: datetime, *, longest: timedelta) -> FeedState:
    """The state without times that cannot be.

    A feed whose last poll is still to come is due at once, after failures when its wait is over. So is one
    due later than `longest` from now, which is more than anything could have made it wait.
    """
    if state.polled_at is not None and state.polled_at > now:
        state = set_back(state, state.polled_at - now)
        if not state.failures:
            state = replace(state, next_due_at=now)
    if state.next_due_at > now + longest:
        state = replace(state, next_due_at=now)
    return replace(
        state,
        succeeded_at=_not_after(state.succeeded_at, now),
        full_at=_not_after(state.full_at, now),
        moved_at=_not_after(state.moved_at, now),
    )


def _earlier(at: datetime | None, by: timedelta) -> datetime | None:
    return None if at is None else at - by


def _not_after(at: datetime | None, now: datetime) -> datetime | None:
    return None if at is None else min(at, now)
