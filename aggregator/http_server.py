"""The HTTP server: Uvicorn on a socket of ours, with bounds on connections and on their time.

Uvicorn bounds neither how many connections are open nor how long one takes to send its request: a thousand
that say nothing would take all descriptors (https://github.com/encode/uvicorn/issues/1227). So here

    waiting     for a request: REQUEST_SECONDS at most, the first one as any other
    answering   a request: ANSWER_SECONDS at most, for who does not read what was asked for
    too many    the one that has waited longest gives way to a new one; where none waits, the new one is closed

A look at all of them each second costs less than a timer for each request.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Generator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from aggregator.errors import AggregatorError, ListenError, UsageError

# All set by hand.
REQUEST_SECONDS = 15.0  # a request's line and headers, from when the connection is free for it
ANSWER_SECONDS = 120.0  # a feed of a megabyte at 10 KB/s
HEAD_BYTES = (
    65_536  # a request's line and headers; those of a browser have a tenth, whatever its cookies
)
GIVES_WAY_AFTER_SECONDS = 0.5  # a connection just made is about to send its request
STOP_SECONDS = 2  # for answers under way when the server stops
_BACKLOG = 2048  # connections that wait to be taken; they have no descriptor yet
_LISTENERS = (
    31  # beside the first, and as many connections that one turn of the loop may take too many
)
_UNAVAILABLE = {errno.EADDRINUSE, errno.EADDRNOTAVAIL}


class HttpServer(uvicorn.Server):
    """Serves `app` on `listener` until `stop`, with at most `sockets` open at once. Signals are left to others.

    libuv takes one connection for each listening socket in a turn of the loop, and with many readers a turn is
    long: with one socket the last of 600 waited 13 s to be taken, behind all the others. So there are several.
    """

    def __init__(self, app: ASGIApp, listener: socket.socket, *, sockets: int) -> None:
        self._listeners = [
            listener,
            *(listener.dup() for _ in range(min(_LISTENERS, sockets // 4))),
        ]
        super().__init__(
            uvicorn.Config(
                app,
                backlog=_BACKLOG,
                http=_protocol(max(sockets - 2 * len(self._listeners), 1)),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_keep_alive=int(REQUEST_SECONDS),
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )

    async def run_until_stopped(self) -> None:
        """Serve; returns soon after `stop`."""
        await self.serve(sockets=self._listeners)

    def stop(self) -> None:
        """Take no more requests, and finish what is being answered."""
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Uvicorn's own work ten times a second; once a second, drop connections whose time is up."""
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, _Connection) and connection.is_overdue(now):
                    connection.drop()
        return await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Uvicorn's handlers are not installed: the daemon decides when it ends."""
        yield


class _Connection(HttpToolsProtocol):
    """One connection, which knows since when it waits for a request, or answers one."""

    max_connections = 0
    since = 0.0
    is_waiting = True
    head_bytes = 0  # received of a request's line and headers, but for the first part

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection; at the limit, in the place of one that waits, or not at all."""
        super().connection_made(transport)
        self.since = self.loop.time()
        if len(self.connections) > self.max_connections:
            (self._longest_waiting() or self).drop()

    def data_received(self, data: bytes) -> None:
        """Read on, but no line and no headers without end: they are kept in memory."""
        self.head_bytes += len(data)
        super().data_received(data)
        if self.head_bytes > HEAD_BYTES and not self.is_waiting:
            self.drop()
        elif self.head_bytes > HEAD_BYTES:
            self.send_400_response(f"A request has at most {HEAD_BYTES >> 10} KiB of headers.")

    def on_message_begin(self) -> None:
        """The first part of a request is here."""
        self.head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A request begins."""
        self.head_bytes = 0
        self.since, self.is_waiting = self.loop.time(), False
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """What follows a body is no part of it."""
        self.head_bytes = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """A request is answered; the next may be waiting behind it."""
        self.since, self.is_waiting = self.loop.time(), not self.pipeline
        super().on_response_complete()

    def is_overdue(self, now: float) -> bool:
        """Whether its time for the request, or for the answer, is up."""
        allowed = REQUEST_SECONDS if self.is_waiting else ANSWER_SECONDS
        return now - self.since > allowed

    def drop(self) -> None:
        """Close it, whatever has not been read by the other side."""
        self.connections.discard(
            self
        )  # at once: `connection_lost` comes in a later turn of the loop
        self.transport.abort()

    def _longest_waiting(self) -> _Connection | None:
        latest = self.loop.time() - GIVES_WAY_AFTER_SECONDS
        waiting = (
            each
            for each in self.connections
            if isinstance(each, _Connection) and each.is_waiting and each.since <= latest
        )
        return min(waiting, key=lambda each: each.since, default=None)


def _protocol(max_connections: int) -> type[asyncio.Protocol]:
    attributes: dict[str, Any] = {"max_connections": max_connections}
    return type("Connection", (_Connection,), attributes)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises ListenError when the address is taken or not this machine's, which may pass; UsageError when it
    cannot be listened on at all.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        kind: type[AggregatorError] = UsageError
        reason = error.strerror or str(error)
        if error.errno in _UNAVAILABLE:
            kind, reason = ListenError, os.strerror(error.errno)
        raise kind(
            f"Cannot listen on {host}:{port}: {reason}. "
            "Choose another with --host and --port, or server.port in the configuration."
        ) from error
