"""Feeds as sites really send them (`tests/data/ordinary.yaml`): all polled three times by one configuration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import yaml

from aggregator.model import Item, StoryQuery
from aggregator.provenance import rfc3339
from aggregator.store.store import Store
from tests.acceptance.harness import FeedServer, House
from tests.labelled import ROOT

CASES: Mapping[str, Any] = yaml.safe_load((ROOT / "tests/data/ordinary.yaml").read_text("utf-8"))
NAMES = list(CASES)
POLLS = 3
_RSS = "<rss version='2.0'><channel><title>Wire</title><link>https://wire.example/</link>{}</channel></rss>"


class OrdinaryServer(FeedServer):
    """Gives each feed, at the path of its number, its next answer."""

    def __init__(self) -> None:
        super().__init__()
        self._given = defaultdict[str, int](int)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path
        if not path.strip("/").isdigit():
            handler.send_error(404)
            return
        answer = self._answer(path, handler.headers.get("Cookie"))
        body = _body(answer)
        handler.send_response(answer.get("status", 200))
        for name, value in answer.get("headers", {}).items():
            handler.send_header(name, value.format(path=path))
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _answer(self, path: str, cookie: str | None) -> dict[str, Any]:
        answers: list[dict[str, Any]] = CASES[NAMES[int(path.strip("/"))]]["answers"]
        if cookie is None and answers[0].get("without_cookie"):
            return answers[0]
        left = [answer for answer in answers if not answer.get("without_cookie")]
        answer = left[min(self._given[path], len(left) - 1)]
        self._given[path] += 1
        return answer


def _body(answer: Mapping[str, Any]) -> bytes:
    text = _RSS.format(answer["rss"]) if "rss" in answer else answer.get("body", "")
    before, mark, after = text.partition("¿")
    charset = answer.get("charset", "utf-8")
    damage = bytes([answer["damaged"]]) if mark else b""
    return bytes(before.encode(charset) + damage + after.encode(charset))


class Polled:
    """What came of all feeds: the results of the polls, the items, and the story of each."""

    def __init__(self, house: House) -> None:
        self.results = defaultdict[str, list[str]](list)
        for _ in range(POLLS):
            for report in house.json("poll", "--all")["feeds"]:
                self.results[report["id"]].append(report["result"])
        store = Store(f"sqlite:///{house.directory}/aggregator.db")
        stories = store.stories(StoryQuery())
        store.close()
        self.items = [(member.item, story.id) for story in stories for member in story.members]


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polled]:
    server = OrdinaryServer()
    house = House(tmp_path_factory.mktemp("ordinary"), server)
    _configure(house, server.url)
    yield Polled(house)
    house.close()
    server.close()


def _configure(house: House, url: str) -> None:
    agencies = "\n".join(
        f"  - {{id: a{n}, name: Agency {n}, feeds: [{{id: f{n}, url: '{url}/{n}', fulltext: never}}]}}"
        for n in range(len(NAMES))
    )
    house.configure(
        f"store: sqlite:///{house.directory}/aggregator.db\n"
        f"output: {{directory: {house.directory}/feeds}}\n"
        "fetch: {host_gap: 0s, host_concurrency: 8, allow_networks: [127.0.0.1/32]}\n"
        f"agencies:\n{agencies}\n"
    )


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_an_ordinary_feed_is_read_as_it_was_meant(polled: Polled, number: int) -> None:
    case, feed_id = CASES[NAMES[number]], f"f{number}"
    found = [(item, story) for item, story in polled.items if item.feed_id == feed_id]
    wanted = case["items"]

    assert sorted(item.title for item, _ in found) == sorted(each["title"] for each in wanted)
    remaining = [item for item, _ in found]
    for each in wanted:
        fitting = [item for item in remaining if _said(item, each) == each]
        assert fitting, [_said(item, each) for item in remaining if item.title == each["title"]]
        remaining.remove(fitting[0])
    assert len({story for _, story in found}) == case.get("stories", len(wanted))
    assert polled.results[feed_id] == case.get("results", polled.results[feed_id])


def _said(item: Item, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of an item of that which is wanted."""
    published = item.published_at
    said = {
        "title": item.title,
        "link": item.link,
        "published": rfc3339(published) if published else None,
        "language": item.language,
        "text": item.text,
        "words": " ".join(item.text.split()),
    }
    return {name: said[name] for name in wanted}
