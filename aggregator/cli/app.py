"""The command line as Typer sees it: the commands in the order of a day's work, and what stands above them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from aggregator import __version__
from aggregator.cli import (
    cluster,
    decisions,
    demo,
    maintenance,
    run,
    stories,
)
from aggregator.cli.feeds import commands
from aggregator.cli.options import Call

DEFAULT_CONFIG = Path("config/feeds.yaml")
WHAT_NEXT = """\
There is no configuration at {path} yet. Try one of these:

  aggregator demo                 see the whole way with sample agencies, no network needed
  aggregator demo --once          the same, as a table

To begin with feeds of your own, write {path}:

  agencies:
    - id: bta
      name: BTA
      aliases: [БТА, Bulgarian News Agency]
      feeds:
        - {{id: bta-en, url: "https://www.bta.bg/en/rss/free", language: en}}

then

  aggregator poll                 poll once
  aggregator run                  poll by schedule, and serve the merged feed

A configuration elsewhere is named with -c FILE or AGGREGATOR_CONFIG. All commands: aggregator --help
"""

app = typer.Typer(
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 done, 1 the work failed, 2 the call or the config is wrong.",
)
for group in (run, demo, stories, decisions, commands, cluster, maintenance):
    app.add_typer(group.commands)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"aggregator {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE",
            help="The configuration; may also stand behind the command. "
            "Default: $AGGREGATOR_CONFIG, then config/feeds.yaml.",
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Poll news agencies' feeds, recognise the copies, publish each report once."""
    named = config or _path_in_environment()
    ctx.obj = Call(config=named or DEFAULT_CONFIG, named=named is not None)
    if ctx.invoked_subcommand is None:
        _say_what_next(ctx, ctx.obj.config)


def _path_in_environment() -> Path | None:
    value = os.environ.get("AGGREGATOR_CONFIG")
    return Path(value) if value else None


def _say_what_next(ctx: typer.Context, config: Path) -> None:
    if config.exists():
        sys.stdout.write(f"{ctx.get_help()}\n")
        return
    sys.stderr.write(WHAT_NEXT.format(path=config))
    raise typer.Exit(2)
