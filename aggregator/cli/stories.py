"""`stories` and `dupes`: what the store has found."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.completion import complete_agency, complete_language
from aggregator.cli.options import STORIES, Json, call
from aggregator.cli.times import parse_time

DEFAULT_ROWS = 50  # of a table without --limit
commands = typer.Typer()


@commands.command(
    rich_help_panel=STORIES,
    epilog='Example: aggregator stories --since 24h --min-items 2 --search "rail freight"',
)
def stories(  # noqa: PLR0913 - one argument an option
    ctx: typer.Context,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="First seen since: 90m, 24h, 7d ago, or 2026-11-24 (UTC)."
        ),
    ] = None,
    min_items: Annotated[int, typer.Option(min=1, metavar="N", help="With N items or more.")] = 1,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="With an item in this language: bg, en …",
            autocompletion=complete_language,
        ),
    ] = None,
    agency: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="With an item of this agency.", autocompletion=complete_agency
        ),
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="With an item that contains all these words."),
    ] = None,
    stale_copies: Annotated[
        bool,
        typer.Option(
            "--stale-copies",
            help="With a copy that still has what was corrected or withdrawn; with --agency, one of its.",
        ),
    ] = False,
    killed: Annotated[
        bool, typer.Option("--killed", help="Withdrawn by their agency; else these are left out.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=f"At most N stories. Default: {DEFAULT_ROWS} in a table, all in JSON.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """List the stories, newest first: each report once.

    For each story: when it was first seen, how many items it has, the title
    of its lead, its agencies (origin first), its languages, and its id.
    """
    from aggregator.cli import console, format_stories
    from aggregator.cli.wiring import load_settings, open_store
    from aggregator.clock import utc_now
    from aggregator.model import StoryQuery
    from aggregator.syndicate import listing

    query = StoryQuery(
        since_at=parse_time("--since", since, before=utc_now()) if since else None,
        min_items=min_items,
        language=language,
        agency_id=agency,
        search=search,
        stale=stale_copies,
        killed=_killed(killed=killed, stale=stale_copies),
        limit=limit or (None if json else DEFAULT_ROWS),
    )
    with open_store(load_settings(call(ctx))) as store:
        found, total = store.stories(query), store.count_stories(query)
    if json:
        console.print_json(listing.as_json(found))
        return
    if stale_copies and found:
        format_stories.print_copies(found)
    else:
        format_stories.print_stories(found)
    if total > len(found):
        console.print_note(f"{len(found)} of {total} stories. Use --limit to see more.")


def _killed(*, killed: bool, stale: bool) -> bool | None:
    """Which stories by whether they were withdrawn: of those with stale copies both, if not asked for."""
    return True if killed else (None if stale else False)


@commands.command(
    rich_help_panel=STORIES, epilog="Example: aggregator dupes https://www.bta.bg/bg/news/1234"
)
def dupes(
    ctx: typer.Context,
    item: Annotated[
        str | None,
        typer.Argument(metavar="ITEM", help="Only the copies of this item: its id, link or guid."),
    ] = None,
    json: Json = False,
) -> None:
    """List the duplicates: all stories with copies, or one item's copies.

    For each copy: its agency and language, its kind and score, how long
    after the first it appeared, and whether it credits the origin.
    """
    from aggregator.cli import console, format_stories
    from aggregator.cli.wiring import find_item, load_settings, open_store
    from aggregator.model import StoryQuery
    from aggregator.syndicate import listing

    with open_store(load_settings(call(ctx))) as store:
        if item is None:
            found = store.stories(StoryQuery(min_items=2, killed=False))
        else:
            found = [store.story_of(find_item(store, item).id)]
    if json:
        console.print_json(listing.as_json(found))
    elif found:
        format_stories.print_copies(found)
    else:
        console.print_note("There are no duplicates yet.")
