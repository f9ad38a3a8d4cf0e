"""The pages for people: each reads the store within limits and renders a template."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse

from aggregator import provenance
from aggregator.config import Settings
from aggregator.errors import AggregatorError
from aggregator.model import Feed, FeedState, Item, Match, Story, StoryQuery
from aggregator.provenance import Appearance
from aggregator.store.store import Store
from aggregator.web.params import FEED_PARAMS, PAGE_PARAMS, Params, parse_params
from aggregator.web.response import DocumentResponse
from aggregator.web.templates import Templates

STORIES_PER_PAGE = 30
MAX_COMPARISONS = 20  # on one page; a comparison takes some milliseconds
MAX_HISTORIES = 20

Explain = Callable[[str, str], Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCopy:
    """A copy with the full comparison behind its match, where one could be made."""

    copy: Appearance
    comparison: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A configured feed with the state of its polls; `state` is None before the first poll."""

    feed: Feed
    state: FeedState | None


class Pages:
    """The pages. Every method takes a request and may raise AggregatorError."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        templates: Templates,
        clock: Callable[[], datetime],
        explain: Explain | None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._templates = templates
        self._clock = clock
        self._explain = explain
        self._agencies = {agency.id: agency for agency in settings.agencies}

    def stories(self, request: Request) -> DocumentResponse:
        """`/`: the stories, newest first, narrowed by the parameters."""
        params = parse_params(
            request.query_params.multi_items(), allowed=PAGE_PARAMS, agencies=self._agencies
        )
        now = self._clock()
        found = self._store.stories(params.query(now, size=STORIES_PER_PAGE, extra=1))
        values = {
            "params": params,
            "stories": found[:STORIES_PER_PAGE],
            "count": self._store.count_stories(params.query(now, size=STORIES_PER_PAGE)),
            "newer": _page_address(params, params.page - 1) if params.page > 1 else None,
            "older": _page_address(params, params.page + 1)
            if len(found) > STORIES_PER_PAGE
            else None,
            "feed_query": _feed_query(params),
            "agencies": self._settings.agencies,
            "languages": sorted({feed.language for feed in self._settings.feeds if feed.language}),
        }
        return self._templates.page("stories.html", values)

    def story(self, request: Request) -> DocumentResponse | RedirectResponse:
        """`/stories/ID`: one story; the id of a story that was joined redirects to the present one."""
        story_id = request.path_params["story_id"]
        story = self._store.story(story_id)
        if story.id != story_id:
            return RedirectResponse(f"/stories/{story.id}", status_code=301)
        values = {
            "story": story,
            "headline": provenance.summary_line(story, self._agencies),
            "corrected_at": provenance.was_corrected_at(story),
            "compared_copies": self._compared_copies(story),
            "items": {member.item.id: member.item for member in story.members},
            "related": [(related, self._compare(related.match)) for related in story.related],
            "histories": self._histories(story),
        }
        return self._templates.page("story.html", values)

    def agencies(self, _request: Request) -> DocumentResponse:
        """`/agencies`: the agencies, their names and feeds, and how many stories each has an item in."""
        feeds = {
            agency.id: [feed for feed in self._settings.feeds if feed.agency_id == agency.id]
            for agency in self._settings.agencies
        }
        counts = {
            agency.id: self._store.count_stories(StoryQuery(agency_id=agency.id, killed=False))
            for agency in self._settings.agencies
        }
        values = {"agencies": self._settings.agencies, "feeds": feeds, "counts": counts}
        return self._templates.page("agencies.html", values)

    def feeds(self, _request: Request) -> DocumentResponse:
        """`/feeds`: the state of every feed."""
        states = self._store.feed_states()
        rows = [FeedRow(feed=feed, state=states.get(feed.id)) for feed in self._settings.feeds]
        return self._templates.page("feeds.html", {"rows": rows})

    def _compared_copies(self, story: Story) -> list[ComparedCopy]:
        return [
            ComparedCopy(
                copy=copy, comparison=self._compare(copy.match) if at <= MAX_COMPARISONS else None
            )
            for at, copy in enumerate(provenance.tree(story))
        ]

    def _compare(self, match: Match | None) -> Match | None:
        """The full comparison; None where it cannot be made, and the stored evidence has to do."""
        if match is None or self._explain is None:
            return None
        with contextlib.suppress(AggregatorError):
            return self._explain(match.a, match.b)
        return None

    def _histories(self, story: Story) -> list[list[Item]]:
        """The revisions of each item that has more than one, oldest first."""
        revised = [member.item for member in story.members if member.item.revision > 1]
        return [self._store.revisions(item.id) for item in revised[:MAX_HISTORIES]]


def _page_address(params: Params, page: int) -> str:
    return "/?" + urlencode((*params.pairs, ("page", str(page))))


def _feed_query(params: Params) -> str:
    """The same conditions for a merged feed, which has no `since`."""
    pairs = [(name, value) for name, value in params.pairs if name in FEED_PARAMS]
    return f"?{urlencode(pairs)}" if pairs else ""
