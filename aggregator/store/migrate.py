"""The version of the schema, and the upgrade from an older one.

A new database gets the present tables at once; an older one is upgraded by `migrations/`, step by step.
A test checks that both lead to the same tables. Only the steps need Alembic: everything else reads the
one row of its table.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from aggregator.errors import StoreSchemaError
from aggregator.store import fulltext
from aggregator.store.schema import metadata

HEAD = "0005"  # the last of migrations/versions; versions sort as text

# As Alembic makes it.
_version_table = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)
_version_table.primary_key.name = "alembic_version_pkc"


def schema_version(connection: Connection) -> str | None:
    """Return the schema's version; None for an empty database.

    Raises:
        StoreSchemaError: the tables are those of another program.
    """
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    if {_version_table.name, "feeds", "items", "stories"} <= names:
        return str(connection.scalars(select(_version_table.c.version_num)).one())
    raise StoreSchemaError(
        f"The database has the tables of another program ({', '.join(sorted(names)[:3])}, …). "
        "Give `store` a database of its own."
    )


def create(connection: Connection) -> None:
    """Make the present tables in an empty database."""
    metadata.create_all(connection)
    fulltext.create(connection)
    _version_table.create(connection)
    connection.execute(insert(_version_table).values(version_num=HEAD))


def refuse_other_version(version: str) -> None:
    """Raise StoreSchemaError, which says what to do, unless the version is the present one."""
    if version < HEAD:
        raise StoreSchemaError(
            f"The database has schema {version}; this version needs {HEAD}. Run "
            "`aggregator backup FILE`, then `aggregator db upgrade`."
        )
    refuse_newer_version(version)


def refuse_newer_version(version: str) -> None:
    """Raise StoreSchemaError when a newer program wrote the database."""
    if version > HEAD:
        raise StoreSchemaError(
            f"The database has schema {version}, newer than {HEAD}, the newest this version knows. "
            "Run the version that wrote it, or restore a backup from before its upgrade."
        )


def upgrade(connection: Connection) -> None:
    """Run the migrations from the database's version to the present one."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "aggregator.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
