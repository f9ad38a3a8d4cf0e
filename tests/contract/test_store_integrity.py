"""Copies, soundness, figures, and the version of the schema."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.errors import StoreError, StoreSchemaError
from aggregator.model import Action, Kind, Move, StoryQuery
from aggregator.store.migrate import HEAD
from aggregator.store.store import Store
from tests.contract.samples import (
    NOON,
    found,
    founding,
    item,
    joining,
    match,
    place,
    save,
    state,
    summarise,
)


def tamper(store: Store, *statements: str) -> None:
    with store._writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


# ----------------------------------------------------------------------------------------- opening


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/var/deep/aggregator.db")

    store.prepare()

    assert store.feed_states() == {}


def test_a_relative_file_is_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    Store("sqlite:///var/aggregator.db").prepare()

    assert (tmp_path / "var" / "aggregator.db").is_file()


def test_preparing_again_changes_nothing(store: Store) -> None:
    found(store, item("a"))

    store.prepare()

    assert store.count_stories(StoryQuery()) == 1


def test_what_was_stored_is_there_after_closing(store: Store) -> None:
    found(store, item("a"))

    store.close()

    assert store.story("sa").lead == item("a")


def test_an_older_schema_is_refused_with_the_mend(store: Store) -> None:
    tamper(store, "UPDATE alembic_version SET version_num = '0000'")

    with pytest.raises(StoreSchemaError, match=r"aggregator backup FILE.*aggregator db upgrade"):
        store.prepare()


@pytest.mark.parametrize("method", ["prepare", "upgrade"])
def test_a_newer_schema_is_refused_with_the_mend(store: Store, method: str) -> None:
    tamper(store, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreSchemaError, match="Run the version that wrote it"):
        getattr(store, method)()


@pytest.mark.parametrize("method", ["prepare", "upgrade"])
def test_the_database_of_another_program_is_left_alone(url: str, method: str) -> None:
    store = Store(url)
    tamper(store, "CREATE TABLE invoices (id INTEGER)")

    with pytest.raises(StoreSchemaError, match=r"another program \(invoices"):
        getattr(store, method)()
    store.close()


def test_upgrading_an_empty_database_makes_it(url: str) -> None:
    store = Store(url)

    assert store.upgrade() == (None, HEAD)

    found(store, item("a"))
    assert store.check() == []
    store.close()


def test_upgrading_a_present_database_changes_nothing(store: Store) -> None:
    found(store, item("a"))

    assert store.upgrade() == (HEAD, HEAD)

    assert store.story("sa").lead == item("a")


@pytest.mark.parametrize("url", ["mysql://host/name", "not a url", "sqlite+nothing:///x.db"])
def test_a_url_of_no_engine_of_ours_says_so(url: str) -> None:
    with pytest.raises(StoreError, match="store"):
        Store(url).prepare()


def test_a_password_is_never_in_a_message() -> None:
    store = Store("postgresql+psycopg://someone:geheim@127.0.0.1:1/nowhere?connect_timeout=1")

    with pytest.raises(StoreError, match=r"127\.0\.0\.1") as reported:
        store.prepare()

    assert "geheim" not in str(reported.value)


# ----------------------------------------------------------------------------------------- copies


def test_a_backup_holds_what_was_stored(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    store.prepare()
    found(store, item("a"))

    store.backup(tmp_path / "kept" / "copy.db")

    copy = Store(f"sqlite:///{tmp_path}/kept/copy.db")
    copy.prepare()
    assert copy.story("sa") == store.story("sa")
    assert copy.check() == []


def test_a_backup_is_one_file_and_takes_the_place_of_the_last(
    sqlite_url: str, tmp_path: Path
) -> None:
    store = Store(sqlite_url)
    store.prepare()
    target = tmp_path / "kept" / "copy.db"
    store.backup(target)
    found(store, item("a"))

    store.backup(target)

    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT id FROM stories").fetchall() == [("sa",)]


def test_a_backup_is_as_private_as_the_database(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    store.prepare()
    (tmp_path / "aggregator.db").chmod(0o600)

    store.backup(tmp_path / "copy.db")

    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_database_is_not_backed_up_onto_itself(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    store.prepare()
    (tmp_path / "link.db").symlink_to(tmp_path / "aggregator.db")

    with pytest.raises(StoreError, match="is the database itself"):
        store.backup(tmp_path / "link.db")


@pytest.mark.parametrize("method", ["check", "backup"])
def test_a_database_that_is_not_there_is_not_made_by_looking(
    sqlite_url: str, tmp_path: Path, method: str
) -> None:
    store = Store(sqlite_url)
    arguments = [tmp_path / "copy.db"] if method == "backup" else []

    with pytest.raises(StoreError, match="There is no database at"):
        getattr(store, method)(*arguments)

    assert list(tmp_path.iterdir()) == []


def test_another_engine_names_its_own_tool(tmp_path: Path) -> None:
    store = Store("postgresql+psycopg://someone@127.0.0.1:1/news")

    with pytest.raises(StoreError, match=r"pg_dump .*copy.dump news"):
        store.backup(tmp_path / "copy.dump")


# -------------------------------------------------------------------------------------- soundness


def test_a_sound_database_has_no_problems(store: Store) -> None:
    save(store, item("a"), item("b"), item("waiting"))
    place(store, founding(item("a")), joining(item("b"), item("a")))

    assert store.check() == []


@pytest.mark.parametrize(
    ("damage", "reported"),
    [
        ("DELETE FROM fingerprints WHERE item_id = 'b'", "1 items without a fingerprint"),
        ("DELETE FROM item_keys WHERE item_id = 'b'", "1 items without a key"),
        ("UPDATE stories SET joined_into = 'sb' WHERE id = 'sa'", "joined into another"),
        ("UPDATE items SET story_id = NULL WHERE id = 'b'", "without items that were not joined"),
        (
            "UPDATE stories SET lead_id = 'a' WHERE id = 'sb'",
            "stories whose lead is not one of their items",
        ),
        (
            "UPDATE stories SET item_count = 7 WHERE id = 'sb'",
            "stories with a wrong count of items: sb",
        ),
        ("UPDATE stories SET joined_into = 'sb' WHERE id = 'sb'", "joined into themselves: sb"),
        ("UPDATE days SET story_count = 9", "days with a wrong count of stories: 2026-11-04"),
    ],
)
def test_every_broken_invariant_is_described(store: Store, damage: str, reported: str) -> None:
    found(store, item("a"), item("b"))

    tamper(store, damage)

    assert any(reported in problem for problem in store.check())


def test_of_many_things_broken_a_few_are_named(store: Store) -> None:
    found(store, *(item(one) for one in "abcdefgh"))

    tamper(store, "DELETE FROM item_keys")

    (problem,) = store.check()
    assert problem.startswith("8 items without a key")
    assert problem.endswith("and 3 more")


def test_a_row_that_refers_to_nothing_is_reported(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    store.prepare()
    found(store, item("a"))
    with closing(sqlite3.connect(tmp_path / "aggregator.db")) as other:
        other.execute("DELETE FROM feeds")
        other.commit()

    assert any(
        "refers to a row of feeds that does not exist" in problem for problem in store.check()
    )


def test_figures_count_what_is_held(store: Store) -> None:
    save(store, item("a"), item("b"), item("waiting"), item("c", feed_id="kz-kk"))
    related = match("c", "a", Kind.RELATED, 0.4)
    place(store, founding(item("a")), joining(item("b"), item("a")), founding(item("c"), related))
    store.decide(
        Action.SPLIT,
        item_id="b",
        other_id=None,
        moves=[Move(item_id="b", story_id="sb")],
        summarise=summarise,
        now=NOON,
    )
    store.save_feed_states([state("retired")])
    store.retire_feeds(["bta-bg", "kz-kk"])

    figures = store.figures()

    assert figures.pop("bytes") > 10_000
    assert figures == {
        "feeds": 2,
        "items": 4,
        "unplaced": 1,
        "stories": 3,
        "related": 1,
        "decisions": 1,
    }


def test_figures_of_an_empty_database_are_nought(store: Store) -> None:
    figures = store.figures()

    assert figures.pop("bytes") > 0
    assert set(figures.values()) == {0}
