"""The agencies' server: whole, well-formed, cacheable feeds, which change when news comes."""

import io
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import httpx
import pytest

from aggregator.demo.dispatch import Dispatch, FeedFormat, RssDetail, SampleFeed, Wire
from aggregator.demo.render import render_article, render_feed
from aggregator.demo.samples import load
from aggregator.demo.server import SampleServer
from aggregator.errors import UsageError

STARTED_AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WIRE = load()
XML_FEEDS = [feed for feed in WIRE.feeds if feed.format is not FeedFormat.JSON]
HOSTILE = Dispatch(
    id="x",
    feed_id="bta-en",
    story="x",
    title="<script>alert(1)</script> & co ]]>",
    paragraphs=("<img src=x onerror=alert(1)> & co ]]>",),
    published_at=STARTED_AT,
    updated_at=STARTED_AT,
)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = STARTED_AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SampleServer]:
    with SampleServer(WIRE, clock=clock) as running:
        yield running


@pytest.fixture
def client(server: SampleServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as asking:
        yield asking


def read(body: bytes, **headers: str) -> Any:
    """The body as feedparser reads it, its own sanitiser off: nothing may be mended on the way."""
    return feedparser.parse(  # type: ignore[attr-defined, no-untyped-call]  # has no types
        io.BytesIO(body), response_headers=headers, sanitize_html=False
    )


def held(wire: Wire, feed: SampleFeed) -> tuple[Dispatch, ...]:
    return wire.dispatches(feed, started_at=STARTED_AT, now=STARTED_AT)


@pytest.mark.parametrize("feed", XML_FEEDS, ids=lambda feed: feed.id)
def test_feedparser_reads_every_title_link_and_time(feed: SampleFeed) -> None:
    dispatches = held(WIRE, feed)
    served = render_feed(feed, dispatches, server_url="http://127.0.0.1:1")

    parsed = read(served.body, **{"content-type": served.media_type})

    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == [d.title for d in dispatches]
    assert parsed.entries[0].link == "http://127.0.0.1:1" + feed.article_path(dispatches[0].id)
    assert parsed.entries[0].published_parsed[:6] == dispatches[0].published_at.timetuple()[:6]


@pytest.mark.parametrize(
    ("detail", "has_content", "has_last_paragraph"),
    [
        (RssDetail.CONTENT, True, True),
        (RssDetail.DESCRIPTION, False, True),
        (RssDetail.SUMMARY, False, False),
    ],
)
def test_an_rss_feed_delivers_as_much_as_it_says(
    detail: RssDetail, has_content: bool, has_last_paragraph: bool
) -> None:
    feed = next(
        feed for feed in WIRE.feeds if feed.format is FeedFormat.RSS and feed.detail is detail
    )
    dispatch = next(d for d in held(WIRE, feed) if len(d.paragraphs) > 1)

    body = render_feed(feed, [dispatch], server_url="").body.decode(feed.charset)

    assert ("<content:encoded>" in body) is has_content
    assert (dispatch.paragraphs[-1] in body) is has_last_paragraph


def test_every_format_is_served_and_one_feed_is_not_in_utf_8() -> None:
    assert {feed.format for feed in WIRE.feeds} == set(FeedFormat)
    assert "windows-1251" in {feed.charset for feed in WIRE.feeds}


def test_a_feed_in_another_encoding_arrives_with_its_letters(client: httpx.Client) -> None:
    [belta] = [feed for feed in WIRE.feeds if feed.charset == "windows-1251"]
    answer = client.get(belta.path)
    titles = [title.text for title in ET.fromstring(answer.content).iterfind("channel/item/title")]
    assert answer.headers["content-type"] == "application/rss+xml; charset=windows-1251"
    assert "Книжная ярмарка в Минске соберет издателей из 19 стран" in titles


def test_the_json_feed_says_its_version_and_holds_full_texts(client: httpx.Client) -> None:
    document = client.get("/sta/en.json").json()
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert "Veliko Tarnovo" in json.dumps(document["items"])


@pytest.mark.parametrize("feed", WIRE.feeds, ids=lambda feed: feed.id)
def test_every_feed_says_that_its_news_is_invented(feed: SampleFeed) -> None:
    body = render_feed(feed, held(WIRE, feed), server_url="").body.decode(feed.charset)
    words = {"bg": "измислени", "ru": "вымышлены", "kk": "ойдан шығарылған", "en": "invented"}
    assert words[feed.language] in body


@pytest.mark.parametrize("validator", ["etag", "last-modified"])
def test_an_unchanged_feed_answers_304_without_a_body(client: httpx.Client, validator: str) -> None:
    first = client.get("/bta/bg.xml")
    asked = {"etag": "if-none-match", "last-modified": "if-modified-since"}[validator]

    second = client.get("/bta/bg.xml", headers={asked: first.headers[validator]})

    assert (first.status_code, second.status_code) == (200, 304)
    assert second.content == b""
    assert second.headers["etag"] == first.headers["etag"]


def test_a_new_item_changes_the_etag_and_stands_first(client: httpx.Client, clock: Clock) -> None:
    first = client.get("/focus/bg.xml")
    clock.now = STARTED_AT + timedelta(seconds=15)

    second = client.get("/focus/bg.xml", headers={"if-none-match": first.headers["etag"]})

    assert second.status_code == 200
    newest = read(second.content).entries[0]
    assert newest.title == "Пряк полет между София и Астана може да има от април"


def test_a_revised_item_keeps_its_guid_and_changes_its_text(
    client: httpx.Client, clock: Clock
) -> None:
    def entry() -> Any:
        entries = read(client.get("/bta/bg.xml").content).entries
        return next(e for e in entries if e.id.endswith(":trakiysko-zlato-astana"))

    first = entry()
    clock.now = STARTED_AT + timedelta(seconds=55)
    second = entry()

    assert first.published == second.published
    assert first.content[0].value != second.content[0].value


def test_everything_is_there_at_once_and_nothing_in_the_future(clock: Clock) -> None:
    with (
        SampleServer(WIRE, clock=clock, everything=True) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        entries = read(client.get("/kabar/ru.xml").content).entries
    assert entries[0].title == "Чемпион Азии уступил в финале Гран-при по дзюдо в Ташкенте"
    assert entries[0].published_parsed <= STARTED_AT.timetuple()


def test_an_items_link_leads_to_its_article(client: httpx.Client) -> None:
    link = read(client.get("/uza/kk.xml").content).entries[0].link
    page = client.get(link)
    assert page.status_code == 200
    assert '<html lang="kk">' in page.text
    assert "Ташкент метросының" in page.text


def test_the_page_of_a_report_not_yet_on_the_wire_is_not_found(client: httpx.Client) -> None:
    assert client.get("/focus/bg/polet-sofia-astana").status_code == 404


@pytest.mark.parametrize("feed", WIRE.feeds, ids=lambda feed: feed.id)
def test_markup_in_a_text_stays_text_in_every_feed(feed: SampleFeed) -> None:
    served = render_feed(feed, [HOSTILE], server_url="http://127.0.0.1:1")
    if feed.format is FeedFormat.JSON:
        markup = json.loads(served.body)["items"][0]["content_html"]
    else:
        entry = read(served.body).entries[0]
        assert entry.title == HOSTILE.title
        markup = entry.content[0].value if "content" in entry else entry.summary
    assert "<img" not in markup
    assert "&lt;img" in markup


def test_markup_in_a_text_stays_text_on_the_article_page() -> None:
    page = render_article(WIRE.feeds[1], HOSTILE).body.decode()
    assert "<script" not in page
    assert "<img" not in page


def test_the_root_lists_the_addresses_of_the_feeds(
    client: httpx.Client, server: SampleServer
) -> None:
    assert client.get("/").text.splitlines() == [server.url + feed.path for feed in WIRE.feeds]


def test_a_taken_port_is_told_with_the_mend(clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(UsageError, match="choose another port"),
            SampleServer(WIRE, clock=clock, port=port),
        ):
            pass


def test_after_the_end_nobody_listens(clock: Clock) -> None:
    with SampleServer(WIRE, clock=clock) as server:
        url = server.url
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(url)
