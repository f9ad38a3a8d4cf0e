"""How politely an article's page is asked, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from aggregator.errors import FetchError, ParseError, RefusedError, TooLargeError
from aggregator.ingest.articles import Articles, host_of, is_of_the_host
from aggregator.ingest.http.client import NO_HEADERS, Fetcher, GapAt
from aggregator.ingest.parse.article import article_text
from aggregator.ingest.parse.pool import ParserPool
from aggregator.model import Fetched, Page

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
GAP = timedelta(seconds=5)  # between polls
LONG = "Кметът на Созопол обяви, че пристанището ще приема кораби и през зимата. " * 4
HTML = {"content-type": "text/html; charset=utf-8"}
ROBOTS = "https://agency.example/robots.txt"
ONE = "https://agency.example/1"


@dataclass
class Web:
    """Fetcher and parser in one: pages by address; a page's text is its body.

    A page that has a `location` leads there.
    """

    pages: Mapping[str, Fetched | Exception] = field(default_factory=dict)
    asked: list[tuple[str, timedelta]] = field(default_factory=list)
    sent: list[Mapping[bytes, bytes]] = field(default_factory=list)

    @asynccontextmanager
    async def page(
        self,
        url: str,
        *,
        gap_at: GapAt,
        user_agent: str = "",
        headers: Mapping[bytes, bytes] = NO_HEADERS,
    ) -> AsyncIterator[Fetched]:
        self.sent.append(headers)
        answer: Fetched | Exception = Fetched(status=302, url="", headers={"location": url})
        while isinstance(answer, Fetched) and "location" in answer.headers:
            url = answer.headers["location"]
            gap = await gap_at(url)
            if gap is None:
                raise RefusedError("robots.txt")
            self.asked.append((url, gap))
            answer = self.pages.get(url, Fetched(status=404, url=url))
        if isinstance(answer, Exception):
            raise answer
        yield Fetched(status=answer.status, url=url, body=answer.body, headers=answer.headers)

    async def article(self, page: bytes, *, url: str, content_type: str) -> str:
        if not page:
            raise ParseError("the page has no article")
        return page.decode()


def page(body: str = LONG, status: int = 200, **headers: str) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(status=status, url="", body=body.encode(), headers=HTML | named)


def read(web: Web, *urls: str, kept: Page | None = None) -> list[Page]:
    """The pages at these addresses, asked one after the other."""

    async def run() -> list[Page]:
        articles = Articles(cast(Fetcher, web), cast(ParserPool, web), gap=GAP)
        return [await articles.read(url, kept=kept, now=NOW) for url in urls or (ONE,)]

    return asyncio.run(run())


def refusal(web: Web) -> str:
    (got,) = read(web)
    assert got.text == ""
    return got.refusal or ""


def test_a_page_has_its_text_and_validators_and_comes_after_twice_the_gap() -> None:
    web = Web({ONE: page(etag='"a"', last_modified="Wed, 04 Nov 2026 10:00:00 GMT")})
    (got,) = read(web)
    assert (got.text, got.refusal, got.status, got.host) == (LONG, None, 200, "agency.example")
    assert (got.etag, got.last_modified) == ('"a"', "Wed, 04 Nov 2026 10:00:00 GMT")
    assert (got.url, got.asked_at) == (ONE, NOW)
    assert web.asked == [(ROBOTS, timedelta(0)), (ONE, 2 * GAP)]
    assert web.sent[0] == {}


@pytest.mark.parametrize(
    ("answer", "reason", "of_the_host"),
    [
        (FetchError("agency.example: the line went dead"), "no answer: agency.example:", True),
        (RefusedError("10.0.0.7 is not public"), "no answer: 10.0.0.7", True),
        (TooLargeError("the body has 9 bytes"), "the body has 9 bytes", False),
        (page(status=500), "answered 500", False),
        (page(status=401), "answered 401", False),
        (page(status=402), "answered 402", False),
        (page(status=403), "answered 403", False),
        (page(status=404), "answered 404", False),
        (page(status=451), "answered 451", False),
        (page(status=429), "the site is closed to us: it answered 429", True),
        (page(status=503), "the site is closed to us: it answered 503", True),
        (page(""), "the page has no article", False),
        (page(content_type="application/pdf"), "is no web page (application/pdf)", False),
        (page(content_type="image/jpeg; q=1"), "is no web page (image/jpeg)", False),
        (page(status=302, location="https://agency.example/"), "leads to the home page", False),
        (page(content_signal="search=yes, ai-input=no"), "Content-Signal: ai-input=no", False),
        (page(content_signal="Search = NO"), "Content-Signal: search=no", False),
        (page(x_robots_tag="noarchive, noindex"), "X-Robots-Tag: noindex", False),
        (page(x_robots_tag="otherbot: index\naggregator: none"), "X-Robots-Tag: none", False),
        (page(tdm_reservation="1"), "TDM-Reservation: 1", False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_page_without_text_says_why(
    answer: Fetched | Exception, reason: str, of_the_host: bool
) -> None:
    (got,) = read(Web({ONE: answer, "https://agency.example/": page()}))
    assert got.text == ""
    assert (got.refusal or "").startswith(reason)
    assert is_of_the_host(got) is of_the_host


@pytest.mark.parametrize(
    "headers",
    [
        {"content_signal": "search=yes, ai-train=no"},
        {"content_signal": "ai-train=no"},
        {"x_robots_tag": "noarchive, nosnippet, max-snippet: 20"},
        {"x_robots_tag": "otherbot: noindex, nofollow"},
        {"x_robots_tag": "unavailable_after: 25 Jun 2030 15:00:00 PST"},
        {"tdm_reservation": "0"},
        {"content_type": "application/xhtml+xml"},
        {"content_type": "text/plain"},
    ],
)
def test_what_reserves_nothing_of_our_use_keeps_no_text_from_us(headers: dict[str, str]) -> None:
    (got,) = read(Web({ONE: page(LONG, 200, **headers)}))
    assert (got.text, got.refusal) == (LONG, None)


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        (page("User-agent: *\nDisallow: /"), "the site is closed to us: robots.txt forbids it"),
        (
            page("User-agent: aggregator\nDisallow: /\n\nUser-agent: *\nAllow: /"),
            "the site is closed to us: robots.txt forbids it",
        ),
        (page("User-agent: *\nDisallow: /1"), "robots.txt forbids it"),
        (page("User-agent: *\nDisallow: /private"), ""),
        (page("", status=404), ""),
        (page("", status=503), "the site is closed to us: its robots.txt answered 503"),
        (page("", status=429), "the site is closed to us: its robots.txt answered 429"),
        (FetchError("refused"), "no answer: refused"),
        (page("User-agent: *\nCrawl-delay: 3600"), "the site is closed to us: its Crawl-delay"),
        (
            page("User-agent: *\nContent-Signal: search=yes, ai-input=no, ai-train=no\nAllow: /"),
            "robots.txt has Content-Signal: ai-input=no",
        ),
        (page("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /"), ""),
        (page("User-agent: *\ncontent-signal: search=no"), "robots.txt has Content-Signal: search"),
        (page("User-agent: other\nContent-Signal: search=no"), ""),
        (page("User-agent: *\nContent-Signal: /2 search=no"), ""),
        (
            page("User-agent: *\nContent-Signal: search=yes\nContent-Signal: /1 search=no"),
            "robots.txt has Content-Signal: search=no",
        ),
        (page("User-agent: *\nContent-Signal: ai-input=no\nContent-Signal: /1 ai-input=yes"), ""),
        (
            page("User-agent: *\nContent-Signal: search=no\nContent-Signal: search=yes"),
            "robots.txt has Content-Signal: search=no",
        ),
    ],
)
def test_robots_txt_is_obeyed(robots: Fetched | Exception, reason: str) -> None:
    web = Web({ROBOTS: robots, ONE: page()})
    (got,) = read(web)
    assert got.text == ("" if reason else LONG)
    assert (got.refusal or "").startswith(reason)
    assert (ONE in [url for url, _ in web.asked]) is not bool(reason)
    assert is_of_the_host(got) is reason.startswith(("the site is closed", "no answer"))


@pytest.mark.parametrize("target", ["https://agency.example/private/1", "https://other.example/1"])
def test_robots_txt_is_asked_again_where_a_redirect_leads(target: str) -> None:
    pages = {
        ROBOTS: page("User-agent: *\nDisallow: /private/"),
        "https://other.example/robots.txt": page("User-agent: *\nDisallow: /"),
        ONE: page("", status=302, location=target),
        target: page(),
    }
    web = Web(pages)
    (got,) = read(web)
    assert got.text == ""
    assert "robots.txt forbids it" in (got.refusal or "")
    assert not is_of_the_host(got)
    assert target not in [url for url, _ in web.asked]
    allowed = {url: each for url, each in pages.items() if not url.endswith("robots.txt")}
    assert read(Web(allowed))[0].text == LONG


def test_a_host_that_asks_for_more_time_gets_it_and_is_asked_for_its_rules_once() -> None:
    web = Web({ROBOTS: page("User-agent: *\nCrawl-delay: 25"), ONE: page()})
    two = "https://agency.example/2"
    read(web, ONE, two)
    delay = timedelta(seconds=25)
    assert web.asked == [(ROBOTS, timedelta(0)), (ONE, delay), (two, delay)]


def test_a_host_rests_between_two_pages_and_its_www_is_the_same_host() -> None:
    async def run() -> tuple[float, float]:
        articles = Articles(cast(Fetcher, web := Web()), cast(ParserPool, web), gap=GAP)
        before = articles.seconds_until_ready("agency.example")
        await articles.read("https://www.agency.example/1", kept=None, now=NOW)
        return before, articles.seconds_until_ready("agency.example")

    before, after = asyncio.run(run())
    assert before == 0
    assert 0 < after <= 10


KEPT = Page(
    key="1",
    url=ONE,
    host="agency.example",
    asked_at=NOW - timedelta(hours=3),
    status=200,
    etag='W/"a"',
    last_modified="Wed, 04 Nov 2026 10:00:00 GMT",
    text="What we had.",
)


def test_a_page_asked_before_is_asked_conditionally_and_304_keeps_its_text() -> None:
    web = Web({ONE: Fetched(status=304, url=ONE, headers={"etag": '"b"'})})
    (got,) = read(web, kept=KEPT)
    assert web.sent[0] == {
        b"If-None-Match": b'W/"a"',
        b"If-Modified-Since": b"Wed, 04 Nov 2026 10:00:00 GMT",
    }
    assert (got.text, got.status, got.etag) == ("What we had.", 304, '"b"')
    assert got.last_modified == KEPT.last_modified
    assert got.asked_at == NOW


def test_a_changed_page_has_its_new_text() -> None:
    (got,) = read(Web({ONE: page(etag='"c"')}), kept=KEPT)
    assert (got.text, got.etag, got.last_modified) == (LONG, '"c"', None)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://WWW.Agency.example/1", "agency.example"),
        ("http://agency.example:8080/1", "agency.example:8080"),
        ("https://user:word@agency.example/1", "agency.example"),
        ("https://news.agency.example/", "news.agency.example"),
        ("https://[agency", "https://[agency"),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


PAGE = f"""<html><head><title>Т</title></head><body><nav><a href="/">Начало</a> <a href="/w">Време</a></nav>
<article><h1>Пристанището</h1><p>{LONG}</p><p>Втори абзац, {LONG.lower()}</p>{{tail}}</article>
<aside>Най-четени новини</aside><footer>Всички права запазени</footer><script>x()</script></body></html>"""


def text_of(markup: str, charset: str = "utf-8") -> str:
    return article_text(markup.encode(charset), url=ONE, content_type="text/html")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_the_article_is_found_in_its_page(charset: str) -> None:
    text = text_of(PAGE.format(tail=""), charset)
    assert LONG.strip() in text
    assert "\n\n" in text
    assert "права" not in text
    assert "x()" not in text


@pytest.mark.parametrize(
    ("tail", "is_kept"),
    [
        ("<p>/БТА/</p>", True),
        ("<p>Източник: Казинформ</p>", True),
        ('<div class="article-source">Източник: <a href="https://k.example">Казинформ</a></div>', True),
        ('<div class="author">Казинформ</div>', True),
        ('<span itemprop="sourceOrganization">Казинформ</span>', True),
        ('<div class="credit-line"><b>Казинформ</b></div>', True),
        ('<figure><img src="1.jpg"><figcaption class="credit">Снимка: Казинформ</figcaption></figure>', False),
        ('<aside class="source">Казинформ</aside>', False),
    ],
)  # fmt: skip
def test_the_line_that_names_the_source_is_a_part_of_the_text(tail: str, is_kept: bool) -> None:
    text = text_of(PAGE.format(tail=tail))
    last = text.splitlines()[-1]
    assert ("Казинформ" in last or "БТА" in last) is is_kept
    assert ("Казинформ" in text or "БТА" in text) is is_kept


@pytest.mark.parametrize("body", [b"", b"\0\1\2", b"<html></html>"])
def test_a_page_without_an_article_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        article_text(body, url=ONE, content_type="text/html")


def test_the_worker_reads_articles_and_says_why_it_does_not() -> None:
    paid = PAGE.format(tail='<div class="paywall">Абонирайте се</div>')

    async def run() -> str:
        async with ParserPool(workers=2) as pool:
            with pytest.raises(ParseError, match="paywall"):
                await pool.article(paid.encode(), url=ONE, content_type="text/html")
            return await pool.article(PAGE.encode(), url=ONE, content_type="text/html")

    assert LONG.strip() in asyncio.run(run())
