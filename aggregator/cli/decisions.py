"""`join`, `split`, `undo`: what a person decides is remembered, and never overruled by matching."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.options import DECIDE, ItemArgument, call

commands = typer.Typer()


@commands.command(
    rich_help_panel=DECIDE, epilog="Example: aggregator join q7w2hx4kz5n3m6pt https://mia.mk/7"
)
def join(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="An item's id, link or guid.")],
    b: Annotated[str, typer.Argument(metavar="B", help="An item of the story it belongs with.")],
) -> None:
    """Make the stories of A and B one.

    The older story keeps its id; the other's id leads there.
    """
    from aggregator import editor
    from aggregator.cli import console
    from aggregator.cli.wiring import (
        find_item,
        open_store,
        settings_of,
    )
    from aggregator.clock import utc_now

    with open_store(settings_of(call(ctx))) as store:
        item = find_item(store, a)
        editor.join(store, item, find_item(store, b), utc_now())
        story = store.story_of(item.id)
    console.line(
        f"{story.id} now has {console.count(len(story.members), 'item')}: {story.lead.title}"
    )


@commands.command(rich_help_panel=DECIDE, epilog="Example: aggregator split q7w2hx4kz5n3m6pt")
def split(ctx: typer.Context, item: ItemArgument) -> None:
    """Take ITEM out of its story and give it one of its own."""
    from aggregator import editor
    from aggregator.cli import console
    from aggregator.cli.wiring import (
        find_item,
        open_store,
        settings_of,
    )
    from aggregator.clock import utc_now

    with open_store(settings_of(call(ctx))) as store:
        found = find_item(store, item)
        editor.split(store, found, utc_now())
        story = store.story_of(found.id)
    console.line(f"{story.id} is its story now: {found.title}")


@commands.command(rich_help_panel=DECIDE, epilog="Example: aggregator undo")
def undo(ctx: typer.Context) -> None:
    """Take the last join or split back; again for the one before."""
    from aggregator import editor
    from aggregator.cli import console
    from aggregator.cli.wiring import open_store, settings_of
    from aggregator.clock import utc_now

    with open_store(settings_of(call(ctx))) as store:
        undone = editor.undo(store, utc_now())
    other = f" and {undone.other_id}" if undone.other_id else ""
    made = console.when(undone.made_at)
    console.line(f"Took back the {undone.action} of {undone.item_id}{other}, made {made} UTC.")
