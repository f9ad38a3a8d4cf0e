"""The web application of the daemon: its routes and its error handlers.

GET and HEAD only, but for decisions. Store calls are synchronous: those of pages and filtered feeds run on the threads of
`page_cache`, those of /health on one of its own, so that it answers beside any number of readers.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from aggregator import filters
from aggregator.config import Settings
from aggregator.errors import NotFoundError, StoreError
from aggregator.i18n import translator
from aggregator.model import Match
from aggregator.store.store import Store
from aggregator.syndicate import opml, safe
from aggregator.syndicate.document import CURRENT, Rendered
from aggregator.syndicate.formats import FORMATS
from aggregator.web.access.base_path import BasePath
from aggregator.web.access.hosts import HostCheck, names_of
from aggregator.web.access.tokens import Access, ReadAccess
from aggregator.web.error_pages import ErrorPages
from aggregator.web.fast_path import FastPath, cache_control
from aggregator.web.filtered_feeds import FilteredFeeds
from aggregator.web.health import MAX_UNPLACED, Health, report, store_unreadable
from aggregator.web.page_cache import PageCache, Shared
from aggregator.web.pages import (
    agencies,
    agency,
    compare,
    corrections,
    decisions,
    desk,
    feeds,
    status,
    story,
)
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Decide, Site, Visit, root_of
from aggregator.web.templates import plain_response

STATIC = Path(__file__).parent / "static"
STATIC_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
JSON = "application/json"
METRICS = "text/plain; version=0.0.4; charset=utf-8"


def create_app(  # noqa: PLR0913 - the parts of the daemon, each by its name
    store: Store,
    settings: Settings,
    *,
    documents: Mapping[str, Rendered],
    clock: Callable[[], datetime],
    explain: Callable[[str, str], Match] | None = None,
    decide: Decide | None = None,
    metrics: Callable[[], bytes] | None = None,
    health: Callable[[], Health] | None = None,
) -> Starlette:
    """The web application over a prepared store.

    `documents` are the merged feeds and archives by file name, and may change at any time. `explain` compares
    two items, given by id, in full. `decide` carries out a decision, and gives the story it leads to; without it
    pages have no forms. Without `metrics` there is no /metrics.
    """
    access = Access(settings, clock=clock)
    can_decide = decide is not None and access.lets_anybody_change
    form_token = secrets.token_urlsafe() if can_decide else None
    site = Site.of(store, settings, clock=clock, explain=explain, form_token=form_token)
    reader = ThreadPoolExecutor(2, thread_name_prefix="web-reader")
    cache = PageCache(store.version, reader)
    merged = _FeedEndpoints(site, documents=documents)
    page = partial(_page, site, cache)
    currents = frozenset(f"{CURRENT}.{extension}" for extension in FORMATS)
    routes = [
        Route("/", page(desk.show)),
        Route("/stories/{story_id}", page(story.show)),
        Route("/compare/{pair:path}", page(compare.show)),
        Route("/agencies", page(agencies.show)),
        Route("/agencies/{agency_id}.csv", page(agency.csv)),
        Route("/agencies/{agency_id}", page(agency.show)),
        Route("/corrections", page(corrections.show)),
        Route("/status", page(status.reading(health), until_change=False)),
        Route("/feeds", page(feeds.show, until_change=False)),
        decisions.route(site, page(decisions.show), access, decide if can_decide else None),
        Route("/decisions.jsonl", _cached(cache, partial(decisions.export, site))),
        *(Route(f"/{name}", _cached(cache, merged.filtered)) for name in sorted(currents)),
        Route("/merged-{day}.{extension}", merged.archive),
        Route("/opml", merged.opml),
        Route("/health", _health(store, health, clock, reader)),
        *([Route("/metrics", _metrics(metrics))] if metrics else []),
        *(Route(f"/static/{file.name}", _static(file)) for file in sorted(STATIC.iterdir())),
        Route("/{path:path}/", partial(_without_slash, root_of(settings))),
    ]
    errors = ErrorPages(site)
    closed = Middleware(ReadAccess, access=access, refuse=errors.refused)
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(HostCheck, names=names_of(settings)),
            Middleware(BasePath, root=root_of(settings)),
            *([closed] if access.reading_needs_token else []),
            Middleware(FastPath, documents=documents, names=currents, pages=cache, site=site),
        ],
        exception_handlers=errors.handlers(),
    )
    app.router.redirect_slashes = False  # it would redirect to the Host that the request names
    return app


class _FeedEndpoints:
    """What feed readers request: merged feeds, archives, subscriptions."""

    def __init__(self, site: Site, *, documents: Mapping[str, Rendered]) -> None:
        self._settings = site.settings
        self._known = site.known
        self._documents = documents
        self._filtered = FilteredFeeds(site)
        self._cache_control = cache_control(site)

    def filtered(self, request: Request) -> DocumentResponse:
        """`/merged.rss?language=bg`; also without parameters, before anything was published."""
        wanted, _ = filters.parse(request.query_params.multi_items(), known=self._known)
        name = request.url.path.removeprefix("/")
        rendered = None if wanted.pairs else self._documents.get(name)
        extension = name.rpartition(".")[2]
        return DocumentResponse(
            rendered or self._filtered.get(extension, wanted), cache_control=self._cache_control
        )

    def archive(self, request: Request) -> DocumentResponse:
        """`/merged-2026-11-24.atom`: the archive of a past day."""
        rendered = self._documents.get(request.url.path.removeprefix("/"))
        if rendered is None:
            raise NotFoundError(
                "There is no archive of that day. The current feed links to the archives that exist."
            )
        return DocumentResponse(rendered, cache_control=self._cache_control)

    def opml(self, _request: Request) -> DocumentResponse:
        """`/opml`: the subscriptions, for import into other feed readers."""
        settings = self._settings
        feeds = [
            replace(feed, url=url, user_agent="")
            for feed in settings.feeds
            if (url := safe.address(feed.url))
        ]
        body = opml.render(settings.output.title, settings.agencies, feeds)
        return plain_response(body, opml.MEDIA_TYPE)


def _page(
    site: Site,
    cache: PageCache,
    show: Callable[[Site, Visit], ASGIApp],
    *,
    until_change: bool = True,
) -> Callable[[Request], Awaitable[ASGIApp]]:
    """An endpoint that shows a page, in the language that is asked for."""

    def make(request: Request) -> ASGIApp:
        if "\0" in request.scope["path"]:  # no id has one, and PostgreSQL takes it in no text
            raise HTTPException(404)
        visit = Visit(
            path=dict(request.path_params),
            query=tuple(request.query_params.multi_items()),
            speech=translator(site.language_for(request.scope)),
        )
        return show(site, visit)

    return _cached(cache, make, site.language_for, until_change=until_change)


def _cached(
    cache: PageCache,
    endpoint: Callable[[Request], ASGIApp],
    language_for: Callable[[Scope], str] = lambda _scope: "",
    *,
    until_change: bool = True,
) -> Callable[[Request], Awaitable[ASGIApp]]:
    async def respond(request: Request) -> ASGIApp:
        scope = request.scope
        key = scope["path"], scope["query_string"], language_for(scope)
        return await cache.get(key, partial(endpoint, request), until_change=until_change)

    return respond


async def _without_slash(root: str, request: Request) -> RedirectResponse:
    """An address with a slash too many leads to the one without, on this server whatever the Host says."""
    path = f"{root}/" + quote(request.path_params["path"].strip("/"))
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=308)


def _health(
    store: Store,
    health: Callable[[], Health] | None,
    clock: Callable[[], datetime],
    reader: Executor,
) -> Callable[[Request], Awaitable[DocumentResponse]]:
    def read() -> DocumentResponse:
        daemon_health = health() if health else None
        try:
            states = store.feed_states().values()
            waiting = store.count_unplaced(limit=MAX_UNPLACED)
        except StoreError as error:
            body = store_unreadable(error)
            return plain_response(_json(body), JSON, status=503)
        status, body = report(daemon_health, states, waiting=waiting, now=clock())
        return plain_response(_json(body), JSON, status=status)

    async def work() -> DocumentResponse:
        return await asyncio.get_running_loop().run_in_executor(reader, read)

    shared = Shared(work)

    async def respond(_request: Request) -> DocumentResponse:
        return await shared.get()

    return respond


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, indent=1, ensure_ascii=False).encode() + b"\n"


def _metrics(metrics: Callable[[], bytes]) -> Callable[[Request], DocumentResponse]:
    return lambda _request: plain_response(metrics(), METRICS)


def _static(file: Path) -> Callable[[Request], DocumentResponse]:
    """Serves a file of the pages; browsers ask each time, and are told in a few bytes that it has not changed."""
    media_type = STATIC_TYPES[file.suffix]
    response = DocumentResponse(Rendered.of(file.name, file.read_bytes(), media_type=media_type))
    return lambda _request: response
