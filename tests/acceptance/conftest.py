"""A feed server and a house for every test; of a test that fails, the end of what its daemon logged."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.acceptance.harness import FeedServer, House


@pytest.fixture
def server() -> Iterator[FeedServer]:
    server = FeedServer()
    yield server
    server.close()


@pytest.fixture
def house(tmp_path: Path, server: FeedServer) -> Iterator[House]:
    house = House(tmp_path, server)
    yield house
    house.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    house = getattr(item, "funcargs", {}).get("house")
    if report.failed and house and house.daemon_log.exists():
        report.sections.append(("the end of daemon.log", house.log[-3000:]))
    return report
