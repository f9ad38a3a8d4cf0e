"""Serves the agencies of the sample wire on loopback, from a thread of its own.

with SampleServer(load(), clock=…) as server:      GET /bta/bg.xml              the feed as of now
    poll(server.url + "/bta/bg.xml")               GET /bta/bg/some-report      the article page

Feeds answer with a strong ETag and Last-Modified, and 304 where nothing has changed (RFC 9110, 13.1).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator.demo.dispatch import Dispatch, SampleFeed, Wire
from aggregator.demo.render import render_article, render_feed
from aggregator.errors import UsageError

STOP_TIMEOUT_SECONDS = 5
_SAFE_PAGE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}

_Endpoint = Callable[[Request], Awaitable[Response]]
_CurrentDispatches = Callable[[SampleFeed], tuple[Dispatch, ...]]


class SampleServer:
    """A context manager: it listens after `__enter__`, and has stopped after `__exit__`.

    `clock` gives aware UTC; the demo starts at the time it gives in `__enter__`. With `everything` the start is
    moved back so far that all items have appeared. `port` 0 takes any free one; `url`, without a trailing slash,
    has the port taken.

    `__enter__` raises UsageError when the address cannot be listened on.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        clock: Callable[[], datetime],
        host: str = "127.0.0.1",
        port: int = 0,
        everything: bool = False,
    ) -> None:
        self.url = ""
        self._wire = wire
        self._clock = clock
        self._host, self._port = host, port
        self._head_start = wire.last_appearance if everything else timedelta(0)

    def __enter__(self) -> Self:
        listener = _listen(self._host, self._port)
        self.url = f"http://{self._host}:{listener.getsockname()[1]}"
        started_at = self._clock() - self._head_start
        self._server = uvicorn.Server(
            uvicorn.Config(
                sample_app(self._wire, server_url=self.url, started_at=started_at, now=self._clock),
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=STOP_TIMEOUT_SECONDS,
            )
        )
        # The socket listens already, so a request before the thread is ready only waits.
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="sample-agencies", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_TIMEOUT_SECONDS + 1)


def sample_app(
    wire: Wire, *, server_url: str, started_at: datetime, now: Callable[[], datetime]
) -> Starlette:
    """The application that serves the feeds and article pages; `/` lists the addresses of the feeds."""

    def current(feed: SampleFeed) -> tuple[Dispatch, ...]:
        return wire.dispatches(feed, started_at=started_at, now=now())

    routes = [Route("/", _index([server_url + feed.path for feed in wire.feeds]))]
    for feed in wire.feeds:
        routes.append(Route(feed.path, _feed(feed, current, server_url)))
        routes.append(Route(feed.article_path("{item_id}"), _article(feed, current)))
    return Starlette(routes=routes)


def _feed(feed: SampleFeed, current: _CurrentDispatches, server_url: str) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        dispatches = current(feed)
        document = render_feed(feed, dispatches, server_url=server_url)
        changed_at = max(dispatch.updated_at for dispatch in dispatches)
        headers = {
            "etag": f'"{sha256(document.body).hexdigest()[:32]}"',
            "last-modified": format_datetime(changed_at, usegmt=True),
            "cache-control": "no-cache",
        }
        if _is_not_modified(request.headers, headers):
            return Response(status_code=304, headers=headers)
        return Response(document.body, media_type=document.media_type, headers=headers)

    return endpoint


def _article(feed: SampleFeed, current: _CurrentDispatches) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        for dispatch in current(feed):
            if dispatch.id == request.path_params["item_id"]:
                page = render_article(feed, dispatch)
                return Response(page.body, media_type=page.media_type, headers=_SAFE_PAGE)
        return PlainTextResponse("There is no such report.", status_code=404)

    return endpoint


def _index(addresses: list[str]) -> _Endpoint:
    async def endpoint(_request: Request) -> Response:
        return PlainTextResponse("\n".join(addresses) + "\n")

    return endpoint


def _is_not_modified(request_headers: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Whether the client has the current feed; If-None-Match, where given, decides alone (RFC 9110, 13.2.2)."""
    if "if-none-match" in request_headers:
        return headers["etag"] in request_headers["if-none-match"]
    return request_headers.get("if-modified-since") == headers["last-modified"]


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise UsageError(
            f"the sample agencies cannot be served at {host}:{port} ({error.strerror}): "
            "choose another port, or 0 for any free one"
        ) from error
