"""How long a locked database is waited for, and when that is told."""

from __future__ import annotations

from aggregator.patience import ANNOUNCED_AFTER_SECONDS, Patience


class Clock:
    def __init__(self) -> None:
        self.now = 50.0
        self.told: list[str] = []

    def patience(self, limit_seconds: float) -> Patience:
        return Patience(
            limit_seconds,
            on_wait=lambda: self.told.append("waiting"),
            on_end=lambda seconds: self.told.append(f"free after {seconds:.0f} s"),
            clock=lambda: self.now,
        )


def test_without_patience_the_first_failure_is_the_last() -> None:
    assert not Patience().failed()


def test_tries_go_on_until_the_limit() -> None:
    clock = Clock()
    patience = clock.patience(120)
    for seconds, goes_on in ((0, True), (60, True), (59, True), (1, False), (30, False)):
        clock.now += seconds
        assert patience.failed() is goes_on
    assert patience.is_waiting


def test_a_success_ends_the_waiting_and_the_next_begins_anew() -> None:
    clock = Clock()
    patience = clock.patience(120)
    patience.failed()
    clock.now += 119
    patience.failed()
    patience.succeeded()
    assert not patience.is_waiting
    clock.now += 119
    assert patience.failed()


def test_only_a_wait_that_lasts_is_told_once_with_its_end() -> None:
    clock = Clock()
    patience = clock.patience(120)
    patience.failed()
    patience.succeeded()
    assert not clock.told
    for _ in range(3):
        patience.failed()
        clock.now += ANNOUNCED_AFTER_SECONDS
    assert clock.told == ["waiting"]
    assert patience.announced_seconds == 3 * ANNOUNCED_AFTER_SECONDS
    patience.succeeded()
    patience.succeeded()
    assert clock.told == ["waiting", f"free after {3 * ANNOUNCED_AFTER_SECONDS:.0f} s"]


def test_a_stop_ends_all_waiting() -> None:
    patience = Clock().patience(120)
    assert patience.failed()
    patience.stop()
    assert not patience.failed()
