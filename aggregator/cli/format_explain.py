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


def as_json(told: Explanation) -> dict[str, object]:
    """The whole of it; `features` are the figures the rule looked at."""
    match, evidence = told.match, told.match.evidence
    return {
        "a": _item_as_json(told.a, told.stories[0]),
        "b": _item_as_json(told.b, told.stories[1]),
        "one_story": told.is_one_story,
        "manual": told.is_manual,
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


def print_out(told: Explanation) -> None:
    """Both items, the verdict in words, then what speaks for and against it."""
    evidence = told.match.evidence
    _print_items(told)
    console.line(f"\n{_standing(told)}")
    console.paragraph(
        f"By this pair alone: {told.match.kind} ({told.match.score:.2f}). {evidence.reason}"
    )
    console.line(f"Rule: {evidence.rule}")
    if evidence.credit:
        console.paragraph(f"Credit: {evidence.credit}")
    _print_facts("Facts that agree", evidence.agree)
    _print_facts("Facts that differ", evidence.differ)
    _print_passages(told)
    _print_features(told)


def _print_items(told: Explanation) -> None:
    table = console.columns("", "agency", "lang", "reported", "title", wide="title")
    for name, item in (("A", told.a), ("B", told.b)):
        table.add_row(
            console.plain(name, "bold"),
            console.plain(item.agency_id),
            console.plain(item.language),
            console.when(item.reported_at),
            console.under(item.title, item.id),
        )
    console.console().print(table)


def _standing(told: Explanation) -> str:
    if told.is_one_story:
        how = ": a person joined them" if told.is_manual else ""
        return f"They are in one story, {told.stories[0].id}{how}."
    return f"They are in two stories, {told.stories[0].id} and {told.stories[1].id}."


def _print_facts(heading: str, facts: Sequence[Fact]) -> None:
    if not facts:
        return
    table = console.columns(heading, "")
    for fact in facts:
        table.add_row(console.plain(fact.a), console.plain(fact.b))
    console.line("")
    console.console().print(table)


def _print_passages(told: Explanation) -> None:
    passages = told.match.evidence.passages
    if not passages:
        return
    table = console.columns("A", "", "B")
    for column in (table.columns[0], table.columns[2]):
        column.no_wrap, column.overflow, column.ratio = False, "fold", 1
    for passage in passages:
        style = "" if passage.same else "yellow"
        sign = Text("=" if passage.same else "≠", style=style)
        table.add_row(console.plain(passage.a, style), sign, console.plain(passage.b, style))
    console.line("")
    console.console().print(table)


def _print_features(told: Explanation) -> None:
    figures = [f"{name} {value:.3g}" for name, value in told.match.evidence.features.items()]
    if figures:
        console.line("")
        console.console().print(Text(f"Features: {', '.join(figures)}", style="dim"))
