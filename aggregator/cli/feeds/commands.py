"""`feeds list`, `add`, `remove`, `check`, `import`, `export`: the subscriptions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.completion import complete_agency, complete_feed, complete_language
from aggregator.cli.options import FEEDS, Json, call
from aggregator.errors import AggregatorError, ParseError, UsageError
from aggregator.files import replacing_text

if TYPE_CHECKING:
    from aggregator.cli.feeds.probe import Probe

commands = typer.Typer()
feeds = typer.Typer(no_args_is_help=True)
commands.add_typer(
    feeds,
    name="feeds",
    rich_help_panel=FEEDS,
    help="List, add, remove and check feeds; import and export OPML.",
)
FeedIds = Annotated[
    list[str],
    typer.Argument(metavar="FEED", help="The feeds, by id.", autocompletion=complete_feed),
]
SomeFeeds = Annotated[
    list[str] | None,
    typer.Argument(metavar="FEED", help="Only these feeds, by id.", autocompletion=complete_feed),
]


@feeds.command("list", epilog="Example: aggregator feeds list --json")
def list_feeds(ctx: typer.Context, json: Json = False) -> None:
    """List the feeds, the result of their last poll, and the next one."""
    from aggregator.cli import console
    from aggregator.cli.feeds import format_list, lengths
    from aggregator.cli.wiring import load_settings, open_store
    from aggregator.clock import utc_now

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        states = store.feed_states()
        words = {feed.id: lengths.compared_words(store, feed) for feed in settings.feeds}
    if json:
        console.print_json(format_list.as_json(settings, states, words))
    else:
        format_list.print_feeds(settings, states, words, utc_now())


@feeds.command(epilog="Example: aggregator feeds add https://www.sta.si/rss-0 --agency sta")
def add(
    ctx: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="The address of a feed, or of a page that links to one."
        ),
    ],
    agency: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The agency of the feed; an unknown id creates a new agency.",
            autocompletion=complete_agency,
        ),
    ] = None,
    feed_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The id of the new feed.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="The language of the feed. Default: what the feed declares.",
            autocompletion=complete_language,
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option(help="Fetch the address first, to see whether it is a feed.")
    ] = True,
) -> None:
    """Add a feed to the configuration, after checking it.

    What the options do not give is taken from the feed and its address. A
    running daemon begins to poll the feed at once.
    """
    from aggregator.cli import console
    from aggregator.cli.feeds import plan
    from aggregator.cli.wiring import load_settings

    path = call(ctx).config
    settings = load_settings(call(ctx))
    request = plan.FeedRequest(url=url, agency_id=agency, feed_id=feed_id, language=language)
    with console.progress_bar() as bar:
        bar.update("fetching", 0)
        probe = plan.probe_request(request, settings) if check else None
    if probe and probe.offers:
        console.print_note(f"{url} is a page; it links to {', '.join(probe.offers)}")
    planned = plan.plan([plan.complete(request, probe)], settings)
    _rewrite(path, plan.edited_config(path, planned))
    for feed in planned.feeds:
        items = (
            f", {console.pluralize(len(probe.parsed.items), 'item')}"
            if probe and probe.parsed
            else ""
        )
        console.print_line(f"{feed.id} of {feed.agency_id}: {feed.url}{items}")


@feeds.command(epilog="Example: aggregator feeds remove tass-en")
def remove(ctx: typer.Context, ids: FeedIds) -> None:
    """Remove feeds from the configuration.

    Their items stay in the stories, and their agency stays in the file.
    """
    from aggregator.cli import console
    from aggregator.cli.feeds import yaml_edit
    from aggregator.config import read

    path = call(ctx).config
    _rewrite(path, yaml_edit.remove(read(path), list(dict.fromkeys(ids)), file=str(path)))
    console.print_line(f"Removed {', '.join(dict.fromkeys(ids))}. Their items stay.")


@feeds.command(epilog="Example: aggregator feeds check bta-bg")
def check(
    ctx: typer.Context,
    ids: SomeFeeds = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 1 if a feed has a problem.")
    ] = False,
    json: Json = False,
) -> None:
    """Fetch feeds once, store nothing, and report what they serve.

    For each feed: HTTP status, format, number of items, the newest item,
    languages, validators, how often it would be polled and why, problems.
    """
    from aggregator.cli import console, log
    from aggregator.cli.feeds import format_check
    from aggregator.cli.feeds.probe import probe_feeds
    from aggregator.cli.wiring import load_settings, select_feeds

    log.configure_for_one_command()
    settings = load_settings(call(ctx))
    selected = select_feeds(settings, ids or ())
    probes: list[Probe] = []
    with console.progress_bar(beside_lines=not json) as bar:

        def on_probe(probe: Probe, done: int) -> None:
            probes.append(probe)
            bar.update("fetching", done, len(selected))
            if not json:
                format_check.print_probe(probe)

        probe_feeds(selected, settings, on_probe)
    if json:
        console.print_json({"feeds": [format_check.as_json(probe) for probe in probes]})
    failed = [probe.feed.id for probe in probes if probe.problem]
    if strict and failed:
        raise AggregatorError(
            f"{console.pluralize(len(failed), 'feed')} with problems: {', '.join(failed)}"
        )


@feeds.command("import", epilog="Example: aggregator feeds import subscriptions.opml")
def import_feeds(
    ctx: typer.Context,
    opml_file_path: Annotated[
        Path,
        typer.Argument(metavar="OPML", help="An OPML file; - reads standard input."),
    ],
    by_folder: Annotated[
        bool, typer.Option("--by-folder", help="Make one agency of each folder, not of each site.")
    ] = False,
    json: Json = False,
) -> None:
    """Add the feeds of an OPML file.

    Feeds that are configured already stay as they are. What a file of the
    `export` says of agencies and feeds is taken over; outlines that are no
    feed are named.
    """
    from aggregator.cli import console
    from aggregator.cli.feeds import format_import, opml_file, plan
    from aggregator.cli.wiring import load_settings
    from aggregator.config import normal_url

    path = call(ctx).config
    settings = load_settings(call(ctx))
    try:
        subscriptions = opml_file.read(_read_bytes(opml_file_path))
    except ParseError as error:
        raise UsageError(f"{opml_file_path}: {error}") from error
    configured = {normal_url(feed.url): feed for feed in settings.feeds}
    others = [one for one in subscriptions if normal_url(one.url) not in configured]
    new = [one for one in others if plan.may_be_asked(one.url, settings)]
    planned = plan.plan([plan.request_from_opml(one, by_folder=by_folder) for one in new], settings)
    if new:
        _rewrite(path, plan.edited_config(path, planned))
    known = [found for one in subscriptions if (found := configured.get(normal_url(one.url)))]
    imported = format_import.Imported(
        added=planned.feeds,
        known=known,
        left_out=[*subscriptions.left_out, *format_import.left_out(others, new)],
    )
    if json:
        console.print_json(format_import.as_json(imported))
    else:
        format_import.print_imported(imported)


@feeds.command(epilog="Example: aggregator feeds export subscriptions.opml")
def export(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Write to FILE instead of standard output."),
    ] = None,
) -> None:
    """Write the subscriptions as OPML 2.0, for other feed readers."""
    from aggregator.cli.wiring import load_settings
    from aggregator.syndicate import opml

    settings = load_settings(call(ctx))
    body = opml.render(settings.output.title, settings.agencies, settings.feeds).decode()
    if file is None:
        sys.stdout.write(body if body.endswith("\n") else f"{body}\n")
        return
    _rewrite(file, body)


def _rewrite(path: Path, text: str) -> None:
    with replacing_text(path) as file:
        file.write(text)


def _read_bytes(path: Path) -> bytes:
    if path == Path("-"):
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
