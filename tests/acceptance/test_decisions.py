"""What a person decides beside a running daemon, and takes along to another database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.harness import FeedServer, House, get, wait_for

REPORT = (
    "The harbour board of Varsk closed the northern pier on Tuesday after divers found cracks. "
    "Repairs cost 3.4 million crowns and last until the end of April, the board said. "
    "Ferries to the island of Holm leave from the fish market twice a day meanwhile. "
    "The pier was built in 1931 and carried 412,000 passengers last year."
)


def item(name: str, title: str, text: str = REPORT, number: int = 1) -> dict[str, str]:
    link = f"https://{name}.example/{number}"
    return {"guid": f"{name}-{number}", "link": link, "title": title, "text": text}


@pytest.fixture
def wire(house: House, server: FeedServer) -> House:
    """One report that two agencies have; a third has nothing yet."""
    server.put_rss("/one", [item("one", "Northern pier closed")])
    server.put_rss("/two", [item("two", "Varsk closes cracked pier", REPORT + " It is raining.")])
    server.put_rss("/three", [])
    house.write_config({"one": "/one", "two": "/two", "three": "/three"})
    return house


def entry(url: str, *, copies: int, link: str = "") -> dict[str, Any]:
    """The only entry of the merged feed, once it names so many items, and has this link."""

    def look() -> dict[str, Any] | None:
        status, _, body = get(f"{url}/merged.json")
        entries: list[dict[str, Any]] = json.loads(body)["items"] if status == 200 else []
        there = (one for one in entries if len(one["_aggregator"]["items"]) == copies)
        found = next(there, None) if len(entries) == 1 else None
        return found if found and link in {"", found["url"]} else None

    found = wait_for(look)
    assert found
    return found


def test_the_lead_a_person_chose_is_published_and_stays_whatever_arrives(
    wire: House, server: FeedServer
) -> None:
    wire.start()
    url = wire.address()
    before = entry(url, copies=2)
    chosen = next(
        f"https://{name}.example/1"
        for name in ("one", "two")
        if before["url"] != f"https://{name}.example/1"
    )

    done = wire.run("lead", chosen, "--reason", "has the weather")

    assert done.returncode == 0, done.stderr
    after = entry(url, copies=2, link=chosen)
    dates = ("id", "date_published", "date_modified")
    assert [after.get(name) for name in dates] == [before.get(name) for name in dates]
    server.put_rss("/three", [item("three", "Pier of Varsk is closed")])
    entry(url, copies=3, link=chosen)
    assert wire.run("undo").returncode == 0
    entry(url, copies=3, link=before["url"])


def test_decisions_are_taken_along_to_a_database_whose_feeds_have_other_names(
    wire: House, server: FeedServer, tmp_path: Path
) -> None:
    wire.run("poll", "--all")
    assert len(wire.json("dupes")["stories"]) == 1
    assert wire.run("split", "two-1", "--reason", "another pier").returncode == 0
    assert wire.run("decisions", "export", str(tmp_path / "made.jsonl")).returncode == 0
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = House(other, server)
    elsewhere.write_config({"one": "/one", "two": "/two"})
    renamed = elsewhere.config.read_text("utf-8").replace("-en,", "-wire,")
    elsewhere.configure(renamed)
    elsewhere.run("poll", "--all")
    assert len(elsewhere.json("dupes")["stories"]) == 1

    done = elsewhere.run("decisions", "import", str(tmp_path / "made.jsonl"))

    assert done.stdout == "Made 1 decision, left out 0.\n"
    assert elsewhere.json("dupes")["stories"] == []
    (decision,) = elsewhere.json("decisions", "list")["decisions"]
    assert (decision["decision"], decision["reason"]) == ("split", "another pier")
    told = elsewhere.json("evaluate")
    assert (told["split"], told["split_merged"], told["enough"]) == (1, 1, False)
    elsewhere.close()
