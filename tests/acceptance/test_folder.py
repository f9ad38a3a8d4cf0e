"""Files dropped into a folder while the daemon runs, and through kill -9 at any moment."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.acceptance.harness import House, wait_for

KILLS = 8
FILES = 40


@pytest.fixture
def folder(house: House) -> Path:
    wire = house.directory / "wire"
    wire.mkdir()
    house.configure(
        f"store: sqlite:///{house.directory}/aggregator.db\n"
        f"output: {{directory: {house.directory}/feeds}}\n"
        f"fetch: {{allow_directories: [{wire}]}}\n"
        "agencies:\n  - id: bta\n    name: BTA\n    feeds:\n"
        f'      - {{id: wire, url: "file://{wire}/", language: en, interval: 1s}}\n'
    )
    return wire


def drop(folder: Path, name: str, document: object) -> None:
    """As a partner does it well: under another name, then renamed; written a minute ago."""
    new = folder / f".{name}"
    new.write_text(json.dumps(document), "utf-8")
    at = time.time() - 60
    os.utime(new, (at, at))
    new.rename(folder / name)


def report(number: int) -> dict[str, str]:
    choose = random.Random(number)
    figures = " ".join(
        f"district {choose.randrange(10**6)} has {choose.randrange(10**6)}" for _ in range(15)
    )
    return {
        "uri": f"urn:newsml:bta.example:2026:{number}",
        "versioncreated": "2026-11-12T08:30:00Z",
        "headline": f"Census office counts {choose.randrange(10**6)} orchards, report {number}",
        "body_text": f"Figures by district: {figures}.",
    }  # fmt: skip


def titles(house: House) -> list[str]:
    stories = house.json("stories")["stories"]
    return sorted(item["title"] for story in stories for item in story["items"])


def names(folder: Path, inner: str = "") -> set[str]:
    place = folder / inner
    return {path.name for path in place.iterdir() if path.is_file()} if place.exists() else set()


@pytest.mark.slow
def test_a_file_dropped_while_the_daemon_runs_is_published(house: House, folder: Path) -> None:
    daemon = house.start()
    house.address()
    drop(folder, "1.json", report(1))
    drop(folder, "2.json", "no item")

    wait_for(lambda: names(folder, "done") == {"1.json"})
    wait_for(lambda: names(folder, "failed") == {"2.json", "2.json.reason.txt"})
    merged = house.directory / "feeds" / "merged.json"
    wait_for(lambda: merged.exists() and report(1)["headline"] in merged.read_text("utf-8"))
    wait_for(lambda: "file=2.json" in house.log)
    assert "event='file failed'" in house.log or 'event="file failed"' in house.log

    drop(folder, "3.json", {"uri": report(1)["uri"], "pubstatus": "canceled"})
    wait_for(lambda: report(1)["headline"] not in merged.read_text("utf-8"))
    daemon.send_signal(15)
    assert daemon.wait() == 0


@pytest.mark.slow
def test_kills_lose_no_file_and_double_none(house: House, folder: Path) -> None:
    moments = random.Random(11)
    for kill in range(KILLS):
        for number in range(kill * FILES // KILLS, (kill + 1) * FILES // KILLS):
            drop(folder, f"{number}.json", report(number))
        before = len(names(folder))
        daemon = house.start()
        wait_for(lambda before=before: len(names(folder)) < before)  # type: ignore[misc]
        time.sleep(moments.uniform(0, 0.3))
        daemon.kill()

    done = house.run("poll", "--all")

    assert done.returncode == 0, done.stderr
    assert titles(house) == sorted(report(number)["headline"] for number in range(FILES))
    assert names(folder) == set()
    assert names(folder, "done") == {f"{number}.json" for number in range(FILES)}
    assert house.run("check").returncode == 0
