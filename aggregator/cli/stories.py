"""`stories`, `dupes`, `explain`: what was found, and how we know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from aggregator.cli.options import ASK, Json, call
from aggregator.errors import UsageError

ROWS = 50  # of a table, where nothing else is asked for
commands = typer.Typer()


@commands.command(
    rich_help_panel=ASK,
    epilog='Example: aggregator stories --since 24h --min-items 2 --search "foreign minister"',
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
        str | None, typer.Option(metavar="CODE", help="With an item in this language: bg, en …")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="ID", help="With an item of this agency.")
    ] = None,
    search: Annotated[
        str | None, typer.Option(metavar="WORDS", help="With an item that has all these words.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help=f"N at most. Default: {ROWS} in a table, all in JSON."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """The stories, newest first: each report once.

    For each: when it was first seen, how many items it has, the title of its
    lead, who carried it, the origin first, in which languages, and its id.
    """
    from aggregator.cli import console, format_stories
    from aggregator.cli.wiring import open_store, settings_of
    from aggregator.model import StoryQuery
    from aggregator.syndicate import listing

    query = StoryQuery(
        since_at=_since(since) if since else None,
        min_items=min_items,
        language=language,
        agency_id=agency,
        search=search,
        limit=limit or (None if json else ROWS),
    )
    with open_store(settings_of(call(ctx))) as store:
        found, total = store.stories(query), store.count_stories(query)
    if json:
        console.as_json(listing.as_json(found))
        return
    format_stories.stories(found)
    if total > len(found):
        console.note(f"{len(found)} of {total} stories; --limit shows more.")


def _since(text: str) -> datetime:
    from aggregator.clock import utc_now
    from aggregator.config import duration

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            return utc_now() - duration(text)
        except ValueError as error:
            raise UsageError(
                f"--since: '{text}' is neither a duration (90m, 24h, 7d) nor a time (2026-11-24)"
            ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@commands.command(
    rich_help_panel=ASK, epilog="Example: aggregator dupes https://www.bta.bg/bg/news/1234"
)
def dupes(
    ctx: typer.Context,
    item: Annotated[
        str | None,
        typer.Argument(metavar="ITEM", help="Only the copies of this item: its id, link or guid."),
    ] = None,
    json: Json = False,
) -> None:
    """The stories of two items or more, or the copies of one item.

    For each copy: its agency and language, what kind of copy it is and how
    surely, how long after the first it came, and whether it credits the
    origin.
    """
    from aggregator.cli import console, format_stories
    from aggregator.cli.wiring import find_item, open_store, settings_of
    from aggregator.model import StoryQuery
    from aggregator.syndicate import listing

    with open_store(settings_of(call(ctx))) as store:
        if item is None:
            found = store.stories(StoryQuery(min_items=2))
        else:
            found = [store.story_of(find_item(store, item).id)]
    if json:
        console.as_json(listing.as_json(found))
    elif found:
        format_stories.copies(found)
    else:
        console.note("There are no duplicates yet.")


@commands.command(
    rich_help_panel=ASK,
    epilog="Example: aggregator explain q7w2hx4kz5n3m6pt https://qazinform.com/news/1",
)
def explain(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="An item's id, link or guid.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another; a story's id means its lead.")],
    json: Json = False,
) -> None:
    """Why A and B are, or are not, one story.

    Shows the rule that decided, the credit, the facts that agree and differ,
    and the passages side by side.
    """
    from aggregator.cli import console, cycle, format_explain
    from aggregator.cli.wiring import find_item, open_store, settings_of

    settings = settings_of(call(ctx))
    with open_store(settings) as store, console.progress() as bar:
        pair = find_item(store, a), find_item(store, b)
        if pair[0].id == pair[1].id:
            raise UsageError(f"A and B are the same item: {pair[0].id}")
        matcher = cycle.knowing_matcher(settings, store, bar)
        told = format_explain.Explanation(
            a=pair[0],
            b=pair[1],
            match=matcher.explain(*pair),
            stories=(store.story_of(pair[0].id), store.story_of(pair[1].id)),
        )
    if json:
        console.as_json(format_explain.as_json(told))
    else:
        format_explain.print_out(told)
