"""A database that is locked by another program, of another version, deleted, or replaced."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.errors import StoreBusyError, StoreError, StoreSchemaError
from aggregator.model import StoryQuery
from aggregator.patience import Patience
from aggregator.store import migrate
from aggregator.store.store import Store
from tests.contract.samples import found, item, save
from tests.databases import store_at

TRY_SECONDS = 0.05


class LetsGo(Patience):
    """Frees the lock after so many failed tries."""

    def __init__(self, held: ExitStack, tries: int) -> None:
        super().__init__(60)
        self.held = held
        self.tries_left = tries

    def failed(self) -> bool:
        self.tries_left -= 1
        if not self.tries_left:
            self.held.close()
        return super().failed()


@contextmanager
def opened(url: str, patience: Patience) -> Iterator[Store]:
    store = Store(url, wait_seconds=TRY_SECONDS, patience=patience)
    yield store
    store.close()


def test_a_write_is_tried_until_the_lock_is_free(store: Store, url: str) -> None:
    with ExitStack() as held:
        patience = LetsGo(held, tries=3)
        held.enter_context(store._writing())
        with opened(url, patience) as waiting:
            save(waiting, item("b"))
            assert not patience.is_waiting
    assert patience.tries_left == 0
    assert store.item("b") == item("b")


def test_a_write_that_may_not_wait_fails_after_one_try(store: Store, url: str) -> None:
    for patience in (Patience(), Patience(60)):
        patience.stop()
        with (
            store._writing(),
            opened(url, patience) as other,
            pytest.raises(StoreBusyError, match=r"is locked by another process.*Try again"),
        ):
            save(other, item("b"))


def test_a_reader_waits_for_nobody_however_patient(store: Store, url: str) -> None:
    found(store, item("a"))
    patience = Patience(60)
    with store._writing(), opened(url, patience) as reader:
        assert reader.count_stories(StoryQuery()) == 1
    assert not patience.is_waiting


def test_items_that_wait_for_their_story_are_counted_so_far(store: Store) -> None:
    for name in ("a", "b", "c"):
        save(store, item(name))
    found(store, item("d"))
    assert [store.count_unplaced(limit=limit) for limit in (2, 3, 1000)] == [2, 3, 3]
    assert len(store.unplaced()) == 3


# ---------------------------------------------------------------------------------------- the file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "aggregator.db"


@pytest.fixture
def prepared(file: Path) -> Iterator[Store]:
    store = store_at(file)
    store.prepare()
    found(store, item("a"))
    yield store
    store.close()


def deleted(file: Path) -> None:
    file.unlink()


def replaced(file: Path) -> None:
    copy = file.with_name("copy")
    shutil.copy(file, copy)
    copy.replace(file)


def moved_away(file: Path) -> None:
    file.rename(file.with_name("other.db"))


@pytest.mark.parametrize("happen", [deleted, replaced, moved_away])
def test_a_file_that_is_not_the_one_prepared_is_noticed(
    prepared: Store, file: Path, happen: object
) -> None:
    prepared.must_be_in_place()
    save(prepared, item("b"))
    prepared.must_be_in_place()

    happen(file)  # type: ignore[operator]

    with pytest.raises(StoreError, match=r"aggregator\.db was deleted or replaced .*start again"):
        prepared.must_be_in_place()


def test_where_the_database_is_no_file_none_can_be_missed(store: Store) -> None:
    store.must_be_in_place()


# -------------------------------------------------------------------------------------- the version


def set_version(store: Store, version: str) -> None:
    with store._writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_a_newer_database_is_neither_checked_nor_copied(prepared: Store, tmp_path: Path) -> None:
    set_version(prepared, "9999")
    for use in (prepared.check, lambda: prepared.backup(tmp_path / "copy.db")):
        with pytest.raises(StoreSchemaError, match=r"schema 9999, newer than .*Run the version"):
            use()
    assert not (tmp_path / "copy.db").exists()


def test_an_older_database_is_copied_before_its_upgrade_and_checked_after(
    prepared: Store, tmp_path: Path
) -> None:
    set_version(prepared, "0003")
    prepared.backup(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").exists()
    with pytest.raises(StoreSchemaError, match=r"schema 0003.*`aggregator db upgrade`"):
        prepared.check()
    set_version(prepared, migrate.HEAD)
    assert prepared.check() == []
