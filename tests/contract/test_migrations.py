"""A database that went through every migration is the same as one made anew."""

import logging

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from aggregator.store import migrate
from aggregator.store.schema import metadata
from aggregator.store.store import Store


def described(connection: Connection) -> dict[str, object]:
    """Every table with its columns, keys and indexes, as the engine has them."""
    inspector = inspect(connection)
    return {
        table: (
            [{**column, "type": str(column["type"])} for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(inspector.get_foreign_keys(table), key=str),
            sorted(inspector.get_indexes(table), key=str),
        )
        for table in inspector.get_table_names()
    }


def test_the_migrations_lead_to_the_tables_of_a_new_database(url: str) -> None:
    store = Store(url)
    store.upgrade()
    with store._writing() as connection:
        migrated = described(connection)
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")

    store.prepare()

    with store._reading() as connection:
        assert described(connection) == migrated
        assert migrate.schema_version(connection) == migrate.HEAD
    store.close()


def test_the_tables_are_as_the_schema_says(store: Store) -> None:
    with store._reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_last_migration_is_the_version_we_look_for() -> None:
    config = Config()
    config.set_main_option("script_location", "aggregator.store:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_migrations_say_nothing(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    store = Store(url)

    store.upgrade()

    store.close()
    assert capfd.readouterr() == ("", "")


def test_migrations_leave_the_logging_as_it_was(url: str) -> None:
    before = (logging.root.level, list(logging.root.handlers))
    store = Store(url)

    store.upgrade()

    store.close()
    assert (logging.root.level, logging.root.handlers) == before
