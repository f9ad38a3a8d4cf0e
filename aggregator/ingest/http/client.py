"""One bounded, conditional GET; beside `connect`, the only file that touches the network.

    gate of the host -- place among all -- resolve, check, connect -- headers -- raw body -- decoded
          ^                                                             |
          +------------------ redirect, at most ten -------------------+

Time, headers, raw bytes, decoded bytes, redirects and the memory held by all bodies together are
bounded. Waiting for a turn is not counted as the exchange's time.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

import httpcore
import httpx

from aggregator import __version__
from aggregator.config import FetchSettings
from aggregator.errors import FetchError, RefusedError, TooLargeError
from aggregator.ingest.http.body import Intake, Portion
from aggregator.ingest.http.decode import OFFERED
from aggregator.ingest.http.lanes import Lanes
from aggregator.ingest.http.throttle import HostGates
from aggregator.ingest.http.transport import CheckedTransport
from aggregator.ingest.schedule import is_proven, validators
from aggregator.model import Feed, FeedState, Fetched

_MAX_REDIRECTS = 10
_MAX_EXCHANGES = 320  # under way at once; most of them only wait, so the number is generous
_KEPT_EXCHANGES = 96  # of these, for feeds that answered well the last time
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_ACCEPT_PAGE = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
_MAX_PAGE_BYTES = 4 * 1024 * 1024
_KEPT_HEADERS = {
    b"age",
    b"cache-control",
    b"content-location",
    b"content-type",
    b"date",
    b"etag",
    b"expires",
    b"last-modified",
    b"retry-after",
}
_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_LAST_PORT = 65_535
_NO_BODY = {204, 304}
_PART = 206  # of something; nobody asked for a part


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One hop: its status, the headers we read, its body, and where it leads if it redirects."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    location: str | None = None


GapAt = Callable[
    [str], Awaitable[timedelta | None]
]  # an address --> how far apart its host is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What is asked, and what all hops together may cost; without `gap_at`, a host's usual gap holds."""

    headers: tuple[tuple[bytes, bytes], ...]
    seconds: float
    body_bytes: int
    proven: bool = False
    gap_at: GapAt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """What one hop may cost."""

    seconds: float
    body_bytes: int
    portion: Portion


class Fetcher:
    """Fetches feeds, politely and within bounds; use it as an async context manager.

    `transport` replaces the network in tests; the default one checks every address it connects to.
    """

    def __init__(
        self, settings: FetchSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._transport = transport or CheckedTransport(settings.allow_networks)
        self._gates = HostGates(concurrency=settings.host_concurrency, gap=settings.host_gap)
        self._lanes = Lanes(_MAX_EXCHANGES, kept=_KEPT_EXCHANGES)
        self._intake = Intake()
        self._headers = (
            (b"User-Agent", user_agent(settings).encode("latin-1", "replace")),
            (b"Accept", _ACCEPT.encode()),
            (b"Accept-Encoding", OFFERED.encode()),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transport.aclose()

    @asynccontextmanager
    async def get(self, feed: Feed, state: FeedState) -> AsyncIterator[Fetched]:
        """The answer to one GET of `state.url`, redirects followed; its body is held within the block.

        Conditional when `due.validators(state)` says so. Any HTTP status is an answer. Raises
        RefusedError for an address that may not be asked, TooLargeError for an answer beyond
        `max_body_bytes`, FetchError for all else that keeps a whole answer from us.
        """
        way = _Way(
            headers=(*self._headers, *validators(state).items()),
            seconds=(feed.timeout or self._settings.timeout).total_seconds(),
            body_bytes=feed.max_body_bytes or self._settings.max_body_bytes,
            proven=is_proven(state),
        )
        async with AsyncExitStack() as held:
            yield await self._go(state.url, way, self._intake.portion(held, proven=way.proven))

    @asynccontextmanager
    async def page(self, url: str, *, gap_at: GapAt) -> AsyncIterator[Fetched]:
        """The answer to one GET of a page that is no feed.

        Each address, also one a redirect leads to, is asked `gap_at` of it after the last start at its
        host; None refuses it. Raises as `get` does.
        """
        way = _Way(
            headers=(*self._headers[:1], (b"Accept", _ACCEPT_PAGE.encode()), *self._headers[2:]),
            seconds=self._settings.timeout.total_seconds(),
            body_bytes=min(_MAX_PAGE_BYTES, self._settings.max_body_bytes),
            gap_at=gap_at,
        )
        async with AsyncExitStack() as held:
            yield await self._go(url, way, self._intake.portion(held, proven=False))

    async def _go(self, address: str, way: _Way, portion: Portion) -> Fetched:
        home = url = _http_url(address)
        credentials = _credentials(address)
        now = asyncio.get_running_loop().time
        took, permanent, hosts = 0.0, True, set[str]()
        for hop in range(_MAX_REDIRECTS + 1):
            host, gap = _host(url), await self._gap(url, way)
            async with (
                self._gates.turn(host, gap=timedelta(0) if host in hosts else gap),
                self._lanes.place(proven=way.proven),
            ):
                hosts.add(host)
                started = now()
                known = credentials if _origin(url) == _origin(home) else ()
                request = httpx.Request("GET", url, headers=[*way.headers, *known])
                bounds = _Bounds(
                    seconds=way.seconds - took, body_bytes=way.body_bytes, portion=portion
                )
                answer = await self._exchange(request, bounds)
                took += now() - started
            if answer.location is None:
                return Fetched(
                    status=answer.status,
                    url=str(url),
                    body=answer.body,
                    headers=answer.headers,
                    permanent_url=str(url) if hop and permanent and not credentials else None,
                    is_detour=not permanent,
                    took=timedelta(seconds=took),
                )
            permanent = permanent and answer.status in _PERMANENT
            url = _next_url(url, answer.location)
        raise FetchError(f"{_host(url)}: redirected more than {_MAX_REDIRECTS} times")

    async def _gap(self, url: httpx.URL, way: _Way) -> timedelta:
        if way.gap_at is None:
            return self._settings.host_gap
        gap = await way.gap_at(str(url))
        if gap is None:
            raise RefusedError(f"{_host(url)}: robots.txt forbids {url}")
        return max(gap, self._settings.host_gap)

    async def _exchange(self, request: httpx.Request, bounds: _Bounds) -> _Answer:
        """One hop; whatever goes wrong is this feed's error, with the host and the reason."""
        host = _host(request.url)
        try:
            async with asyncio.timeout(bounds.seconds) as clock:
                return await self._ask(request, bounds, clock)
        except FetchError as error:
            raise type(error)(f"{host}: {error}") from error
        except TimeoutError as error:
            raise FetchError(f"{host}: no whole answer in the time allowed") from error
        except Exception as error:
            raise _named(host, error) from error

    async def _ask(
        self, request: httpx.Request, bounds: _Bounds, clock: asyncio.Timeout
    ) -> _Answer:
        response = await self._transport.handle_async_request(request)
        try:
            status, headers = response.status_code, _kept(response.headers.raw)
            location = response.headers.get("location") if status in _REDIRECTS else None
            if status == _PART:
                raise FetchError("answered with a part (206) of what was asked for")
            body = b""
            if location is None and status not in _NO_BODY:
                body = await _body(response, bounds, clock)
            return _Answer(status=status, headers=headers, body=body, location=location)
        finally:
            await response.aclose()


async def _body(response: httpx.Response, bounds: _Bounds, clock: asyncio.Timeout) -> bytes:
    pieces, limit = response.stream, bounds.body_bytes
    if not isinstance(pieces, httpx.AsyncByteStream):
        raise FetchError("the transport's bodies cannot be read asynchronously")
    if not response.is_success:
        return await bounds.portion.start(pieces)
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise TooLargeError(f"the body has {declared[:20]} bytes, allowed are {limit}")
    coding = response.headers.get("content-encoding", "")
    return await bounds.portion.whole(pieces, coding=coding, limit=limit, clock=clock)


def user_agent(settings: FetchSettings) -> str:
    """The one honest name we go by; it carries the contact address when one is configured."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return settings.user_agent or f"aggregator/{__version__}{contact}"


def _kept(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers the house reads; of a repeated one the first, but all of Cache-Control."""
    kept: dict[str, str] = {}
    for name, value in raw:
        key = name.lower()
        if key not in _KEPT_HEADERS:
            continue
        text = value.decode("latin-1")
        known = kept.setdefault(key.decode(), text)
        if key == b"cache-control" and known is not text:
            kept["cache-control"] = f"{known}, {text}"
    return kept


def _http_url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
        host = url.host  # decoded only here: a name may be of no alphabet
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise RefusedError(f"{address[:200]!r} is no address: {error}") from error
    if url.scheme not in {"http", "https"} or not host:
        raise RefusedError(f"{address!r} is no http or https address")
    if url.port is not None and not 0 < url.port <= _LAST_PORT:
        raise RefusedError(f"{url.port} is no port a server can have")
    return url.copy_with(fragment=None, userinfo=b"")


def _credentials(address: str) -> tuple[tuple[bytes, bytes], ...]:
    """What an address says of users, as a header (RFC 7617); only its own origin is told."""
    url = httpx.URL(address)
    if not url.userinfo:
        return ()
    token = b64encode(f"{url.username}:{url.password}".encode())
    return ((b"Authorization", b"Basic " + token),)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _next_url(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads; what it says of users is dropped, they are not ours."""
    try:
        joined = url.join(location)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError(f"{_host(url)}: redirects to {location[:200]!r}, no address") from error
    return _http_url(str(joined))


def _host(url: httpx.URL) -> str:
    """The host politeness is owed to; an unusual port is another server."""
    return url.host if url.port is None else f"{url.host}:{url.port}"


def _named(host: str, error: Exception) -> FetchError:
    """`error` as ours: the host, and the deepest reason the system gave."""
    if "buffer too long" in str(error):
        return TooLargeError(f"{host}: the headers are too long")
    reason, cause = str(error), error.__cause__ or error.__context__
    while cause is not None:
        if isinstance(cause, FetchError):
            return type(cause)(f"{host}: {cause}")
        reason = (getattr(cause, "strerror", None) or str(cause)) or reason
        cause = cause.__cause__ or cause.__context__
    reason = " ".join(reason.split()) or type(error).__name__
    is_no_http = isinstance(error, httpcore.RemoteProtocolError) and reason.startswith("illegal")
    return FetchError(f"{host}: {'the answer is no HTTP: ' if is_no_http else ''}{reason}")
