"""Ids and agencies are found for feeds that are known by their address."""

from __future__ import annotations

import pytest

from aggregator.cli.feeds import naming
from aggregator.model import Agency, Feed


@pytest.mark.parametrize(
    ("url", "site", "agency"),
    [
        ("https://www.bta.bg/bg/rss/free", "bta.bg", "bta"),
        ("https://kaz.inform.kz/rss/kz.xml", "inform.kz", "inform"),
        ("https://www.aa.com.tr/en/rss", "aa.com.tr", "aa"),
        ("https://news.agency.co.uk:8080/feed", "agency.co.uk", "agency"),
        ("http://127.0.0.1:8000/bta/bg.xml", "127.0.0.1", "127.0.0.1"),
        ("http://localhost/rss", "localhost", "localhost"),
        ("https://новини.bg/rss", "новини.bg", "agency"),
    ],
)
def test_an_address_gives_site_and_agency(url: str, site: str, agency: str) -> None:
    assert naming.site(url) == site
    assert naming.agency_id(url, ()) == agency


def test_a_taken_id_gets_a_number() -> None:
    assert naming.agency_id("https://bta.bg/", {"bta", "bta-2"}) == "bta-3"
    assert naming.feed_id("bta", "bg", {"bta-bg"}) == "bta-bg-2"
    assert naming.feed_id("bta", None, ()) == "bta"


def test_a_feed_belongs_to_the_only_agency_on_its_site() -> None:
    home = Agency(id="north", name="North", home="https://north.example")
    feeds = [
        Feed(id="one", url="https://feeds.shared.example/1", agency_id="one"),
        Feed(id="two", url="https://feeds.shared.example/2", agency_id="two"),
        Feed(id="bta", url="https://www.bta.bg/bg", agency_id="bta"),
    ]

    assert naming.agency_of("https://en.bta.bg/rss", [home], feeds) == "bta"
    assert naming.agency_of("https://rss.north.example/", [home], feeds) == "north"
    assert naming.agency_of("https://feeds.shared.example/3", [home], feeds) is None
    assert naming.agency_of("https://other.example/", [home], feeds) is None


@pytest.mark.parametrize(
    ("tag", "language"),
    [("bg-BG", "bg"), ("EN_us", "en"), ("kz", "kk"), ("english", None), ("", None), (None, None)],
)
def test_a_declared_language_is_reduced_to_its_code(tag: str | None, language: str | None) -> None:
    assert naming.primary_language(tag) == language
