"""`feeds list / add / remove / check / import / export`: the subscriptions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.options import SUBSCRIBE, Json, call
from aggregator.errors import AggregatorError, ParseError, UsageError
from aggregator.files import replacing_text

if TYPE_CHECKING:
    from aggregator.cli.feeds.probe import Probe

commands = typer.Typer()
feeds = typer.Typer(no_args_is_help=True)
commands.add_typer(
    feeds, name="feeds", rich_help_panel=SUBSCRIBE, help="List, add, remove and check feeds; OPML."
)
FeedIds = Annotated[list[str], typer.Argument(metavar="FEED", help="Feeds, by their ids.")]
SomeFeeds = Annotated[
    list[str] | None, typer.Argument(metavar="FEED", help="Only these feeds, by id.")
]


@feeds.command("list", epilog="Example: aggregator feeds list --json")
def list_feeds(ctx: typer.Context, json: Json = False) -> None:
    """The feeds, how their last poll ended, and when the next one is."""
    from aggregator.cli import console
    from aggregator.cli.feeds import format_list
    from aggregator.cli.wiring import open_store, settings_of
    from aggregator.clock import utc_now

    settings = settings_of(call(ctx))
    with open_store(settings) as store:
        states = store.feed_states()
    if json:
        console.as_json(format_list.as_json(settings, states))
    else:
        format_list.print_out(settings, states, utc_now())


@feeds.command(
    epilog="Example: aggregator feeds add https://www.sta.si/rss-0 --agency sta --language sl"
)
def add(
    ctx: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="A feed, or a page that names its feed.")
    ],
    agency: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The agency it is of; a new id makes a new one."),
    ] = None,
    feed_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The id it shall have.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Its language; else what it declares.")
    ] = None,
    check: Annotated[bool, typer.Option(help="Ask the address whether it is a feed.")] = True,
) -> None:
    """Add a feed to the configuration, after a look at it.

    What is not given is taken from the feed and its address. A running
    daemon begins to poll it at once.
    """
    from aggregator.cli import console
    from aggregator.cli.feeds import plan
    from aggregator.cli.wiring import settings_of

    path = call(ctx).config
    settings = settings_of(call(ctx))
    wish = plan.Wish(url=url, agency_id=agency, feed_id=feed_id, language=language)
    with console.progress() as bar:
        bar.at("asking", 0)
        found = plan.look_at(wish, settings) if check else None
    if found and found.offers:
        console.note(f"{url} is a page; it names {', '.join(found.offers)}")
    planned = plan.plan([plan.named(wish, found)], settings)
    _rewrite(path, plan.written(path, planned))
    for feed in planned.feeds:
        items = (
            f", {console.count(len(found.parsed.items), 'item')}" if found and found.parsed else ""
        )
        console.line(f"{feed.id} of {feed.agency_id}: {feed.url}{items}")


@feeds.command(epilog="Example: aggregator feeds remove tass-en")
def remove(ctx: typer.Context, ids: FeedIds) -> None:
    """Take feeds out of the configuration.

    Their items stay in the stories, their agency stays in the file.
    """
    from aggregator.cli import console
    from aggregator.cli.feeds import yaml_edit
    from aggregator.config import read

    path = call(ctx).config
    _rewrite(path, yaml_edit.remove(read(path), list(dict.fromkeys(ids)), file=str(path)))
    console.line(f"Removed {', '.join(dict.fromkeys(ids))}; what they brought stays.")


@feeds.command(epilog="Example: aggregator feeds check bta-bg")
def check(
    ctx: typer.Context,
    ids: SomeFeeds = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 1 when a feed has a problem.")
    ] = False,
    json: Json = False,
) -> None:
    """Ask feeds once, store nothing, and say what is there.

    Reachable or not, HTTP status, format, items, the newest, languages,
    validators, how often it would be polled and why, problems.
    """
    from aggregator.cli import console, log
    from aggregator.cli.feeds import format_check
    from aggregator.cli.feeds.probe import probe
    from aggregator.cli.wiring import chosen_feeds, settings_of

    log.configure_for_one_command()
    settings = settings_of(call(ctx))
    chosen = chosen_feeds(settings, ids or ())
    answers: list[Probe] = []
    with console.progress(beside_lines=not json) as bar:

        def told(answer: Probe, done: int) -> None:
            answers.append(answer)
            bar.at("asking", done, len(chosen))
            if not json:
                format_check.print_out(answer)

        probe(chosen, settings.fetch, told)
    if json:
        console.as_json({"feeds": [format_check.as_json(answer) for answer in answers]})
    wrong = [answer.feed.id for answer in answers if answer.problem]
    if strict and wrong:
        raise AggregatorError(
            f"{console.count(len(wrong), 'feed')} with problems: {', '.join(wrong)}"
        )


@feeds.command("import", epilog="Example: aggregator feeds import subscriptions.opml")
def import_feeds(
    ctx: typer.Context,
    opml_file: Annotated[
        Path,
        typer.Argument(metavar="OPML", help="A file of subscriptions; - reads standard input."),
    ],
    by_folder: Annotated[
        bool, typer.Option("--by-folder", help="A folder is an agency; else each site is one.")
    ] = False,
) -> None:
    """Add the feeds of an OPML file.

    Those we have already are left as they are.
    """
    from aggregator.cli import console
    from aggregator.cli.feeds import plan
    from aggregator.cli.wiring import settings_of
    from aggregator.syndicate import opml

    path = call(ctx).config
    settings = settings_of(call(ctx))
    try:
        found = opml.read(_bytes_of(opml_file))
    except ParseError as error:
        raise UsageError(f"{opml_file}: {error}") from error
    known = {feed.url for feed in settings.feeds}
    new = [one for one in found if one.url not in known]
    planned = plan.plan([plan.of_opml(one, by_folder=by_folder) for one in new], settings)
    if new:
        _rewrite(path, plan.written(path, planned))
    for feed in planned.feeds:
        console.line(f"{feed.id} of {feed.agency_id}: {feed.url}")
    console.note(f"{console.count(len(new), 'feed')} added, {len(found) - len(new)} known before.")


@feeds.command(epilog="Example: aggregator feeds export subscriptions.opml")
def export(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Write here, not to standard output.")
    ] = None,
) -> None:
    """The subscriptions as OPML 2.0, for other readers."""
    from aggregator.cli.wiring import settings_of
    from aggregator.syndicate import opml

    settings = settings_of(call(ctx))
    body = opml.render(settings.output.title, settings.agencies, settings.feeds).decode()
    if file is None:
        sys.stdout.write(body if body.endswith("\n") else f"{body}\n")
        return
    _rewrite(file, body)


def _rewrite(path: Path, text: str) -> None:
    with replacing_text(path) as file:
        file.write(text)


def _bytes_of(path: Path) -> bytes:
    if path == Path("-"):
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
