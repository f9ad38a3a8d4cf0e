"""Article pages of feeds that give summaries: read politely, used for matching alone, never waited for in vain."""

from __future__ import annotations

import json

import pytest

from aggregator.model import Page
from aggregator.store.store import Store
from tests.acceptance.harness import Answer, FeedServer, House, get, wait_for

pytestmark = pytest.mark.slow
DEPOT = (
    "The new tram depot in Kostanay took in its first cars on Thursday, the city transport office said. It has "
    "room for 46 trams, two washing lines and a workshop where wheels are turned under the standing car. Work "
    "began in 2023 and cost 18.4 billion tenge, a fifth less than planned, since rails of the old yard were laid "
    "again. Mayor Dina Seitova said that line 5 would run until midnight from December, and that the old depot by "
    "the Tobol river becomes a school for drivers."
)
SUMMARY = "The first cars have moved in, the city transport office said."
WORKS = ["well", "ferry", "mill", "theatre", "market", "bridge", "clinic", "stadium", "museum"]


def entry(feed: str, name: str, title: str, text: str, base: str) -> dict[str, str]:
    link = f"{base}/{feed}/{name}"
    return {"guid": f"{feed}-{name}", "link": link, "title": title, "text": text}


def html(text: str, head: str = "") -> Answer:
    paragraphs = "".join(f"<p>{sentence}.</p>" for sentence in text.rstrip(".").split(". "))
    body = (
        f"<html><head><title>News</title>{head}</head><body><nav><a href='/a'>Home</a></nav>"
        f"<article><h1>Depot</h1>{paragraphs}</article><footer>All rights reserved</footer></body></html>"
    )
    return Answer(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def summaries(house: House, server: FeedServer, *names: str) -> None:
    """A feed with whole texts, and one with summaries of these items, both configured."""
    whole = entry("one", "depot", "Kostanay opens a tram depot", DEPOT, server.url)
    server.put_rss("/one.rss", [whole])
    short = [
        entry("two", name, "Trams move into a new depot", f"{SUMMARY} {name}.", server.url)
        for name in names
    ]
    server.put_rss("/two.rss", short)
    house.write_config({"one": "/one.rss", "two": "/two.rss"}, interval="1s")


def pages(house: House) -> list[Page]:
    store = Store(f"sqlite:///{house.directory}/aggregator.db")
    found = store.latest_pages(house.server.url.removeprefix("http://"), limit=99)
    store.close()
    return found


def asked(server: FeedServer) -> list[str]:
    return [path for path, _ in server.requests if not path.endswith(".rss")]


def test_a_cycle_reads_pages_matches_by_them_and_publishes_none(
    house: House, server: FeedServer
) -> None:
    summaries(house, server, "depot")
    server.answers["/two/depot"] = html(DEPOT.replace("Thursday", "Thursday morning"))

    reports = {feed["id"]: feed for feed in house.json("poll")["feeds"]}

    assert (reports["two-en"]["matched"], reports["two-en"]["waiting"]) == (1, 0)
    (story,) = house.json("stories")["stories"]
    assert len(story["items"]) == 2
    assert asked(server) == ["/robots.txt", "/two/depot"]
    for name in ("merged.rss", "merged.atom", "merged.json"):
        assert "Thursday morning" not in (house.directory / "feeds" / name).read_text("utf-8")
    feeds = {feed["id"]: feed for feed in house.json("feeds", "list")["feeds"]}
    two = feeds["two-en"]
    assert (two["fulltext"], two["median_words"], two["translations"]) == ("auto", 12, True)
    house.run("poll", "--all")
    assert asked(server) == ["/robots.txt", "/two/depot"]


@pytest.mark.parametrize(
    ("robots", "head", "reason", "is_asked"),
    [
        ("User-agent: *\nDisallow: /two/", "", "robots.txt forbids it", False),
        ("User-agent: *\nContent-Signal: search=no\nAllow: /", "", "robots.txt has Content-Signal: search=no", False),
        ("", '<meta name="robots" content="noindex">', 'meta name="robots": noindex', True),
        (
            "",
            f'<script type="application/ld+json">{json.dumps({"isAccessibleForFree": False})}</script>',
            "a paywall (isAccessibleForFree: false)",
            True,
        ),
    ],
    ids=["robots.txt", "signal", "robots tag", "paywall"],
)  # fmt: skip
def test_what_a_site_reserves_is_not_read_and_the_item_is_published(
    house: House, server: FeedServer, robots: str, head: str, reason: str, is_asked: bool
) -> None:
    summaries(house, server, "depot")
    server.answers["/robots.txt"] = Answer(robots.encode(), headers={"Content-Type": "text/plain"})
    server.answers["/two/depot"] = html(DEPOT, head)

    house.json("poll")

    assert len(house.json("stories")["stories"]) == 2
    assert [page.refusal for page in pages(house)] == [reason]
    assert ("/two/depot" in asked(server)) is is_asked


def test_three_pages_that_cannot_be_had_let_all_others_go(house: House, server: FeedServer) -> None:
    summaries(house, server, *WORKS)
    house.start()
    url = house.address()

    wait_for(lambda: all(name in merged(url) for name in WORKS))

    assert len(asked(server)) == 1 + 3
    assert {page.refusal for page in pages(house)} == {"answered 404"}
    assert "waiting=" not in house.log


def test_a_kill_between_poll_and_page_costs_nothing(house: House, server: FeedServer) -> None:
    summaries(house, server, "depot")
    server.answers["/two/depot"] = html(DEPOT)
    server.answers["/two/depot"].delay_seconds = 20
    daemon = house.start()
    wait_for(lambda: "waiting=1" in house.log)
    daemon.kill()
    assert [len(story["items"]) for story in house.json("stories")["stories"]] == [1]
    server.answers["/two/depot"] = html(DEPOT)

    house.start()

    wait_for(lambda: [len(story["items"]) for story in house.json("stories")["stories"]] == [2])
    assert [page.status for page in pages(house)] == [200]


def merged(url: str) -> str:
    return get(f"{url}/merged.json")[2].decode()
