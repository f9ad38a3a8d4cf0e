"""One suite, every engine: SQLite on a file, and PostgreSQL.

PostgreSQL is a private server where its programs are installed (`tests.postgres`), or the one named by

    AGGREGATOR_TEST_POSTGRES=postgresql+psycopg://USER@HOST/NAME scripts/test tests/contract

whose role must be allowed to create databases. The tests use databases of their own there, one for each
process that runs tests, and leave all others alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from aggregator.store.store import Store
from tests.databases import store_at
from tests.postgres import INSTALL, PrivateServer, programs

EXTERNAL_SERVER = os.environ.get("AGGREGATOR_TEST_POSTGRES")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/aggregator.db"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    if EXTERNAL_SERVER:
        yield make_url(EXTERNAL_SERVER)
    elif programs():
        server = PrivateServer()
        yield make_url(server.url)
        server.close()
    else:
        pytest.skip(f"PostgreSQL's server is not installed: {INSTALL}")


@pytest.fixture(scope="session")
def postgres_database(postgres_server: URL) -> Iterator[URL]:
    """A database for this process alone."""
    name = f"aggregator_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    run(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    yield postgres_server.set(database=name)
    run(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_database: URL) -> str:
    """The URL of an empty database."""
    run(postgres_database, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return postgres_database.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, of each engine in turn."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    found: str = request.getfixturevalue(name)
    return found


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    if url.startswith("sqlite"):
        opened = store_at(tmp_path / "aggregator.db")
    else:
        opened = Store(url)
        opened.prepare()
    yield opened
    opened.close()


def run(database: URL, *statements: str) -> None:
    """Run statements, each in a transaction of its own."""
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
