"""The command line as Typer sees it: the commands, in the order a user meets them, and the global options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from aggregator import __version__
from aggregator.cli import (
    cluster,
    decisions,
    demo,
    evaluate,
    explain,
    maintenance,
    pickup,
    poll,
    run,
    stories,
    token,
)
from aggregator.cli.feeds import commands
from aggregator.cli.options import DEFAULT_CONFIG, Call, config_in_environment

GETTING_STARTED = """\
There is no configuration at {path} yet. Try one of these:

  aggregator demo                 watch it at work on sample agencies, no network needed
  aggregator demo --once          print the stories of the sample agencies as a table

To start with feeds of your own, write {path}:

  agencies:
    - id: bta
      name: BTA
      aliases: [БТА, Bulgarian News Agency]
      feeds:
        - {{id: bta-en, url: "https://www.bta.bg/en/rss/free", language: en}}

then

  aggregator poll                 poll once
  aggregator run                  poll on schedule, and serve the merged feed

Use -c FILE or AGGREGATOR_CONFIG for a configuration elsewhere. All commands: aggregator --help
"""
EPILOG = """\
Exit codes: 0 done, 1 the work failed, 2 wrong call or configuration.

Set AGGREGATOR_TRACEBACK=1 to see the traceback of an unexpected error."""

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog=EPILOG,
)
for group in (
    run,
    poll,
    demo,
    stories,
    explain,
    pickup,
    decisions,
    evaluate,
    commands,
    cluster,
    maintenance,
    token,
):
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
            help="The configuration; may also follow the command. "
            "Default: $AGGREGATOR_CONFIG, then config/feeds.yaml.",
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Poll news agencies' feeds, recognise copies, publish each report once."""
    named = config or config_in_environment()
    ctx.obj = Call(config=named or DEFAULT_CONFIG, named=named is not None)
    if ctx.invoked_subcommand is None:
        _show_overview(ctx, ctx.obj.config)


def _show_overview(ctx: typer.Context, config: Path) -> None:
    """The help where there is a configuration; otherwise how to get one, and exit code 2."""
    if config.exists():
        sys.stdout.write(f"{ctx.get_help()}\n")
        return
    sys.stderr.write(GETTING_STARTED.format(path=config))
    raise typer.Exit(2)
