"""Connections that say nothing, say it slowly, or are too many; addresses that cannot be listened on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.types import Receive, Scope, Send

from aggregator import http_server
from aggregator.errors import ListenError, UsageError
from aggregator.http_server import HttpServer, listen

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LONG = 60.0


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
        await asyncio.sleep(0)


Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@asynccontextmanager
async def serving(app: object = hello, *, sockets: int = 100) -> AsyncIterator[Connect]:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = HttpServer(app, listener, sockets=sockets)  # type: ignore[arg-type]
    running = asyncio.create_task(server.run_until_stopped())
    opened: list[asyncio.StreamWriter] = []

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(writer)
        return reader, writer

    yield connect
    server.stop()
    for writer in opened:
        writer.transport.abort()
    await asyncio.wait_for(running, LONG)


async def is_answered(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bool:
    reader, writer = connection
    with suppress(OSError, asyncio.IncompleteReadError):
        writer.write(REQUEST)
        return (await reader.readuntil(b"hello")).endswith(b"hello")
    return False


async def until_closed(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await asyncio.wait_for(reader.read(65536), LONG):
            pass


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTT",
        REQUEST[:-2] + b"X-Slow: ",
        REQUEST,  # answered, and then silent
        REQUEST.replace(b"GET", b"POST")[:-2] + b"Content-Length: 99\r\n\r\nx",  # a body never sent
    ],
)
def test_who_sends_no_request_is_dropped(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "REQUEST_SECONDS", 0.2)

    async def run() -> None:
        async with serving() as connect:
            reader, writer = await connect()
            writer.write(begun)
            await until_closed(reader)

    asyncio.run(run())


def test_who_sends_it_byte_by_byte_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "REQUEST_SECONDS", 0.3)

    async def run() -> None:
        async with serving() as connect:
            reader, writer = await connect()
            writer.write(REQUEST[:-2])
            closed = asyncio.create_task(until_closed(reader))
            while not closed.done():
                with suppress(ConnectionError):
                    writer.write(b"x")
                await asyncio.sleep(0.05)
            await closed

    asyncio.run(run())


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /?q=",
        REQUEST[:-2] + b"X-Long: ",
        REQUEST[:-2].replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Long: ",
    ],
)
def test_who_sends_headers_without_end_is_dropped(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "REQUEST_SECONDS", 2 * LONG)

    async def run() -> None:
        async with serving() as connect:
            reader, writer = await connect()
            writer.write(begun)
            closed = asyncio.create_task(until_closed(reader))
            while not closed.done():
                with suppress(ConnectionError):
                    writer.write(b"x" * http_server.HEAD_BYTES)
                    await writer.drain()
                await asyncio.sleep(0.01)
            await closed

    asyncio.run(asyncio.wait_for(run(), LONG))


def test_headers_within_bounds_and_a_long_body_are_read() -> None:
    head = REQUEST[:-2].replace(b"GET", b"POST") + b"X-Long: %s\r\n" % (b"x" * 60_000)
    body = b"x" * 10 * http_server.HEAD_BYTES

    async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await hello(scope, receive, send)

    async def run() -> None:
        async with serving(read_all) as connect:
            reader, writer = await connect()
            writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")

    asyncio.run(asyncio.wait_for(run(), LONG))


def test_who_does_not_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "ANSWER_SECONDS", 0.2)

    async def run() -> None:
        async with serving(endless) as connect:
            _, writer = await connect()
            writer.write(REQUEST)
            await asyncio.sleep(0)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            while not writer.transport.is_closing():
                with suppress(ConnectionError):
                    writer.write(b"\n")  # a dropped connection answers with a reset
                    await writer.drain()
                await asyncio.sleep(0.05)

    asyncio.run(asyncio.wait_for(run(), LONG))


def test_at_the_limit_the_one_that_waits_longest_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "GIVES_WAY_AFTER_SECONDS", 0.0)

    async def run() -> None:
        async with serving(sockets=8) as connect:  # a few of these are the listening ones
            idle = [await connect() for _ in range(20)]
            assert await is_answered(await connect())
            await until_closed(idle[0][0])
            assert await is_answered(idle[-1])

    asyncio.run(run())


def test_a_request_that_is_answered_gives_way_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "GIVES_WAY_AFTER_SECONDS", 0.0)
    let_go = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await let_go.wait()
        await hello(scope, receive, send)

    async def run() -> None:
        async with serving(slow, sockets=8) as connect:
            busy = await connect()
            answered = asyncio.create_task(is_answered(busy))
            await asyncio.sleep(0.1)
            for _ in range(20):
                await connect()
            let_go.set()
            assert await answered

    asyncio.run(run())


def test_a_taken_address_may_be_free_later_and_a_wrong_one_never() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ListenError, match=r"already in use\. Choose another") as refused,
    ):
        listen("127.0.0.1", taken.getsockname()[1])
    assert refused.value.exit_code == 1
    with pytest.raises(ListenError, match="assign requested address"):
        listen("192.0.2.1", 0)  # RFC 5737: no computer's
    with pytest.raises(UsageError, match=r"no-such-name\.invalid") as wrong:
        listen("no-such-name.invalid", 0)
    assert wrong.value.exit_code == 2
