"""`stories` and `dupes`: what the store has found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.filter_options import FilterOptions, Limit, parse, with_filters
from aggregator.cli.options import STORIES, Json, call
from aggregator.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from aggregator.config import Settings
    from aggregator.filters import Filter

DEFAULT_ROWS = 50  # of a table without --limit
commands = typer.Typer()


@commands.command(
    rich_help_panel=STORIES,
    epilog='Example: aggregator stories --since 24h --min-items 2 --search "rail freight"',
)
@with_filters
def stories(
    ctx: typer.Context, *, given: FilterOptions, limit: Limit = None, json: Json = False
) -> None:
    """List the stories, newest first: each report once.

    For each story: when it was first seen, how many items it has, the title
    of its lead, its agencies (origin first), its languages, and its id.
    A table has the newest 50, JSON all, unless --limit says otherwise.
    """
    from aggregator.cli.wiring import load_settings
    from aggregator.clock import utc_now

    settings, now = load_settings(call(ctx)), utc_now()
    wanted = parse(given, settings, now)
    _list(settings, wanted, now, limit, json=json, copies=wanted.stale)


@commands.command(
    rich_help_panel=STORIES, epilog="Example: aggregator dupes https://www.bta.bg/bg/news/1234"
)
@with_filters
def dupes(
    ctx: typer.Context,
    item: Annotated[
        str | None,
        typer.Argument(metavar="ITEM", help="Only the copies of this item: its id, link or guid."),
    ] = None,
    *,
    given: FilterOptions,
    limit: Limit = None,
    json: Json = False,
) -> None:
    """List the duplicates: stories with copies, or one item's copies.

    For each copy: its agency and language, its kind and score, how long
    after the first it appeared, and whether it credits the origin. A table
    has the newest 50 stories, JSON all, unless --limit says otherwise.
    """
    from dataclasses import replace

    from aggregator.cli.wiring import load_settings
    from aggregator.clock import utc_now

    settings, now = load_settings(call(ctx)), utc_now()
    wanted = parse(given, settings, now)
    if item is None:
        several = replace(wanted, min_items=max(wanted.min_items, 2))
        _list(settings, several, now, limit, json=json, copies=True)
        return
    if limit or any(name != "prefer" for name, _ in given.pairs):
        raise UsageError("ITEM names one story, the options select among all: give one of the two.")
    _show(settings, wanted, item, json=json)


def _list(
    settings: Settings,
    wanted: Filter,
    now: datetime,
    limit: int | None,
    *,
    json: bool,
    copies: bool,
) -> None:
    """Print the stories that are wanted: in JSON each as soon as it is read, in a table the newest."""
    from aggregator.cli import console, format_stories
    from aggregator.cli.wiring import open_store
    from aggregator.preference import preferred
    from aggregator.syndicate import listing

    rows = limit or DEFAULT_ROWS
    query = wanted.query(now, limit=limit if json else rows + 1)
    with open_store(settings) as store:
        found = (preferred(story, wanted.prefer) for story in store.each_story(query))
        if json:
            console.print_json_list("stories", map(listing.story_as_json, found))
            return
        read = list(found)
    print_table = format_stories.print_copies if copies else format_stories.print_stories
    print_table(read[:rows])
    if len(read) > rows:
        console.print_note("There are more. See them with --limit, --until or --since.")


def _show(settings: Settings, wanted: Filter, item: str, *, json: bool) -> None:
    """Print the one story that an item is in."""
    from aggregator.cli import console, format_stories
    from aggregator.cli.wiring import open_store
    from aggregator.preference import preferred
    from aggregator.syndicate import listing

    with open_store(settings) as store:
        found = preferred(store.story_of(store.find_item_or_lead(item).id), wanted.prefer)
    if json:
        console.print_json(listing.as_json([found]))
    else:
        format_stories.print_copies([found])
