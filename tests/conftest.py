"""What all tests share: generated examples may take their time, a busy machine is no failure."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


def pytest_collection() -> None:
    """All that collecting makes is kept to the end: nothing in it is to be looked for."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
