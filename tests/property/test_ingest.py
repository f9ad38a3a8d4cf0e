"""What holds of any bytes a server may send."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.errors import FetchError, ParseError
from aggregator.ingest import identity
from aggregator.ingest.http.body import decode
from aggregator.ingest.parse.characters import remove_invalid, repair_references
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.dates import EARLIEST_YEAR, LATEST_YEAR, read_date
from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.html import (
    clean_html,
    clean_line,
    clean_url,
    html_to_text,
)
from aggregator.model import Arrival, Feed, Item, ParsedFeed, ParsedItem

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
URL = "https://bta.example/rss"
FEED = Feed(id="bta-bg", url=URL, agency_id="bta")
ACTIVE = re.compile(
    r"<\s*/?(?:script|style|svg|iframe|form|object|embed|base|meta)\b|<[a-z][^<>]*\son\w+\s*=|=\s*\"\s*(?:javascript|data|vbscript):",
    re.IGNORECASE,
)

PIECES = st.sampled_from(
    """<rss version='2.0'>|<channel>|</channel>|</rss>|<item>|</item>|<title>|</title>|<link>|</link>|<guid>|</guid>
    |<description>|</description>|<![CDATA[|]]>|<!--|-->|&|&lt;|&amp;|&#0;|&#xD83D;|&nbsp;|<|>|"|<feed xmlns='http://www.w3.org/2005/Atom'>
    |<entry>|</entry>|<content type='html'>|<content type='xhtml'>|</content>|<pubDate>|</pubDate>|1793613600|<b>|</b>|<p>|<br/>
    |<a href='javascript:alert(1)'>|</a>|<img src=x onerror=alert(1)>|<script>|</script>|<svg>|<style>|<?xml version='1.0'?>
    |<!DOCTYPE rss [<!ENTITY a 'b'>]>|&a;|{"version":"https://jsonfeed.org/version/1.1","items":[|]}|{"id":"1","title":"|"},
    |<urlset>|<url>|<loc>|</loc>|</url>|</urlset>|<html>|новина|Қазақстан|新闻|javascript:alert(1)|//x.example/|\x00|\ufffe|xml:base='//x'"""
    .replace("\n    ", "")
    .split("|")
)  # fmt: skip
MARKUP = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join)
BODIES = st.binary(max_size=300) | st.builds(
    lambda text, charset: text.encode(charset, "replace"),
    MARKUP,
    st.sampled_from(["utf-8", "cp1251", "koi8-r", "utf-16"]),
)
SOUND = MARKUP.map(
    lambda inner: f"<rss version='2.0'><channel><item>{inner}</item></channel></rss>"
)


def read(body: bytes) -> ParsedFeed | None:
    try:
        return parse(body, url=URL, headers={"content-type": "text/xml; charset=koi8-r"})
    except ParseError:
        return None


@given(BODIES | SOUND.map(str.encode))
def test_any_bytes_give_safe_items_or_a_parse_error(body: bytes) -> None:
    feed = read(body)
    for item in feed.items if feed else ():
        assert item.title
        assert "\n" not in item.title
        assert item.link is None or re.match(r"https?://[^/]", item.link)
        assert not ACTIVE.search(item.html), item.html
        texts = (item.guid or "", item.title, item.html, item.text, *item.authors)
        assert all(text == remove_invalid(text) for text in texts)
        for when in (item.published_at, item.updated_at):
            assert when is None or EARLIEST_YEAR <= when.year <= LATEST_YEAR


@given(BODIES)
def test_text_of_any_bytes_can_stand_in_xml(body: bytes) -> None:
    text = remove_invalid(to_text(body))
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert ElementTree.fromstring(f"<a>{escaped}</a>".encode()).text == (text or None)


@given(MARKUP)
def test_references_name_characters_xml_may_hold(text: str) -> None:
    assert repair_references(repair_references(text)) == repair_references(text)
    for code in re.findall(r"&#(\d+);", repair_references(text)):
        assert chr(int(code)) == remove_invalid(chr(int(code)))


@given(MARKUP)
@example("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>")
@example(
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>"
)
@example("<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>")
def test_what_was_cleaned_is_safe_and_stays_as_it_is(markup: str) -> None:
    cleaned = clean_html(markup, base=URL)
    assert not ACTIVE.search(cleaned)
    assert clean_html(cleaned, base=URL) == cleaned
    assert html_to_text(cleaned) == remove_invalid(html_to_text(cleaned))


@given(MARKUP)
def test_a_line_is_one_line_without_tags(markup: str) -> None:
    line = clean_line(markup)
    assert line == " ".join(line.split())
    assert not ACTIVE.search(line)


@given(st.text() | MARKUP)
def test_an_address_is_http_and_stays_as_it_is(address: str) -> None:
    url = clean_url(address, base=URL)
    if url is not None:
        assert re.fullmatch(r"https?://[!-~]+", url)
        assert clean_url(url) == url


@given(
    st.text(max_size=60)
    | st.from_regex(r"\d{1,4}[-. ]\w{1,9}[-. ]\d{2,4} \d\d?:\d\d \w{0,5}[+-]\d{1,4}")
)
def test_any_text_is_a_moment_of_our_time_or_none(text: str) -> None:
    moment = read_date(text)
    assert moment is None or EARLIEST_YEAR <= moment.year <= LATEST_YEAR


@given(
    st.binary(max_size=200),
    st.lists(st.sampled_from(["gzip", "deflate", "br", "identity", ""]), max_size=6),
)
def test_any_coding_gives_bounded_bytes_or_a_fetch_error(raw: bytes, codings: list[str]) -> None:
    try:
        body = decode(raw, ",".join(codings), limit=1000)
    except FetchError:
        return
    assert len(body) <= 1000


WORDS = st.sampled_from(
    ["", "Ферибот", "Ферибот тръгва отново", "Нов вид паяк, описан от учени в Пловдив"]
)
ENTRIES = st.builds(
    ParsedItem,
    guid=st.sampled_from([None, "1", "2", "3"]),
    link=st.sampled_from([None, "https://bta.example/", *(f"https://bta.example/{n}?utm_x={n}" for n in "123")]),
    title=WORDS.filter(bool),
    html=st.just(""),
    text=WORDS,
    published_at=st.sampled_from([None, NOW, NOW - timedelta(days=40), NOW + timedelta(days=4)]),
)  # fmt: skip


class Memory:
    """What the store keeps of a feed's items."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.owners: dict[str, str] = {}
        self.now = NOW

    def poll(self, entries: list[ParsedItem]) -> tuple[Arrival, ...]:
        known = {key: self.items[owner] for key, owner in self.owners.items()}
        identified = [identity.identify(FEED.id, entry) for entry in entries]
        found = identity.arrivals(
            FEED, identified, known, language=None, now=self.now, previous_poll_at=self.now
        )
        for arrival in found:
            self.items[arrival.item.id] = arrival.item
            for key in arrival.keys:
                self.owners.setdefault(key, arrival.item.id)
        self.now += timedelta(minutes=15)
        return found


def _ferry(guid: str | None, published_at: datetime | None) -> ParsedItem:
    words = "Ферибот тръгва отново"
    return ParsedItem(
        guid=guid, link=None, title=words, html="", text=words, published_at=published_at
    )


@given(st.lists(ENTRIES, max_size=6))
@example([_ferry(None, NOW), _ferry("1", NOW), _ferry("2", NOW - timedelta(days=40))])
@example([_ferry(None, NOW), _ferry("1", None), _ferry("1", NOW - timedelta(days=40))])
def test_the_same_body_again_changes_nothing(entries: list[ParsedItem]) -> None:
    memory = Memory()
    first = memory.poll(entries)
    assert len({arrival.item.id for arrival in first}) == len(first)
    assert memory.poll(entries) == ()
    assert memory.poll(entries[::-1]) == ()


REPORTS = st.sampled_from(
    [("Ферибот", "Тръгва отново"), ("Паяк", "Нов вид"), ("Марка", ""), ("Мост", "Мост над река")]
)
OTHERS = st.builds(
    lambda entry, report: replace(entry, title=report[0], text=report[1]), ENTRIES, REPORTS
)


@given(st.lists(st.lists(OTHERS, max_size=4), max_size=4))
def test_no_words_are_lost_whatever_a_feed_does_to_its_keys(bodies: list[list[ParsedItem]]) -> None:
    memory, held = Memory(), set[str]()
    for body in bodies:
        for arrival in memory.poll(body):
            held.add(arrival.item.content_hash)
        for entry in body:
            assert identity.content_hash(entry.title, entry.text) in held
