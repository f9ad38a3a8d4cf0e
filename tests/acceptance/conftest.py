"""A feed server and a house for every test."""

from __future__ import annotations

from collections.abc import Iterator
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
