"""`publish`, `backup`, `check`, `db upgrade`: for the one who operates it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.options import CARE, Json, call
from aggregator.errors import AggregatorError

commands = typer.Typer()
database = typer.Typer(no_args_is_help=True)
commands.add_typer(database, name="db", rich_help_panel=CARE, help="The database's schema.")


@commands.command(rich_help_panel=CARE, epilog="Example: aggregator publish --all")
def publish(
    ctx: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Write all files anew, changed or not.")
    ] = False,
) -> None:
    """Write the merged feeds and archives into output.directory.

    `run` and `poll` do so by themselves; this is for a directory that was
    emptied, or a title that was changed.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import open_store, settings_of
    from aggregator.clock import utc_now
    from aggregator.publisher import Publisher

    settings = settings_of(call(ctx))
    with open_store(settings) as store, console.progress() as bar:
        bar.at("publishing", 0)
        written = Publisher(store, settings).publish(utc_now(), everything=everything)
    for name in written:
        console.line(str(settings.output.directory / name))
    if not written:
        console.note(f"Nothing has changed in {settings.output.directory}.")


@commands.command(rich_help_panel=CARE, epilog="Example: aggregator backup var/backup.db")
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; replaced if there.")],
) -> None:
    """Copy the database into FILE; the daemon may go on.

    The copy is whole or not made at all. A file that is there is replaced.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import open_store, settings_of

    with (
        open_store(settings_of(call(ctx)), prepared=False) as store,
        console.progress() as bar,
    ):
        bar.at("copying", 0)
        store.backup(file)
    console.line(f"{file} ({file.stat().st_size:,} bytes)")


@commands.command(rich_help_panel=CARE, epilog="Example: aggregator check --json")
def check(ctx: typer.Context, json: Json = False) -> None:
    """Read the whole database and say what is wrong with it.

    Exit code 1 if anything is.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import open_store, settings_of

    with (
        open_store(settings_of(call(ctx)), prepared=False) as store,
        console.progress() as bar,
    ):
        bar.at("checking", 0)
        problems, figures = store.check(), store.figures()
    if json:
        console.as_json({"problems": problems, "figures": figures})
    else:
        console.line("\n".join(problems) or "The database is sound.")
        console.line(", ".join(f"{name} {number:,}" for name, number in figures.items()))
    if problems:
        raise AggregatorError(
            f"{console.count(len(problems), 'problem')} found. Keep a copy of the database, then put back "
            "the last sound backup"
        )


@database.command(epilog="Example: aggregator backup var/before.db, then: aggregator db upgrade")
def upgrade(ctx: typer.Context) -> None:
    """Bring the database to this version; make a backup before."""
    from aggregator.cli import console
    from aggregator.cli.wiring import open_store, settings_of

    with (
        open_store(settings_of(call(ctx)), prepared=False) as store,
        console.progress() as bar,
    ):
        bar.at("upgrading", 0)
        was, now_is = store.upgrade()
    console.line(
        f"The schema is {now_is}" + (f"; it was {was or 'empty'}." if was != now_is else ".")
    )
