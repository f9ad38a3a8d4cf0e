"""Alembic's entry: runs the steps on the connection it is given, inside its transaction."""

from alembic import context

from aggregator.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite too: `engine.transaction` opened with BEGIN IMMEDIATE
    render_as_batch=True,  # SQLite alters a table by making it anew
)
context.run_migrations()
