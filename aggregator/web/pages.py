"""What each address shows: reads the store within limits, hands plain values to a template."""

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
from aggregator.web import params
from aggregator.web.response import Answer
from aggregator.web.templates import Templates

STORIES_A_PAGE = 30
PAIRS_EXPLAINED = 20  # on one page; a comparison takes some milliseconds
HISTORIES_SHOWN = 20

Explain = Callable[[str, str], Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A copy with the full comparison that speaks for it, where one could be made."""

    copy: Appearance
    explained: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A configured feed with what is remembered of its polls; `state` is None before the first."""

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

    def stories(self, request: Request) -> Answer:
        """`/`: the stories, newest first, narrowed by what is asked."""
        asked = params.read(
            request.query_params.multi_items(), allowed=params.OF_PAGES, agencies=self._agencies
        )
        now = self._clock()
        found = self._store.stories(asked.query(now, size=STORIES_A_PAGE, extra=1))
        values = {
            "asked": asked,
            "stories": found[:STORIES_A_PAGE],
            "count": self._store.count_stories(asked.query(now, size=STORIES_A_PAGE)),
            "newer": _page_of(asked, asked.page - 1) if asked.page > 1 else None,
            "older": _page_of(asked, asked.page + 1) if len(found) > STORIES_A_PAGE else None,
            "feed_query": _feed_query(asked),
            "agencies": self._settings.agencies,
            "languages": sorted({feed.language for feed in self._settings.feeds if feed.language}),
        }
        return self._templates.page("stories.html", values)

    def story(self, request: Request) -> Answer | RedirectResponse:
        """`/stories/ID`: one story; the id of a story that was joined leads to the present one."""
        story_id = request.path_params["story_id"]
        story = self._store.story(story_id)
        if story.id != story_id:
            return RedirectResponse(f"/stories/{story.id}", status_code=301)
        values = {
            "story": story,
            "headline": provenance.summary_line(story, self._agencies),
            "pairs": self._pairs(story),
            "items": {member.item.id: member.item for member in story.members},
            "related": [(related, self._compared(related.match)) for related in story.related],
            "histories": self._histories(story),
        }
        return self._templates.page("story.html", values)

    def agencies(self, _request: Request) -> Answer:
        """`/agencies`: who is read, under which names, and how many stories each has a part in."""
        feeds = {
            agency.id: [feed for feed in self._settings.feeds if feed.agency_id == agency.id]
            for agency in self._settings.agencies
        }
        counts = {
            agency.id: self._store.count_stories(StoryQuery(agency_id=agency.id))
            for agency in self._settings.agencies
        }
        values = {"agencies": self._settings.agencies, "feeds": feeds, "counts": counts}
        return self._templates.page("agencies.html", values)

    def feeds(self, _request: Request) -> Answer:
        """`/feeds`: how every feed is doing."""
        states = self._store.feed_states()
        lines = [FeedLine(feed=feed, state=states.get(feed.id)) for feed in self._settings.feeds]
        return self._templates.page("feeds.html", {"lines": lines})

    def _pairs(self, story: Story) -> list[Pair]:
        return [
            Pair(copy=copy, explained=self._compared(copy.match) if at <= PAIRS_EXPLAINED else None)
            for at, copy in enumerate(provenance.appearances(story))
        ]

    def _compared(self, match: Match | None) -> Match | None:
        """The full comparison; the evidence at hand is enough when it cannot be made."""
        if match is None or self._explain is None:
            return None
        with contextlib.suppress(AggregatorError):
            return self._explain(match.a, match.b)
        return None

    def _histories(self, story: Story) -> list[list[Item]]:
        """The revisions of each item that has more than one, oldest first."""
        revised = [member.item for member in story.members if member.item.revision > 1]
        return [self._store.revisions(item.id) for item in revised[:HISTORIES_SHOWN]]


def _page_of(asked: params.Question, page: int) -> str:
    return "/?" + urlencode((*asked.pairs, ("page", str(page))))


def _feed_query(asked: params.Question) -> str:
    """The same question for a merged feed, which knows no `since`."""
    pairs = [(name, value) for name, value in asked.pairs if name in params.OF_FEEDS]
    return f"?{urlencode(pairs)}" if pairs else ""
