"""Whether the daemon does its work, judged from its own report and from the store.

A feed that fails is only counted: it costs that feed alone. A clock that no longer ticks, a store that cannot
be read, or a problem the daemon reports makes the whole "degraded".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.errors import StoreError
from aggregator.model import FeedState
from aggregator.provenance import rfc3339

TICK_IS_LATE = timedelta(seconds=60)  # sixty missed ticks; set by hand
MAX_UNPLACED = 1000  # items in no story are counted no further, so that it stays quick
TICK_IS_AHEAD = timedelta(seconds=-5)  # more than two clocks' readings differ by


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the daemon reports of itself; `ticked_at` is None before the first tick."""

    started_at: datetime
    ticked_at: datetime | None = None
    published_at: datetime | None = None
    problems: tuple[str, ...] = ()


def report(
    health: Health | None, states: Iterable[FeedState], *, waiting: int, now: datetime
) -> tuple[int, dict[str, object]]:
    """The HTTP status (200 or 503) and the JSON body of /health.

    `health` is None where no daemon runs beside the web; `waiting` counts items in no story yet.
    """
    problems = list(health.problems) if health else []
    if health:
        problems += _tick_problems(now - (health.ticked_at or health.started_at))
    body: dict[str, object] = {
        "status": "degraded" if problems else "ok",
        "problems": problems,
        "last_tick_age_seconds": _age(health.ticked_at if health else None, now),
        "started_at": _time(health.started_at if health else None),
        "published_at": _time(health.published_at if health else None),
        "feeds": dict(sorted(Counter(state.status.value for state in states).items())),
        "unplaced_items": waiting,
    }
    return (503 if problems else 200), body


def _tick_problems(age: timedelta) -> list[str]:
    if age > TICK_IS_LATE:
        return ["the clock has not ticked for more than a minute"]
    if age < TICK_IS_AHEAD:
        return ["the last tick is still to come: the computer's clock was set back"]
    return []


def store_unreadable(error: StoreError) -> dict[str, object]:
    """The JSON body of /health when the store cannot be read; the status is 503."""
    return {"status": "degraded", "problems": [f"the store cannot be read: {error}"]}


def _age(at: datetime | None, now: datetime) -> float | None:
    return round((now - at).total_seconds(), 1) if at else None


def _time(at: datetime | None) -> str | None:
    return rfc3339(at) if at else None
