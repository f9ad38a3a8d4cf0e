"""Cookies within one GET."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from aggregator.errors import FetchError
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.http.cookies import Cookies
from tests.unit.ingest.http.test_client import BODY, got, response, server, settings

SITE = "https://wire.example/news/feed"


def sent(*lines: str, to: str = SITE, after: str = SITE) -> str:
    """The header for `to`, of the same server, after `after` set cookies."""
    cookies = Cookies()
    cookies.keep(lines, url=after, host="wire.example")
    return cookies.header(url=to, host="wire.example")


@pytest.mark.parametrize(
    ("line", "to", "expected"),
    [
        ("pass=1", SITE, "pass=1"),
        ("pass=1; Path=/; HttpOnly; SameSite=Lax", "https://wire.example/", "pass=1"),
        ("pass=1; Secure", SITE, "pass=1"),
        ("pass=1; Secure", "http://wire.example/news/feed", ""),
        ("pass=1; Path=/news", "https://wire.example/news/2", "pass=1"),
        ("pass=1; Path=/shop", SITE, ""),
        ("pass=1; Max-Age=600", SITE, "pass=1"),
        ("pass=1; Max-Age=0", SITE, ""),
        ("pass=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", SITE, ""),
        ("pass=1; Domain=wire.example", SITE, "pass=1"),
        ("pass=1; Domain=.wire.example", SITE, "pass=1"),
        ("pass=1; Domain=other.example", SITE, ""),
        ("pass=1; Domain=example", SITE, ""),
        ("", SITE, ""),
        ("=;;;", SITE, ""),
        ("pass=" + "x" * 4096, SITE, ""),
    ],
)
def test_a_cookie_is_sent_where_it_fits(line: str, to: str, expected: str) -> None:
    assert sent(line, to=to) == expected


def test_a_later_value_takes_the_place_of_a_former_one() -> None:
    assert sent("step=1; Path=/", "step=2; Path=/", "lang=bg; Path=/").split("; ") == [
        "step=2",
        "lang=bg",
    ]


def test_cookies_beyond_what_a_server_takes_are_not_sent() -> None:
    assert len(sent(*(f"c{number}=1" for number in range(60))).split("; ")) == 50
    assert sent(*(f"c{number}={'x' * 4000}" for number in range(3))) == ""


@pytest.mark.parametrize("host", ["other.example", "www.wire.example", "wire.example:8080"])
def test_no_other_host_sees_a_cookie_whatever_domain_it_names(host: str) -> None:
    cookies = Cookies()
    cookies.keep(["pass=1; Path=/; Domain=wire.example"], url=SITE, host="wire.example")
    assert cookies.header(url=f"https://{host}/news/feed", host=host) == ""


@asynccontextmanager
async def gate(heads: list[bytes]) -> AsyncIterator[str]:
    """A server that sends everybody without its cookie round in a circle."""

    async def handle(request: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(request)
        if b"cookie: pass=1" in request.lower():
            writer.write(response())
        else:
            path = request.split(b" ")[1].decode()
            moved = (f"Location: {path}", "Set-Cookie: pass=1; Path=/", "Set-Cookie: x=\xe9")
            writer.write(response(b"", *moved, status="302 Found"))

    async with server(handle) as base:
        yield base


def test_a_redirect_to_itself_with_a_cookie_gives_the_feed_and_is_forgotten() -> None:
    heads: list[bytes] = []

    async def run() -> None:
        async with gate(heads) as base, Fetcher(settings()) as fetcher:
            for _ in range(2):
                fetched = await got(fetcher, f"{base}/feed")
                assert (fetched.status, fetched.body) == (200, BODY)
                assert fetched.permanent_url is None

    asyncio.run(run())
    assert [b"cookie:" in head.lower() for head in heads] == [False, True, False, True]
    assert b"Cookie: pass=1; x=\xe9\r\n" in heads[1]


def test_a_cookie_stays_behind_when_a_redirect_leads_elsewhere() -> None:
    heads: list[bytes] = []

    async def there(request: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(request)
        writer.write(response())

    async def run() -> None:
        async with server(there) as other:

            async def here(_request: bytes, writer: asyncio.StreamWriter) -> None:
                moved = (f"Location: {other}/", "Set-Cookie: secret=1; Domain=127.0.0.1; Path=/")
                writer.write(response(b"", *moved, status="302 Found"))

            async with server(here) as base, Fetcher(settings()) as fetcher:
                assert (await got(fetcher, base)).body == BODY

    asyncio.run(run())
    assert len(heads) == 1
    assert b"secret" not in heads[0]


def test_a_circle_that_no_cookie_ends_is_left() -> None:
    heads: list[bytes] = []

    async def handle(request: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(request)
        moved = ("Location: /", f"Set-Cookie: step={len(heads)}")
        writer.write(response(b"", *moved, status="302 Found"))

    async def run() -> None:
        async with server(handle) as base, Fetcher(settings()) as fetcher:
            await got(fetcher, base)

    with pytest.raises(FetchError, match="redirected more than 10 times"):
        asyncio.run(run())
    assert len(heads) == 11
