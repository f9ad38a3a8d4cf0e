"""`poll`: one cycle through all rooms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.clock import utc_now
from aggregator.demo import samples
from aggregator.demo.server import SampleServer
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
