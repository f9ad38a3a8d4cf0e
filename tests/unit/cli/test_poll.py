"""`poll`: one cycle through all rooms."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from aggregator.cli import format_left_out
from aggregator.clock import utc_now
from aggregator.demo import samples
from aggregator.demo.server import SampleServer
from aggregator.model import LeftOut
from tests.unit.cli.conftest import Run


@pytest.fixture
def wire(config: Path, directory: Path) -> Iterator[None]:
    """A configuration with a feed that works, and one that does not."""
    with SampleServer(samples.load(), clock=utc_now, everything=True) as server:
        config.write_text(
            f"store: sqlite:///{directory}/news.db\noutput: {{directory: {directory}/feeds}}\n"
            "fetch: {host_gap: 0s, allow_networks: [127.0.0.1/32]}\n"
            "agencies:\n  - id: bta\n    name: BTA\n    feeds:\n"
            f'      - {{id: bta-en, url: "{server.url}/bta/en.xml", language: en}}\n'
            f'      - {{id: gone, url: "{server.url}/nothing"}}\n',
            "utf-8",
        )
        yield


@pytest.mark.usefixtures("wire")
def test_a_poll_tells_each_feed_on_a_line_and_publishes(aggregator: Run, directory: Path) -> None:
    done = aggregator("poll")

    assert done.code == 0, done.err
    lines = {line.split()[0]: line for line in done.out.splitlines()}
    assert "changed" in lines["bta-en"]
    assert "new" in lines["bta-en"]
    assert "failed" in lines["gone"]
    assert "404" in lines["gone"]
    assert (directory / "feeds" / "merged.atom").exists()


@pytest.mark.usefixtures("wire")
def test_what_was_just_polled_is_not_due_unless_named_or_all(aggregator: Run) -> None:
    aggregator("poll", "bta-en")

    due = aggregator("poll", "--json").json()
    named = aggregator("poll", "bta-en", "--json").json()
    everything = aggregator("poll", "--all", "--json").json()

    assert [feed["id"] for feed in due["feeds"]] == ["gone"]
    assert [(feed["id"], feed["result"]) for feed in named["feeds"]] == [("bta-en", "unchanged")]
    assert {feed["id"] for feed in everything["feeds"]} == {"bta-en", "gone"}


@pytest.mark.usefixtures("wire")
def test_a_failing_feed_counts_only_when_strict(aggregator: Run) -> None:
    done = aggregator("poll", "--strict")

    assert done.code == 1
    assert done.err.splitlines()[-1] == "aggregator: 1 feed failed: gone"


@pytest.mark.usefixtures("wire")
def test_a_feed_that_is_not_configured_cannot_be_polled(aggregator: Run) -> None:
    assert aggregator("poll", "nope").code == 2


def test_what_is_left_out_is_told_by_the_poll_and_by_the_list(
    aggregator: Run, config: Path, directory: Path
) -> None:
    entries = "".join(f"<item><title>Bridge {n}</title></item>" for n in range(3))
    cut = f"<rss version='2.0'><channel><title>T</title>{entries}<item/><item><guid>x</guid></item><item>"
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n" + cut.encode()
    )
    with serving(answer) as address:
        config.write_text(
            f"store: sqlite:///{directory}/news.db\noutput: {{directory: {directory}/feeds}}\n"
            "fetch: {host_gap: 0s, allow_networks: [127.0.0.1/32]}\n"
            f"agencies: [{{id: e, name: E, feeds: [{{id: e-en, url: '{address}'}}]}}]\n",
            "utf-8",
        )
        told = aggregator("poll").out
        polled = aggregator("poll", "--all", "--json").json()["feeds"]

    assert "3 items, 3 new, 2 left out (1 broken, 1 empty)" in told
    assert polled[0]["left_out"] == {"broken": 0, "over_limit": 0, "empty": 0}  # the same body
    listed = aggregator("feeds", "list", "--json").json()["feeds"]
    assert listed[0]["left_out"] == {"broken": 1, "over_limit": 0, "empty": 1}
    assert "e-en: 2 left out (1 broken, 1 empty)" in aggregator("feeds", "list").out.splitlines()


@contextmanager
def serving(answer: bytes) -> Iterator[str]:
    """A server on loopback that gives everybody the same bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        (LeftOut(), ""),
        (LeftOut(over_limit=1400), "1,400 left out (1,400 older than the newest that are read)"),
        (LeftOut(broken=1, over_limit=2, empty=3), "6 left out (2 older than the newest that are read, 1 broken, 3 empty)"),
    ],
)  # fmt: skip
def test_what_is_left_out_in_words(left_out: LeftOut, words: str) -> None:
    assert format_left_out.in_words(left_out) == words
