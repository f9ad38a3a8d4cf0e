"""`evaluate`: how matching does on what this installation's people decided."""

from __future__ import annotations

import typer

from aggregator.cli.options import DECISIONS, Json, call

commands = typer.Typer()


@commands.command(rich_help_panel=DECISIONS, epilog="Example: aggregator evaluate --json")
def evaluate(ctx: typer.Context, json: Json = False) -> None:
    """Score matching on your own joins and splits.

    A pair that was joined should be one story, a pair that was split should
    not. Each is judged by itself, as `explain` does it, without the decision.
    Shows how many are judged as you did, and the pairs that are not.
    """
    from aggregator import evaluation
    from aggregator.cli import console, format_decisions
    from aggregator.cli.wiring import load_settings, loaded_matcher, open_store

    settings = load_settings(call(ctx))
    with open_store(settings) as store, console.progress_bar() as bar:
        pairs = evaluation.pairs(store.decisions_made())
        matcher = loaded_matcher(settings, store, bar) if pairs else None
        cases = [
            evaluation.Case(pair=pair, verdict=matcher.explain(pair.item, pair.other))
            for pair in pairs
            if matcher
        ]
    found = evaluation.scores(cases)
    if json:
        console.print_json(format_decisions.evaluation_as_json(cases, found))
    else:
        format_decisions.print_evaluation(cases, found)
