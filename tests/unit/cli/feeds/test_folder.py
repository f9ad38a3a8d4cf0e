"""A folder on the command line: it is added, checked, polled, and told like other feeds."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.config import load
from tests.unit.cli.conftest import Run


@pytest.fixture
def folder(config: Path, directory: Path) -> Iterator[Path]:
    """An allowed folder with three files: two reports, one broken, one just being written."""
    wire = directory / "wire"
    wire.mkdir()
    text = config.read_text("utf-8")
    config.write_text(
        text.replace("fetch: {", f'fetch: {{allow_directories: ["{directory}"], '), "utf-8"
    )
    reports = [{"id": str(n), "title": f"Report {n}", "text": "Rain."} for n in (1, 2)]
    drop(wire / "a.jsonl", "\n".join(map(json.dumps, reports)))
    drop(wire / "b.json", "no news")
    drop(wire / "c.json", "[]", age=0)
    with (wire / "c.json").open("a"):
        yield wire


def drop(path: Path, text: str, *, age: int = 3600) -> None:
    path.write_text(text, "utf-8")
    at = time.time() - age
    os.utime(path, (at, at))


def url(folder: Path) -> str:
    return f"file://{folder}/"


def test_a_folder_is_added_with_its_agency(aggregator: Run, config: Path, folder: Path) -> None:
    done = aggregator("feeds", "add", url(folder), "--agency", "south", "--language", "en")

    assert done.out == f"south-en-2 of south: {url(folder)}, 2 items\n", done.err
    feed = load(config, {}).feeds[-1]
    assert (feed.url, feed.agency_id) == (url(folder), "south")
    assert sorted(path.name for path in folder.iterdir()) == ["a.jsonl", "b.json", "c.json"]


def test_a_new_agency_of_a_folder_has_no_home(aggregator: Run, config: Path, folder: Path) -> None:
    assert aggregator("feeds", "add", url(folder), "--agency", "east").code == 0
    assert load(config, {}).agencies[-1].home is None


@pytest.mark.parametrize(
    ("address", "options", "reason"),
    [
        ("{folder}", [], "A folder does not say whose it is; name the agency with --agency ID."),
        ("file:///etc/", ["--agency", "south"], "/etc may not be read"),
        ("file://host/etc/", ["--agency", "south"], "does not name a folder of this machine"),
    ],
)
def test_what_cannot_be_added_is_told(
    aggregator: Run, folder: Path, address: str, options: list[str], reason: str
) -> None:
    address = address.replace("{folder}", url(folder))

    done = aggregator("feeds", "add", address, *options)

    assert (done.code, reason in done.err) == (2, True), done.err


@pytest.fixture
def subscribed(aggregator: Run, folder: Path) -> Path:
    aggregator("feeds", "add", url(folder), "--agency", "south", "--id", "wire", "--no-check")
    return folder


def test_a_check_shows_what_is_there_and_moves_nothing(aggregator: Run, subscribed: Path) -> None:
    [found] = aggregator("feeds", "check", "wire", "--json").json()["feeds"]
    shown = aggregator("feeds", "check", "wire").out

    assert found["files"] == {"ready": 2, "failing": 1, "waiting": 1}
    assert (found["items"], found["format"], found["reachable"]) == (2, "jsonl", True)
    assert (found["interval_seconds"], found["interval_why"]) == (60, "as folders are")
    assert found["problems"][0] == "b.json: the body is no feed; it begins 'no news'"
    assert "2 files, 1 waiting, jsonl, 2 items" in shown
    assert "every 1m (as folders are)" in " ".join(shown.split())
    assert sorted(path.name for path in subscribed.iterdir()) == ["a.jsonl", "b.json", "c.json"]


def test_a_check_of_a_folder_that_is_gone_tells_it(aggregator: Run, subscribed: Path) -> None:
    for path in subscribed.iterdir():
        path.unlink()
    assert "ok  0 files" in aggregator("feeds", "check", "wire").out
    subscribed.rmdir()

    done = aggregator("feeds", "check", "wire", "--strict")

    assert done.code == 1
    assert "the folder cannot be read (No such file or directory)" in done.out


def test_a_poll_tells_files_and_names_those_that_failed(aggregator: Run, subscribed: Path) -> None:
    done = aggregator("poll", "wire")

    assert done.code == 0, done.err
    [line] = done.out.splitlines()
    assert line.endswith("2 files, 1 of them failed, 2 items, 2 new")
    assert "file failed" in done.err
    assert "b.json" in done.err
    assert (subscribed / "done" / "a.jsonl").exists()
    assert (subscribed / "failed" / "b.json.reason.txt").exists()
    again = aggregator("poll", "wire", "--json").json()["feeds"][0]
    assert (again["result"], again["files"], again["files_failed"]) == ("unchanged", 0, 0)


def test_a_poll_takes_all_that_is_there(aggregator: Run, subscribed: Path) -> None:
    """Versions of one item are read in batches of their own; one command takes them all."""
    for number in range(3):
        drop(
            subscribed / f"{number}.json",
            json.dumps({"id": "same", "title": f"Version {number}", "text": "Snow and rain."}),
        )

    [report] = aggregator("poll", "wire", "--json").json()["feeds"]

    assert (report["files"], report["new"], report["revised"]) == (5, 3, 2)
    assert [path.name for path in subscribed.iterdir() if path.is_file()] == ["c.json"]
