"""`decisions` and `evaluate`: decisions as a table of 80 columns, scores as lines, both as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from aggregator.cli import console
from aggregator.decision_file import NamedItem, file_decision
from aggregator.decision_import import Imported
from aggregator.evaluation import ENOUGH, Case, Scores
from aggregator.model import Action, DecisionRecord, Item

_WITH = {Action.JOIN: "with", Action.SPLIT: "from"}


def print_decisions(records: Sequence[DecisionRecord]) -> None:
    """A table, the last decision first: when and by whom, what, the titles of its items, and why."""
    if not records:
        console.print_note("There are no decisions. `join`, `split` and `lead` make them.")
        return
    table = console.new_table("made", "decision", "items", wide="items")
    table.columns[2].no_wrap, table.columns[2].overflow = False, "fold"  # a reason is read whole
    for record in records:
        decision = record.decision
        table.add_row(
            console.stacked_cell(console.format_time(decision.made_at), decision.made_by or ""),
            Text.assemble(decision.action, ("\nundone", "dim") if record.undone_at else ""),
            _items(record),
        )
    console.stdout().print(table)


def decisions_as_json(records: Sequence[DecisionRecord]) -> dict[str, Any]:
    """The JSON document of `decisions list`."""
    return {"decisions": [_record_as_json(record) for record in records]}


def print_imported(results: Sequence[Imported], *, is_rehearsal: bool) -> None:
    """A line for each decision that was left out, and how many were made."""
    for result in results:
        if result.left_out:
            filed = result.filed
            console.print_wrapped(
                f"{filed.decision} {_name(filed.item)}: left out. {result.left_out}"
            )
    made = sum(not result.left_out for result in results)
    verb = "Would make" if is_rehearsal else "Made"
    console.print_line(
        f"{verb} {console.pluralize(made, 'decision')}, left out {len(results) - made}."
    )


def print_evaluation(cases: Sequence[Case], found: Scores) -> None:
    """What matching says of the pairs people decided, then the pairs of which it says otherwise."""
    if not cases:
        console.print_wrapped(
            "There is nothing to score yet: no join or split is in force. Each `aggregator join` and "
            "`aggregator split` is a pair that matching can be scored on."
        )
        return
    console.print_line(
        f"Joined by people: {console.pluralize(found.joined, 'pair')}, "
        f"of which matching joins {found.found}: recall {_share(found.recall)}"
    )
    console.print_line(
        f"Split by people: {console.pluralize(found.split, 'pair')}, "
        f"of which matching joins {found.merged}: precision {_share(found.precision)}"
    )
    if not found.are_enough:
        console.print_wrapped(
            f"That is too few to conclude anything from: {ENOUGH} pairs or more would do."
        )
    console.print_wrapped(
        "People decide where matching was wrong, so this is how it does on its hard cases."
    )
    wrong = [case for case in cases if not case.is_right]
    if wrong:
        console.stdout().print(_wrong_cases(wrong))


def evaluation_as_json(cases: Sequence[Case], found: Scores) -> dict[str, Any]:
    """The JSON document of `evaluate`; shares are in [0, 1], null where there is nothing to share."""
    return {
        "pairs": found.pairs,
        "joined": found.joined,
        "joined_found": found.found,
        "split": found.split,
        "split_merged": found.merged,
        "precision": found.precision,
        "recall": found.recall,
        "enough": found.are_enough,
        "cases": [_case_as_json(case) for case in cases],
    }


def _items(record: DecisionRecord) -> Text:
    lines = [console.cell(record.item.title)]
    if record.other:
        joining = _WITH[record.decision.action]
        lines.append(console.cell(f"{joining} {record.other.title}", "dim"))
    if record.decision.reason:
        lines.append(console.cell(f"“{record.decision.reason}”", "dim"))
    return Text("\n").join(lines)


def _record_as_json(record: DecisionRecord) -> dict[str, Any]:
    filed = file_decision(record).model_dump(mode="json")
    filed["item"]["story"] = record.story_id
    if record.other:
        filed["other"]["story"] = record.other_story_id
    return {"id": record.decision.id, **filed, "undone_at": _iso(record.undone_at)}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _name(named: NamedItem) -> str:
    return named.title or named.id


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _wrong_cases(cases: Sequence[Case]) -> Any:
    table = console.new_table("people", "score", "rule", "items", right={"score"}, wide="items")
    for case in cases:
        table.add_row(
            str(case.pair.decision.action),
            f"{case.verdict.score:.2f}",
            case.verdict.evidence.rule,
            console.stacked_cell(case.pair.item.title, case.pair.other.title),
        )
    return table


def _case_as_json(case: Case) -> dict[str, Any]:
    return {
        "decision": case.pair.decision.action.value,
        "one_story": case.pair.is_one,
        "matched": case.is_joined,
        "kind": case.verdict.kind.value,
        "score": case.verdict.score,
        "rule": case.verdict.evidence.rule,
        "reason": case.verdict.evidence.reason,
        "item": _item_as_json(case.pair.item),
        "other": _item_as_json(case.pair.other),
    }


def _item_as_json(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "agency": item.agency_id,
        "language": item.language,
        "title": item.title,
        "link": item.link,
    }
