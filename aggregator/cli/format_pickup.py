"""`pickup`: the figures of both directions, then the reports with their copies, in 80 columns.

Figures of the period before stand in columns of their own or in brackets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from rich.table import Table
from rich.text import Text

from aggregator.cli import console
from aggregator.model import CreditState
from aggregator.pickup import Compared, Copy, Figures, Headline, Pickup, Report
from aggregator.provenance import lag_in_words

Leads = Mapping[str, Headline]

_LABEL_WIDTH, _FIGURE_WIDTH = 16, 14  # with four columns of figures 76 columns
_COPY_COLUMNS = ("  agency", "lang", "kind", "lag", "since first", "credits", "")
_COPY_WIDTHS = (16, 4, 11, 12, 12, 9, 5)  # 75 columns


def print_pickup(found: Pickup, leads: Leads, limit: int) -> None:
    """The whole: `leads` has the headlines of the first `limit` reports of each list."""
    agency, partner = found.agency_id, found.partner_id
    console.print_wrapped(_heading(found))
    _print_totals(found)
    if partner:
        _print_days(found)
        lists = {
            f"{agency}'s, carried by {partner}": found.ours.carried,
            f"{agency}'s, not carried by {partner}": found.ours.uncarried,
            f"{partner}'s, carried by {agency}": found.theirs.carried,
            f"{partner}'s, not carried by {agency}": found.theirs.uncarried,
        }
    else:
        _print_by("agency", found.ours.by_agency())
        _print_by("lang", found.ours.by_language())
        lists = {
            f"{agency}'s, carried by others": found.ours.carried,
            f"{agency}'s, carried by nobody": found.ours.uncarried,
            f"Others', carried by {agency}": found.theirs.carried,
        }
    for title, reports in lists.items():
        _print_reports(title, reports, leads, limit)


def _heading(found: Pickup) -> str:
    since, until = (
        console.format_time(found.span.since_at),
        console.format_time(found.span.until_at),
    )
    length = console.format_duration(found.span.until_at - found.span.since_at)
    subject = (
        f"Ledger of {found.agency_id} and {found.partner_id}"
        if found.partner_id
        else f"Pick-up of {found.agency_id}"
    )
    return f"{subject}, {since} to {until} UTC, beside the {length} before."


# ------------------------------------------------------------------------------------------- figures


def _print_totals(found: Pickup) -> None:
    theirs = f"{found.partner_id}'s" if found.partner_id else "others'"
    table = console.new_table("", f"{found.agency_id}'s", "before", theirs, "before")
    for column in table.columns[1:]:
        column.justify = "right"
    _set_widths(table, (_LABEL_WIDTH, *[_FIGURE_WIDTH] * 4))
    totals = (found.ours.totals(), found.theirs.totals())
    spans = [each for compared in totals for each in (compared.now, compared.before)]
    for label, value in _ROWS.items():
        table.add_row(label, *(value(figures) for figures in spans))
    _print_table(table)


def _print_days(found: Pickup) -> None:
    """Of each day how many reports were carried, of how many, and how many days went without."""
    ours, theirs = f"{found.agency_id}'s", f"{found.partner_id}'s"
    table = console.new_table("day", ours, theirs, right={ours, theirs})
    _set_widths(table, (10, 20, 20))
    days = found.days()
    for day in days:
        table.add_row(
            day.day.isoformat(),
            _of_day(day.ours_carried, day.ours),
            _of_day(day.theirs_carried, day.theirs),
        )
    _print_table(table)
    without_ours = sum(not day.ours_carried for day in days)
    without_theirs = sum(not day.theirs_carried for day in days)
    console.print_wrapped(
        f"Days without an item of {ours} carried: {without_ours} of {len(days)}; "
        f"of {theirs}: {without_theirs}."
    )


def _of_day(carried: int, reports: int) -> str:
    return f"{carried} of {reports}" if carried else f"none of {reports}"


def _print_by(name: str, by: Mapping[str, Compared]) -> None:
    """A line each agency or language, the period before in brackets."""
    if not by:
        return
    table = console.new_table(name, *_COLUMNS, right=_COLUMNS)
    for key, compared in by.items():
        values = (f"{read(compared.now)} ({read(compared.before)})" for read in _COLUMNS.values())
        table.add_row(console.cell(key), *values)
    _print_table(table)


def _not_known(figures: Figures) -> str:
    return str(figures.credits[CreditState.UNKNOWN])


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _lag(lag: timedelta | None) -> str:
    return "–" if lag is None else lag_in_words(lag)


_ROWS: dict[str, Callable[[Figures], str]] = {
    "reports": lambda figures: "–" if figures.reports is None else str(figures.reports),
    "carried": lambda figures: str(figures.carried),
    "carried share": lambda figures: _percent(figures.carried_share),
    "copies": lambda figures: str(figures.copies),
    "median lag": lambda figures: _lag(figures.median_lag),
    "p90 lag": lambda figures: _lag(figures.p90_lag),
    "credit known": lambda figures: str(figures.credit_known),
    "origin credited": lambda figures: _percent(figures.credited_share),
    "credit not known": _not_known,
    "stale copies": lambda figures: str(figures.stale),
}
_COLUMNS: dict[str, Callable[[Figures], str]] = {
    "carried": _ROWS["carried"],
    "copies": _ROWS["copies"],
    "median lag": lambda figures: console.format_duration(figures.median_lag),
    "credited": _ROWS["origin credited"],
    "not known": _ROWS["credit not known"],
    "stale": _ROWS["stale copies"],
}


# ------------------------------------------------------------------------------------------- reports


def _print_reports(title: str, reports: Sequence[Report], leads: Leads, limit: int) -> None:
    if not reports:
        return
    out = console.stdout()
    out.print()
    out.print(Text(f"{title}: {len(reports)}", style="bold"))
    for number, report in enumerate(reports[:limit]):
        _print_report(report, leads[report.lead_id], with_header=not number)
    if len(reports) > limit:
        console.print_note(f"{limit} of {len(reports)} reports. Use --limit to see more.")


def _print_report(report: Report, lead: Headline, *, with_header: bool) -> None:
    out = console.stdout()
    if report.copies and with_header:
        out.print(_copies_table(()))
    at = console.format_time(report.published_at)
    line = Text.assemble(
        (report.story_id, "bold"), f"  {at}  {report.origin_id}  ", console.cell(lead.title)
    )
    line.truncate(out.width, overflow="ellipsis")
    out.print(line)
    if report.killed_at:
        at = console.format_time(report.killed_at)
        console.print_wrapped(f"  Withdrawn by {report.origin_id}, {at}.")
    if report.copies:
        table = _copies_table(report.copies)
        table.show_header = False
        out.print(table)
    for copy in report.copies:
        for remark in _remarks(copy, report):
            console.print_wrapped(f"  {copy.agency_id} ({copy.item_id}) {remark}")


def _copies_table(copies: Sequence[Copy]) -> Table:
    table = console.new_table(*_COPY_COLUMNS, right={"lag", "since first"})
    _set_widths(table, _COPY_WIDTHS)
    for copy in copies:
        table.add_row(
            Text("  ") + console.cell(copy.agency_id),
            console.cell(copy.language),
            console.cell(copy.kind),
            "undecided" if copy.is_undecided else _lag(copy.lag),
            _lag(copy.since_first),
            _CREDITS[copy.credit],
            "stale" if copy.is_stale else "",
        )
    return table


_CREDITS = {
    CreditState.ORIGIN: "origin",
    CreditState.OTHER: "another",
    CreditState.NONE: "none",
    CreditState.UNKNOWN: "not known",
}


def _remarks(copy: Copy, report: Report) -> list[str]:
    """What else must be known of a copy: the facts it still has, and whether it was corrected."""
    found = []
    if copy.is_stale and report.killed_at:
        found.append("still carries the withdrawn report")
    elif copy.facts:
        pairs = ", ".join(f"{pair.old} → {pair.new}" for pair in copy.facts)
        found.append(f"not corrected{' in all of' if len(copy.facts) > 1 else ''}: {pairs}")
    if copy.superseded_by:
        found.append(f"replaced by a correction, {copy.superseded_by}")
    return found


def _set_widths(table: Table, widths: Sequence[int]) -> None:
    table.padding = 0  # one space stands between columns anyway
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _print_table(table: Table) -> None:
    out = console.stdout()
    out.print()
    out.print(table)
