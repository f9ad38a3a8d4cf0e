"""`stories` and `dupes`: stories and their copies as tables of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from aggregator import provenance
from aggregator.cli import console
from aggregator.model import Story
from aggregator.provenance import Appearance

_COPY_COLUMNS = ("item", "agency", "lang", "kind", "score", "lag", "credit")
# Fixed, so that the tables of several stories align: with one space between them they are 76 columns.
_COPY_WIDTHS = (16, 10, 4, 11, 5, 12, 12)


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
    """For each story a line with its id and title, and a table of its items."""
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
        for copy in provenance.appearances(story):
            table.add_row(*_copy_row(copy, story))
        out.print(table)


def _copy_row(copy: Appearance, story: Story) -> tuple[Text | str, ...]:
    item = copy.item
    is_lead = item.id == story.lead_id
    return (
        console.cell(item.id, "bold" if is_lead else ""),
        console.cell(item.agency_id),
        console.cell(item.language),
        console.cell(copy.kind.value if copy.kind else None),
        f"{copy.match.score:.2f}" if copy.match else "",
        provenance.lag_in_words(copy.lag) if copy.lag else "",
        _credit(copy),
    )


def _credit(copy: Appearance) -> str:
    if copy.credited is None:
        return "origin"
    return "credited" if copy.credited else "not credited"


def _agencies(story: Story) -> str:
    return console.join_unique(
        [story.origin_id, *(member.item.agency_id for member in story.members)]
    )


def _languages(story: Story) -> str:
    return console.join_unique(member.item.language or "?" for member in story.members)
