"""The web of the daemon: which address is answered by what, and how errors are told.

GET and HEAD only. Store calls are synchronous and run in Starlette's thread pool.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route

from aggregator.config import Settings
from aggregator.errors import NotFoundError, StoreError
from aggregator.model import Match
from aggregator.store.store import Store
from aggregator.syndicate import opml
from aggregator.syndicate.document import CURRENT, Rendered
from aggregator.syndicate.formats import FORMATS
from aggregator.web import params
from aggregator.web.error_pages import Errors
from aggregator.web.fast_path import CACHE_CONTROL, Front
from aggregator.web.filtered_feeds import FilteredFeeds
from aggregator.web.health import Health, report, unreadable
from aggregator.web.pages import Pages
from aggregator.web.response import Answer
from aggregator.web.templates import Templates, plain

STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
JSON = "application/json"
METRICS = "text/plain; version=0.0.4; charset=utf-8"
UNPLACED_COUNTED = 1000  # /health tells "1000" for more


def create_app(
    store: Store,
    settings: Settings,
    *,
    shelf: Mapping[str, Rendered],
    clock: Callable[[], datetime],
    explain: Callable[[str, str], Match] | None = None,
    metrics: Callable[[], bytes] | None = None,
    health: Callable[[], Health] | None = None,
) -> Starlette:
    """The web over a prepared store.

    `shelf` holds the merged documents by file name and may change at any time. `explain` compares two
    items, given by id, in full. Without `metrics` there is no /metrics.
    """
    templates = Templates(settings)
    programs = _ForPrograms(store, settings, shelf=shelf, clock=clock)
    pages = Pages(store, settings, templates=templates, clock=clock, explain=explain)
    currents = frozenset(f"{CURRENT}.{extension}" for extension in FORMATS)
    routes = [
        Route("/", pages.stories),
        Route("/stories/{story_id}", pages.story),
        Route("/agencies", pages.agencies),
        Route("/feeds", pages.feeds),
        *(Route(f"/{name}", programs.filtered) for name in sorted(currents)),
        Route("/merged-{day}.{extension}", programs.archive),
        Route("/opml", programs.opml),
        Route("/health", _health(store, health, clock)),
        *([Route("/metrics", _metrics(metrics))] if metrics else []),
        *(Route(f"/static/{name}", _static(name, kind)) for name, kind in STATIC.items()),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Front, shelf=shelf, names=currents)],
        exception_handlers=Errors(templates).handlers(),
    )


class _ForPrograms:
    """What programs ask for: feeds, archives, subscriptions."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        shelf: Mapping[str, Rendered],
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._shelf = shelf
        self._agencies = {agency.id for agency in settings.agencies}
        self._filtered = FilteredFeeds(store, settings, clock)

    def filtered(self, request: Request) -> Answer:
        """`/merged.rss?language=bg`: also without a question, before anything was published."""
        asked = params.read(
            request.query_params.multi_items(), allowed=params.OF_FEEDS, agencies=self._agencies
        )
        name = request.url.path.removeprefix("/")
        rendered = None if asked.pairs else self._shelf.get(name)
        extension = name.rpartition(".")[2]
        return Answer(rendered or self._filtered.get(extension, asked), cache_control=CACHE_CONTROL)

    def archive(self, request: Request) -> Answer:
        """`/merged-2026-11-24.atom`: a day of the past."""
        rendered = self._shelf.get(request.url.path.removeprefix("/"))
        if rendered is None:
            raise NotFoundError(
                "There is no archive of that day; the current feed links to those there are."
            )
        return Answer(rendered, cache_control=CACHE_CONTROL)

    def opml(self, _request: Request) -> Answer:
        """`/opml`: the subscriptions, to be imported elsewhere."""
        settings = self._settings
        body = opml.render(settings.output.title, settings.agencies, settings.feeds)
        return plain(body, opml.MEDIA_TYPE)


def _health(
    store: Store, health: Callable[[], Health] | None, clock: Callable[[], datetime]
) -> Callable[[Request], Answer]:
    def answer(_request: Request) -> Answer:
        told = health() if health else None
        try:
            states = store.feed_states().values()
            waiting = len(store.unplaced(limit=UNPLACED_COUNTED))
        except StoreError as error:
            body = unreadable(error)
            return plain(_json(body), JSON, status=503)
        status, body = report(told, states, waiting=waiting, now=clock())
        return plain(_json(body), JSON, status=status)

    return answer


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, indent=1, ensure_ascii=False).encode() + b"\n"


def _metrics(metrics: Callable[[], bytes]) -> Callable[[Request], Answer]:
    return lambda _request: plain(metrics(), METRICS)


def _static(name: str, media_type: str) -> Callable[[Request], Answer]:
    body = (Path(__file__).parent / "static" / name).read_bytes()
    answer = Answer(Rendered.of(name, body, media_type=media_type))
    return lambda _request: answer
