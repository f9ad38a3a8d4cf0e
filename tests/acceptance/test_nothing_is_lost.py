"""kill -9 at any moment, start again: every item a server delivered whole is in exactly one story."""

from __future__ import annotations

import json
import random
import threading
import time
from functools import partial
from xml.etree import ElementTree

import pytest

from tests.acceptance.harness import FeedServer, House, wait_for

KILLS = 20
FEEDS = 6
TOWNS = ["Varna", "Almaty", "Plovdiv", "Astana", "Burgas", "Shymkent", "Ruse", "Karaganda"]
WORKS = ["a bridge", "a school", "a clinic", "a railway depot", "a library", "a water main"]


def sample_item(feed: str, number: int) -> dict[str, str]:
    """A report with words of its own, so that no two are copies."""
    choose = random.Random(f"{feed} {number}")
    words = " ".join(f"{choose.choice(TOWNS)} {choose.randrange(10**6)}" for _ in range(30))
    town, work = choose.choice(TOWNS), choose.choice(WORKS)
    return {
        "guid": f"{feed}-{number}",
        "link": f"https://{feed}.example/{number}",
        "title": f"{town} opens {work} number {number} of {feed}",
        "text": f"The mayor of {town} opened {work}. Figures by district: {words}.",
    }


def asked_again(server: FeedServer, before: int) -> bool:
    """Whether the server was asked since it had counted `before` requests."""
    return len(server.requests) > before


class Wire:
    """Feeds that keep growing while the daemon is killed."""

    def __init__(self, server: FeedServer) -> None:
        self.server = server
        self.items: dict[str, list[dict[str, str]]] = {f"f{n}": [] for n in range(FEEDS)}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._grow, daemon=True)
        for feed in self.items:
            self._add(feed)

    def _add(self, feed: str) -> None:
        items = self.items[feed]
        items.append(sample_item(feed, len(items)))
        self.server.put_rss(f"/{feed}", items)

    def _grow(self) -> None:
        """As fast as it is asked, so that a slow machine has no more to read than a fast one."""
        choose, asked = random.Random(7), 0
        while not self._ended.wait(0.1):
            if asked_again(self.server, asked):
                asked = len(self.server.requests)
                self._add(choose.choice(list(self.items)))

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()


def outputs_are_whole(house: House) -> bool:
    feeds = house.directory / "feeds"
    if (rss := feeds / "merged.rss").exists():
        ElementTree.parse(rss)
    if (atom := feeds / "merged.atom").exists():
        ElementTree.parse(atom)
    if (feed := feeds / "merged.json").exists():
        json.loads(feed.read_text("utf-8"))
    return True


@pytest.mark.slow
def test_twenty_kills_lose_nothing_and_double_nothing(house: House, server: FeedServer) -> None:
    wire = Wire(server)
    house.write_config({name: f"/{name}" for name in wire.items})
    wire.start()
    moments = random.Random(20)
    for _ in range(KILLS):
        asked = len(server.requests)
        daemon = house.start()
        wait_for(partial(asked_again, server, asked))
        time.sleep(moments.uniform(0, 0.6))
        daemon.kill()
        assert outputs_are_whole(house)
    wire.end()

    done = house.run("poll", "--all")

    assert done.returncode == 0, done.stderr
    stories = house.json("stories")["stories"]
    found = [item["link"] for story in stories for item in story["items"]]
    sent = [item["link"] for items in wire.items.values() for item in items]
    assert sorted(found) == sorted(sent)
    assert house.run("check").returncode == 0
    assert outputs_are_whole(house)
