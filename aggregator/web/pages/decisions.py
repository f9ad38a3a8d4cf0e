"""`/decisions`: what people decided, newest first, and the way back from the last one; forms lead here too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from aggregator import decision_file
from aggregator.model import DecisionRecord
from aggregator.web.access import forms
from aggregator.web.access.tokens import Access
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Decide, Site, Visit, root_of
from aggregator.web.templates import plain_response

LISTED = 200  # all of them are in the file
JSON_LINES = "application/jsonl; charset=utf-8"
SEE_OTHER = 303  # RFC 9110, 15.4.4


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision, the story its item is in now, and whether it is the one that can be undone."""

    record: DecisionRecord
    story_id: str | None
    is_last: bool


def show(site: Site, visit: Visit) -> DocumentResponse:
    """The latest decisions."""
    records = site.store.decisions_made(LISTED + 1)
    shown = records[:LISTED]
    story_ids = site.store.story_ids_of({record.item.id for record in shown})
    last = next((record for record in shown if record.undone_at is None), None)
    rows = [
        DecisionRow(record=record, story_id=story_ids[record.item.id], is_last=record is last)
        for record in shown
    ]
    values = {"rows": rows, "are_all": len(records) <= LISTED}
    return site.templates.page("decisions.html", values, speech=visit.speech)


def export(site: Site, _request: Request) -> DocumentResponse:
    """`/decisions.jsonl`: the decisions in force, as `aggregator decisions export` writes them."""
    lines = decision_file.lines(reversed(site.store.decisions_made()))
    return plain_response("".join(lines).encode(), JSON_LINES)


def route(
    site: Site,
    page: Callable[[Request], Awaitable[ASGIApp]],
    access: Access,
    decide: Decide | None,
) -> Route:
    """The page; with `decide` it takes forms too."""
    if decide is None:
        return Route("/decisions", page)
    take = decide

    async def respond(request: Request) -> ASGIApp:
        if request.method == "POST":
            return await _carry_out(request, site, access, take)
        return await page(request)

    return Route("/decisions", respond, methods=["GET", "POST"])


async def _carry_out(
    request: Request, site: Site, access: Access, decide: Decide
) -> RedirectResponse:
    """Do what a form says, and lead to the story as it is now; to the list after something was undone."""
    forms.refuse_strangers(request.scope, site.settings.output.base_url)
    user = access.changer(request.scope)
    fields = await forms.read(request)
    forms.refuse_forgery(fields, site.form_token or "")
    wanted = forms.decision_of(fields, by=user)
    story_id = await asyncio.to_thread(decide, wanted)
    place = f"/stories/{story_id}#decide" if wanted.action else "/decisions"
    return RedirectResponse(root_of(site.settings) + place, status_code=SEE_OTHER)
