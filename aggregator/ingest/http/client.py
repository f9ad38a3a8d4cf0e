"""One bounded, conditional GET; beside `transport`, the only file that touches the network.

    slot at the host -- slot among all -- resolve, check, connect -- headers -- raw body -- decoded
          ^                                                             |
          +-------- redirect, at most ten, with the host's cookies -----+

Time, headers, raw bytes, decoded bytes, redirects and the memory held by all bodies together are
bounded. Waiting for a slot is not counted as the exchange's time. Nothing of one GET is kept for the next.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType, TracebackType
from typing import Self

import httpcore
import httpx

from aggregator import descriptors
from aggregator.config import FetchSettings
from aggregator.errors import FetchError, RefusedError, ShortageError, TooLargeError
from aggregator.ingest.http.body import ACCEPT_ENCODING, BodyReader, BodyReaders
from aggregator.ingest.http.cookies import Cookies
from aggregator.ingest.http.names import user_agent
from aggregator.ingest.http.throttle import HostLimiter, ReservedSemaphore
from aggregator.ingest.http.transport import CheckedTransport
from aggregator.ingest.schedule import is_proven, validators
from aggregator.model import Feed, FeedState, Fetched

_MAX_REDIRECTS = 10
_RESERVED_SHARE = (
    0.3  # of the exchanges under way at once, for feeds that responded well the last time
)
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_ACCEPT_PAGE = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
_MAX_PAGE_BYTES = 4 * 1024 * 1024  # set by hand: an article's page without its images
_HEADERS_READ = {
    b"age",
    b"cache-control",
    b"cf-mitigated",
    b"content-location",
    b"content-signal",
    b"content-type",
    b"date",
    b"etag",
    b"expires",
    b"last-modified",
    b"retry-after",
    b"tdm-reservation",
    b"x-robots-tag",
    b"x-amzn-waf-action",
}
# Of what several lines together say, what parts them; a line of X-Robots-Tag names its own robot.
_REPEATED = {b"cache-control": ", ", b"content-signal": ", ", b"x-robots-tag": "\n"}
_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_LAST_PORT = 65_535
_NO_BODY = {204, 304}
_PARTIAL_CONTENT = 206  # nobody asked for a part


NO_HEADERS: Mapping[bytes, bytes] = MappingProxyType({})
# Of an address: how far apart its host is asked; None when it may not be asked at all.
GapAt = Callable[[str], Awaitable[timedelta | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Response:
    """One hop: its status, the headers we read, its body, and where it leads if it redirects."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    location: str | None = None
    cookies: tuple[str, ...] = ()  # the lines that set them


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What is sent, and what all hops together may cost; without `gap_at`, a host's usual gap holds."""

    headers: tuple[tuple[bytes, bytes], ...]
    seconds: float
    body_bytes: int
    proven: bool = False
    gap_at: GapAt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _HopLimits:
    """What one hop may cost."""

    seconds: float
    body_bytes: int
    reader: BodyReader


class Fetcher:
    """Fetches feeds, politely and within bounds; use it as an async context manager.

    `transport` replaces the network in tests; the default one checks every address it connects to.
    `max_exchanges` may be under way at once: each has a socket.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        max_exchanges: int = descriptors.MAX_EXCHANGES,
    ) -> None:
        self._settings = settings
        self._transport = transport or CheckedTransport(settings.allow_networks)
        self._hosts = HostLimiter(concurrency=settings.host_concurrency, gap=settings.host_gap)
        self._exchanges = ReservedSemaphore(
            max_exchanges, reserved=int(max_exchanges * _RESERVED_SHARE)
        )
        self._readers = BodyReaders()

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
        """The response to one GET of `state.url`, redirects followed; its body is held within the block.

        Conditional when `schedule.validators(state)` says so. Any HTTP status is a response. Raises
        RefusedError for an address that may not be asked, TooLargeError for a response beyond
        `max_body_bytes`, FetchError for all else that keeps a complete response from us.
        """
        options = _Options(
            headers=(*self._headers(feed.user_agent, _ACCEPT), *validators(state).items()),
            seconds=(feed.timeout or self._settings.timeout).total_seconds(),
            body_bytes=feed.max_body_bytes or self._settings.max_body_bytes,
            proven=is_proven(state),
        )
        async with AsyncExitStack() as stack:
            reader = self._readers.reader(stack, proven=options.proven)
            yield await self._follow(state.url, options, reader)

    @asynccontextmanager
    async def page(
        self,
        url: str,
        *,
        gap_at: GapAt,
        user_agent: str = "",
        headers: Mapping[bytes, bytes] = NO_HEADERS,
    ) -> AsyncIterator[Fetched]:
        """The response to one GET of a page that is not a feed; `headers` are sent beside the usual ones.

        Each address, also one a redirect leads to, is asked `gap_at` of it after the last start at its
        host; None refuses it. `user_agent` is that of the page's feed, if it has one. Raises as `get` does.
        """
        options = _Options(
            headers=(*self._headers(user_agent, _ACCEPT_PAGE), *headers.items()),
            seconds=self._settings.timeout.total_seconds(),
            body_bytes=min(_MAX_PAGE_BYTES, self._settings.max_body_bytes),
            gap_at=gap_at,
        )
        async with AsyncExitStack() as stack:
            reader = self._readers.reader(stack, proven=False)
            yield await self._follow(url, options, reader)

    def _headers(self, own_name: str, accept: str) -> tuple[tuple[bytes, bytes], ...]:
        name = own_name or user_agent(self._settings)
        return (
            (b"User-Agent", name.encode("latin-1", "replace")),
            (b"Accept", accept.encode()),
            (b"Accept-Encoding", ACCEPT_ENCODING.encode()),
        )

    async def _follow(self, address: str, options: _Options, reader: BodyReader) -> Fetched:
        """The response at the end of the redirects from `address`."""
        home = url = _http_url(address)
        credentials = _credentials(address)
        now = asyncio.get_running_loop().time
        took, permanent, hosts, cookies = 0.0, True, set[str](), Cookies()
        for hop in range(_MAX_REDIRECTS + 1):
            host, gap = _host(url), await self._gap(url, options)
            async with (
                self._hosts.slot(host, gap=timedelta(0) if host in hosts else gap),
                self._exchanges.slot(proven=options.proven),
            ):
                hosts.add(host)
                started = now()
                authorization = credentials if _origin(url) == _origin(home) else ()
                cookie = _cookie(cookies.header(url=str(url), host=host))
                headers = [*options.headers, *authorization, *cookie]
                request = httpx.Request("GET", url, headers=headers)
                limits = _HopLimits(
                    seconds=options.seconds - took, body_bytes=options.body_bytes, reader=reader
                )
                response = await self._exchange(request, limits)
                took += now() - started
            if response.location is None:
                return Fetched(
                    status=response.status,
                    url=str(url),
                    body=response.body,
                    headers=response.headers,
                    permanent_url=str(url) if hop and permanent and not credentials else None,
                    is_detour=not permanent,
                    took=timedelta(seconds=took),
                )
            cookies.keep(response.cookies, url=str(url), host=host)
            permanent = permanent and response.status in _PERMANENT
            url = _next_url(url, response.location)
        raise FetchError(f"{_host(url)}: redirected more than {_MAX_REDIRECTS} times")

    async def _gap(self, url: httpx.URL, options: _Options) -> timedelta:
        if options.gap_at is None:
            return self._settings.host_gap
        gap = await options.gap_at(str(url))
        if gap is None:
            raise RefusedError(f"{_host(url)}: robots.txt forbids {url}")
        return max(gap, self._settings.host_gap)

    async def _exchange(self, request: httpx.Request, limits: _HopLimits) -> _Response:
        """One hop; whatever goes wrong is this feed's error, with the host and the reason."""
        host = _host(request.url)
        try:
            async with asyncio.timeout(limits.seconds) as deadline:
                return await self._send(request, limits, deadline)
        except FetchError as error:
            raise type(error)(f"{host}: {error}") from error
        except TimeoutError as error:
            raise FetchError(f"{host}: no whole answer in the time allowed") from error
        except Exception as error:
            raise _as_fetch_error(host, error) from error

    async def _send(
        self, request: httpx.Request, limits: _HopLimits, deadline: asyncio.Timeout
    ) -> _Response:
        response = await self._transport.handle_async_request(request)
        try:
            status, headers = response.status_code, _headers_read(response.headers.raw)
            location = response.headers.get("location") if status in _REDIRECTS else None
            if status == _PARTIAL_CONTENT:
                raise FetchError("answered with a part (206) of what was asked for")
            body = b""
            if location is None and status not in _NO_BODY:
                body = await _body(response, limits, deadline)
            return _Response(
                status=status,
                headers=headers,
                body=body,
                location=location,
                cookies=_cookies_set(response.headers.raw),
            )
        finally:
            await response.aclose()


async def _body(response: httpx.Response, limits: _HopLimits, deadline: asyncio.Timeout) -> bytes:
    chunks, limit = response.stream, limits.body_bytes
    if not isinstance(chunks, httpx.AsyncByteStream):
        raise FetchError("the transport's bodies cannot be read asynchronously")
    if not response.is_success:
        return await limits.reader.read_error_page(chunks)
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise TooLargeError(f"the body has {declared[:20]} bytes, allowed are {limit}")
    coding = response.headers.get("content-encoding", "")
    return await limits.reader.read(chunks, coding=coding, limit=limit, deadline=deadline)


def _headers_read(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers we read; of a repeated one the first, but all of a list."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.lower()
        if key not in _HEADERS_READ:
            continue
        text = value.decode("latin-1")
        first = headers.setdefault(key.decode(), text)
        if key in _REPEATED and first is not text:
            headers[key.decode()] = f"{first}{_REPEATED[key]}{text}"
    return headers


def _cookies_set(raw: Iterable[tuple[bytes, bytes]]) -> tuple[str, ...]:
    return tuple(value.decode("latin-1") for name, value in raw if name.lower() == b"set-cookie")


def _cookie(value: str) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"Cookie", value.encode("latin-1")),) if value else ()


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
    """The user-info of an address as a header (RFC 7617); sent to its own origin alone."""
    url = httpx.URL(address)
    if not url.userinfo:
        return ()
    token = b64encode(f"{url.username}:{url.password}".encode())
    return ((b"Authorization", b"Basic " + token),)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _next_url(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads; its user-info is dropped."""
    try:
        joined = url.join(location)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError(f"{_host(url)}: redirects to {location[:200]!r}, no address") from error
    return _http_url(str(joined))


def _host(url: httpx.URL) -> str:
    """The host a limit is for; an unusual port is another server."""
    return url.host if url.port is None else f"{url.host}:{url.port}"


def _as_fetch_error(host: str, error: Exception) -> FetchError:
    """`error` with its host, and the deepest reason the system gave."""
    if descriptors.is_short(error):
        return ShortageError(f"{host}: {descriptors.SHORTAGE}")
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
