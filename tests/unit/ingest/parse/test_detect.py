"""Whole documents: each of `tests/data/ingest` gives what its `.expected.json` says.

A new case is a file beside the others; `python -m tests.unit.ingest.test_parse` writes what is expected
of those that lack it, to be read before it is believed.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.ingest.parse.child import written
from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.pool import PARSED_FEED
from aggregator.model import ParsedFeed

DATA = Path(__file__).parents[3] / "data/ingest"
CASES = sorted(path for path in DATA.iterdir() if not path.name.endswith(".expected.json"))
URL = "https://post.example/feeds/main"


def read(body: bytes, **headers: str) -> ParsedFeed:
    return parse(body, url=URL, headers={"content-type": "text/html", **headers})


def expected_file(case: Path) -> Path:
    return case.with_name(f"{case.name}.expected.json")


def found_in(case: Path) -> dict[str, Any]:
    """What `parse` makes of a case, without what is empty."""
    try:
        feed = read(case.read_bytes())
    except ParseError as error:
        return {"error": str(error)}
    plain = _plain(feed)
    plain["items"] = [_plain(replace(item, digest=None)) for item in feed.items]
    return plain


def _plain(thing: object) -> dict[str, Any]:
    values = {field.name: _written(getattr(thing, field.name)) for field in fields(thing)}  # type: ignore[arg-type]
    return {name: value for name, value in values.items() if value}


def _written(value: object) -> object:
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    if is_dataclass(value):
        return _plain(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return sorted(value) if isinstance(value, frozenset) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_gives_what_is_expected(case: Path) -> None:
    expected = json.loads(expected_file(case).read_text("utf-8"))
    assert json.loads(json.dumps(found_in(case))) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_survives_the_way_from_worker_to_master(case: Path) -> None:
    try:
        feed = read(case.read_bytes())
    except ParseError:
        return
    assert PARSED_FEED.validate_json(written(feed)) == feed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reads_the_same_where_known_entries_are_left_unread(case: Path) -> None:
    try:
        feed = read(case.read_bytes())
    except ParseError:
        return
    digests = [item.digest for item in feed.items if item.digest]
    for known in (set(digests[::2]), set(digests[1::2]), set(digests)):
        rest = parse(case.read_bytes(), url=URL, headers={"content-type": "text/html"}, known=known)
        assert rest.items == tuple(item for item in feed.items if item.digest not in known)
        assert set(rest.unread) == known
        assert replace(rest, items=feed.items, unread=()) == feed


@pytest.mark.parametrize(
    ("location", "link"),
    [
        ("https://cdn.example/a/feed.xml", "https://cdn.example/a/1"),
        ("/b/feed.xml", "https://post.example/b/1"),
        ("http://[", "https://post.example/feeds/1"),
    ],
)
def test_links_are_relative_to_the_content_location(location: str, link: str) -> None:
    body = (
        b"<rss version='2.0'><channel><item><title>t</title><link>1</link></item></channel></rss>"
    )
    assert read(body, **{"content-location": location}).items[0].link == link


def write_missing() -> None:
    for case in CASES:
        if not expected_file(case).exists():
            document = json.dumps(found_in(case), ensure_ascii=False, indent=1)
            expected_file(case).write_text(document + "\n", "utf-8")


if __name__ == "__main__":
    write_missing()
