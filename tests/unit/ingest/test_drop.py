"""A folder as a feed: which files a poll takes, which it leaves, and what becomes of each."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from structlog.testing import capture_logs

from aggregator.config import FetchSettings
from aggregator.errors import FetchError
from aggregator.ingest import drop, spool
from aggregator.ingest.drop import Batch, Drops
from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.pool import ParserPool
from aggregator.ingest.spool import Spool
from aggregator.model import Agency, Feed, ParsedFeed

AGENCIES = (
    Agency(id="bta", name="BTA", aliases=("БТА", "Bulgarian News Agency", "Kazinform")),
    Agency(id="kazinform", name="Казинформ", aliases=("Qazinform",)),
)
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
OLD = 3600  # seconds: no upload takes so long


class Parser:
    """The parser, in this process; `parsed` counts what it was asked."""

    def __init__(self) -> None:
        self.parsed = 0

    async def parse(self, body: bytes, *, url: str, headers: Mapping[str, str]) -> ParsedFeed:
        self.parsed += 1
        return parse(body, url=url, headers=headers)


class House:
    """A folder, and who reads it."""

    def __init__(self, directory: Path) -> None:
        self.folder = directory / "wire"
        self.folder.mkdir()
        self.feed = Feed(id="wire", url=f"file://{self.folder}/", agency_id="bta")
        self.parser = Parser()
        settings = FetchSettings(allow_directories=(directory,))
        self.drops = Drops(settings, cast(ParserPool, self.parser), agencies=AGENCIES)
        self.now = NOW

    def drop(self, name: str, *values: object, text: str = "", age: int = OLD) -> Path:
        """A file of plain objects, written `age` seconds ago."""
        path = self.folder / name
        path.write_text(text or "\n".join(map(json.dumps, values)), "utf-8")
        at = self.now.timestamp() - age
        os.utime(path, (at, at))
        return path

    def read(self, **options: bool) -> Batch:
        return asyncio.run(self.drops.read(self.feed, self.now, **options))

    def poll(self) -> Batch:
        batch = self.read()
        asyncio.run(self.drops.put_away(batch, self.now))
        return batch

    def names(self, inner: str = "") -> list[str]:
        folder = self.folder / inner
        return sorted(path.name for path in folder.iterdir() if path.is_file())


def _has_leases() -> bool:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a").write_text("a")
        with spool.opened(folder, [folder]) as opened:
            return opened.is_closed(opened.files()[0]) is not None


leases = pytest.mark.skipif(not _has_leases(), reason="the file system grants no leases")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def item(guid: str, **more: object) -> dict[str, object]:
    return {"id": guid, "title": f"Title of {guid}", "text": f"Text of {guid}.", **more}


def wire(guid: str, **more: object) -> dict[str, object]:
    return {"uri": guid, "headline": f"Title of {guid}", "body_text": f"Text of {guid}.", **more}


def guids(batch: Batch) -> list[str | None]:
    return [each.guid for each in batch.parsed.items] if batch.parsed else []


def test_what_was_read_goes_to_done(house: House) -> None:
    house.drop("1.jsonl", item("a"), item("b"))
    house.drop("2.json", wire("urn:c", language="kk"), age=OLD - 1)

    batch = house.poll()

    assert guids(batch) == ["urn:c", "a", "b"], "the newest file first, as in feeds"
    assert batch.parsed
    assert batch.parsed.format == "jsonl+ninjs"
    assert (batch.files, batch.failed, batch.waiting, batch.has_more) == (2, 0, 0, False)
    assert (house.names(), house.names("done")) == ([], ["1.jsonl", "2.json"])
    assert house.poll().parsed is None


def test_nothing_moves_before_the_items_are_stored(house: House) -> None:
    house.drop("1.jsonl", item("a"))

    assert guids(house.read()) == ["a"]
    assert guids(house.read()) == ["a"], "as after a kill"
    assert house.names() == ["1.jsonl"]


def test_an_empty_folder_is_nothing_new(house: House) -> None:
    batch = house.poll()

    assert (batch.fetched.status, batch.parsed, batch.files) == (304, None, 0)
    assert list(house.folder.iterdir()) == []


@pytest.fixture
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that does not tell who writes to a file."""
    monkeypatch.setattr(Spool, "is_closed", lambda *_: None)


@pytest.mark.usefixtures("untold")
def test_a_file_written_just_now_is_left_where_nobody_tells_who_writes(house: House) -> None:
    house.drop("1.jsonl", item("a"), age=4)

    assert (house.poll().files, house.read().waiting) == (0, 1)
    house.now += timedelta(seconds=1)
    assert guids(house.poll()) == ["a"]


def test_a_time_to_come_is_another_clocks(house: House) -> None:
    house.drop("1.jsonl", item("a"), age=-7200)
    assert guids(house.poll()) == ["a"]


HALF = '{"id": "a", "title": "x"}\n{"id": "b", "ti'


@pytest.mark.usefixtures("untold")
@pytest.mark.parametrize(
    ("text", "place"),
    [(HALF, "done"), ("{", "failed"), ("", "failed"), ("<newsItem", "failed")],
)
def test_what_may_be_half_a_file_is_given_a_minute_there(
    house: House, text: str, place: str
) -> None:
    house.drop("1.json", text=text or "\n", age=59)

    assert (house.poll().files, house.names()) == (0, ["1.json"])
    house.now += timedelta(seconds=1)
    assert house.poll().files == 1
    assert house.names(place) == ["1.json", "1.json.reason.txt"]


@leases
@pytest.mark.parametrize("age", [0, 4, OLD])
def test_a_file_is_read_when_nobody_writes_to_it_any_more(house: House, age: int) -> None:
    path = house.drop("1.jsonl", item("a"), age=age)
    with path.open("a"):
        assert (house.poll().files, house.read().waiting) == (0, 1)

    assert guids(house.poll()) == ["a"]
    assert house.names("done") == ["1.jsonl"]


@leases
def test_a_file_that_is_written_to_while_its_items_are_stored_stays(house: House) -> None:
    path = house.drop("1.jsonl", item("a"))
    batch = house.read()
    with path.open("a"):
        asyncio.run(house.drops.put_away(batch, house.now))

    assert house.names() == ["1.jsonl"]


@leases
def test_a_broken_file_that_is_closed_fails_at_once(house: House) -> None:
    house.drop("1.json", text="{", age=0)

    assert house.poll().failed == 1
    assert house.names("failed") == ["1.json", "1.json.reason.txt"]


def test_a_file_of_which_nothing_can_be_read_fails_alone(house: House) -> None:
    house.drop("1.json", text="no JSON")
    house.drop("2.jsonl", item("a"))

    with capture_logs() as lines:
        batch = house.poll()

    assert (guids(batch), batch.files, batch.failed) == (["a"], 2, 1)
    assert batch.parsed
    assert batch.parsed.left_out.broken == 1
    reason = (house.folder / "failed/1.json.reason.txt").read_text()
    assert reason == "the body is no feed; it begins 'no JSON'\n"
    assert lines == [
        {
            "event": "file failed",
            "log_level": "warning",
            "feed": "wire",
            "file": "1.json",
            "reason": "the body is no feed; it begins 'no JSON'",
        }
    ]


def test_bad_lines_are_named_beside_a_file_that_is_done(house: House) -> None:
    house.drop("1.jsonl", text='{"id": "a", "title": "x"}\n{"id": \n{"title": "y"}\n')

    with capture_logs() as lines:
        batch = house.poll()

    assert (guids(batch), batch.failed) == (["a"], 0)
    reason = (house.folder / "done/1.jsonl.reason.txt").read_text()
    assert [line.partition(":")[0] for line in reason.splitlines()] == ["line 2", "line 3"]
    assert lines[0]["event"] == "file read in part"
    assert lines[0]["reason"].endswith("(and 1 more)")


def test_a_file_that_is_too_large_fails_unread(house: House) -> None:
    house.feed = Feed(id="wire", url=house.feed.url, agency_id="bta", max_body_bytes=10)
    house.drop("1.jsonl", item("a"))

    assert house.poll().failed == 1
    reason = (house.folder / "failed/1.jsonl.reason.txt").read_text()
    assert reason.endswith("allowed are 10 (max_body)\n")
    assert house.parser.parsed == 0


def test_items_of_another_agency_are_not_taken_for_the_folders(house: House) -> None:
    house.drop("1.jsonl", item("a", agency="bta"), item("b", agency="tass"), item("c"))
    house.drop("2.jsonl", item("d", agency="tass"))

    batch = house.poll()

    assert guids(batch) == ["a", "c"]
    assert house.names("done") == ["1.jsonl", "1.jsonl.reason.txt"]
    assert house.names("failed") == ["2.jsonl", "2.jsonl.reason.txt"]
    assert (house.folder / "failed/2.jsonl.reason.txt").read_text() == (
        "d: is of the agency 'tass', the folder of 'bta'; give each agency a folder of its own\n"
    )


@pytest.mark.parametrize(
    ("named", "is_own"),
    [
        ("bta", True),
        ("BTA", True),
        ("бта", True),
        ("BULGARIAN  news agency ", True),
        ("", True),
        (" ", True),
        ("Казинформ", False),
        ("qazinform", False),
        ("Kazinform", False),  # the id of another goes before an alias of ours
        ("BT", False),
        ("Bulgarian", False),
    ],
)
def test_the_folders_agency_is_known_by_any_of_its_names(
    house: House, named: str, is_own: bool
) -> None:
    house.drop("1.jsonl", item("a", agency=named), item("b"))

    batch = house.poll()

    assert guids(batch) == (["a", "b"] if is_own else ["b"])
    assert [f"is of the agency {named!r}" in reason for _, reason in batch.complaints] == (
        [] if is_own else [True]
    )


def test_an_embargoed_file_waits_and_is_not_parsed_meanwhile(house: House) -> None:
    until = (NOW + timedelta(hours=2)).isoformat()
    house.drop("1.json", wire("urn:a", embargoed=until), wire("urn:b"))

    first = house.poll()
    assert (first.files, first.waiting, house.names()) == (0, 1, ["1.json"])
    assert guids(first) == ["urn:a", "urn:b"], "who holds back the first is `identity`"
    house.now += timedelta(hours=1, minutes=59)
    assert house.poll().parsed is None
    assert house.parser.parsed == 1

    house.now += timedelta(minutes=1)
    assert (house.poll().files, house.names("done")) == (1, ["1.json"])


def test_an_embargoed_file_that_was_replaced_is_read(house: House) -> None:
    until = (NOW + timedelta(hours=2)).isoformat()
    house.drop("1.json", wire("urn:a", embargoed=until))
    house.poll()
    house.drop("1.json", wire("urn:a"), age=OLD - 5)

    assert house.poll().files == 1


def test_what_is_withheld_is_done_and_told(house: House) -> None:
    house.drop("1.json", wire("urn:a", pubstatus="withheld"))

    assert (house.poll().files, house.names("done")) == (1, ["1.json", "1.json.reason.txt"])


def test_versions_of_an_item_are_read_in_polls_of_their_own(house: House) -> None:
    """So each is compared with the one before, and a corrected figure is seen as one."""
    for number, guid in enumerate(["urn:a", "urn:b", "urn:a", "urn:c"]):
        house.drop(f"{number}.json", wire(guid, version=str(number)), age=OLD - number)

    first, second = house.poll(), house.poll()

    assert (guids(first), first.has_more) == (["urn:b", "urn:a"], True)
    assert (guids(second), second.has_more) == (["urn:c", "urn:a"], False)


def test_of_versions_in_one_file_the_latest_is_read(house: House) -> None:
    made = ["2026-11-12T08:10:00Z", "2026-11-12T08:30:00Z", "2026-11-12T08:20:00Z"]
    versions = [wire("urn:a", headline=at, versioncreated=at) for at in made]
    house.drop("1.json", *versions, wire("urn:b"), item("same"), item("same", title="Another"))

    parsed = house.poll().parsed

    assert parsed
    assert [each.title for each in parsed.items] == [
        made[1], "Title of urn:b", "Title of same", "Another",
    ]  # fmt: skip


def test_a_poll_takes_so_many_files_the_oldest_first(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop, "MAX_FILES", 2)
    for name in "edcba":
        house.drop(f"{name}.json", item(name), age=OLD - ord(name))

    polls = [house.poll() for _ in range(3)]

    assert [guids(batch) for batch in polls] == [["b", "a"], ["d", "c"], ["e"]]
    assert [batch.has_more for batch in polls] == [True, True, False]


def test_a_poll_takes_so_many_bytes_but_one_file_at_least(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop, "MAX_BYTES", 100)
    for name in "abc":
        house.drop(f"{name}.json", item(name, url="https://bta.example/" + "x" * 60))

    assert [guids(house.poll()) for _ in range(3)] == [["a"], ["b"], ["c"]]


@pytest.mark.usefixtures("untold")
def test_unreadable_files_do_not_keep_the_poll_busy(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those may be half a file; the next poll is not asked for at once."""
    monkeypatch.setattr(drop, "MAX_FILES", 1)
    for name in "ab":
        house.drop(f"{name}.json", text="{", age=10)

    assert house.poll().has_more is False


def test_looking_moves_and_makes_nothing(house: House) -> None:
    house.drop("1.jsonl", item("a"))

    assert guids(house.read(look_only=True)) == ["a"]
    assert [path.name for path in house.folder.iterdir()] == ["1.jsonl"]


def test_nothing_is_read_that_could_not_be_moved(house: House) -> None:
    house.drop("1.jsonl", item("a"))
    (house.folder / "done").write_text("in the way")

    with pytest.raises(FetchError, match="files cannot be moved to done and failed in the folder"):
        house.poll()
    assert house.parser.parsed == 0


def test_a_folder_that_is_gone_is_told(house: House) -> None:
    house.folder.rmdir()
    with pytest.raises(FetchError, match="cannot be read"):
        house.poll()


def test_an_rss_file_in_the_folder_gives_its_language(house: House) -> None:
    rss = (
        "<rss version='2.0'><channel><title>x</title><language>bg</language>"
        "<item><guid>g</guid><title>Дъжд</title></item></channel></rss>"
    )
    house.drop("1.xml", text=rss)

    parsed = house.poll().parsed
    assert parsed
    assert (parsed.format, parsed.language) == ("rss20", "bg")
