"""`/`: the stories, newest first, narrowed by the parameters."""

from __future__ import annotations

from urllib.parse import urlencode

from aggregator import filters
from aggregator.filters import FEED_FILTERS, Filter
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit

STORIES_PER_PAGE = 30
PARAMS = (*FEED_FILTERS, "after", "sort")


def show(site: Site, visit: Visit) -> DocumentResponse:
    """The stories that the filter selects, a page of them."""
    wanted, rest = filters.parse(visit.query, known=site.known, allowed=PARAMS)
    query = wanted.query(site.clock(), limit=STORIES_PER_PAGE + 1, after=rest.get("after"))
    found = site.store.stories(query)
    more = len(found) > STORIES_PER_PAGE
    values = {
        "wanted": wanted,
        "stories": found[:STORIES_PER_PAGE],
        "next": _address(wanted, found[STORIES_PER_PAGE - 1].id) if more else None,
        "feed_query": f"?{urlencode(wanted.pairs)}" if wanted.pairs else "",
        "agencies": site.settings.agencies,
        "languages": sorted(site.known.languages),
    }
    return site.templates.page("desk.html", values, speech=visit.speech)


def _address(wanted: Filter, after: str) -> str:
    return "/?" + urlencode((*wanted.pairs, ("after", after)))
