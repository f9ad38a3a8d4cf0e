"""The version of the schema, and the way from an older one to the present.

A new database gets the present tables at once; an older one goes through `migrations/`, step by step.
A test holds that both lead to the same tables. Only the steps need Alembic: everything else reads the
one row of its table.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from aggregator.errors import StoreSchemaError
from aggregator.store.schema import metadata

HEAD = "0002"  # the last of migrations/versions; versions sort as text

# As Alembic makes it.
_version_table = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)
_version_table.primary_key.name = "alembic_version_pkc"


def schema_version(connection: Connection) -> str | None:
    """Give the schema's version; None for an empty database.

    Raises:
        StoreSchemaError: the tables are those of another program.
    """
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    if {_version_table.name, "feeds", "items", "stories"} <= names:
        return str(connection.scalars(select(_version_table.c.version_num)).one())
    raise StoreSchemaError(
        f"the database holds other tables ({', '.join(sorted(names)[:3])}, …), not ours; "
        "give `store` a database of its own"
    )


def create(connection: Connection) -> None:
    """Make the present tables in an empty database."""
    metadata.create_all(connection)
    _version_table.create(connection)
    connection.execute(insert(_version_table).values(version_num=HEAD))


def refuse_other_version(version: str) -> None:
    """Raise StoreSchemaError, with the mend, unless the version is the present one."""
    if version < HEAD:
        raise StoreSchemaError(
            f"the database has schema {version}, this version needs {HEAD}; run "
            "`aggregator backup FILE`, then `aggregator db upgrade`"
        )
    refuse_newer_version(version)


def refuse_newer_version(version: str) -> None:
    """Raise StoreSchemaError when a newer program wrote the database."""
    if version > HEAD:
        raise StoreSchemaError(
            f"the database has schema {version}, newer than {HEAD}, which this version knows; "
            "run the version that wrote it, or put back a backup made before its upgrade"
        )


def upgrade(connection: Connection) -> None:
    """Walk the migrations from where the database is to the present."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "aggregator.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
