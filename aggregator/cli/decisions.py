"""`join`, `split`, `lead`, `undo`: a person's decisions, which the matcher never overrules; `decisions` lists them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.options import DECISIONS, ItemArgument, Json, call
from aggregator.errors import UsageError
from aggregator.files import replacing_text

if TYPE_CHECKING:
    from aggregator.decision_file import FiledDecision

STDIN = Path("-")
DEFAULT_ROWS = 20  # of a table without --limit
commands = typer.Typer()
decisions = typer.Typer(no_args_is_help=True)
commands.add_typer(
    decisions,
    name="decisions",
    rich_help_panel=DECISIONS,
    help="List what people decided; export and import it.",
)
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the decision, and shown.")
]


@commands.command(
    rich_help_panel=DECISIONS, epilog="Example: aggregator join q7w2hx4kz5n3m6pt https://mia.mk/7"
)
def join(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="An item's id, link or guid.")],
    b: Annotated[str, typer.Argument(metavar="B", help="An item of the other story.")],
    reason: Reason = "",
) -> None:
    """Join the stories of A and B into one.

    The older story keeps its id; the id of the other one leads to it.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, new_editor, open_store
    from aggregator.clock import utc_now

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        item, other = store.find_item_or_lead(a), store.find_item_or_lead(b)
        new_editor(settings, store).join(item, other, utc_now(), reason=reason)
        story = store.story_of(item.id)
    console.print_line(
        f"{story.id} now has {console.pluralize(len(story.members), 'item')}: {story.lead.title}"
    )


@commands.command(rich_help_panel=DECISIONS, epilog="Example: aggregator split q7w2hx4kz5n3m6pt")
def split(ctx: typer.Context, item: ItemArgument, reason: Reason = "") -> None:
    """Take ITEM out of its story, into a story of its own."""
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, new_editor, open_store
    from aggregator.clock import utc_now

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        found = store.find_item_or_lead(item)
        new_editor(settings, store).split(found, utc_now(), reason=reason)
        story = store.story_of(found.id)
    console.print_line(f"{story.id} is now a story of its own: {found.title}")


@commands.command(
    rich_help_panel=DECISIONS,
    epilog='Example: aggregator lead q7w2hx4kz5n3m6pt --reason "the fuller text"',
)
def lead(ctx: typer.Context, item: ItemArgument, reason: Reason = "") -> None:
    """Let ITEM stand for its story, whatever arrives later.

    A later correction of ITEM by its agency takes its place. The entry in the
    merged feed keeps its id and does not become new.
    """
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, new_editor, open_store
    from aggregator.clock import utc_now

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        found = store.find_item_or_lead(item)
        new_editor(settings, store).lead(found, utc_now(), reason=reason)
        story = store.story_of(found.id)
    console.print_line(f"{story.id} is now led by {story.lead_id}: {story.lead.title}")


@commands.command(rich_help_panel=DECISIONS, epilog="Example: aggregator undo")
def undo(ctx: typer.Context) -> None:
    """Undo the last join, split or lead; repeat to undo the one before."""
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, new_editor, open_store
    from aggregator.clock import utc_now
    from aggregator.model import Action

    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        undone = new_editor(settings, store).undo(utc_now())
    joining = "and" if undone.action is Action.JOIN else "from"
    other = f" {joining} {undone.other_id}" if undone.other_id else ""
    made = console.format_time(undone.made_at)
    console.print_line(f"Undid the {undone.action} of {undone.item_id}{other}, made {made} UTC.")


@decisions.command("list", epilog="Example: aggregator decisions list --json")
def list_decisions(
    ctx: typer.Context,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=f"At most N decisions. Default: {DEFAULT_ROWS} in a table, all in JSON.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """List the decisions, the last one first, with who made them and why; those undone too."""
    from aggregator.cli import console, format_decisions
    from aggregator.cli.wiring import load_settings, open_store

    most = limit or (None if json else DEFAULT_ROWS)
    with open_store(load_settings(call(ctx))) as store:
        records = store.decisions_made(most and most + 1)
    if json:
        console.print_json(format_decisions.decisions_as_json(records[:most]))
        return
    format_decisions.print_decisions(records[:most])
    if most and len(records) > most:
        console.print_note(f"These are the last {most}. Use --limit to see more.")


@decisions.command(epilog="Example: aggregator decisions export decisions.jsonl")
def export(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Default: standard output.")
    ] = None,
) -> None:
    """Write the decisions in force, the first one first, one JSON object a line.

    Items are named by id, and by feed, guid, link, agency and title, so that
    `decisions import` finds them in another database.
    """
    from aggregator import decision_file
    from aggregator.cli import console
    from aggregator.cli.wiring import load_settings, open_store

    with open_store(load_settings(call(ctx))) as store:
        lines = decision_file.lines(reversed(store.decisions_made()))
    if file is None:
        console.print_bytes("".join(lines).encode())
        return
    with replacing_text(file) as out:
        out.writelines(lines)
    console.print_note(f"Wrote {console.pluralize(len(lines), 'decision')} to {file}.")


@decisions.command("import", epilog="Example: aggregator decisions import decisions.jsonl")
def import_decisions(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What `decisions export` wrote; - reads standard input."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be done, and change nothing.")
    ] = False,
) -> None:
    """Make the decisions of FILE here, in its order; who made them and why is kept.

    A decision whose items are not here, or that is in force already, is left
    out, and the reason told. A file with a mistake changes nothing.
    """
    from aggregator.cli import format_decisions
    from aggregator.cli.wiring import load_settings, new_editor, open_store
    from aggregator.decision_import import Rehearsal, import_decisions

    filed = _read(file)
    settings = load_settings(call(ctx))
    with open_store(settings) as store:
        editor = Rehearsal(store) if dry_run else new_editor(settings, store)
        results = [*import_decisions(filed, store, editor)]
    format_decisions.print_imported(results, is_rehearsal=dry_run)


def _read(file: Path) -> list[FiledDecision]:
    """All decisions of a file. Raises UsageError, with the line of a mistake."""
    from aggregator import decision_file

    try:
        data = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
        return [*decision_file.read(data.decode("utf-8-sig").split("\n"))]
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8. Save the file as UTF-8.") from error
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from error
