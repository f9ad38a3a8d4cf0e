"""One suite, every engine: SQLite on a file always, PostgreSQL where AGGREGATOR_TEST_POSTGRES is its URL.

    AGGREGATOR_TEST_POSTGRES=postgresql+psycopg://user@127.0.0.1/scratch scripts/test tests/contract

Every table of that database is dropped before each test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine

from aggregator.store.store import Store
from tests.databases import store_at

POSTGRES = os.environ.get("AGGREGATOR_TEST_POSTGRES")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/aggregator.db"


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(not POSTGRES, reason="AGGREGATOR_TEST_POSTGRES is not set"),
        ),
    ]
)
def url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite" or POSTGRES is None:
        return sqlite_url
    engine = create_engine(POSTGRES)
    present = MetaData()
    present.reflect(engine)
    present.drop_all(engine)
    engine.dispose()
    return POSTGRES


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    if url.startswith("sqlite"):
        opened = store_at(tmp_path / "aggregator.db")
    else:
        opened = Store(url)
        opened.prepare()
    yield opened
    opened.close()
