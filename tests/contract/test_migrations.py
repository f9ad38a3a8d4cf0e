"""A database that went through every migration is the same as one made anew."""

import logging
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, select, update

from aggregator import provenance
from aggregator.config import MatchSettings
from aggregator.errors import StoreSchemaError
from aggregator.match.matcher import Matcher
from aggregator.model import (
    Action,
    Evidence,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    StoryQuery,
)
from aggregator.store import heads, migrate
from aggregator.store.migrations.versions.v0005_desk import _SPREAD
from aggregator.store.schema import copies, metadata, stories
from aggregator.store.store import Store
from tests.contract.samples import EARLIER, HOUR, NOON, item, summarise
from tests.reports import reports

REPORT = next(one for one in reports("translated") if one["id"] == "fm-call-slovenia")
SAID = {one["language"]: one for one in REPORT["items"]}
WHY = Evidence(rule="translation", reason="why")


def reported(item_id: str, language: str) -> Item:
    said = SAID[language]
    return item(item_id, title=said["title"], text=said["text"], html="", language=language)


ORIGINAL, COPY, ALONE = reported("a", "ru"), reported("b", "en"), item("c")
RELATED = Match(a="c", b="a", kind=Kind.RELATED, score=0.4, evidence=WHY)
JOINED = Match(a="b", b="a", kind=Kind.TRANSLATION, score=0.97, evidence=WHY)


def described(connection: Connection) -> dict[str, object]:
    """Every table with its columns, keys and indexes, as the engine has them."""
    inspector = inspect(connection)
    return {
        table: (
            [{**column, "type": str(column["type"])} for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(inspector.get_foreign_keys(table), key=str),
            sorted(inspector.get_indexes(table), key=str),
        )
        for table in inspector.get_table_names()
    }


@pytest.fixture
def opened(url: str) -> Iterator[Store]:
    """A store on an empty database, whose tables are still to be made."""
    store = Store(url)
    yield store
    store.close()


def test_the_migrations_lead_to_the_tables_of_a_new_database(opened: Store) -> None:
    opened.upgrade()
    with opened._writing() as connection:
        migrated = described(connection)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TABLE item_words_fts")
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")

    opened.prepare()

    with opened._reading() as connection:
        assert described(connection) == migrated
        assert migrate.schema_version(connection) == migrate.HEAD


def test_the_tables_are_as_the_schema_says(store: Store) -> None:
    with store._reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": is_no_index_of_words}
        )
        assert compare_metadata(context, metadata) == []


def is_no_index_of_words(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether a table or index is not of the engine's own index of words."""
    return not (name or "").startswith(("item_words_fts", "item_words_words_idx"))


def test_the_last_migration_is_the_version_we_look_for() -> None:
    config = Config()
    config.set_main_option("script_location", "aggregator.store:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_migrations_say_nothing(opened: Store, capfd: pytest.CaptureFixture[str]) -> None:
    opened.upgrade()

    assert capfd.readouterr() == ("", "")


def test_migrations_leave_the_logging_as_it_was(opened: Store) -> None:
    before = (logging.root.level, list(logging.root.handlers))
    opened.upgrade()

    assert (logging.root.level, logging.root.handlers) == before


# --------------------------------------------------------------------------- 0002, from a store of 0001


def matcher(store: Store) -> Matcher:
    return Matcher(MatchSettings(), (), store.fingerprints)


def old_fingerprint(of: Item, scheme: str, tail: bytes) -> dict[str, Any]:
    """A fingerprint as 0001 had it: the vector of a model, if any, behind the features of `crosslang`.

    What it says is of no matter, it is only copied: two features, a name and five words by its header.
    """
    header = struct.pack("<BBHHH", 1, 0, 2, 1, 5)
    return {
        "item_id": of.id,
        "scheme": scheme,
        "language": of.language,
        "signature": of.id.encode() * SIGNATURE_BYTES,
        "features": struct.pack("<2I", 1, 2) + b"abcdefghijkl",
        "crosslang": header + bytes(range(2 * 6 + 12)) + tail,
    }


def old_item(of: Item, story_id: str | None, match: Match | None) -> dict[str, Any]:
    names = (
        "id feed_id agency_id title text seen_at reported_at guid link html language published_at"
        " revision revised_at content_hash full_text"
    )
    row = {name: getattr(of, name) for name in names.split()}
    row |= {"credits": [], "search_text": f"{of.title} {of.text}", "story_id": story_id}
    return row | {f"match_{name}": value for name, value in old_match(match).items()}


def old_match(match: Match | None) -> dict[str, Any]:
    if match is None:
        return dict.fromkeys(("a", "b", "kind", "score", "evidence"))
    evidence = {"rule": match.evidence.rule, "reason": match.evidence.reason}
    return {
        "a": match.a,
        "b": match.b,
        "kind": str(match.kind),
        "score": match.score,
        "evidence": evidence,
    }


Kept = tuple[Item, str | None, Match | None]  # an item, its story, and the match it came by
KEPT: tuple[Kept, ...] = (
    (ORIGINAL, "sa", None),
    (COPY, "sa", JOINED),
    (ALONE, "sc", None),
)


def fill_as_0001(
    store: Store, scheme: str, tail: bytes = b"", kept: Sequence[Kept] = KEPT, upto: str = "0001"
) -> None:
    """Store as the first version did: a story of two, one split from it; then upgrade it to `upto`."""
    feed = {"feed_id": "bta-bg", "url": "u", "configured_url": "u", "next_due_at": NOON}
    counts = dict.fromkeys(
        ("failures", "item_count", "overlap_streak", "skip_hours", "skip_days"), 0
    )
    story = {"first_seen_at": NOON, "updated_at": NOON, "day": NOON.date(), "origin_id": "bta"}
    decision = {"action": "split", "item_id": "c", "made_at": NOON, "version": 1}
    rows: dict[str, list[dict[str, Any]]] = {
        "feeds": [feed | counts | {"status": "ok", "trust_validators": True, "retired": False}],
        "stories": [
            story | {"id": "sa", "lead_id": "a", "item_count": len(kept) - 1},
            story | {"id": "sc", "lead_id": "c", "item_count": 1},
        ],
        "days": [{"day": date(2026, 11, 4), "story_count": 2, "version": 1}],
        "items": [old_item(*one) for one in kept],
        "item_keys": [{"digest": one.id.encode() * 16, "item_id": one.id} for one, *_ in kept],
        "fingerprints": [old_fingerprint(one, scheme, tail) for one, *_ in kept],
        "matches": [old_match(RELATED)],
        "decisions": [{"id": 1, **decision}],
        "moves": [
            {"decision_id": 1, "item_id": "c", "story_id": "sc", "former_story_id": "sa"}
            | {f"former_{name}": None for name in old_match(None)}
        ],
    }
    config = Config()
    config.set_main_option("script_location", "aggregator.store:migrations")
    with store._writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        tables = MetaData()
        tables.reflect(connection)
        for table, values in rows.items():
            connection.execute(tables.tables[table].insert(), values)
        command.upgrade(config, upto)


def unread(of: Item) -> Item:
    """An item of an older store: what its text says of its sources was not looked for yet."""
    return replace(of, names_source=True)


SCHEME_OF_0001 = "wire2-affine32-1-126x3-64x2"
SIGNATURE_BYTES = 4 * (126 + 64)


@pytest.mark.parametrize("tail", [b"", bytes(2 * 384 + 8)], ids=["", "with vectors"])
def test_a_store_of_the_first_version_holds_the_same_afterwards(opened: Store, tail: bytes) -> None:
    fill_as_0001(opened, SCHEME_OF_0001, tail)
    with pytest.raises(StoreSchemaError, match=r"aggregator backup FILE.*aggregator db upgrade"):
        opened.prepare()

    assert opened.upgrade() == ("0001", migrate.HEAD)

    opened.prepare()
    both, alone = opened.story("sa"), opened.story("sc")
    assert both.members == (
        Member(item=unread(ORIGINAL)),
        Member(item=unread(COPY), match=JOINED, lineage=Lineage(parent=JOINED)),
    )
    assert [member.item for member in alone.members] == [unread(ALONE)]
    assert [related.match for related in alone.related] == [RELATED]
    assert {story.id for story in opened.stories(StoryQuery())} == {"sa", "sc"}
    assert [(one.action, one.item_id) for one in opened.decisions()] == [(Action.SPLIT, "c")]
    assert opened.check() == []


@pytest.mark.parametrize("tail", [b"", bytes(2 * 384 + 8)], ids=["", "with vectors"])
def test_copies_of_what_the_first_version_stored_are_found(opened: Store, tail: bytes) -> None:
    fill_as_0001(opened, SCHEME_OF_0001, tail)
    opened.upgrade()
    started = matcher(opened)
    since_at = NOON - timedelta(days=1)

    for one in opened.items_with_other_scheme(started.schemes, since_at, limit=9):
        opened.save_fingerprints({one.id: started.fingerprint(started.read(one))})
    started.add(opened.indexed(since_at))
    for language in ("en", "ru", "bg"):
        copy = reported("new", language)
        placed = started.place(copy, started.fingerprint(started.read(copy)))
        assert placed.story_id == "sa"


def test_fingerprints_are_cut_by_channel_and_otherwise_as_they_were(opened: Store) -> None:
    fill_as_0001(opened, SCHEME_OF_0001, tail=bytes(776))

    opened.upgrade()

    for one in (ORIGINAL, COPY, ALONE):
        old = old_fingerprint(one, SCHEME_OF_0001, tail=b"")
        crosslang, words = opened.fingerprints([one.id])[one.id].parts
        assert (crosslang.channel, crosslang.scheme) == ("crosslang", "wire2-neutral1")
        assert crosslang.data == old["crosslang"]
        assert (words.channel, words.scheme) == ("words", SCHEME_OF_0001)
        assert words.data == old["signature"] + old["features"]


def test_fingerprints_of_an_older_scheme_are_still_to_be_made_anew(opened: Store) -> None:
    fill_as_0001(opened, "wire1")
    opened.upgrade()

    wanted = matcher(opened).schemes

    for channel, scheme in wanted.items():
        waiting = opened.items_with_other_scheme({channel: scheme}, EARLIER, limit=9)
        assert {one.id for one in waiting} == {"a", "b", "c"}


def test_a_channel_new_to_an_upgraded_store_is_filled_at_the_start(opened: Store) -> None:
    fill_as_0001(opened, SCHEME_OF_0001)
    opened.upgrade()
    wanted = matcher(opened).schemes | {"embedding": "model"}

    waiting = opened.items_with_other_scheme(wanted, EARLIER, limit=9)

    assert {one.id for one in waiting} == {"a", "b", "c"}


# --------------------------------------------------------------------------- 0003, from a store of 0002


def at(of: Item, reported: int, seen: int) -> Item:
    """An item reported and seen so many hours after noon."""
    return replace(of, reported_at=NOON + reported * HOUR, seen_at=NOON + seen * HOUR)


FOUNDER, LATER_COPY = at(ORIGINAL, reported=2, seen=2), at(COPY, reported=3, seen=3)
EARLY_COPY = replace(at(item("d"), reported=1, seen=4), agency_id="kazinform")
BACKWARDS = Match(a="d", b="a", kind=Kind.NEAR, score=0.9, evidence=WHY)


@pytest.fixture
def of_0002(opened: Store) -> Store:
    """A store of 0002: in `sa` the founder, a copy reported later, and one reported before it."""
    story: tuple[Kept, ...] = (
        (FOUNDER, "sa", None),
        (LATER_COPY, "sa", JOINED),
        (EARLY_COPY, "sa", BACKWARDS),
        (ALONE, "sc", None),
    )
    fill_as_0001(opened, SCHEME_OF_0001, kept=story, upto="0002")
    return opened


def dated(store: Store) -> dict[str, datetime]:
    return {story.id: story.published_at for story in store.stories(StoryQuery())}


def test_a_store_of_the_second_version_holds_the_same_afterwards(of_0002: Store) -> None:
    assert of_0002.upgrade() == ("0002", migrate.HEAD)

    of_0002.prepare()
    assert [member.item for member in of_0002.story("sa").members] == [
        unread(each) for each in (EARLY_COPY, FOUNDER, LATER_COPY)
    ]
    assert [member.match for member in of_0002.story("sa").members] == [BACKWARDS, None, JOINED]
    assert of_0002.story("sa").killed_at is None
    (decision,) = of_0002.decisions()
    assert (decision.action, decision.item_id, decision.made_by) == (Action.SPLIT, "c", None)
    assert of_0002.awaited() == []
    assert of_0002.check() == []


def test_an_entry_keeps_the_date_it_was_published_with(of_0002: Store) -> None:
    of_0002.upgrade()

    assert dated(of_0002) == {"sa": FOUNDER.reported_at, "sc": ALONE.reported_at}
    of_0002.summarise_again(
        ["sa"],
        summarise=lambda members, id_: replace(summarise(members, id_), published_at=EARLIER),
    )
    assert dated(of_0002)["sa"] == FOUNDER.reported_at


def test_until_it_is_made_anew_a_parent_is_what_an_item_came_by_if_that_was_there_before(
    of_0002: Store,
) -> None:
    of_0002.upgrade()

    parents = {m.item.id: m.lineage.parent for m in of_0002.story("sa").members}
    assert parents == {"d": None, "a": None, "b": JOINED}


def test_until_it_is_read_anew_nothing_is_said_of_what_an_item_credits(of_0002: Store) -> None:
    of_0002.upgrade()

    said = {each.item.id: each.credit for each in provenance.appearances(of_0002.story("sa"))}
    assert said == {"d": None, "a": None, "b": None}


def test_stories_of_an_upgraded_store_are_made_anew_at_the_start(of_0002: Store) -> None:
    of_0002.upgrade()

    waiting = of_0002.stories_with_other_scheme("lineage1", EARLIER, limit=9)

    assert {story.id for story in waiting} == {"sa", "sc"}


def test_the_words_of_an_upgraded_store_are_found(of_0002: Store) -> None:
    of_0002.upgrade()

    assert [story.id for story in of_0002.stories(StoryQuery(search='"c" лозен'))] == ["sc"]
    assert of_0002.check() == []


def test_a_former_text_is_still_at_hand(of_0002: Store) -> None:
    former = {
        "item_id": "c", "revision": 0, "title": "старо", "text": "старо", "reported_at": NOON,
        "html": "", "content_hash": "0", "credits": [["kazinform", "съобщи Казинформ", False]],
        "full_text": "",
    }  # fmt: skip
    with of_0002._writing() as connection:
        tables = MetaData()
        tables.reflect(connection, only=["item_revisions", "items"])
        connection.execute(tables.tables["item_revisions"].insert(), former)

    of_0002.upgrade()

    first, second = of_0002.revisions("c")
    assert (first.title, second.title) == ("старо", ALONE.title)
    (credit,) = first.credits
    assert (credit.agency_id, credit.agreement, credit.background) == ("kazinform", False, False)


# --------------------------------------------------------------------------- 0005, from a store of 0004

SUMMARISED = ("id", "spread", "agencies", "languages", "corrected_at", "published_at")


def summarised(store: Store) -> list[tuple[Any, ...]]:
    with store._reading() as connection:
        return sorted(
            tuple(row)
            for row in connection.execute(select(*(stories.c[name] for name in SUMMARISED)))
        )


def test_older_stories_are_listed_by_the_same_as_those_of_now(of_0002: Store) -> None:
    of_0002.upgrade()
    upgraded = summarised(of_0002)

    with of_0002._writing() as connection:
        heads.keep(connection, ["sa", "sc"])

    assert summarised(of_0002) == upgraded
    assert [row[2:4] for row in upgraded] == [(" bta kazinform ", " bg en ru "), (" bta ", " bg ")]


def test_how_fast_an_older_report_spread_follows_from_its_copies(of_0002: Store) -> None:
    of_0002.upgrade()
    with of_0002._writing() as connection:
        connection.execute(update(copies).values(since_first_s=2 * 3600.0))
        heads.keep(connection, ["sa"])
        (kept,) = connection.scalars(select(stories.c.spread).where(stories.c.id == "sa"))
        filled = connection.exec_driver_sql(f"SELECT ({_SPREAD}) FROM stories WHERE id = 'sa'")
        assert filled.scalar_one() == kept == 0.5


def test_a_story_without_a_date_gets_the_one_on_which_it_was_seen(of_0002: Store) -> None:
    config = Config()
    config.set_main_option("script_location", "aggregator.store:migrations")
    with of_0002._writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.exec_driver_sql("UPDATE stories SET published_at = NULL WHERE id = 'sc'")

    of_0002.upgrade()

    assert dated(of_0002)["sc"] == NOON


def test_an_older_split_names_the_item_that_the_one_split_off_came_by(of_0002: Store) -> None:
    with of_0002._writing() as connection:
        connection.exec_driver_sql("UPDATE moves SET former_a = 'c', former_b = 'a'")

    of_0002.upgrade()

    (split,) = of_0002.decisions()
    assert (split.item_id, split.other_id, split.reason) == ("c", "a", "")


def test_what_an_older_split_of_a_founder_split_it_from_is_not_known(of_0002: Store) -> None:
    of_0002.upgrade()

    assert [decision.other_id for decision in of_0002.decisions()] == [None]
