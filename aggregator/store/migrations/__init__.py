"""The steps from each version of the schema to the next, run by Alembic.

A change of the tables is made in `schema.py`, and as a new file in `versions/` with the next number,
which `migrate.HEAD` then names. tests/contract/test_migrations.py fails until the three agree.
"""
