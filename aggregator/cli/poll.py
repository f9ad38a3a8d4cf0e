"""`poll`: one poll cycle, for cron."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.completion import complete_feed
from aggregator.cli.options import POLL, Json, call
from aggregator.errors import AggregatorError

commands = typer.Typer()


@commands.command(rich_help_panel=POLL, epilog="Example: aggregator poll --all bta-bg bta-en")
def poll(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FEED",
            help="Poll only these feeds, by id, whether due or not.",
            autocompletion=complete_feed,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Poll all feeds, whether due or not.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 1 if a feed fails.")
    ] = False,
    json: Json = False,
) -> None:
    """Poll the feeds that are due, match, publish, and exit.

    Prints one line per feed: the result and its figures. Suited to cron;
    it refuses to run beside a daemon that uses the same database.
    """
    from aggregator.cli import console, cycle, format_poll, log
    from aggregator.cli.wiring import load_settings, select_feeds

    log.configure_for_one_command()
    settings = load_settings(call(ctx))
    select_feeds(settings, feeds or ())
    with console.progress_bar() as bar:
        bar.update("starting", 0)
        reports, written = cycle.poll_once(
            settings, feed_ids=feeds or (), everything=everything, on_progress=bar.update
        )
    if json:
        console.print_json({"feeds": [format_poll.as_json(r) for r in reports], "written": written})
    elif not reports:
        console.print_note("No feed is due. Use --all to poll all feeds now.")
    else:
        console.print_line("\n".join(map(format_poll.as_line, reports)))
    failed = [report.feed_id for report in reports if report.error]
    if strict and failed:
        raise AggregatorError(
            f"{console.pluralize(len(failed), 'feed')} failed: {', '.join(failed)}"
        )
