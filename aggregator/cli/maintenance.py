"""`publish`, `backup`, `check`, `db upgrade`: maintenance of the database and the outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.options import MAINTENANCE, Json, call
from aggregator.errors import AggregatorError

commands = typer.Typer()
database = typer.Typer(no_args_is_help=True)
commands.add_typer(
    database, name="db", rich_help_panel=MAINTENANCE, help="Upgrade the database schema."
)


@commands.command(rich_help_panel=MAINTENANCE, epilog="Example: aggregator publish --all")
def publish(
    ctx: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Write all files, changed or not.")
    ] = False,
) -> None:
    """Write the merged feeds and archives into output.directory.

    `run` and `poll` do this by themselves. Use it after emptying the
    directory, or after changing the title.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, open_store
    from aggregator.clock import utc_now
    from aggregator.publisher import Publisher

    settings = load_settings(call(ctx))
    with open_store(settings) as store, console.progress_bar() as bar:
        bar.update("publishing", 0)
        written = Publisher(store, settings).publish(utc_now(), everything=everything)
    for name in written:
        console.print_line(str(settings.output.directory / name))
    if not written:
        console.print_note(f"Nothing has changed in {settings.output.directory}.")


@commands.command(rich_help_panel=MAINTENANCE, epilog="Example: aggregator backup var/backup.db")
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; replaced if it exists.")],
) -> None:
    """Copy the database to FILE, even while the daemon runs.

    The copy is complete, or not made at all.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, open_store

    with (
        open_store(load_settings(call(ctx)), prepared=False) as store,
        console.progress_bar() as bar,
    ):
        bar.update("copying", 0)
        store.backup(file)
    console.print_line(f"{file} ({file.stat().st_size:,} bytes)")


@commands.command(rich_help_panel=MAINTENANCE, epilog="Example: aggregator check --json")
def check(ctx: typer.Context, json: Json = False) -> None:
    """Check the whole database and list its problems.

    Exits with code 1 if there are any.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, open_store

    with (
        open_store(load_settings(call(ctx)), prepared=False) as store,
        console.progress_bar() as bar,
    ):
        bar.update("checking", 0)
        problems, figures = store.check(), store.figures()
    if json:
        console.print_json({"problems": problems, "figures": figures})
    else:
        console.print_line("\n".join(problems) or "The database is sound.")
        console.print_line(", ".join(f"{name} {number:,}" for name, number in figures.items()))
    if problems:
        raise AggregatorError(
            f"{console.pluralize(len(problems), 'problem')} found. Keep a copy of the database, then restore "
            "the last good backup"
        )


@database.command(epilog="Example: aggregator backup var/before.db, then: aggregator db upgrade")
def upgrade(ctx: typer.Context) -> None:
    """Upgrade the database to this version; make a backup first."""
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, open_store

    with (
        open_store(load_settings(call(ctx)), prepared=False) as store,
        console.progress_bar() as bar,
    ):
        bar.update("upgrading", 0)
        before, after = store.upgrade()
    former = f"; it was {before or 'empty'}" if before != after else ""
    console.print_line(f"The schema is {after}{former}.")
