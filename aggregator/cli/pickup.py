"""`pickup`: who carried an agency's reports, and between two partners the ledger of their agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.completion import complete_agency
from aggregator.cli.options import STORIES, Json, call
from aggregator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregator.model import Agency
    from aggregator.pickup import Headline, Pickup, Report, Span
    from aggregator.store.store import Store

DEFAULT_ROWS = 20  # reports in each table without --limit
EARLIEST_YEAR = 1900  # no agency's feed is older, and the period before must be a time as well
commands = typer.Typer()


@commands.command(
    rich_help_panel=STORIES, epilog="Example: aggregator pickup bta --partner kazinform --since 30d"
)
def pickup(  # noqa: PLR0913 - one argument an option
    ctx: typer.Context,
    *,
    agency: Annotated[
        str,
        typer.Argument(
            metavar="AGENCY", help="An agency, by its id.", autocompletion=complete_agency
        ),
    ],
    since: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="Reports since: 24h, 7d before --until, or 2026-11-24 (UTC)."
        ),
    ] = "7d",
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="Reports before: 24h ago, or 2026-12-01 (UTC). Default: now."
        ),
    ] = None,
    partner: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The ledger of the agreement with this agency: both directions, day by day.",
            autocompletion=complete_agency,
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="At most N reports in each table; JSON and CSV have all."
        ),
    ] = DEFAULT_ROWS,
    json: Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print a line for each copy, for a spreadsheet.")
    ] = False,
) -> None:
    """Show who carried an agency's reports: how late, credited or not.

    For each report that originated with AGENCY its copies, then the reports
    nobody carried, and what AGENCY carried of others. Totals stand beside
    those of the period before, which is as long.
    """
    from aggregator.cli import console, format_pickup, pickup_json
    from aggregator.cli.wiring import load_settings, open_store
    from aggregator.syndicate import pickup_csv

    if json and csv:
        raise UsageError("--json and --csv cannot be given together: ask for one of them.")
    span = _span(since, until)
    settings = load_settings(call(ctx))
    for agency_id in filter(None, (agency, partner)):
        _must_exist(agency_id, settings.agencies)
    if agency == partner:
        raise UsageError("--partner: name another agency than AGENCY.")
    with open_store(settings) as store:
        found = store.pickup(agency, span, partner)
        if not (json or csv):
            format_pickup.print_pickup(found, _leads(store, found, limit), limit)
            return
        headlines = store.headlines(found.item_ids)
    if json:
        console.print_json(pickup_json.as_json(found, headlines))
    else:
        console.print_bytes(pickup_csv.as_csv(found, headlines))


def _span(since: str, until: str | None) -> Span:
    from aggregator.clock import utc_now
    from aggregator.filters import parse_time
    from aggregator.pickup import Span

    now = utc_now()
    until_at = parse_time("--until", until, before=now) if until else now
    since_at = parse_time("--since", since, before=until_at)
    if since_at >= until_at:
        raise UsageError(f"--since: '{since}' is not before the end, {until_at:%Y-%m-%d %H:%M} UTC")
    if since_at.year < EARLIEST_YEAR:
        raise UsageError(f"--since: '{since}' is too long ago")
    return Span(since_at=since_at, until_at=until_at)


def _must_exist(agency_id: str, agencies: Sequence[Agency]) -> None:
    """Raise UsageError, which names the agency that was meant, unless there is one with this id."""
    from difflib import get_close_matches

    names = {
        name.casefold(): agency.id
        for agency in agencies
        for name in (*agency.aliases, agency.name, agency.id)
    }
    if agency_id in {agency.id for agency in agencies}:
        return
    near = get_close_matches(agency_id.casefold(), names, n=1)
    ids = ", ".join(agency.id for agency in agencies)
    hint = f"Did you mean '{names[near[0]]}'?" if near else f"Agencies: {ids}."
    raise UsageError(f"There is no such agency: '{agency_id}'. {hint}")


def _leads(store: Store, found: Pickup, limit: int) -> dict[str, Headline]:
    """The headlines of the reports that the tables show."""
    shown: list[Report] = []
    for direction in (found.ours, found.theirs):
        shown += [*direction.carried[:limit], *direction.uncarried[:limit]]
    return store.headlines([report.lead_id for report in shown])
