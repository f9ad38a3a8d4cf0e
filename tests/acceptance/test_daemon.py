"""The daemon as its users meet it: start, poll, serve, go on when feeds fail, stop."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import feedparser
import pytest

from tests.acceptance.harness import Answer, FeedServer, House, get, wait_for

REPORT = (
    "The transport ministry opened a new railway line between Astana and Kostanay on Monday. "
    "The line is 412 kilometres long and cost 1.8 billion dollars, the ministry said. "
    "Trains will run twice a day and take five hours and forty minutes. "
    "Freight traffic begins in March after tests of the signals near Arkalyk. "
    "The governor thanked the builders, who worked through two winters on the steppe."
)
OTHER = (
    "The Bulgarian national library showed a restored gospel of the fourteenth century. "
    "Conservators spent three years cleaning the parchment and fixing the gold initials. "
    "Visitors can see it in Sofia until the end of January, the director said. "
    "A digital copy of all 286 leaves is free to read on the library's site."
)


def item(name: str, number: int, title: str, text: str) -> dict[str, str]:
    return {
        "guid": f"{name}-{number}",
        "link": f"https://{name}.example/{number}",
        "title": title,
        "text": text,
    }


@pytest.fixture
def wire(house: House, server: FeedServer) -> House:
    """Two agencies, one report twice and one once."""
    server.put_rss(
        "/one",
        [item("one", 1, "Railway to Kostanay opened", REPORT), item("one", 2, "Gospel", OTHER)],
    )
    server.put_rss("/two", [item("two", 1, "New railway line opens in Kazakhstan", REPORT)])
    house.write_config({"one": "/one", "two": "/two"})
    return house


def test_the_merged_feed_has_each_report_once(wire: House) -> None:
    wire.start()
    url = wire.address()

    feed = wait_for(lambda: _feed_with(url, entries=2, links=3))

    (railway,) = (entry for entry in feed.entries if entry.title != "Gospel")
    assert railway.title in {"Railway to Kostanay opened", "New railway line opens in Kazakhstan"}
    assert "https://one.example/1" in railway.content[0].value
    assert "https://two.example/1" in railway.content[0].value


def _feed_with(url: str, *, entries: int, links: int = 0) -> Any:
    """The merged feed as a reader sees it, once it has so many entries, and so many items' links."""
    status, _, body = get(f"{url}/merged.rss")
    feed = feedparser.parse(body)  # type: ignore[attr-defined, no-untyped-call]
    linked = set(re.findall(r"https://\w+\.example/\d", body.decode()))
    return feed if status == 200 and len(feed.entries) == entries and len(linked) >= links else None


def test_all_three_formats_answer_304_to_their_etag(wire: House) -> None:
    wire.start()
    url = wire.address()
    wait_for(lambda: _feed_with(url, entries=2, links=3))
    wait_for(lambda: get(f"{url}/merged.json")[2].count(b'"kind"') == 3)  # the last to be written

    for name in ("merged.rss", "merged.atom", "merged.json"):
        status, headers, body = get(f"{url}/{name}")
        again, _, empty = get(f"{url}/{name}", {"If-None-Match": headers["etag"]})
        assert (status, again, empty) == (200, 304, b"")
        assert body == (wire.directory / "feeds" / name).read_bytes()


def test_a_new_copy_joins_while_it_runs(wire: House, server: FeedServer) -> None:
    wire.start()
    url = wire.address()
    wait_for(lambda: _feed_with(url, entries=2, links=3))

    server.put_rss(
        "/two",
        [
            item("two", 1, "New railway line opens in Kazakhstan", REPORT),
            item("two", 2, "Restored gospel shown in Sofia", OTHER),
        ],
    )

    wire.wait_for_change("two-en", times=2)
    assert len(wire.json("dupes")["stories"]) == 2
    assert _feed_with(url, entries=2)


def test_a_decision_made_beside_it_is_published_though_no_feed_has_anything_new(
    house: House, server: FeedServer
) -> None:
    server.put_rss("/one", [item("one", 1, "Railway to Kostanay opened", REPORT)])
    server.put_rss("/two", [item("two", 1, "New railway line opens in Kazakhstan", REPORT)])
    house.write_config({"one": "/one", "two": "/two"}, interval="1h")
    house.start()
    url = house.address()
    wait_for(lambda: _feed_with(url, entries=1, links=2))

    assert house.run("split", "https://two.example/1").returncode == 0
    wait_for(lambda: _feed_with(url, entries=2, links=2))
    assert house.run("undo").returncode == 0
    wait_for(lambda: _feed_with(url, entries=1, links=2))
    assert len(server.requests) == 2


def test_sigterm_ends_it_within_ten_seconds_even_with_a_stalled_feed(
    house: House, server: FeedServer
) -> None:
    server.answers["/stalled"] = Answer(b"", delay_seconds=30)
    server.put_rss("/one", [item("one", 1, "Gospel", OTHER)])
    house.write_config({"stalled": "/stalled", "one": "/one"})
    daemon = house.start()
    wait_for(lambda: len(server.requests) >= 1)

    daemon.send_signal(signal.SIGTERM)

    assert daemon.wait(timeout=10) == 0


def test_a_feed_that_fails_costs_only_itself(house: House, server: FeedServer) -> None:
    server.put_rss("/one", [item("one", 1, "Gospel", OTHER)])
    server.answers["/broken"] = Answer(b"<html>maintenance</html>", status=200)
    server.answers["/error"] = Answer(b"oops", status=500)
    house.write_config(
        {
            "one": "/one",
            "broken": "/broken",
            "error": "/error",
            "gone": "/none",
            "closed": "http://127.0.0.1:9/feed",
        }
    )

    done = house.run("poll", "--all")
    strict = house.run("poll", "--all", "--strict")

    assert done.returncode == 0
    assert strict.returncode == 1
    assert "Traceback" not in done.stderr
    assert [len(story["items"]) for story in house.json("stories")["stories"]] == [1]
    states = {feed["id"]: feed for feed in house.json("feeds", "list")["feeds"]}
    assert states["one-en"]["status"] == "ok"
    for name in ("broken", "error", "gone", "closed"):
        assert states[f"{name}-en"]["error"], name


def test_polling_twice_changes_nothing(wire: House) -> None:
    wire.run("poll", "--all")
    first = wire.json("stories")
    feeds = {path.name: path.read_bytes() for path in (wire.directory / "feeds").glob("merged*")}

    wire.run("poll", "--all")

    assert wire.json("stories") == first
    assert feeds == {
        path.name: path.read_bytes() for path in (wire.directory / "feeds").glob("merged*")
    }


def test_a_cycle_is_matched_by_dates_whichever_server_answers_first(
    house: House, server: FeedServer
) -> None:
    first, second = (format_datetime(datetime.now(UTC) - timedelta(hours=n)) for n in (2, 1))
    server.put_rss("/late", [item("late", 1, "Railway opened", REPORT) | {"date": first}])
    server.put_rss("/soon", [item("soon", 1, "A railway opens", REPORT) | {"date": second}])
    server.answers["/late"].delay_seconds = 2
    house.write_config({"late": "/late", "soon": "/soon"})

    reports = house.json("poll")["feeds"]

    assert [(report["id"], report["matched"]) for report in reports] == [
        ("late-en", 0),
        ("soon-en", 1),
    ]


def test_a_second_daemon_on_the_same_database_refuses_to_start(wire: House) -> None:
    wire.start()
    wire.address()

    second = wire.run("run", "--port", "0", timeout_seconds=20)

    assert second.returncode == 1
    assert "already polled" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_reported_with_what_to_do(wire: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = wire.run("run", "--port", str(port), timeout_seconds=20)

    assert done.returncode == 1  # it may be free later: systemd tries again
    assert "Address already in use. Choose another with --host and --port" in done.stderr


def test_a_person_joins_splits_and_undoes_while_the_daemon_runs(
    house: House, server: FeedServer
) -> None:
    server.put_rss("/one", [item("one", 1, "Railway", REPORT), item("one", 2, "Gospel", OTHER)])
    house.write_config({"one": "/one"})
    house.start()
    house.wait_for_change("one-en")

    joined = house.run("join", "https://one.example/1", "https://one.example/2")

    assert joined.returncode == 0, joined.stderr
    assert [len(story["items"]) for story in house.json("stories")["stories"]] == [2]
    assert house.run("undo").returncode == 0
    assert [len(story["items"]) for story in house.json("stories")["stories"]] == [1, 1]


def test_a_wrong_configuration_reports_every_mistake(house: House) -> None:
    house.config.write_text(
        "fetch: {intervall: 15m}\n"
        "match: {mode: bold}\n"
        "agencies:\n"
        "  - id: one\n"
        "    name: One\n"
        "    feeds:\n"
        "      - {id: one-en, url: 'ftp://one.example/feed'}\n",
        "utf-8",
    )

    done = house.run("run")

    assert done.returncode == 2
    for line, words in ((1, "interval"), (2, "balanced"), (7, "http")):
        assert any(
            f"feeds.yaml:{line}:" in reported and words in reported
            for reported in done.stderr.splitlines()
        ), done.stderr


def test_a_locked_database_is_reported_without_a_traceback(wire: House) -> None:
    wire.run("poll", "--all")
    holder = sqlite3.connect(wire.directory / "aggregator.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    done = wire.run("poll", "--all", timeout_seconds=50)

    holder.rollback()
    holder.close()
    assert done.returncode == 1
    assert "aggregator.db" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_daemon_takes_up_a_changed_configuration(wire: House, server: FeedServer) -> None:
    wire.start()
    wire.wait_for_change("one-en")
    wire.wait_for_change("two-en")
    server.put_rss(
        "/three", [item("three", 1, "Harbour", "The harbour of Aktau was dredged. " * 9)]
    )

    wire.write_config({"one": "/one", "two": "/two", "three": "/three"})

    wire.wait_for_change("three-en")
    assert len(wire.json("stories")["stories"]) == 3


def test_health_shows_the_state_of_the_daemon(wire: House) -> None:
    wire.start()
    url = wire.address()
    wait_for(lambda: _feed_with(url, entries=2))

    status, _, body = get(f"{url}/health")

    assert status == 200
    assert json.loads(body)["status"] == "ok"


def test_a_broken_configuration_is_reported_and_the_daemon_goes_on(
    wire: House, server: FeedServer
) -> None:
    daemon = wire.start()
    url = wire.address()
    good = wire.config.read_text("utf-8")

    wire.configure(good.replace("interval", "intervall"))

    wait_for(lambda: "configuration not taken up" in wire.log)
    assert "did you mean 'interval'?" in wire.log
    server.put_rss("/two", [item("two", n, "Restored gospel shown", OTHER) for n in (2, 3)])
    wait_for(lambda: b"https://two.example/3" in get(f"{url}/merged.rss")[2])
    assert daemon.poll() is None


def test_outputs_that_cannot_be_written_stop_it_with_the_reason(wire: House) -> None:
    (wire.directory / "feeds").write_text("a file where the directory should be", "utf-8")
    daemon = wire.start()

    assert daemon.wait() == 1
    assert f"aggregator: Cannot write {wire.directory}/feeds/merged.rss" in wire.log
    assert "Traceback" not in wire.log
