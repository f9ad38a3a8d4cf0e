"""Which article pages are asked, how politely, and what becomes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest

from aggregator.errors import FetchError, ParseError, RefusedError
from aggregator.ingest.articles import GAP, MAX_PAGES, Articles
from aggregator.ingest.http.client import Fetcher, GapAt
from aggregator.ingest.parse.article import article_text
from aggregator.ingest.parse.pool import ParserPool
from aggregator.model import Fetched, ParsedItem

LONG = "Кметът на Созопол обяви, че пристанището ще приема кораби и през зимата. " * 4
HTML = {"content-type": "text/html; charset=utf-8"}


def item(number: int = 1, link: str | None = "", text: str = "Кратко.") -> ParsedItem:
    link = f"https://agency.example/{number}" if link == "" else link
    return ParsedItem(guid=str(number), link=link, title="Пристанище", html="", text=text)


@dataclass
class Web:
    """Fetcher and parser in one: pages by address; a page's text is its body.

    A page that has a `location` leads there.
    """

    pages: Mapping[str, Fetched | Exception] = field(default_factory=dict)
    asked: list[tuple[str, timedelta]] = field(default_factory=list)

    @asynccontextmanager
    async def page(self, url: str, *, gap_at: GapAt) -> AsyncIterator[Fetched]:
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
        yield answer

    async def article(self, page: bytes, *, url: str, content_type: str) -> str:
        if not page:
            raise ParseError("the page has no article")
        return page.decode()


def page(body: str = LONG, status: int = 200, headers: Mapping[str, str] | None = None) -> Fetched:
    return Fetched(status=status, url="", body=body.encode(), headers=headers or HTML)


def filled(web: Web, *items: ParsedItem, wanted: bool = True) -> tuple[ParsedItem, ...]:
    articles = Articles(cast(Fetcher, web), cast(ParserPool, web))
    return asyncio.run(articles.with_full_texts(items, [wanted] * len(items)))


def texts(web: Web, *items: ParsedItem) -> list[str]:
    return [each.full_text for each in filled(web, *items)]


ROBOTS = "https://agency.example/robots.txt"
ONE = "https://agency.example/1"


def test_the_article_stands_beside_the_feeds_own_text() -> None:
    web = Web({ONE: page()})
    (got,) = filled(web, item())
    assert (got.text, got.full_text) == ("Кратко.", LONG)
    assert web.asked == [(ROBOTS, timedelta(0)), (ONE, GAP)]


@pytest.mark.parametrize(
    "answer",
    [
        FetchError("the line went dead"),
        page(status=500),
        page(""),
        page("Къс."),
        page(headers={"content-type": "application/pdf"}),
    ],
    ids=["no answer", "an error", "no article", "less than the feed has", "no page"],
)
def test_a_failure_leaves_the_summary(answer: Fetched | Exception) -> None:
    assert filled(Web({ONE: answer}), item()) == (item(),)


@pytest.mark.parametrize(
    ("robots", "is_asked"),
    [
        (page("User-agent: *\nDisallow: /"), False),
        (page("User-agent: aggregator\nDisallow: /\n\nUser-agent: *\nAllow: /"), False),
        (page("User-agent: *\nDisallow: /private"), True),
        (page("", status=404), True),
        (page("", status=503), False),
        (FetchError("refused"), False),
        (page("User-agent: *\nCrawl-delay: 3600"), False),
    ],
    ids=["all", "us", "elsewhere", "no file", "broken", "no answer", "an hour apart"],
)
def test_robots_txt_is_obeyed(robots: Fetched | Exception, is_asked: bool) -> None:
    web = Web({ROBOTS: robots, ONE: page()})
    assert texts(web, item()) == ([LONG] if is_asked else [""])


@pytest.mark.parametrize("target", ["https://agency.example/private/1", "https://other.example/1"])
def test_robots_txt_is_asked_again_where_a_redirect_leads(target: str) -> None:
    pages = {
        ROBOTS: page("User-agent: *\nDisallow: /private/"),
        "https://other.example/robots.txt": page("User-agent: *\nDisallow: /"),
        ONE: page("", status=302, headers={"location": target}),
        target: page(),
    }
    web = Web(pages)
    assert texts(web, item()) == [""]
    assert target not in [url for url, _ in web.asked]
    allowed = {url: each for url, each in pages.items() if not url.endswith("robots.txt")}
    assert texts(Web(allowed), item()) == [LONG]


def test_a_host_that_asks_for_more_time_gets_it_and_is_asked_for_its_rules_once() -> None:
    web = Web({ROBOTS: page("User-agent: *\nCrawl-delay: 25"), ONE: page()})
    filled(web, item(1), item(2))
    assert web.asked == [
        (ROBOTS, timedelta(0)),
        (ONE, timedelta(seconds=25)),
        ("https://agency.example/2", timedelta(seconds=25)),
    ]


def test_only_what_is_wanted_and_has_a_page_is_asked_and_not_too_much_of_it() -> None:
    web = Web()
    filled(web, item(), wanted=False)
    filled(web, item(link=None))
    assert not web.asked
    filled(web, *(item(number) for number in range(MAX_PAGES + 5)))
    assert len(web.asked) == 1 + MAX_PAGES


PAGE = f"""<html><head><title>Т</title></head><body><nav><a href="/">Начало</a> <a href="/w">Време</a></nav>
<article><h1>Пристанището</h1><p>{LONG}</p><p>Втори абзац, {LONG.lower()}</p></article>
<aside>Най-четени новини</aside><footer>Всички права запазени</footer><script>x()</script></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_the_article_is_found_in_its_page(charset: str) -> None:
    text = article_text(PAGE.encode(charset), url=ONE, content_type="text/html")
    assert LONG.strip() in text
    assert "\n\n" in text
    assert "права" not in text
    assert "x()" not in text


@pytest.mark.parametrize("body", [b"", b"\0\1\2", b"<html></html>"])
def test_a_page_without_an_article_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        article_text(body, url=ONE, content_type="text/html")


def test_the_worker_reads_articles_too() -> None:
    async def run() -> str:
        async with ParserPool(workers=2) as pool:
            return await pool.article(PAGE.encode(), url=ONE, content_type="text/html")

    assert LONG.strip() in asyncio.run(run())
