"""`explain`: why two items are, or are not, one story."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.options import STORIES, Json, call
from aggregator.errors import UsageError

commands = typer.Typer()


@commands.command(
    rich_help_panel=STORIES,
    epilog="Example: aggregator explain q7w2hx4kz5n3m6pt https://qazinform.com/news/1",
)
def explain(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="An item's id, link or guid.")],
    b: Annotated[
        str, typer.Argument(metavar="B", help="Another item; a story's id stands for its lead.")
    ],
    json: Json = False,
) -> None:
    """Explain why A and B are, or are not, one story.

    Begins with what they are, and the items that link them; then shows what
    the pair has by itself: the rule, the facts that agree and differ, and the
    passages side by side.
    """
    from aggregator.cli import console, format_explain
    from aggregator.cli.wiring import load_settings, loaded_matcher, open_store

    settings = load_settings(call(ctx))
    with open_store(settings) as store, console.progress_bar() as bar:
        pair = store.find_item_or_lead(a), store.find_item_or_lead(b)
        if pair[0].id == pair[1].id:
            raise UsageError(f"A and B are the same item: {pair[0].id}")
        matcher = loaded_matcher(settings, store, bar)
        explanation = format_explain.Explanation(
            a=pair[0],
            b=pair[1],
            match=matcher.explain(*pair),
            agencies={agency.id: agency for agency in settings.agencies},
            stories=(store.story_of(pair[0].id), store.story_of(pair[1].id)),
        )
    if json:
        console.print_json(format_explain.as_json(explanation))
    else:
        format_explain.print_explanation(explanation)
