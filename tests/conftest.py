"""What all tests share: generated examples may take their time, and no skipped test is overlooked."""

from __future__ import annotations

import gc
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

# The same examples at every run, so that a change is judged by what it changes. `scripts/test --hypothesis-profile
# searching tests/property` looks for others; what it finds is mended and written down as an `@example`.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("calm", settings.get_profile("searching"), derandomize=True)
settings.load_profile("calm")


def pytest_collection() -> None:
    """All that collecting makes is kept to the end: nothing in it is to be looked for."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not tested, and why, at the end of the output."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} skipped: {reason}", red=True, bold=True)
