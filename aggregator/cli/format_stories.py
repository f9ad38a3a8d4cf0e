"""Stories, their copies and polls, for people: tables of 80 columns, and the line of a poll."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from aggregator import provenance
from aggregator.cli import console as show
from aggregator.model import PollReport, Story
from aggregator.provenance import Appearance, rfc3339

_COPY_COLUMNS = ("item", "agency", "lang", "kind", "score", "lag", "credit")
_COPY_WIDTHS = (16, 10, 4, 11, 5, 11, 12)  # the tables of several stories stand in line


def stories(found: Sequence[Story]) -> None:
    """Two lines a story: when and its title, over its id and who carried it in which languages."""
    if not found:
        show.note("No story.")
        return
    table = show.columns("first seen", "items", "story", right={"items"}, wide="story")
    for story in found:
        table.add_row(
            show.under(show.when(story.first_seen_at), story.id),
            str(len(story.members)),
            show.under(story.lead.title, f"{_agencies(story)} · {_languages(story)}"),
        )
    show.console().print(table)


def copies(found: Sequence[Story]) -> None:
    """Each story with a line for its title and a table of its items."""
    console = show.console()
    for index, story in enumerate(found):
        if index:
            console.print()
        heading = Text.assemble((story.id, "bold"), "  ", show.plain(story.lead.title))
        heading.truncate(console.width, overflow="ellipsis")
        console.print(heading)
        table = show.columns(*_COPY_COLUMNS, right={"score", "lag"})
        for column, width in zip(table.columns, _COPY_WIDTHS, strict=True):
            column.min_width = width
        for copy in provenance.appearances(story):
            table.add_row(*_copy_row(copy, story))
        console.print(table)


def _copy_row(copy: Appearance, story: Story) -> tuple[Text | str, ...]:
    item = copy.item
    is_lead = item.id == story.lead_id
    return (
        show.plain(item.id, "bold" if is_lead else ""),
        show.plain(item.agency_id),
        show.plain(item.language),
        show.plain(copy.kind.value if copy.kind else None),
        f"{copy.match.score:.2f}" if copy.match else "",
        provenance.lag_in_words(copy.lag) if copy.lag else "",
        _credit(copy),
    )


def _credit(copy: Appearance) -> str:
    if copy.credited is None:
        return "origin"
    return "credited" if copy.credited else "not credited"


def _agencies(story: Story) -> str:
    return show.joined([story.origin_id, *(member.item.agency_id for member in story.members)])


def _languages(story: Story) -> str:
    return show.joined(member.item.language or "?" for member in story.members)


def poll_line(report: PollReport) -> str:
    """What came of one poll, with its figures."""
    figures = [
        show.count(report.items, "item") if report.items else "",
        f"{report.new} new" if report.new else "",
        f"{report.revised} revised" if report.revised else "",
        f"{report.matched} joined a story" if report.matched else "",
    ]
    told = report.error or ", ".join(filter(None, figures))
    milliseconds = round(report.took.total_seconds() * 1000)
    return f"{report.feed_id:<20} {report.result.value:<9} {milliseconds:>6} ms  {told}".rstrip()


def report_as_json(report: PollReport) -> dict[str, object]:
    """A poll's line for programs."""
    return {
        "id": report.feed_id,
        "result": report.result,
        "http_status": report.http_status,
        "items": report.items,
        "new": report.new,
        "revised": report.revised,
        "matched": report.matched,
        "took_ms": round(report.took.total_seconds() * 1000),
        "next_due_at": rfc3339(report.next_due_at) if report.next_due_at else None,
        "error": report.error,
    }
