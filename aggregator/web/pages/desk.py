"""`/`: the stories, one a line, narrowed and sorted by the parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from aggregator import filters, links, search_words
from aggregator.errors import UsageError
from aggregator.filters import FEED_FILTERS, Filter
from aggregator.model import Order
from aggregator.search_words import Search
from aggregator.web.response import DocumentResponse
from aggregator.web.rows import row
from aggregator.web.site import Site, Visit, root_of

STORIES_PER_PAGE = 40
SORTS = {"time": Order.DATE, "carried": Order.CARRIED, "fast": Order.SPREAD}
BY_DEFAULT = "time"
PARAMS = (*FEED_FILTERS, "sort", "after")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A filter that is set, and the address of the page without it."""

    name: str
    value: str
    without: str


def show(site: Site, visit: Visit) -> DocumentResponse:
    """The stories that the filter selects, a page of them."""
    wanted, rest = filters.parse(visit.query, known=site.known, allowed=PARAMS)
    sort, after = _sort(rest.get("sort", BY_DEFAULT)), rest.get("after")
    query = wanted.query(site.clock(), limit=STORIES_PER_PAGE + 1, order=SORTS[sort], after=after)
    found = site.store.stories(query)
    shown, more = found[:STORIES_PER_PAGE], len(found) > STORIES_PER_PAGE
    as_row = partial(
        row,
        preference=wanted.prefer or filters.default_preference(site.settings),
        search=_words(wanted),
        agencies=site.agencies,
        speech=visit.speech,
    )
    here = _Address(root=root_of(site.settings), sort=sort)
    values = {
        "wanted": wanted,
        "sort": sort,
        "sorts": [(name, replace(here, sort=name).of(wanted.pairs)) for name in SORTS],
        "rows": [as_row(story) for story in shown],
        "is_first": after is None,
        "is_all": after is None and not more,
        "older": here.of((*wanted.pairs, ("after", shown[-1].id))) if more else None,
        "newest": here.of(wanted.pairs),
        "all_stories": here.of(()),
        "conditions": [here.condition(name, wanted.pairs) for name, _ in wanted.pairs],
        "hindrances": [] if shown else _hindrances(site, wanted, here),
        "feed_query": f"?{urlencode(wanted.pairs)}" if wanted.pairs else "",
        "agencies": site.settings.agencies,
        "languages": sorted({feed.language for feed in site.settings.feeds if feed.language}),
        "has_feeds": bool(site.settings.feeds),
    }
    return site.templates.page("desk.html", values, speech=visit.speech)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """Makes addresses of the desk in the same order of stories."""

    root: str
    sort: str

    def of(self, pairs: Iterable[tuple[str, str]]) -> str:
        sort = () if self.sort == BY_DEFAULT else (("sort", self.sort),)
        query = urlencode((*pairs, *sort))
        return f"{self.root}/?{query}" if query else f"{self.root}/"

    def condition(self, name: str, pairs: Pairs) -> Condition:
        return Condition(
            name=name,
            value=dict(pairs)[name],
            without=self.of(pair for pair in pairs if pair[0] != name),
        )


def _words(wanted: Filter) -> Search | None:
    """What is to be marked where it is found."""
    return search_words.parse(wanted.q) if wanted.q and not links.is_address(wanted.q) else None


def _sort(value: str) -> str:
    if value not in SORTS:
        raise UsageError(
            '"%(name)s" must be one of %(known)s.', name="sort", known=", ".join(SORTS)
        )
    return value


def _hindrances(site: Site, wanted: Filter, here: _Address) -> list[Condition]:
    """The conditions without any one of which there would be stories."""
    found = []
    for name in (name for name, _ in wanted.pairs if name != "prefer"):
        pairs = [pair for pair in wanted.pairs if pair[0] != name]
        without, _rest = filters.parse(pairs, known=site.known)
        if site.store.stories(without.query(site.clock(), limit=1)):
            found.append(here.condition(name, wanted.pairs))
    return found
