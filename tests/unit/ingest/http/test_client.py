"""One exchange against a real server on loopback that sends exactly the bytes of the test."""

from __future__ import annotations

import asyncio
import errno
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import httpcore
import httpx
import pytest

from aggregator import descriptors
from aggregator.config import FetchSettings
from aggregator.errors import FetchError, RefusedError, ShortageError, TooLargeError
from aggregator.ingest.http.client import Fetcher
from aggregator.model import Feed, FeedState, Fetched

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.1/32"),)


def zipped(body: bytes) -> bytes:
    """Gzip without the time of day, so that the tests have the same names in every process."""
    return gzip.compress(body, mtime=0)


BODY = "<rss>Новини от София</rss>".encode()
Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def settings(**changes: object) -> FetchSettings:
    values = {"host_gap": timedelta(0), "allow_networks": LOOPBACK, **changes}
    return FetchSettings.model_validate(values)


def feed(url: str, **changes: object) -> Feed:
    return replace(Feed(id="bta-bg", url=url, agency_id="bta"), **changes)  # type: ignore[arg-type]


def state(url: str, **changes: object) -> FeedState:
    fresh = FeedState(feed_id="bta-bg", url=url, configured_url=url, next_due_at=NOW)
    return replace(fresh, **changes)  # type: ignore[arg-type]


def response(body: bytes = BODY, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@asynccontextmanager
async def server(handler: Handler) -> AsyncIterator[str]:
    """A server that hands each request's head to `handler`; gives its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(await reader.readuntil(b"\r\n\r\n"), writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


def always(answer: bytes) -> Handler:
    async def handle(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return handle


def by_path(answers: Mapping[str, bytes]) -> Handler:
    async def handle(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answers[request.split(b" ", 2)[1].decode()])

    return handle


async def got(fetcher: Fetcher, url: str, **changes: object) -> Fetched:
    async with fetcher.get(feed(url), state(url, **changes)) as fetched:
        return fetched


def fetch(
    handler: Handler, path: str = "/feed", *, using: FetchSettings | None = None, **changes: object
) -> Fetched:
    async def run() -> Fetched:
        async with server(handler) as base, Fetcher(using or settings()) as fetcher:
            url = base + path
            return await got(fetcher, url, **changes)

    return asyncio.run(run())


def test_gives_body_and_the_headers_the_house_reads() -> None:
    answer = response(BODY, 'ETag: "a"', "Set-Cookie: x=1", "Content-Type: text/xml")
    fetched = fetch(always(answer))
    assert fetched.status == 200
    assert fetched.body == BODY
    assert fetched.headers == {"etag": '"a"', "content-type": "text/xml"}
    assert fetched.permanent_url is None


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "500 Oops", "429 Slow Down"])
def test_an_error_status_is_an_answer(status: str) -> None:
    assert fetch(always(response(b"page", status=status))).status == int(status[:3])


def test_reads_only_the_start_of_an_error_page() -> None:
    fetched = fetch(always(response(b"x" * 300_000, status="503 Busy")))
    assert len(fetched.body) == 64 * 1024


def test_sends_the_validators_byte_for_byte_and_no_cookie() -> None:
    seen: list[bytes] = []

    async def handle(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        writer.write(b'HTTP/1.1 304 Not Modified\r\nSet-Cookie: a=b\r\nETag: "x"\r\n\r\n')

    etag = 'W/"Ð¶-1"'
    fetched = fetch(handle, etag=etag, last_modified="Mon, 2 Nov 2026", full_at=NOW)
    assert fetched.status == 304
    assert f"If-None-Match: {etag}\r\n".encode("latin-1") in seen[0]
    assert b"If-Modified-Since: Mon, 2 Nov 2026\r\n" in seen[0]
    assert b"cookie" not in seen[0].lower()
    assert seen[0].lower().count(b"accept-encoding: gzip, deflate\r\n") == 1


@pytest.mark.parametrize(
    ("coding", "raw"),
    [
        ("gzip", zipped(BODY)),
        ("x-gzip", zipped(BODY)),
        ("gzip", zipped(BODY[:9]) + zipped(BODY[9:])),
        ("deflate", zlib.compress(BODY)),
        ("gzip, gzip", zipped(zipped(BODY))),
        ("gzip", BODY),
        ("br", BODY),
        ("identity", zipped(BODY)),
    ],
)
def test_undoes_content_codings_whatever_was_declared(coding: str, raw: bytes) -> None:
    assert fetch(always(response(raw, f"Content-Encoding: {coding}"))).body == BODY


def test_refuses_a_coding_it_did_not_offer() -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:\d+: .*'br', which was not offered"):
        fetch(always(response(b"\x8b\x02\x80", "Content-Encoding: br")))


def test_a_bomb_costs_no_more_than_the_limit() -> None:
    bomb = zipped(b"\0" * 50_000_000)
    with pytest.raises(TooLargeError, match="decompressed body is larger"):
        fetch(
            always(response(bomb, "Content-Encoding: gzip")), using=settings(max_body_bytes=100_000)
        )


def test_refuses_a_declared_length_beyond_the_limit_unread() -> None:
    with pytest.raises(TooLargeError, match="allowed are 10"):
        fetch(always(response()), using=settings(max_body_bytes=10))


def test_refuses_an_endless_body() -> None:
    async def handle(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"<rss>" * 10_000)
            await writer.drain()

    with pytest.raises(TooLargeError, match="larger than 200000 bytes"):
        fetch(handle, using=settings(max_body_bytes=200_000))


def test_the_kernel_holds_little_that_nobody_reads_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, held_bytes = httpcore.AnyIOBackend.connect_tcp, list[int]()

    async def connect_and_ask(*args: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        stream = await connect(*args, **named)
        opened = stream.get_extra_info("socket")
        held_bytes.append(opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF))
        return stream

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_and_ask)
    assert fetch(always(response())).body == BODY

    # Linux counts twice what is asked for. By itself it begins with 128 KiB and goes up to 6 MB or more.
    assert 256 * 1024 <= held_bytes[0] <= 512 * 1024


def test_refuses_endless_headers() -> None:
    async def handle(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"X-Filler: " + b"a" * 1000 + b"\r\n")
            await writer.drain()

    with pytest.raises(TooLargeError, match="headers are too long"):
        fetch(handle)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        response(zipped(BODY)[:-4], "Content-Encoding: gzip"),
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        response(status="206 Partial Content"),
    ],
    ids=["short", "cut chunks", "cut gzip", "nothing", "no HTTP", "negative length", "a part"],
)
def test_what_is_not_whole_is_an_error(answer: bytes) -> None:
    with pytest.raises(FetchError, match=r"^127\.0\.0\.1:\d+: .+"):
        fetch(always(answer))


def test_an_exchange_ends_in_its_time_however_it_drips() -> None:
    async def handle(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"<")
            await writer.drain()
            await asyncio.sleep(0.02)

    with pytest.raises(FetchError, match="no whole answer in the time allowed"):
        fetch(handle, using=settings(timeout=timedelta(seconds=0.3)))


def redirect(status: int, location: str) -> bytes:
    return response(b"", f"Location: {location}", status=f"{status} Moved")


def test_follows_redirects_and_tells_when_all_were_permanent() -> None:
    answers = {
        "/a": redirect(301, "/b"),
        "/b": redirect(308, "c?x=1#top"),
        "/c?x=1": response(),
    }
    fetched = fetch(by_path(answers), "/a")
    assert fetched.body == BODY
    assert fetched.url.endswith("/c?x=1")
    assert fetched.permanent_url == fetched.url


def test_one_temporary_hop_makes_the_whole_way_temporary() -> None:
    answers = {"/a": redirect(301, "/b"), "/b": redirect(302, "/c"), "/c": response()}
    assert fetch(by_path(answers), "/a").permanent_url is None


def test_tells_a_detour_from_a_move() -> None:
    answers = {"/a": redirect(301, "/b"), "/b": redirect(307, "/c"), "/c": response()}
    assert fetch(by_path(answers), "/a").is_detour
    assert not fetch(by_path({**answers, "/b": response()}), "/a").is_detour


def test_a_name_and_password_are_told_to_their_own_origin_only_and_shown_to_nobody() -> None:
    heads: list[bytes] = []

    async def run() -> Fetched:
        async with server(elsewhere) as other:

            async def handle(head: bytes, writer: asyncio.StreamWriter) -> None:
                heads.append(head)
                target = "/b" if b"/a " in head else f"{other}/c"
                writer.write(redirect(301, target))

            async with server(handle) as base, Fetcher(settings()) as fetcher:
                return await got(fetcher, base.replace("//", "//u:p%40ss@") + "/a")

    async def elsewhere(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(response())

    fetched = asyncio.run(run())
    told = [b"Authorization: Basic dTpwQHNz\r\n" in head for head in heads]
    assert told == [True, True, False]
    assert "p%40ss" not in fetched.url
    assert fetched.permanent_url is None  # it would not have the name and password


def test_gives_up_after_ten_redirects() -> None:
    with pytest.raises(FetchError, match="more than 10 times"):
        fetch(always(redirect(302, "/again")))


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "gopher://x.example/",
        "http://",
        "http://[",
        "http://a:b/",
        "http://xn--/",  # nothing behind the mark of a name in another alphabet
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
    ],
)
def test_does_not_follow_where_no_feed_can_be(location: str) -> None:
    with pytest.raises(FetchError):
        fetch(always(redirect(302, location)))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.2",
        "localhost",
        "2130706434",
        "0x7f.2",
        "[::1]",
        "[::ffff:127.0.0.2]",
        "user:secret@127.0.0.2",
        "0.0.0.0",
        "[fe80::1]",
        "169.254.169.254",
        "224.0.0.1",
    ],
)
def test_no_redirect_reaches_inside(host: str) -> None:
    with pytest.raises(RefusedError, match="is not public"):
        fetch(
            always(redirect(302, f"http://{host}/")),
            using=settings(allow_networks=LOOPBACK[:0]) if host == "localhost" else settings(),
        )


def test_an_address_of_another_scheme_is_refused() -> None:
    async def run() -> None:
        async with Fetcher(settings()) as fetcher:
            await got(fetcher, "ftp://x.example/")

    with pytest.raises(RefusedError, match="no http or https address"):
        asyncio.run(run())


def test_a_name_that_cannot_be_resolved_is_an_error_with_its_name() -> None:
    async def run() -> None:
        async with Fetcher(settings()) as fetcher:
            await got(fetcher, "http://feed.invalid/")

    with pytest.raises(FetchError, match=r"feed\.invalid: the name cannot be resolved"):
        asyncio.run(run())


def test_a_refused_connection_says_so() -> None:
    async def run() -> None:
        async with server(always(b"")) as base:
            pass
        async with Fetcher(settings()) as fetcher:
            await got(fetcher, base)

    with pytest.raises(FetchError, match=r"refused|failed"):
        asyncio.run(run())


def test_starts_at_one_host_are_a_gap_apart_and_waiting_is_not_the_exchanges_time() -> None:
    starts: list[float] = []

    async def handle(_request: bytes, writer: asyncio.StreamWriter) -> None:
        starts.append(asyncio.get_running_loop().time())
        writer.write(response())

    async def run() -> float:
        slow = settings(host_gap=timedelta(seconds=0.4), timeout=timedelta(seconds=1))
        async with server(handle) as base, Fetcher(slow) as fetcher:
            begun = asyncio.get_running_loop().time()
            await asyncio.gather(*(got(fetcher, base) for _ in range(4)))
        return begun

    begun = asyncio.run(run())
    assert len(starts) == 4
    assert all(start - begun > 0.39 * turn for turn, start in enumerate(starts))


def test_a_stalled_host_delays_no_other() -> None:
    async def run() -> None:
        over = asyncio.Event()

        async def stall(_request: bytes, _writer: asyncio.StreamWriter) -> None:
            await over.wait()

        patience = settings(timeout=timedelta(seconds=60))
        async with (
            server(stall) as bad,
            server(always(response())) as good,
            Fetcher(patience) as fetcher,
        ):
            stalled = [asyncio.create_task(got(fetcher, bad)) for _ in range(300)]
            await asyncio.sleep(0.05)
            await got(fetcher, good)
            assert not any(task.done() for task in stalled)
            for task in stalled:
                task.cancel()
            await asyncio.gather(*stalled, return_exceptions=True)
            over.set()

    asyncio.run(run())


def test_whatever_a_transport_raises_is_a_fetch_error() -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("the line went dead")

    async def run() -> None:
        transport = httpx.MockTransport(broken)
        async with Fetcher(settings(), transport=transport) as fetcher:
            await got(fetcher, "https://bta.example/")

    with pytest.raises(FetchError, match=r"bta\.example: the line went dead"):
        asyncio.run(run())


def test_a_lack_of_descriptors_is_told_as_ours() -> None:
    def short(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("failed") from OSError(errno.EMFILE, "Too many open files")

    async def run() -> None:
        async with Fetcher(settings(), transport=httpx.MockTransport(short)) as fetcher:
            await got(fetcher, "https://bta.example/")

    with pytest.raises(ShortageError, match=r"bta\.example: this computer has no .* `ulimit -n`"):
        asyncio.run(run())


@pytest.mark.parametrize("exhausted", [True, False])
def test_a_name_not_found_for_lack_of_descriptors_is_not_the_names_fault(
    exhausted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_named: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    monkeypatch.setattr(descriptors, "are_exhausted", lambda: exhausted)

    async def run() -> None:
        async with Fetcher(settings()) as fetcher:
            await got(fetcher, "http://bta.example/")

    with pytest.raises(FetchError) as raised:
        asyncio.run(run())
    assert isinstance(raised.value, ShortageError) is exhausted


def test_a_feed_is_asked_under_its_own_name_and_its_pages_too() -> None:
    seen: list[str] = []

    async def handle(request: bytes, writer: asyncio.StreamWriter) -> None:
        lines = request.decode().splitlines()
        seen.extend(line for line in lines if line.lower().startswith("user-agent:"))
        writer.write(response())

    async def at_once(_url: str) -> timedelta:
        return timedelta(0)

    async def run() -> None:
        async with server(handle) as base, Fetcher(settings(user_agent="desk/2")) as fetcher:
            await got(fetcher, base)
            async with fetcher.get(feed(base, user_agent="wire/3"), state(base)):
                pass
            async with fetcher.page(base, gap_at=at_once):
                pass
            async with fetcher.page(base, gap_at=at_once, user_agent="wire/3"):
                pass

    asyncio.run(run())
    names = ["desk/2", "wire/3", "desk/2", "wire/3"]
    assert seen == [f"User-Agent: {name}" for name in names]


def test_a_page_is_asked_as_a_page_after_its_gap_and_never_inside() -> None:
    seen: list[tuple[bytes, float]] = []

    async def handle(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append((request, asyncio.get_running_loop().time()))
        writer.write(response(b"<html>"))

    async def at_once(_url: str) -> timedelta:
        return timedelta(0)

    async def apart(_url: str) -> timedelta:
        return timedelta(seconds=0.2)

    async def never(_url: str) -> None:
        return None

    async def run() -> None:
        async with server(handle) as base, Fetcher(settings()) as fetcher:
            await got(fetcher, base, etag='"1"', full_at=NOW)
            async with fetcher.page(base, gap_at=apart) as page:
                assert page.body == b"<html>"
            with pytest.raises(RefusedError, match="is not public"):
                async with fetcher.page("http://127.0.0.2/", gap_at=at_once):
                    pass
            with pytest.raises(RefusedError, match="robots"):
                async with fetcher.page(base, gap_at=never):
                    pass

    asyncio.run(run())
    (_, first), (request, second) = seen
    assert second - first > 0.15
    assert b"Accept: text/html" in request
    assert b"If-None-Match" not in request
