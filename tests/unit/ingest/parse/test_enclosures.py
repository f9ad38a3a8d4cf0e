"""The files an entry brings come through safe; an entry that has nothing else is called by them."""

from __future__ import annotations

import json

import pytest

from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.enclosures import (
    MAX_ENCLOSURES,
    RawEnclosure,
    clean_enclosures,
    name_without_words,
)
from aggregator.model import Enclosure, LeftOut, ParsedFeed

BASE = "https://radio.example/feeds/main"
SOUND = Enclosure(url="https://radio.example/e7.mp3", media_type="audio/mpeg", length=4096)
STILL = Enclosure(url="https://cdn.example/still.webp", media_type="image/webp")


def read(body: str) -> ParsedFeed:
    return parse(body.encode(), url=BASE, headers={})


def rss(items: str) -> str:
    return (
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>Радио</title>"
        f"{items}</channel></rss>"
    )


def atom(entry: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Радио</title><entry>{entry}</entry></feed>"


def json_feed(*items: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


FILES = {
    "rss": rss(
        "<item><title>Ехо</title><enclosure url='/e7.mp3' type='audio/mpeg' length='4096'/></item>"
    ),
    "rss, media": rss(
        "<item><title>Ехо</title><media:content url='/e7.mp3' type='audio/mpeg' fileSize='4096'/></item>"
    ),
    "rss, both": rss(
        "<item><title>Ехо</title><enclosure url='https://radio.example/e7.mp3' length='0'/>"
        "<media:group><media:content url='/e7.mp3' type='audio/mpeg' fileSize='4096'/>"
        "<media:thumbnail url='/small.jpg'/></media:group></item>"
    ),
    "atom": atom(
        "<title>Ехо</title><id>urn:x:7</id>"
        "<link rel='enclosure' type='audio/mpeg' length='4096' href='/e7.mp3'/>"
    ),
    "json": json_feed(
        {
            "id": "7",
            "title": "Ехо",
            "attachments": [
                {"url": "/e7.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 4096},
                {"size_in_bytes": 1.5},
                "x",
            ],
        }
    ),
}


@pytest.mark.parametrize("body", FILES.values(), ids=FILES)
def test_a_file_is_kept_in_every_format(body: str) -> None:
    (item,) = read(body).items
    assert item.enclosures == (SOUND,)
    assert item.title == "Ехо"


PICTURES = {
    "rss, thumbnail alone": rss(
        "<item><title>Ехо</title><media:thumbnail url='//cdn.example/still.webp'/></item>"
    ),
    "json": json_feed({"id": "7", "title": "Ехо", "image": "https://cdn.example/still.webp"}),
    "json, banner": json_feed(
        {"id": "7", "title": "Ехо", "banner_image": "https://cdn.example/still.webp"}
    ),
    "sitemap": (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9' "
        "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'><url><loc>/7</loc><n:news>"
        "<n:title>Ехо</n:title></n:news><image:image><image:loc>https://cdn.example/still.webp</image:loc>"
        "</image:image></url></urlset>"
    ),
}


@pytest.mark.parametrize("body", PICTURES.values(), ids=PICTURES)
def test_a_picture_is_kept_in_every_format(body: str) -> None:
    (item,) = read(body).items
    assert item.enclosures == (STILL,)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (RawEnclosure(url="javascript:alert(1)"), None),
        (RawEnclosure(url="ftp://radio.example/e7.mp3"), None),
        (RawEnclosure(url=""), None),
        (RawEnclosure(url="/a b.mp3"), ("https://radio.example/a%20b.mp3", "audio/mpeg", None)),
        (RawEnclosure(url="x.MP3", media_type="sound"), ("https://radio.example/feeds/x.MP3", "audio/mpeg", None)),
        (RawEnclosure(url="/x", media_type="Audio/OGG; codecs=opus"), ("https://radio.example/x", "audio/ogg", None)),
        (RawEnclosure(url="/x", media_type='a/b"><script>'), ("https://radio.example/x", "", None)),
        (RawEnclosure(url="/x", length=" 12 "), ("https://radio.example/x", "", 12)),
        (RawEnclosure(url="/x", length="-1"), ("https://radio.example/x", "", None)),
        (RawEnclosure(url="/x", length="12 MB"), ("https://radio.example/x", "", None)),
        (RawEnclosure(url="/x", length="٣"), ("https://radio.example/x", "", None)),
        (RawEnclosure(url="/x", length=True), ("https://radio.example/x", "", None)),
        (RawEnclosure(url="/x", length=1.5), ("https://radio.example/x", "", None)),
        (RawEnclosure(url="/x", length=2**60), ("https://radio.example/x", "", None)),
        (RawEnclosure(url="/x", length="9" * 5000), ("https://radio.example/x", "", None)),
    ],
)  # fmt: skip
def test_addresses_types_and_lengths_are_made_safe(
    raw: RawEnclosure, expected: tuple[str, str, int | None] | None
) -> None:
    found = clean_enclosures([raw], base=BASE)
    assert [(each.url, each.media_type, each.length) for each in found] == [expected] * bool(expected)  # fmt: skip


def test_files_are_kept_once_and_so_many() -> None:
    many = [RawEnclosure(url=f"/{n // 2}.jpg", length=n) for n in range(100)]
    found = clean_enclosures(many, base=BASE)
    assert [each.url for each in found] == [f"https://radio.example/{n}.jpg" for n in range(MAX_ENCLOSURES)]  # fmt: skip
    assert [each.length for each in found[:3]] == [1, 2, 4]


@pytest.mark.parametrize(
    ("html", "link", "files", "name"),
    [
        ("", None, ["https://radio.example/2026/e7.mp3?sid=4"], "e7.mp3"),
        ("", None, ["https://radio.example/%D0%B5%D1%85%D0%BE%207.mp3"], "ехо 7.mp3"),
        ("", "https://radio.example/7", ["https://radio.example/play?id=7"], "radio.example/play?id=7"),
        ('<p><img alt="" src="https://cdn.example/still.webp"></p>', None, [], "still.webp"),
        ('<img src="https://cdn.example/still.webp">', "https://radio.example/7", [], "still.webp"),
        ("", "https://radio.example/2026/11/7", [], "radio.example/2026/11/7"),
        ("", "https://radio.example/7.html", [], "radio.example/7.html"),
        ("<hr>", None, [], ""),
    ],
)  # fmt: skip
def test_what_says_nothing_is_called_by_its_file_or_address(
    html: str, link: str | None, files: list[str], name: str
) -> None:
    enclosures = [Enclosure(url=url) for url in files]
    assert name_without_words(enclosures, html, link) == name


WORDLESS = {
    "rss, a link": (rss("<item><link>/7</link><title> </title></item>"), "radio.example/7"),
    "rss, a file": (rss("<item><enclosure url='/e7.mp3'/></item>"), "e7.mp3"),
    "rss, a picture in the body": (
        rss("<item><description>&lt;img src='/p.jpg'&gt;</description></item>"),
        "p.jpg",
    ),
    "atom, a link": (atom("<id>urn:x:7</id><title/><link href='/7'/>"), "radio.example/7"),
    "json, a link": (json_feed({"id": "7", "url": "/7"}), "radio.example/7"),
    "json, a file": (json_feed({"id": "7", "attachments": [{"url": "/e7.mp3"}]}), "e7.mp3"),
    "sitemap": (
        (
            "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/7</loc><n:news>"
            "<n:publication_date>2026-11-02</n:publication_date><n:title/></n:news></url></urlset>"
        ),
        "radio.example/7",
    ),
}


@pytest.mark.parametrize(("body", "title"), WORDLESS.values(), ids=WORDLESS)
def test_an_entry_without_words_is_kept_with_what_it_has(body: str, title: str) -> None:
    feed = read(body)
    assert [(item.title, item.text) for item in feed.items] == [(title, "")]
    assert feed.left_out == LeftOut()


@pytest.mark.parametrize(
    "body",
    [
        rss("<item><guid isPermaLink='false'>7</guid></item><item><title>А</title></item>"),
        rss("<item><title> </title><description>&lt;hr&gt;</description></item><item><title>А</title></item>"),
        json_feed({"id": "7"}, {"id": "8", "title": "А"}),
    ],
)  # fmt: skip
def test_an_entry_with_nothing_is_counted(body: str) -> None:
    feed = read(body)
    assert [item.title for item in feed.items] == ["А"]
    assert feed.left_out == LeftOut(empty=1)
