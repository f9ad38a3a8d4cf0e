"""The daemon among misbehaving servers: each costs its own feed, and nobody else anything.

One run over the whole table of `hostile.py`, then a look at every line of it. It is one test, so that
it is one run however many processes share the tests.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.acceptance.harness import FeedServer, House, wait_for
from tests.acceptance.hostile import (
    SECRET,
    Behaviour,
    HostileServer,
    all_behaviours,
    configuration,
)

GOOD = 5
MIB = 1024 * 1024
MEMORY_BYTES = 500 * MIB  # the daemon's, its parsers' not counted
TREE_BYTES = 800 * MIB  # with them
# Between two polls of a good feed, which is due every second; a quiet machine needs 2. Were it to wait
# for those that stall (8 s each, a hundred of them), it would be minutes.
LATEST_SECONDS = 20.0
UNSAFE = re.compile(r"javascript:|<script|onerror=|data:text|<iframe|<form|<svg", re.IGNORECASE)


@dataclass
class Run:
    """What the run left behind."""

    feeds: dict[str, Any]
    titles: dict[str, Counter[str]]
    outputs: Path
    log: str
    server: HostileServer
    peak: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def run(tmp_path: Path, server: FeedServer) -> Iterator[Run]:
    hostile = HostileServer(all_behaviours(), GOOD)
    house = House(tmp_path, server)
    try:
        (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
        house.config.write_text(configuration(tmp_path, hostile, all_behaviours()), "utf-8")
        peak = live(house, hostile)
        yield Run(
            feeds={feed["id"]: feed for feed in house.json("feeds", "list")["feeds"]},
            titles=titles_of(house.json("stories", "--limit", "1000")["stories"]),
            outputs=tmp_path / "feeds",
            log=house.log,
            server=hostile,
            peak=peak,
        )
    finally:
        house.close()
        hostile.close()


def live(house: House, server: HostileServer) -> dict[str, int]:
    """Let the daemon poll everything; how much memory it had at its highest."""
    daemon = house.start()
    peak = {"daemon": 0, "tree": 0}
    repeated = [f"/{behaviour.name}" for behaviour in all_behaviours() if behaviour.repeated]
    repeated += server.good
    names = {behaviour.name for behaviour in all_behaviours()}

    def everything_was_polled() -> bool:
        own, all_of_it = memory(daemon.pid)
        peak["daemon"], peak["tree"] = max(peak["daemon"], own), max(peak["tree"], all_of_it)
        time.sleep(0.2)
        enough = all(len(server.requested_at[path]) >= 4 for path in repeated)
        return enough and names <= set(re.findall(r"feed=([\w.-]+)", house.log))

    wait_for(everything_was_polled, seconds=240)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=15) == 0, house.log
    return peak


def memory(pid: int) -> tuple[int, int]:
    """Bytes a process holds, and it with its children."""
    own, all_of_it = 0, 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            parent = int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1])
            pages = int(entry.joinpath("statm").read_text().split()[1])
        except (OSError, IndexError):
            continue
        size = pages * os.sysconf("SC_PAGE_SIZE")
        own += size if int(entry.name) == pid else 0
        all_of_it += size if pid in {int(entry.name), parent} else 0
    return own, all_of_it


def titles_of(stories: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for story in stories:
        for item in story["items"]:
            found.setdefault(item["feed"], Counter())[item["title"]] += 1
    return found


@pytest.mark.slow
def test_whatever_servers_send_costs_only_their_own_feeds(
    run: Run, subtests: pytest.Subtests
) -> None:
    for behaviour in all_behaviours():
        with subtests.test(behaviour.name):
            check(run, behaviour)
    for name in run.server.good:
        with subtests.test(name):
            check_good(run, name)
    with subtests.test("memory"):
        assert 50 * MIB < run.peak["daemon"] < MEMORY_BYTES
        assert run.peak["tree"] < TREE_BYTES
    with subtests.test("outputs"):
        check_outputs(run)
    with subtests.test("requests"):
        heads = b"".join(run.server.heads).lower()
        assert b"\r\ncookie:" not in heads
        assert heads.count(b"\r\nuser-agent: mozilla/5.0 (compatible; aggregator/") == len(
            run.server.heads
        )
    with subtests.test("log"):
        assert "Traceback" not in run.log


def check(run: Run, behaviour: Behaviour) -> None:
    feed = run.feeds[behaviour.name]
    titles = run.titles.get(behaviour.name, Counter())
    assert titles == Counter(behaviour.titles)
    if behaviour.name == "page-later":  # stale at its second poll, and keeps what it had
        assert feed["status"] == "stale"
        return
    assert feed["status"] == behaviour.status, feed["error"]
    assert re.search(behaviour.error, feed["error"] or ""), feed["error"]
    assert feed["error"] is None or "\n" not in feed["error"]


def check_good(run: Run, path: str) -> None:
    """Polled every second, whatever the others did; every item once."""
    feed, requested_at = path[1:], run.server.requested_at[path]
    assert run.feeds[feed]["status"] == "ok"
    assert max(later - earlier for earlier, later in pairwise(requested_at[2:])) < LATEST_SECONDS
    seen = Counter(run.titles[feed])
    assert set(seen.values()) == {1}
    assert len(seen) >= len(requested_at) - 1  # the last answer may have been given up at the end


def check_outputs(run: Run) -> None:
    bodies = {path.name: path.read_bytes() for path in run.outputs.iterdir()}
    assert {"merged.rss", "merged.atom", "merged.json"} <= bodies.keys()
    for name, body in bodies.items():
        text = body.decode("utf-8")
        if name.endswith(("rss", "atom")):
            ElementTree.fromstring(body)
        if name.endswith("json"):
            json.loads(body)
        assert not UNSAFE.search(text), UNSAFE.search(text)
        assert SECRET not in text
        assert "root:" not in text
