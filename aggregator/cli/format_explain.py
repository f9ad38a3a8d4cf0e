"""`explain`: one comparison in full, for an editor and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from aggregator.cli import console
from aggregator.model import Fact, Item, Kind, Match, Story
from aggregator.provenance import rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Two items, what a comparison of the pair says, and the stories they are in."""

    a: Item
    b: Item
    match: Match
    stories: tuple[Story, Story]

    @property
    def is_one_story(self) -> bool:
        """Whether they are in one story, by this comparison, through others, or by a person's decision."""
        return self.stories[0].id == self.stories[1].id

    @property
    def is_manual(self) -> bool:
        """Whether a person put one of them where it is."""
        items = {self.a.id, self.b.id}
        return any(
            member.item.id in items and member.match and member.match.kind is Kind.MANUAL
            for member in self.stories[0].members
        )


def as_json(explanation: Explanation) -> dict[str, object]:
    """The whole explanation; `features` are the measures the rule looked at, by name."""
    match, evidence = explanation.match, explanation.match.evidence
    return {
        "a": _item_as_json(explanation.a, explanation.stories[0]),
        "b": _item_as_json(explanation.b, explanation.stories[1]),
        "one_story": explanation.is_one_story,
        "manual": explanation.is_manual,
        "kind": match.kind,
        "score": round(match.score, 4),
        "rule": evidence.rule,
        "reason": evidence.reason,
        "credit": evidence.credit,
        "features": {name: round(value, 4) for name, value in evidence.features.items()},
        "agree": _facts_as_json(evidence.agree),
        "differ": _facts_as_json(evidence.differ),
        "passages": [{"a": p.a, "b": p.b, "same": p.same} for p in evidence.passages],
    }


def _item_as_json(item: Item, story: Story) -> dict[str, object]:
    return {
        "id": item.id,
        "story": story.id,
        "agency": item.agency_id,
        "language": item.language,
        "title": item.title,
        "link": item.link,
        "reported_at": rfc3339(item.reported_at),
    }


def _facts_as_json(facts: Sequence[Fact]) -> list[dict[str, str]]:
    return [{"a": fact.a, "b": fact.b} for fact in facts]


# ------------------------------------------------------------------------------------- for an editor


def print_explanation(explanation: Explanation) -> None:
    """Both items, whether they are one story, then the evidence for and against it."""
    evidence = explanation.match.evidence
    _print_items(explanation)
    console.print_line(f"\n{_one_story_or_two(explanation)}")
    console.print_wrapped(
        f"By this pair alone: {explanation.match.kind} ({explanation.match.score:.2f}). {evidence.reason}"
    )
    console.print_line(f"Rule: {evidence.rule}")
    if evidence.credit:
        console.print_wrapped(f"Credit: {evidence.credit}")
    _print_facts("Facts that agree", evidence.agree)
    _print_facts("Facts that differ", evidence.differ)
    _print_passages(explanation)
    _print_features(explanation)


def _print_items(explanation: Explanation) -> None:
    table = console.new_table("", "agency", "lang", "reported", "title", wide="title")
    for name, item in (("A", explanation.a), ("B", explanation.b)):
        table.add_row(
            console.cell(name, "bold"),
            console.cell(item.agency_id),
            console.cell(item.language),
            console.format_time(item.reported_at),
            console.stacked_cell(item.title, item.id),
        )
    console.stdout().print(table)


def _one_story_or_two(explanation: Explanation) -> str:
    if explanation.is_one_story:
        how = ": a person joined them" if explanation.is_manual else ""
        return f"They are in one story, {explanation.stories[0].id}{how}."
    return f"They are in different stories, {explanation.stories[0].id} and {explanation.stories[1].id}."


def _print_facts(heading: str, facts: Sequence[Fact]) -> None:
    if not facts:
        return
    table = console.new_table(heading, "")
    for fact in facts:
        table.add_row(console.cell(fact.a), console.cell(fact.b))
    console.print_line("")
    console.stdout().print(table)


def _print_passages(explanation: Explanation) -> None:
    passages = explanation.match.evidence.passages
    if not passages:
        return
    table = console.new_table("A", "", "B")
    for column in (table.columns[0], table.columns[2]):
        column.no_wrap, column.overflow, column.ratio = False, "fold", 1
    for passage in passages:
        style = "" if passage.same else "yellow"
        sign = Text("=" if passage.same else "≠", style=style)
        table.add_row(console.cell(passage.a, style), sign, console.cell(passage.b, style))
    console.print_line("")
    console.stdout().print(table)


def _print_features(explanation: Explanation) -> None:
    figures = [f"{name} {value:.3g}" for name, value in explanation.match.evidence.features.items()]
    if figures:
        console.print_line("")
        console.stdout().print(Text(f"Features: {', '.join(figures)}", style="dim"))
