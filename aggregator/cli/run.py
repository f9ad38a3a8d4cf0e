"""`run` and `poll`: the daemon, and one cycle of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.options import POLL, Host, Json, Port, call
from aggregator.errors import AggregatorError

if TYPE_CHECKING:
    from aggregator.model import PollReport

commands = typer.Typer()


@commands.command(rich_help_panel=POLL, epilog="Example: aggregator run --host 0.0.0.0 --port 8080")
def run(ctx: typer.Context, host: Host = None, port: Port = None) -> None:
    """Poll by schedule, match, publish and serve until told to stop.

    The log goes to stderr. SIGTERM or Ctrl-C ends it within ten seconds,
    with nothing lost. A changed configuration is taken up as soon as it is
    saved; a wrong one is told in the log and left aside.
    """
    from aggregator.cli import log, serve
    from aggregator.cli.config_watch import Watch

    log.configure()
    watch = Watch(call(ctx), lambda settings: serve.served_at(settings, host, port))
    serve.live(lambda: watch.settings, watch.changed)


@commands.command(rich_help_panel=POLL, epilog="Example: aggregator poll --all bta-bg bta-en")
def poll(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="FEED", help="Only these feeds, by id, whether due or not."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Poll all feeds, whether due or not.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 1 when a feed fails.")
    ] = False,
    json: Json = False,
) -> None:
    """Poll the feeds that are due, match, publish, and exit.

    Prints a line for each feed: what came of it, and with what figures.
    Fit for cron; it refuses to run beside a daemon on the same database.
    """
    from aggregator.cli import (
        console,
        cycle,
        format_stories,
        log,
    )
    from aggregator.cli.wiring import chosen_feeds, settings_of

    log.configure_for_one_command()
    settings = settings_of(call(ctx))
    chosen_feeds(settings, feeds or ())
    reports: list[PollReport] = []
    with console.progress(beside_lines=not json) as bar:

        def told(report: PollReport, done: int, total: int) -> None:
            reports.append(report)
            bar.at("polling", done, total)
            if not json:
                console.line(format_stories.poll_line(report))

        bar.at("starting", 0)
        written = cycle.poll_once(settings, feed_ids=feeds or (), everything=everything, told=told)
    if json:
        console.as_json(
            {"feeds": [format_stories.report_as_json(r) for r in reports], "written": written}
        )
    elif not reports:
        console.note("No feed is due; --all polls them all the same.")
    failed = [report.feed_id for report in reports if report.error]
    if strict and failed:
        raise AggregatorError(f"{console.count(len(failed), 'feed')} failed: {', '.join(failed)}")
