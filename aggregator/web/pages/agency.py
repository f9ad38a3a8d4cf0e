"""`/agencies/ID`: what became of an agency's reports, and what it carried; with `?partner=` the ledger of the two.

`/agencies/ID.csv` has the same, whole, for a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aggregator import filters
from aggregator.errors import NotFoundError, UsageError
from aggregator.model import Agency
from aggregator.pickup import Compared, Copy, Direction, Headline, Pickup, Report
from aggregator.syndicate import pickup_csv
from aggregator.web.charts.bars import Bar, bars, length
from aggregator.web.ledger import (
    LedgerDay,
    copies_that,
    is_stale,
    is_uncredited,
    ledger_days,
)
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit
from aggregator.web.spans import CHOICES, AskedSpan, asked_span
from aggregator.web.templates import plain_response

ROWS = 30  # in each list; the CSV has all


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A list that is shown in part."""

    rows: tuple[Report, ...] | tuple[tuple[Report, Copy], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One direction as the page shows it: its days as bars, who carried it, and what to look at."""

    totals: Compared
    days: list[LedgerDay]
    bars: list[Bar]
    agencies: list[tuple[str, Compared, float]]  # carriers or origins, with the length of a bar
    languages: list[tuple[str, Compared, float]]
    carried: Part
    uncarried: Part
    uncredited: Part
    stale: Part

    @property
    def parts(self) -> tuple[Part, ...]:
        """All lists."""
        return (self.carried, self.uncarried, self.uncredited, self.stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a request is for."""

    agency: Agency
    partner: Agency | None
    span: AskedSpan

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Its parameters."""
        partner = (("partner", self.partner.id),) if self.partner else ()
        return (*self.span.pairs, *partner)


def show(site: Site, visit: Visit) -> DocumentResponse:
    """The pick-up of an agency. Raises NotFoundError and UsageError."""
    asked = _asked(site, visit)
    found = _pickup(site, asked)
    ours = _side(found, found.ours, found.ours.by_agency())
    theirs = _side(found, found.theirs, found.theirs.by_origin())
    values = {
        "agency": asked.agency,
        "partner": asked.partner,
        "asked": asked.span,
        "choices": CHOICES,
        "span": found.span,
        "ours": ours,
        "theirs": theirs,
        "leads": _leads(site, (ours, theirs)),
        "csv_query": urlencode(asked.pairs),
        "others": [each for each in site.settings.agencies if each.id != asked.agency.id],
        "known": site.agencies,
    }
    return site.templates.page("agency.html", values, speech=visit.speech)


def csv(site: Site, visit: Visit) -> DocumentResponse:
    """The same as a file for a spreadsheet, as `aggregator pickup --csv` prints it."""
    asked = _asked(site, visit)
    found = _pickup(site, asked)
    body = pickup_csv.as_csv(found, site.store.headlines(found.item_ids))
    names = [asked.agency.id, *([asked.partner.id] if asked.partner else [])]
    name = f"pickup-{'-'.join(names)}-{found.span.until_at:%Y-%m-%d}.csv"
    disposition = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return plain_response(body, pickup_csv.MEDIA_TYPE, headers=[disposition])


def _asked(site: Site, visit: Visit) -> _Asked:
    agency = site.agencies.get(visit.path["agency_id"])
    if agency is None:
        raise NotFoundError(
            "There is no agency “%(asked)s”. Known: %(known)s.",
            asked=visit.path["agency_id"][:40],
            known=", ".join(site.agencies),
        )
    allowed = ("since", "until", "partner")
    wanted, rest = filters.parse(visit.query, known=site.known, allowed=allowed)
    return _Asked(
        agency=agency,
        partner=_partner(site, agency, rest.get("partner")),
        span=asked_span(wanted, site.clock()),
    )


def _partner(site: Site, agency: Agency, partner_id: str | None) -> Agency | None:
    if not partner_id:
        return None
    if partner_id == agency.id:
        raise UsageError('"partner" must be another agency than %(agency)s.', agency=agency.id)
    if partner_id not in site.agencies:
        raise UsageError(
            '"partner": there is no such agency: %(asked)s. Known: %(known)s.',
            asked=partner_id[:40],
            known=", ".join(site.agencies),
        )
    return site.agencies[partner_id]


def _pickup(site: Site, asked: _Asked) -> Pickup:
    partner_id = asked.partner.id if asked.partner else None
    return site.store.pickup(asked.agency.id, asked.span.span, partner_id)


def _side(found: Pickup, direction: Direction, agencies: Mapping[str, Compared]) -> Side:
    days = ledger_days(direction, found.span)
    uncredited = copies_that(direction, is_uncredited)
    stale = copies_that(direction, is_stale)
    return Side(
        totals=direction.totals(),
        days=days,
        bars=bars([(day.reports, day.carried) for day in days]),
        agencies=_with_bars(agencies),
        languages=_with_bars(direction.by_language()),
        carried=Part(rows=tuple(direction.carried[:ROWS]), total=len(direction.carried)),
        uncarried=Part(rows=tuple(direction.uncarried[:ROWS]), total=len(direction.uncarried)),
        uncredited=Part(rows=tuple(uncredited[:ROWS]), total=len(uncredited)),
        stale=Part(rows=tuple(stale[:ROWS]), total=len(stale)),
    )


def _with_bars(by: Mapping[str, Compared]) -> list[tuple[str, Compared, float]]:
    most = max((each.now.copies for each in by.values()), default=0)
    return [(name, each, length(each.now.copies, most)) for name, each in by.items()]


def _leads(site: Site, sides: Iterable[Side]) -> dict[str, Headline]:
    """The headlines of the reports that are listed."""
    rows = [row for side in sides for part in side.parts for row in part.rows]
    reports = [row if isinstance(row, Report) else row[0] for row in rows]
    return site.store.headlines({report.lead_id for report in reports})
