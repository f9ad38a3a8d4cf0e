"""`join`, `split`, `undo`: a person's decisions, which the matcher never overrules."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.options import DECISIONS, ItemArgument, call

commands = typer.Typer()


@commands.command(
    rich_help_panel=DECISIONS, epilog="Example: aggregator join q7w2hx4kz5n3m6pt https://mia.mk/7"
)
def join(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="An item's id, link or guid.")],
    b: Annotated[str, typer.Argument(metavar="B", help="An item of the other story.")],
) -> None:
    """Join the stories of A and B into one.

    The older story keeps its id; the id of the other one leads to it.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import find_item, load_settings, new_editor, open_store
    from aggregator.clock import utc_now

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        item = find_item(store, a)
        new_editor(settings, store).join(item, find_item(store, b), utc_now())
        story = store.story_of(item.id)
    console.print_line(
        f"{story.id} now has {console.pluralize(len(story.members), 'item')}: {story.lead.title}"
    )


@commands.command(rich_help_panel=DECISIONS, epilog="Example: aggregator split q7w2hx4kz5n3m6pt")
def split(ctx: typer.Context, item: ItemArgument) -> None:
    """Take ITEM out of its story, into a story of its own."""
    from aggregator.cli import console
    from aggregator.cli.wiring import find_item, load_settings, new_editor, open_store
    from aggregator.clock import utc_now

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        found = find_item(store, item)
        new_editor(settings, store).split(found, utc_now())
        story = store.story_of(found.id)
    console.print_line(f"{story.id} is now a story of its own: {found.title}")


@commands.command(rich_help_panel=DECISIONS, epilog="Example: aggregator undo")
def undo(ctx: typer.Context) -> None:
    """Undo the last join or split; repeat to undo the one before."""
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, new_editor, open_store
    from aggregator.clock import utc_now

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        undone = new_editor(settings, store).undo(utc_now())
    other = f" and {undone.other_id}" if undone.other_id else ""
    made = console.format_time(undone.made_at)
    console.print_line(f"Undid the {undone.action} of {undone.item_id}{other}, made {made} UTC.")
