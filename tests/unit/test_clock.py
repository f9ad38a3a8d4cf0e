"""When the wall clock is said to have been set."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.clock import StepWatch

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall_seconds", "monotonic_seconds", "step_seconds"),
    [
        (1.0, 1.0, 0),
        (600.0, 600.0, 0),  # a loop that was blocked: both went on
        (1.5, 1.0, 0),  # slewed
        (-1.0, 1.0, 0),
        (-7199.0, 1.0, -7200),
        (864_001.0, 1.0, 864_000),
        (3.5, 1.0, 2.5),
        (-1.5, 1.0, -2.5),
    ],
)
def test_a_step_is_what_the_wall_clock_went_more_or_less(
    wall_seconds: float, monotonic_seconds: float, step_seconds: float
) -> None:
    watch = StepWatch(NOON, 100.0)

    step = watch.step(NOON + timedelta(seconds=wall_seconds), 100.0 + monotonic_seconds)

    assert step == timedelta(seconds=step_seconds)


def test_a_step_is_told_once() -> None:
    watch = StepWatch(NOON, 0.0)
    assert watch.step(NOON + timedelta(hours=1), 1.0)
    assert not watch.step(NOON + timedelta(hours=1, seconds=1), 2.0)
