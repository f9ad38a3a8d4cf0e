"""What the database cannot do is reported as an error of ours, with what to do; nothing is left half done."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import QueuePool, create_engine

from aggregator.errors import StoreBusyError, StoreError, StoreFullError
from aggregator.model import StoryQuery
from aggregator.store import engine
from aggregator.store.failures import translating_errors
from aggregator.store.store import Store
from tests.contract.samples import found, item, save


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the write lock of a SQLite file, as a slow writer does."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture
def file(sqlite_url: str, tmp_path: Path) -> Path:
    store = Store(sqlite_url)
    store.prepare()
    found(store, item("a"))
    store.close()
    return tmp_path / "aggregator.db"


def test_a_database_locked_for_too_long_is_busy(
    file: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0)
    store = Store(sqlite_url)

    with held(file), pytest.raises(StoreBusyError, match=r"aggregator.db is locked.*Try again"):
        save(store, item("b"))

    save(store, item("b"))
    assert store.count_stories(StoryQuery()) == 1


def test_a_reader_never_waits_for_a_writer(
    file: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0)

    with held(file):
        assert Store(sqlite_url).story("sa").lead == item("a")


def test_a_full_disk_keeps_what_was_there(file: Path, sqlite_url: str) -> None:
    """A limit on the size of files stands for the disk: it holds for root too."""
    script = """
import resource, sys
from aggregator.errors import StoreFullError
from aggregator.store.store import Store
from tests.contract.samples import item, save

store = Store(sys.argv[1])
store.prepare()
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    for number in range(1_000):
        save(store, item(f"i{number:04}", text="дълъг текст " * 500))
        print(number, flush=True)
except StoreFullError as error:
    sys.exit(f"full: {error}")
"""
    limit = file.stat().st_size + 200_000
    child = subprocess.run(
        [sys.executable, "-c", script, sqlite_url, str(limit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert child.stderr.startswith("full: ")
    assert "Free some space on the disk" in child.stderr
    store = Store(sqlite_url)
    stored = {waiting.id for waiting, _ in store.unplaced(limit=1_000)}
    assert stored == {f"i{number:04}" for number in range(len(child.stdout.split()))}
    assert store.check() == []
    assert store.story("sa").lead == item("a")


def test_a_database_that_may_only_be_read_says_so(file: Path) -> None:
    """Opened read-only by its URL: the permissions of a file do not bind root."""
    store = Store(f"sqlite:///file:{file}?mode=ro&uri=true")

    with pytest.raises(StoreFullError, match=r"cannot be written.*let this user write"):
        save(store, item("b"))


def test_a_file_in_place_of_the_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")

    with pytest.raises(StoreError, match="var"):
        Store(f"sqlite:///{tmp_path}/var/aggregator.db").prepare()


def test_a_folder_in_place_of_the_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "aggregator.db").mkdir()

    with pytest.raises(StoreFullError, match=r"aggregator.db cannot be written"):
        Store(f"sqlite:///{tmp_path}/aggregator.db").prepare()


def test_a_file_that_is_no_database_says_how_to_go_on(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "aggregator.db").write_bytes(b"<rss>not a database</rss>" * 1_000)

    with pytest.raises(StoreError, match=r"not a database.*Restore the last backup"):
        Store(sqlite_url).prepare()


def test_a_damaged_database_is_reported_by_check(file: Path, sqlite_url: str) -> None:
    content = bytearray(file.read_bytes())
    content[8192:40960] = bytes(40960 - 8192)
    file.write_bytes(content)

    problems: list[str] = []
    try:
        problems = Store(sqlite_url).check()
    except StoreError as error:
        problems = [str(error)]

    assert any("damaged" in problem for problem in problems)


def test_what_is_no_error_of_the_database_passes() -> None:
    with pytest.raises(KeyError, match="mine"), translating_errors("somewhere"):
        raise KeyError("mine")


def test_too_many_readers_are_reported_as_busy() -> None:
    crowded = create_engine(
        "sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01
    )

    with (
        crowded.connect(),
        pytest.raises(StoreBusyError, match="readers"),
        translating_errors("here"),
    ):
        crowded.connect()
    crowded.dispose()
