"""`/agencies`: the agencies, their names and feeds, and how many stories each has an item in."""

from __future__ import annotations

from aggregator.model import StoryQuery
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit


def show(site: Site, visit: Visit) -> DocumentResponse:
    """All agencies of the configuration."""
    agencies = site.settings.agencies
    feeds = {
        agency.id: [feed for feed in site.settings.feeds if feed.agency_id == agency.id]
        for agency in agencies
    }
    counts = {
        agency.id: site.store.count_stories(StoryQuery(agency_id=agency.id, killed=False))
        for agency in agencies
    }
    values = {"agencies": agencies, "feeds": feeds, "counts": counts}
    return site.templates.page("agencies.html", values, speech=visit.speech)
