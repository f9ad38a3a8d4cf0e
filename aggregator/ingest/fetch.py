"""One bounded, conditional GET: the only file that touches the network.

    gate of the host -- place among all -- resolve, check, connect -- headers -- raw body -- decoded
          ^                                                             |
          +------------------ redirect, at most ten -------------------+

It speaks to httpx's transport, not to its client: what the client adds (cookies, proxies from the
environment, redirects, unbounded decoding) is what must not happen here. Time, headers, raw bytes,
decoded bytes, redirects and the memory held by all bodies together are bounded. Waiting for a turn
is not counted as the exchange's time.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

import httpcore
import httpx

from aggregator import __version__
from aggregator.config import FetchSettings
from aggregator.errors import FetchError, RefusedError, TooLargeError
from aggregator.ingest.addresses import Network, is_allowed
from aggregator.ingest.decode import OFFERED
from aggregator.ingest.due import is_proven, validators
from aggregator.ingest.gate import HostGates
from aggregator.ingest.intake import Intake, Portion
from aggregator.ingest.lanes import Lanes
from aggregator.model import Feed, FeedState, Fetched

_MAX_REDIRECTS = 10
_MAX_EXCHANGES = 320  # under way at once; most of them only wait, so the number is generous
_KEPT_EXCHANGES = 96  # of these, for feeds that answered well the last time
_CONNECT_SECONDS = 10.0  # for each address of a host
_TRIED_ADDRESSES = 4
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
_NO_BODY = {204, 304}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One hop: its status, the headers we read, its body, and where it leads if it redirects."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What is asked, and what all hops together may cost; `gap` is the host's usual one if None."""

    headers: tuple[tuple[bytes, bytes], ...]
    seconds: float
    body_bytes: int
    proven: bool = False
    gap: timedelta | None = None


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
        self._transport = transport or _CheckedTransport(settings.allow_networks)
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
    async def page(self, url: str, *, gap: timedelta) -> AsyncIterator[Fetched]:
        """The answer to one GET of a page that is no feed, `gap` after the last start at its host.

        Raises as `get` does.
        """
        way = _Way(
            headers=(*self._headers[:1], (b"Accept", _ACCEPT_PAGE.encode()), *self._headers[2:]),
            seconds=self._settings.timeout.total_seconds(),
            body_bytes=min(_MAX_PAGE_BYTES, self._settings.max_body_bytes),
            gap=max(gap, self._settings.host_gap),
        )
        async with AsyncExitStack() as held:
            yield await self._go(url, way, self._intake.portion(held, proven=False))

    async def _go(self, address: str, way: _Way, portion: Portion) -> Fetched:
        url = _http_url(address)
        now = asyncio.get_running_loop().time
        took, permanent, hosts = 0.0, True, set[str]()
        for hop in range(_MAX_REDIRECTS + 1):
            host = _host(url)
            async with (
                self._gates.turn(host, gap=timedelta(0) if host in hosts else way.gap),
                self._lanes.place(proven=way.proven),
            ):
                hosts.add(host)
                started = now()
                request = httpx.Request("GET", url, headers=list(way.headers))
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
                    permanent_url=str(url) if hop and permanent else None,
                    took=timedelta(seconds=took),
                )
            permanent = permanent and answer.status in _PERMANENT
            url = _next_url(url, answer.location)
        raise FetchError(f"{_host(url)}: redirected more than {_MAX_REDIRECTS} times")

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
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise RefusedError(f"{address!r} is no address: {error}") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise RefusedError(f"{address!r} is no http or https address")
    return url.copy_with(fragment=None)


def _next_url(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads; what it says of users is dropped, they are not ours."""
    try:
        joined = url.join(location).copy_with(userinfo=b"")
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


class _CheckedTransport(httpx.AsyncBaseTransport):
    """httpx's transport over connections that were checked where they lead.

    No connection is kept: one host's polls are minutes apart, and a stale connection is a failed poll.
    """

    def __init__(self, allow_networks: Collection[Network]) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=_CheckedBackend(allow_networks),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        address = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        response = await self._pool.handle_async_request(
            httpcore.Request(method=request.method, url=address, headers=request.headers.raw)
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.aiter_stream()

    async def aclose(self) -> None:
        await self._response.aclose()


class _CheckedBackend(httpcore.AnyIOBackend):
    """Resolves a name, keeps the addresses that may be asked, and connects to one of those."""

    def __init__(self, allow_networks: Collection[Network]) -> None:
        self._allow_networks = allow_networks

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  # httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await _addresses(host, port)
        allowed = [each for each in found if is_allowed(each, self._allow_networks)]
        if not allowed:
            raise RefusedError(f"{found[0]} is not public; fetch.allow_networks can allow it")
        *others, last = allowed[:_TRIED_ADDRESSES]
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await super().connect_tcp(
                    address, port, _CONNECT_SECONDS, local_address, socket_options
                )
        return await super().connect_tcp(
            last, port, _CONNECT_SECONDS, local_address, socket_options
        )


async def _addresses(host: str, port: int) -> list[str]:
    """The numeric addresses of `host`, IPv4 first, since it works nearly everywhere.

    Looked up in a thread of its own that nobody waits for: a pool of threads could be filled by names
    whose servers do not answer, and would have to be waited for at the end.
    """
    if _is_numeric(host):
        return [host]
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def look_up() -> None:
        found, reason = _look_up(host, port)
        with suppress(RuntimeError):  # the loop ended before the name server answered
            loop.call_soon_threadsafe(_settle, answer, found, reason)

    threading.Thread(target=look_up, daemon=True, name=f"resolve {host}").start()
    return await answer


def _look_up(host: str, port: int) -> tuple[list[str], str]:
    """The addresses of a name, or none and the reason; blocks."""
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return [], str(error)
    entries.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries)), "no address"


def _settle(answer: asyncio.Future[list[str]], found: list[str], reason: str) -> None:
    if answer.done():  # the exchange was given up meanwhile
        return
    if found:
        answer.set_result(found)
    else:
        answer.set_exception(FetchError(f"the name cannot be resolved ({reason})"))


def _is_numeric(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError, ValueError):
            socket.inet_pton(family, host)
            return True
    return False
