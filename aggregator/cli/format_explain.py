"""`explain`: one comparison in full, for an editor and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from aggregator import provenance
from aggregator.cli import console
from aggregator.model import Agency, Fact, Item, Kind, Match, Story
from aggregator.provenance import rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Two items, what a comparison of the pair says, and the stories they are in."""

    a: Item
    b: Item
    match: Match
    stories: tuple[Story, Story]
    agencies: Mapping[str, Agency]

    @property
    def is_one_story(self) -> bool:
        """Whether they are in one story, by this comparison, through others, or by a person's decision."""
        return self.stories[0].id == self.stories[1].id

    @property
    def chain(self) -> tuple[Match, ...]:
        """The pairs that lead from A to B within their story; empty where they are in two."""
        if not self.is_one_story:
            return ()
        return provenance.chain(self.stories[0], self.a.id, self.b.id)

    @property
    def decision(self) -> str:
        """By whom and when they were joined; "" where no decision is on the way from one to the other."""
        by_hand = [match for match in self.chain if match.kind is Kind.MANUAL]
        return by_hand[0].evidence.reason if by_hand else ""

    @property
    def statement(self) -> str:
        """What they are, in one sentence or two."""
        one, other = (story.id for story in self.stories)
        if not self.is_one_story:
            return f"They are in different stories, {one} and {other}."
        if self.decision:
            return f"They are in one story, {one}. {self.decision}"
        if len(self.chain) > 1:
            through = len(self.chain) - 1
            return f"They are in one story, {one}, linked by {console.pluralize(through, 'other item')}."
        return f"They are in one story, {one}."

    @property
    def verdict(self) -> str:
        """What the pair is by itself, and its score: "near, 0.93", or only how near it is to be joined."""
        score = f"{self.match.score:.2f}"
        return score if self.match.kind is Kind.RELATED else f"{self.match.kind}, {score}"

    @property
    def reason(self) -> str:
        """What the pair's own evidence comes to, in a sentence that does not contradict the statement."""
        reason = self.match.evidence.reason
        if not self.is_one_story or self.match.kind is not Kind.RELATED:
            return reason
        objection = reason.removeprefix("Not one report: ")
        return f"The two texts alone would not show it: {objection[:1].lower()}{objection[1:]}"


def as_json(explanation: Explanation) -> dict[str, object]:
    """The whole explanation; `features` are the measures the rule looked at, by name."""
    match, evidence = explanation.match, explanation.match.evidence
    return {
        "a": _item_as_json(explanation.a, explanation.stories[0]),
        "b": _item_as_json(explanation.b, explanation.stories[1]),
        "one_story": explanation.is_one_story,
        "manual": bool(explanation.decision),
        "statement": explanation.statement,
        "chain": [
            {
                "a": step.a,
                "b": step.b,
                "kind": step.kind,
                "score": round(step.score, 4),
                "rule": step.evidence.rule,
                "reason": step.evidence.reason,
            }
            for step in explanation.chain
        ],
        "kind": match.kind,
        "score": round(match.score, 4),
        "rule": evidence.rule,
        "reason": explanation.reason,
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
    """Both items, what they are, what links them, then the evidence of the pair by itself."""
    evidence = explanation.match.evidence
    _print_items(explanation)
    console.print_line("")
    console.print_wrapped(explanation.statement)
    _print_chain(explanation)
    console.print_line("")
    console.print_wrapped(f"By this pair alone: {explanation.verdict}. {explanation.reason}")
    console.print_line(f"Rule: {evidence.rule}")
    if evidence.credit:
        console.print_wrapped(f"Credit: {evidence.credit}")
    _print_facts("Facts that agree", evidence.agree)
    _print_facts("Facts that differ", evidence.differ)
    _print_passages(explanation)
    _print_features(explanation)


def _print_chain(explanation: Explanation) -> None:
    """The pairs on the way from A to B, where there is an item between them."""
    if len(explanation.chain) < 2:
        return
    items = {member.item.id: member.item for member in explanation.stories[0].members}
    for step in explanation.chain:
        one, other = (
            provenance.item_in_words(items[item_id], explanation.agencies)
            for item_id in (step.a, step.b)
        )
        console.print_wrapped(f"  {one} – {other}: {step.kind} ({step.score:.2f})")


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
