"""`cluster`: JSON lines in, JSON lines out, in the same order, whatever stands in the way."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings
from tests.unit.cli.conftest import FLOOD, Run

ITEMS = [
    {"id": "1", "title": "Bridge at Lonne closed by flood", "text": FLOOD, "agency": "north"},
    {"id": "2", "title": "Choir", "text": "Forty voices sang in the mine on Sunday. " * 3},
    {"id": "3", "title": "Flood closes Lonne bridge", "text": FLOOD, "agency": "south"},
]
LINES = "".join(json.dumps(item) + "\n" for item in ITEMS)


def stories(text: str) -> dict[str, str]:
    return {line["id"]: line["story"] for line in map(json.loads, text.splitlines())}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """The matcher is compiled before the tests, for that would be said on stderr."""
    assert list(cluster(LINES.splitlines(), MatchSettings()))


@pytest.fixture
def items(directory: Path) -> Path:
    path = directory / "items.jsonl"
    path.write_text(LINES, "utf-8")
    return path


def test_copies_are_one_story_and_the_order_is_kept(aggregator: Run, items: Path) -> None:
    done = aggregator("cluster", "items.jsonl")

    assert done.code == 0, done.err
    assert done.err == ""
    found = stories(done.out)
    assert list(found) == ["1", "2", "3"]
    assert found["1"] == found["3"] != found["2"]


def test_a_file_is_written_whole_and_standard_input_is_read(
    aggregator: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES.encode())))

    done = aggregator("cluster", "-", "-o", "out.jsonl", "--mode", "strict", "--window", "2h")

    assert done.out == ""
    assert len(stories((directory / "out.jsonl").read_text("utf-8"))) == 3
    assert [path.name for path in directory.iterdir()] == ["out.jsonl"]


def test_a_broken_line_is_told_and_leaves_the_output_as_it_was(
    aggregator: Run, items: Path, directory: Path
) -> None:
    items.write_text(LINES + "{oops\n", "utf-8")
    (directory / "out.jsonl").write_text("before")

    done = aggregator("cluster", "items.jsonl", "-o", "out.jsonl")

    assert done.code == 2
    assert done.err.startswith("aggregator: items.jsonl: line 4: ")
    assert (directory / "out.jsonl").read_text() == "before"


def test_a_line_that_is_no_utf8_is_told(aggregator: Run, items: Path) -> None:
    items.write_bytes(LINES.encode() + '{"id": "новина"}'.encode("windows-1251"))

    assert "items.jsonl: line 4: is not UTF-8" in aggregator("cluster", "items.jsonl").err


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["none.jsonl"], "none.jsonl: cannot be read: No such file"),
        (["items.jsonl", "--window", "soon"], "--window: 'soon' is no duration"),
        (["items.jsonl", "--mode", "bold"], "balanced"),
        (["items.jsonl", "-c", "none.yaml"], "none.yaml: there is no such file"),
    ],
)
def test_a_wrong_call_is_told(aggregator: Run, items: Path, args: list[str], reason: str) -> None:
    done = aggregator("cluster", *args)

    assert done.code == 2
    assert reason in done.err


def test_an_output_that_cannot_be_written_is_exit_code_one(aggregator: Run, items: Path) -> None:
    done = aggregator("cluster", "items.jsonl", "-o", "none/out.jsonl")

    assert done.code == 1
    assert done.err == (
        "aggregator: Cannot write none/out.jsonl: No such file or directory. "
        "Name a file in a folder that exists and that you may write to.\n"
    )
