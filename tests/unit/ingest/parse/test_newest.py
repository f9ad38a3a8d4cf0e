"""Of a body with too many entries the newest are read, in every format, and the others are counted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from aggregator.ingest.parse import newest as newest_module
from aggregator.ingest.parse import repair
from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.newest import date_in, newest
from aggregator.model import LeftOut, ParsedFeed

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
MAX_ITEMS = 60  # here: three thousand take feedparser a second
TOO_MANY = MAX_ITEMS + 5
Dated = tuple[int, datetime | None]


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (newest_module, repair):
        monkeypatch.setattr(module, "MAX_ITEMS", MAX_ITEMS)


def read(body: str) -> ParsedFeed:
    return parse(body.encode(), url="https://radio.example/feed", headers={})


def rss(entries: Sequence[Dated]) -> str:
    def item(number: int, at: datetime | None) -> str:
        date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
        return f"<item><title>{number}</title><guid>g{number}</guid>{date}</item>"

    items = "".join(item(*entry) for entry in entries)
    return f"<rss version='2.0'><channel><title>Радио</title>{items}</channel></rss>"


def atom(entries: Sequence[Dated]) -> str:
    def entry(number: int, at: datetime | None) -> str:
        date = f"<updated>{at.isoformat()}</updated>" if at else ""
        return f"<a:entry><a:title>{number}</a:title><a:id>urn:x:{number}</a:id>{date.replace('updated', 'a:updated')}</a:entry>"

    body = "".join(entry(*each) for each in entries)
    return f"<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:title>Радио</a:title>{body}</a:feed>"


def rdf(entries: Sequence[Dated]) -> str:
    def item(number: int, at: datetime | None) -> str:
        date = f"<dc:date>{at.isoformat()}</dc:date>" if at else ""
        return (
            f"<item rdf:about='https://radio.example/{number}'><title>{number}</title>{date}</item>"
        )

    items = "".join(item(*entry) for entry in entries)
    return (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        f"xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Радио</title></channel>{items}</rdf:RDF>"
    )


def json_feed(entries: Sequence[Dated]) -> str:
    items = [
        {"id": str(number), "title": str(number)}
        | ({"date_published": at.isoformat()} if at else {})
        for number, at in entries
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


def sitemap(entries: Sequence[Dated]) -> str:
    def url(number: int, at: datetime | None) -> str:
        date = f"<n:publication_date>{at.isoformat()}</n:publication_date>" if at else ""
        return f"<url><loc>https://radio.example/{number}</loc><n:news><n:title>{number}</n:title>{date}</n:news></url>"

    urls = "".join(url(*entry) for entry in entries)
    return (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        f"xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{urls}</urlset>"
    )


def broken(entries: Sequence[Dated]) -> str:
    """Not well-formed, and cut in an item that nobody dated."""
    return rss(entries).replace("</channel></rss>", "</b><item><title>half")


FORMATS = {
    "rss": rss, "atom": atom, "rdf": rdf, "json": json_feed, "sitemap": sitemap, "broken": broken,
}  # fmt: skip
ORDERS: dict[str, Callable[[list[Dated]], list[Dated]]] = {
    "newest first": lambda entries: entries[::-1],
    "oldest first": lambda entries: entries,
    "shuffled": lambda entries: random.Random(7).sample(entries, len(entries)),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("name", FORMATS)
def test_the_newest_are_kept_in_their_order(
    name: str, order: Callable[[list[Dated]], list[Dated]]
) -> None:
    entries = order(
        [(number, START + number * timedelta(minutes=40)) for number in range(TOO_MANY)]
    )
    feed = read(FORMATS[name](entries))
    titles = [int(item.title) for item in feed.items]
    assert titles == [number for number, _ in entries if number >= TOO_MANY - MAX_ITEMS]
    assert feed.left_out == LeftOut(over_limit=TOO_MANY - MAX_ITEMS, broken=name == "broken")
    assert bool(feed.problems) is (name == "broken")


@pytest.mark.parametrize("name", FORMATS)
def test_without_dates_the_first_are_kept(name: str) -> None:
    feed = read(FORMATS[name]([(number, None) for number in range(TOO_MANY)]))
    assert [int(item.title) for item in feed.items] == list(range(MAX_ITEMS))
    assert feed.left_out.over_limit == TOO_MANY - MAX_ITEMS


@pytest.mark.parametrize("name", FORMATS)
def test_as_many_as_are_read_are_all_kept(name: str) -> None:
    entries = [(number, START + number * timedelta(hours=1)) for number in range(MAX_ITEMS)]
    feed = read(FORMATS[name](entries))
    assert len(feed.items) == MAX_ITEMS
    assert feed.left_out.over_limit == 0


def test_an_entry_without_a_date_goes_by_the_one_before_it() -> None:
    def date_of(number: int) -> datetime | None:
        return None if number % 2 else START + number * timedelta(hours=1)

    kept = newest(range(MAX_ITEMS + 2), date_of)
    assert list(kept) == list(range(2, MAX_ITEMS + 2))


def test_dates_of_a_body_without_measure_are_looked_at_from_both_ends() -> None:
    looked_at = []

    def date_of(number: int) -> datetime:
        looked_at.append(number)
        return START + number * timedelta(minutes=1)

    kept = newest(range(200_000), date_of)
    assert list(kept) == list(range(200_000 - MAX_ITEMS, 200_000))
    assert len(looked_at) < 40_000


@pytest.mark.parametrize(
    ("markup", "hour"),
    [
        ("<pubDate>Mon, 05 Jan 2026 07:00:00 GMT</pubDate>", 7),
        ("<pubdate> <![CDATA[ Mon, 05 Jan 2026 07:00:00 GMT ]]></pubdate>", 7),
        ("<rss:pubDate xml:lang='en'>5 Jan 2026 07:00 GMT</rss:pubDate>", 7),
        ("<dc:date>2026-01-05T07:00:00Z</dc:date>", 7),
        ("<dcterms:created>2026-01-05T07:00:00Z</dcterms:created>", 7),
        ("<updated>2026-01-05T09:00:00Z</updated><published>2026-01-05T07:00:00Z</published>", 7),
        ("<updated>2026-01-05T09:00:00Z</updated>", 9),
        ("<dcterms:modified>2026-01-05T09:00:00Z</dcterms:modified>", 9),
        ("<pubDate>2026年1月5日 07:00</pubDate>", 7),
        ("<pubDate>утре</pubDate>", None),
        ("<pubDate></pubDate><title>2026-01-05</title>", None),
        ("<update>2026-01-05T09:00:00Z</update>", None),
    ],
)
def test_when_an_entry_says_it_was_published(markup: str, hour: int | None) -> None:
    at = date_in(f"<item><title>x</title>{markup}</item>")
    assert at == (START.replace(hour=hour) if hour else None)


def test_an_item_that_speaks_of_items_is_cut_out_whole() -> None:
    old = "<item><title>0</title><description><![CDATA[<item>as code</item>]]></description><pubDate>Mon, 05 Jan 2015 07:00:00 GMT</pubDate></item>"
    entries = [(number, START + number * timedelta(hours=1)) for number in range(1, MAX_ITEMS + 1)]
    body = rss(entries).replace("<title>Радио</title>", f"<title>Радио</title>{old}")
    feed = read(body)
    assert [int(item.title) for item in feed.items] == list(range(1, MAX_ITEMS + 1))
    assert feed.left_out == LeftOut(over_limit=1)
