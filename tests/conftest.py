"""What all tests share: generated examples may take their time, and so may compiling; no skipped test is overlooked."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

# The same examples at every run, so that a change is judged by what it changes. `scripts/test --hypothesis-profile
# searching tests/property` looks for others; what it finds is mended and written down as an `@example`.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("calm", settings.get_profile("searching"), derandomize=True)
settings.load_profile("calm")


# Two invented reports of two languages: to place them the matcher compiles nearly all that it has.
REPORTS = """\
{"id": "1", "title": "Karsk bridge closed", "text": "The bridge of Karsk is closed for 12 days.", "language": "en"}
{"id": "2", "title": "Karsk bridge closed", "text": "The bridge of Karsk is closed for 12 days.", "language": "en"}
{"id": "3", "title": "Мост в Карске закрыт", "text": "Мост в Карске закрыт на 12 дней, 4,5 млн евро.", "language": "ru"}
"""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the matcher once before all tests run: what takes minutes on a busy machine is not a hang.

    A run of some tests compiles what these need.
    """
    config = session.config
    of_all = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if of_all and not hasattr(config, "workerinput"):  # the workers of xdist come after it
        command = [sys.executable, "-m", "aggregator", "cluster", "-"]
        subprocess.run(command, input=REPORTS, text=True, check=True, stdout=subprocess.DEVNULL)


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
