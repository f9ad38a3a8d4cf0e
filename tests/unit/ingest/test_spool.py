"""A folder on the disk: what counts as a file in it, and how files leave it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import FetchError, RefusedError, TooLargeError
from aggregator.ingest import spool
from aggregator.ingest.spool import Spool

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "wire"
    made.mkdir()
    return made


@pytest.fixture
def opened(folder: Path) -> Iterator[Spool]:
    with spool.opened(folder, [folder]) as found:
        found.check_writable()
        yield found


def drop(folder: Path, name: str, text: str = "{}", *, seconds: int = 0) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    at = NOW.timestamp() + seconds
    os.utime(path, (at, at))
    return path


def test_files_come_oldest_first_and_by_name(folder: Path, opened: Spool) -> None:
    for name, seconds in [("b.xml", 1), ("а.xml", 1), ("c.xml", 0), ("a.xml", 1)]:
        drop(folder, name, seconds=seconds)

    assert [file.name for file in opened.files()] == ["c.xml", "a.xml", "b.xml", "а.xml"]


@pytest.mark.parametrize(
    "name",
    [".hidden.xml", ".in.1.xml.", "1.xml.tmp", "1.xml.part", "1.xml.FILEPART", "1.partial", "1.xml~"],
)  # fmt: skip
def test_what_is_still_written_is_no_file_yet(name: str, folder: Path, opened: Spool) -> None:
    drop(folder, name)
    assert opened.files() == []


def test_only_plain_files_count(folder: Path, opened: Spool) -> None:
    secret = drop(folder.parent, "secret.json")
    (folder / "link.json").symlink_to(secret)
    (folder / "gone.json").symlink_to(folder / "nothing")
    (folder / "archive").mkdir()
    os.mkfifo(folder / "pipe.json")
    drop(folder, "plain.json")

    assert [file.name for file in opened.files()] == ["plain.json"]


def test_a_file_that_became_a_link_is_not_read(folder: Path, opened: Spool) -> None:
    secret = drop(folder.parent, "secret.json", "secret")
    path = drop(folder, "1.json")
    [file] = opened.files()
    path.unlink()
    path.symlink_to(secret)

    with pytest.raises(OSError, match=r"symbolic|No such|changes"):
        opened.read(file, limit=100)


def test_a_file_is_read_as_it_was_listed(folder: Path, opened: Spool) -> None:
    path = drop(folder, "1.json", "[1]")
    [file] = opened.files()

    assert opened.read(file, limit=3) == b"[1]"
    with pytest.raises(TooLargeError, match="it has 3 bytes, allowed are 2"):
        opened.read(file, limit=2)
    path.write_text("[1, 2]", "utf-8")
    with pytest.raises(FileNotFoundError, match="changes while it is read"):
        opened.read(file, limit=100)


def test_a_file_is_put_away_with_its_reasons(folder: Path, opened: Spool) -> None:
    drop(folder, "good.json")
    drop(folder, "bad.json")
    bad, good = opened.files()

    opened.put_away(good, spool.DONE, (), NOW)
    opened.put_away(bad, spool.FAILED, ("line 1: not JSON", "line 2: лош"), NOW)

    assert sorted(path.name for path in folder.iterdir()) == ["done", "failed"]
    assert [path.name for path in (folder / "done").iterdir()] == ["good.json"]
    reason = folder / "failed" / "bad.json.reason.txt"
    assert reason.read_text("utf-8") == "line 1: not JSON\nline 2: лош\n"


@pytest.mark.parametrize("name", ["wire.xml", "wire", "wire.tar.gz"])
def test_no_file_replaces_one_of_the_same_name(name: str, folder: Path, opened: Spool) -> None:
    for number in range(4):
        drop(folder, name, str(number))
        opened.put_away(opened.files()[0], spool.DONE, (), NOW)

    kept = {path.name: path.read_text() for path in (folder / "done").iterdir()}
    stem, _, ending = name.rpartition(".")
    marked = [f"{stem}.20261112T093000{count}.{ending}" for count in ("", "-2", "-3")]
    if name == "wire":
        marked = ["wire.20261112T093000", "wire.20261112T093000-2", "wire.20261112T093000-3"]
    assert kept == dict(zip([name, *marked], "0123", strict=True))


def test_a_file_written_to_since_it_was_read_stays(folder: Path, opened: Spool) -> None:
    path = drop(folder, "1.json", "[1]")
    [file] = opened.files()
    path.write_text("[1, 2]", "utf-8")

    opened.put_away(file, spool.DONE, (), NOW)

    assert path.exists()
    path.unlink()
    opened.put_away(file, spool.DONE, (), NOW)  # nor is one missed that somebody took away


def test_a_link_in_place_of_done_is_not_followed(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "done").symlink_to(elsewhere)

    with (
        spool.opened(folder, [folder]) as found,
        pytest.raises(FetchError, match="files cannot be moved to done and failed in the folder"),
    ):
        found.check_writable()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    folder.chmod(0o555)
    with (
        spool.opened(folder, [folder]) as found,
        pytest.raises(FetchError, match="let the aggregator's user write there"),
    ):
        found.check_writable()


def test_a_file_in_place_of_failed_is_told(folder: Path) -> None:
    drop(folder, "failed")
    with (
        spool.opened(folder, [folder]) as found,
        pytest.raises(FetchError, match="let the aggregator's user write there"),
    ):
        found.check_writable()


def test_links_may_lead_to_a_folder_below_an_allowed_one(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    drop(folder, "1.json")

    with spool.opened(link, [folder.parent]) as found:
        assert len(found.files()) == 1


def test_links_may_not_lead_out_of_it(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "in").symlink_to(elsewhere)

    with (
        pytest.raises(RefusedError, match="a symbolic link leads the folder out of"),
        spool.opened(folder / "in", [folder]),
    ):
        pass


@pytest.mark.parametrize("name", ["missing", "file"])
def test_what_is_no_folder_is_told(name: str, folder: Path) -> None:
    drop(folder, "file")
    with (
        pytest.raises(FetchError, match=r"the folder cannot be read \(.*\); make it, let"),
        spool.opened(folder / name, [folder]),
    ):
        pass


def test_a_name_that_is_no_text_is_moved_and_can_be_shown(folder: Path, opened: Spool) -> None:
    (folder / os.fsdecode(b"\xc1\xd2\xc0\n.json")).write_text("{}")
    [file] = opened.files()

    assert file.shown == "\ufffd\ufffd\ufffd\ufffd.json"
    opened.put_away(file, spool.FAILED, ("no",), NOW)
    assert len(list((folder / "failed").iterdir())) == 2
