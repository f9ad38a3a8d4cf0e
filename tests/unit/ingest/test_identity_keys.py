"""What an entry is recognised by: its keys, links as they compare, and the hash of its content.

Stores keep keys and hashes: how they are made must never change, so that they are made here again.
"""

from __future__ import annotations

from base64 import b32encode
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from aggregator.ingest import identity
from aggregator.links import normal_link
from aggregator.model import Arrival, Change, Feed, Item, ParsedItem

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LONG = "x" * 40  # with no title, just long enough to tell items apart


def entry(
    guid: str | None = None,
    link: str | None = None,
    text: str = "",
    *,
    title: str = "",
    published_at: datetime | None = None,
) -> ParsedItem:
    return ParsedItem(
        guid=guid, link=link, title=title, html="", text=text, published_at=published_at
    )


def digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:40]


def keys(item: ParsedItem) -> tuple[str, ...]:
    return identity.identify("f", item).keys


def test_keys_are_of_guid_link_and_text_the_strongest_first() -> None:
    both = identity.identify("f", entry("g1", "https://bta.example/1", LONG, title="T"))
    assert both.content_hash == digest(f"T {LONG}")
    assert both.keys == (
        "guid:g1",
        "link:http://bta.example/1",
        f"text:{digest('f', both.content_hash)}",
    )


@pytest.mark.parametrize(
    ("guid", "is_key"),
    [
        ("https://bta.example/", False),
        ("http://bta.example", False),
        ("https://bta.example/?id=1", True),
        ("https://bta.example/#1", True),
        ("https://bta.example/1", True),
        ("bta.example", True),
        ("ftp://bta.example/", True),
        ("https://[", True),
        ("", False),
    ],
)
def test_a_home_page_is_no_key(guid: str, is_key: bool) -> None:
    assert keys(entry(guid)) == ((f"guid:{guid}",) if is_key else ())
    assert bool(keys(entry(link=guid))) is is_key


def test_a_text_is_a_key_when_it_is_long_or_has_a_time_and_no_link() -> None:
    content = digest(LONG)
    plain, timed = digest("f", content), digest("f", content, NOON.isoformat())
    assert keys(entry(text=LONG)) == (f"text:{plain}",)
    assert keys(entry(text=LONG[1:])) == ()
    assert len(keys(entry(text=LONG[5:], title="five!"))) == 1
    assert keys(entry(text=LONG, published_at=NOON)) == (f"text:{timed}", f"text:{plain}")
    linked = entry(link="https://bta.example/1", text=LONG, published_at=NOON)
    assert keys(linked)[1:] == (f"text:{plain}",)
    short = digest("f", digest("x"), NOON.isoformat())
    assert keys(entry(text="x", published_at=NOON)) == (f"text:{short}",)


def test_a_key_of_more_than_200_characters_is_a_digest() -> None:
    assert keys(entry("g" * 200)) == (f"guid:{'g' * 200}",)
    assert keys(entry("g" * 201)) == (f"guid:{digest('g' * 201)}",)


def test_an_item_s_id_is_of_its_feed_and_strongest_key() -> None:
    feed = Feed(id="f", url="https://bta.example/rss", agency_id="bta")
    (arrival,) = identity.arrivals(
        feed,
        [identity.identify("f", entry("g1", text=LONG))],
        {},
        language=None,
        now=NOON,
        previous_poll_at=None,
    )
    expected = b32encode(sha256(b"f\nguid:g1").digest()[:10]).decode().lower()
    assert arrival.item.id == expected


@pytest.mark.parametrize(
    ("link", "normal"),
    [
        ("https://www.bta.example/a/", "http://bta.example/a"),
        ("http://bta.example", "http://bta.example/"),
        ("http://BTA.example:80/a", "http://bta.example/a"),
        ("https://bta.example:443/a", "http://bta.example/a"),
        ("https://bta.example:8080/a", "http://bta.example:8080/a"),
        ("https://bta.example/a;JSESSIONID=4F/b", "http://bta.example/a/b"),
        ("https://bta.example/a?id=1&utm_source=x&b=", "http://bta.example/a?id=1&b="),
        ("https://bta.example/a?PHPSESSID=1&sid=2&rnd=3", "http://bta.example/a"),
        ("https://bta.example/a?sidney=1&rssid=2", "http://bta.example/a?sidney=1&rssid=2"),
        ("https://bta.example/#n5", "http://bta.example/#n5"),
        ("https://bta.example/aX/", "http://bta.example/aX"),
        ("https://[broken", "https://[broken"),
        ("https://bta.example:99999/a", "https://bta.example:99999/a"),
    ],
)
def test_a_link_compares_without_what_sites_vary(link: str, normal: str) -> None:
    assert normal_link(link) == normal


@pytest.mark.parametrize(
    "same",
    [
        "Нова школа\nОт понеделник.",
        "Нова  школа\u00a0 От понеделник. ",
        "Нова школа От понеделник.\n\nПрегледи: 1 024",
        "Нова школа От понеделник.\n\n512 views",
        "Просмотров - 7\nНова школа От понеделник.",
    ],
)
def test_space_and_view_counters_are_no_revision(same: str) -> None:
    assert identity.content_hash("", same) == digest("Нова школа От понеделник.")


def test_content_is_title_and_text_in_one_form_of_unicode() -> None:
    assert identity.content_hash("й", "ё") == identity.content_hash("и\u0306", "е\u0308")
    assert identity.content_hash("a", "b") == digest("a b")
    assert identity.content_hash("", "a 7 views b") == digest("a 7 views b")


def test_keys_that_others_of_the_body_share_tell_nothing_apart() -> None:
    feed = Feed(id="f", url="https://bta.example/rss", agency_id="bta")

    def arrive(known: dict[str, Item], *entries: ParsedItem) -> list[Arrival]:
        identified = [identity.identify("f", each) for each in entries]
        found = identity.arrivals(
            feed, identified, known, language=None, now=NOON, previous_poll_at=None
        )
        return list(found)

    two = arrive({}, entry("g1", title="Bridge"), entry("g1", title="Spider"))
    assert [arrival.keys for arrival in two] == [
        (f"text:{digest('Spider')}",),
        (f"text:{digest('Bridge')}",),
    ]
    alike = arrive({}, entry("g1", text=f"{LONG} a few words"), entry("g1", text=f"{LONG} a few"))
    assert [arrival.change for arrival in alike] == [Change.NEW, Change.NEW]
    (first,) = arrive({}, entry("g1", title="Bridge"))
    (second,) = arrive({"guid:g1": first.item}, entry("g1", title="Spider"))
    link = "https://bta.example/1"
    (other,) = arrive({}, entry(link=link, title="Ferry"))
    held = {"guid:g1": first.item, "link:http://bta.example/1": other.item}
    (third,) = arrive(held, entry("g1", link, title="Spider"))
    for arrival, used in ((second, "guid:g1"), (third, "guid:g1\nlink:http://bta.example/1")):
        strongest = f"f\n{used}\n{digest('Spider')}".encode()
        assert arrival.item.id == b32encode(sha256(strongest).digest()[:10]).decode().lower()


def test_characters_that_have_no_bytes_are_hashed_all_the_same() -> None:
    assert identity.content_hash("", "\ud800") == digest("?")
