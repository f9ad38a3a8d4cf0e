"""`/agencies`: who carries whom, what most carried, and each agency with its names and feeds."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator import filters, provenance
from aggregator.model import Order, Story, StoryQuery
from aggregator.web.charts.matrix import matrix
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit
from aggregator.web.spans import CHOICES, AskedSpan, asked_span

MOST_CARRIED = 5  # stories listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A story with how many agencies have it beside the origin."""

    story: Story
    outlets: int


def show(site: Site, visit: Visit) -> DocumentResponse:
    """All agencies of the configuration, and who carried whom in a span of time."""
    wanted, _ = filters.parse(visit.query, known=site.known, allowed=("since", "until"))
    asked = asked_span(wanted, site.clock())
    feeds = site.settings.feeds
    values = {
        "asked": asked,
        "choices": CHOICES,
        "matrix": matrix(site.store.carriers(asked.span).figures),
        "known": site.agencies,
        "most_carried": _most_carried(site, asked),
        "agencies": site.settings.agencies,
        "feeds": {
            agency.id: [feed for feed in feeds if feed.agency_id == agency.id]
            for agency in site.settings.agencies
        },
        "counts": site.store.story_counts_by_agency(),
    }
    return site.templates.page("agencies.html", values, speech=visit.speech)


def _most_carried(site: Site, asked: AskedSpan) -> list[Carried]:
    query = StoryQuery(
        since_at=asked.span.since_at,
        until_at=asked.span.until_at,
        min_items=2,
        killed=False,
        order=Order.CARRIED,
        limit=MOST_CARRIED,
    )
    found = [
        Carried(story=story, outlets=len(provenance.carriers(story)))
        for story in site.store.stories(query)
    ]
    carried = [one for one in found if one.outlets]
    return sorted(carried, key=lambda one: -one.outlets)
