"""What all tests share: generated examples may take their time, a busy machine is no failure."""

from __future__ import annotations

import gc

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
