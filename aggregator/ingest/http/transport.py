"""Connections that were checked where they lead: what a name resolves to, not what it looks like.

    name -- resolved in a thread of its own --> addresses -- those that may be asked --> connect

It is httpx's transport without its client: what the client adds (cookies, proxies from the
environment, redirects, unbounded decoding) is what must not happen here.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import suppress

import httpcore
import httpx

from aggregator import descriptors
from aggregator.errors import FetchError, RefusedError, ShortageError, UnresolvedError
from aggregator.ingest.http.addresses import Network, is_allowed

# Set by hand: a host whose first addresses are dead against the time an exchange has, 30 s.
_CONNECT_SECONDS = 10.0  # for each address of a host
_TRIED_ADDRESSES = 4
# What the kernel may hold of a response that nobody reads yet. An event loop takes all of it at once: with Linux's
# own bound (6 to 32 MB) sixty large bodies that waited for their turn took 180 MiB. 15 MiB still come in 18 s from
# the other side of the world (a round trip of 250 ms).
_UNREAD_BYTES = 256 * 1024


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpx's transport over connections that were checked where they lead.

    No connection is reused: one host's polls are minutes apart, and a stale connection is a failed poll.
    """

    def __init__(self, allow_networks: Collection[Network]) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=None,
            max_keepalive_connections=0,
            socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, _UNREAD_BYTES)],
            network_backend=_CheckedBackend(allow_networks),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; the body is not read yet. Raises what httpcore does, and FetchError."""
        url = request.url
        address = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        response = await self._pool.handle_async_request(
            httpcore.Request(method=request.method, url=address, headers=request.headers.raw)
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_ResponseStream(response)
        )

    async def aclose(self) -> None:
        """Close what is open."""
        await self._pool.aclose()


class _ResponseStream(httpx.AsyncByteStream):
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
    resolved: asyncio.Future[list[str]] = loop.create_future()

    def look_up() -> None:
        found = _look_up(host, port)
        with suppress(RuntimeError):  # the loop ended before the name server answered
            loop.call_soon_threadsafe(_settle, resolved, found)

    try:
        threading.Thread(target=look_up, daemon=True, name=f"resolve {host}").start()
    except RuntimeError as error:
        raise ShortageError(descriptors.SHORTAGE) from error
    return await resolved


def _look_up(host: str, port: int) -> list[str] | FetchError:
    """The addresses of a name, or why there are none; blocks."""
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if descriptors.are_exhausted():  # the resolver then says that the name is not known
            return ShortageError(descriptors.SHORTAGE)
        return UnresolvedError(f"the name cannot be resolved ({error})")
    entries.sort(key=lambda entry: entry[0] != socket.AF_INET)
    found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    return found or UnresolvedError("the name cannot be resolved (no address)")


def _settle(resolved: asyncio.Future[list[str]], found: list[str] | FetchError) -> None:
    if resolved.done():  # the exchange was given up meanwhile
        return
    if isinstance(found, FetchError):
        resolved.set_exception(found)
    else:
        resolved.set_result(found)


def _is_numeric(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError, ValueError):
            socket.inet_pton(family, host)
            return True
    return False
