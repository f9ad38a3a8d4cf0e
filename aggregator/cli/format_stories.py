"""`stories` and `dupes`: stories and their copies as tables of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from aggregator import provenance
from aggregator.cli import console
from aggregator.model import CreditState, Story
from aggregator.provenance import Appearance

_COPY_COLUMNS = ("item", "agency", "lang", "kind", "score", "lag", "credits")
# Fixed, so that the tables of several stories align: with one space between them they are 77 columns.
_COPY_WIDTHS = (16, 14, 4, 11, 5, 11, 10)
_CREDITS = {
    CreditState.ORIGIN: "origin",
    CreditState.NONE: "none",
    CreditState.UNKNOWN: "not known",
}


def print_stories(found: Sequence[Story]) -> None:
    """A table, two lines a story: first seen, items and title; under them its id, agencies and languages."""
    if not found:
        console.print_note("There are no such stories.")
        return
    table = console.new_table("first seen", "items", "story", right={"items"}, wide="story")
    for story in found:
        table.add_row(
            console.stacked_cell(console.format_time(story.first_seen_at), story.id),
            str(len(story.members)),
            console.stacked_cell(story.lead.title, f"{_agencies(story)} · {_languages(story)}"),
        )
    console.stdout().print(table)


def print_copies(found: Sequence[Story]) -> None:
    """For each story a line with its id and title, a table of its items, and what else is to be known.

    Each item stands below the one it was taken from; kind, score and lag are stated against that one.
    """
    if not found:
        console.print_note("There are no such stories.")
    out = console.stdout()
    for index, story in enumerate(found):
        if index:
            out.print()
        heading = Text.assemble((story.id, "bold"), "  ", console.cell(story.lead.title))
        heading.truncate(out.width, overflow="ellipsis")
        out.print(heading)
        table = console.new_table(*_COPY_COLUMNS, right={"score", "lag"})
        table.padding = 0
        for column, width in zip(table.columns, _COPY_WIDTHS, strict=True):
            column.min_width = width
        copies = provenance.tree(story)
        for copy in copies:
            table.add_row(*_copy_row(copy, story))
        out.print(table)
        if story.killed_at:
            origin, at = story.origin_id, console.format_time(story.killed_at)
            console.print_wrapped(f"Withdrawn by {origin}, {at}.")
        for copy in copies:
            remarks = [provenance.decision_in_words(copy), *provenance.remarks(copy, story)]
            for remark in filter(None, remarks):
                console.print_wrapped(f"{copy.item.id} {remark}")


def _copy_row(copy: Appearance, story: Story) -> tuple[Text | str, ...]:
    item = copy.item
    is_lead = item.id == story.lead_id
    branch = f"{'  ' * (copy.depth - 1)}└ " if copy.depth else ""
    return (
        console.cell(item.id, "bold" if is_lead else ""),
        Text(branch) + console.cell(item.agency_id),
        console.cell(item.language),
        console.cell(provenance.kind_word(copy)),
        f"{copy.match.score:.2f}" if copy.match else "",
        provenance.lag_in_words(copy.known_lag) if copy.known_lag is not None else "",
        _credits(copy),
    )


def _credits(copy: Appearance) -> str:
    if copy.credit is None:
        return ""
    if copy.credit is not CreditState.OTHER:
        return _CREDITS[copy.credit]
    return next(iter(provenance.sources_of(copy.item)), "another")


def _agencies(story: Story) -> str:
    return console.join_unique(
        [story.origin_id, *(member.item.agency_id for member in story.members)]
    )


def _languages(story: Story) -> str:
    return console.join_unique(member.item.language or "?" for member in story.members)
