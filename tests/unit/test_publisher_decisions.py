"""Which documents the publisher makes anew, after a restart above all, and which it leaves as they are.

Stories are seen on three days, two a day; the current document holds the newest two. So each of the two
earlier days has an archive, and the last day none.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from aggregator.config import Settings
from aggregator.config.settings import OutputSettings
from aggregator.errors import OutputError
from aggregator.model import (
    Action,
    Agency,
    Feed,
    Item,
    Member,
    Move,
    Story,
    StoryChange,
    StoryQuery,
)
from aggregator.publisher import Publisher
from aggregator.store.store import Store
from tests.contract.samples import found, item, joining, place, save, summarise
from tests.databases import store_at

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (2, 3, 4))
CURRENT = {"merged.rss", "merged.atom", "merged.json"}
NOW = datetime(2026, 11, 5, tzinfo=UTC)
LAST_MOMENT = time(23, 59, 59, 999_999)


def six_stories(store: Store) -> None:
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        found(store, report(f"early-{day}", day), report(f"late-{day}", day, LAST_MOMENT))


class Desk:
    """A store, and publishers that come one after the other as processes do."""

    def __init__(self, directory: Path, store: Store) -> None:
        self.directory = directory / "feeds"
        self.store = store
        self.days_read: list[date] = []  # whose archives were made since the last `start`
        self.current_read = 0  # how often the current documents were made, of one reading
        each_story, stories = store.each_story, store.stories

        def noted_day(query: StoryQuery) -> Iterator[Story]:
            assert query.since_at
            self.days_read.append(query.since_at.date())
            return each_story(query)

        def noted_newest(query: StoryQuery) -> list[Story]:
            self.current_read += 1
            return stories(query)

        store.each_story = noted_day  # type: ignore[method-assign]
        store.stories = noted_newest  # type: ignore[method-assign]

    def settings(self, title: str = "Merged") -> Settings:
        return Settings(
            output=OutputSettings(directory=self.directory, items=2, title=title),
            agencies=(Agency(id="bta", name="BTA"),),
            feeds=(Feed(id="bta-bg", url="https://bta.example/rss", agency_id="bta"),),
        )

    def start(self, title: str = "Merged") -> Publisher:
        self.days_read, self.current_read = [], 0
        return Publisher(self.store, self.settings(title))

    def files(self) -> set[str]:
        return {path.name for path in self.directory.iterdir()}

    def read(self, name: str) -> str:
        return (self.directory / name).read_text("utf-8")

    def add(self, name: str, day: date, at: time = time(12)) -> None:
        found(self.store, report(name, day, at))


def report(name: str, day: date, at: time = time(12)) -> Item:
    moment = datetime.combine(day, at, UTC)
    return item(name, seen_at=moment, reported_at=moment, published_at=moment)


def served(publisher: Publisher, name: str) -> bytes:
    return publisher.documents[name].body


def cancel_archives(publisher: Publisher) -> None:
    publisher.cancel_archives()


def archives(*days: date) -> set[str]:
    return {f"merged-{day}.{extension}" for day in days for extension in ("rss", "atom", "json")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = store_at(tmp_path / "aggregator.db", six_stories)
    yield Desk(tmp_path, store)
    store.close()


@pytest.fixture
def published(desk: Desk) -> Desk:
    """The desk when a process has published and ended."""
    desk.start().publish(NOW)
    return desk


def test_the_days_that_do_not_fit_have_archives(desk: Desk) -> None:
    written = desk.start().publish(NOW)

    assert set(written) == CURRENT | archives(MONDAY, TUESDAY)
    assert desk.files() - {".published.json"} == set(written)


def test_an_archive_holds_its_day_from_midnight_to_midnight(published: Desk) -> None:
    published.add("midnight", TUESDAY, time(0))

    published.start().publish(NOW)

    entries = json.loads(published.read(f"merged-{MONDAY}.json"))["items"]
    assert [entry["id"].rpartition(":")[2] for entry in entries] == [
        f"slate-{MONDAY}",
        f"searly-{MONDAY}",
    ]
    assert "smidnight" in published.read(f"merged-{TUESDAY}.json")


def test_archives_of_an_unchanged_store_are_not_read_again_after_a_restart(
    published: Desk,
) -> None:
    assert published.start().publish(NOW) == []
    assert published.days_read == []


def test_after_a_restart_the_current_documents_are_in_memory_although_nothing_is_written(
    published: Desk,
) -> None:
    before = {name: published.read(name) for name in CURRENT}
    publisher = published.start()

    publisher.publish(NOW + timedelta(hours=1))

    for name, text in before.items():
        assert published.read(name) == text
        (published.directory / name).unlink()
        assert served(publisher, name).decode() == text


def test_archives_are_served_from_their_files_and_nothing_else_in_the_folder_is(
    published: Desk,
) -> None:
    publisher = published.start()
    publisher.publish(NOW)
    name = f"merged-{MONDAY}.atom"

    assert served(publisher, name).decode() == published.read(name)
    (published.directory / name).unlink()
    (published.directory / "merged.txt").write_text("a note")
    for missing in (name, ".published.json", "merged.txt", "../aggregator.db"):
        with pytest.raises(KeyError):
            served(publisher, missing)


@pytest.mark.parametrize("with_archives", [True, False])
def test_nothing_is_read_again_while_nothing_changes(desk: Desk, with_archives: bool) -> None:
    publisher = desk.start()
    publisher.publish(NOW, archives=with_archives)
    assert desk.current_read == 1

    publisher.publish(NOW, archives=with_archives)
    publisher.publish(NOW, archives=False)

    assert desk.current_read == 1
    assert desk.days_read == ([TUESDAY, MONDAY] if with_archives else [])


def test_archives_left_for_later_are_made_although_the_current_documents_are_up_to_date(
    desk: Desk,
) -> None:
    publisher = desk.start()
    assert set(publisher.publish(NOW, archives=False)) == CURRENT

    assert set(publisher.publish(NOW)) >= archives(MONDAY, TUESDAY)


def test_current_documents_do_not_link_to_archives_that_were_cancelled(desk: Desk) -> None:
    publisher = desk.start()
    cancel_archives(publisher)

    assert set(publisher.publish(NOW)) == CURRENT

    assert "prev-archive" not in desk.read("merged.atom")
    assert desk.files() == CURRENT, "nor is there a record that all is published"


def split_off(desk: Desk, name: str) -> None:
    """What a person decides in another process: an item gets a story of its own."""
    desk.store.decide(
        Action.SPLIT,
        item_id=name,
        other_id=None,
        moves=[Move(item_id=name, story_id=f"s{name}")],
        summarise=summarise,
        now=NOW,
    )


def test_a_decision_is_missed_until_the_current_documents_have_it(desk: Desk) -> None:
    early, copy = report(f"early-{WEDNESDAY}", WEDNESDAY), report("copy", WEDNESDAY)
    save(desk.store, copy)
    place(desk.store, joining(copy, early))
    publisher = desk.start()
    publisher.publish(NOW, archives=False)
    assert not publisher.misses_decision()
    assert '"id":"copy"' in desk.read("merged.json")

    split_off(desk, "copy")
    assert publisher.misses_decision()

    publisher.publish(NOW, archives=False)
    assert not publisher.misses_decision()
    assert '"id":"copy"' not in desk.read("merged.json")
    desk.store.undo(NOW, summarise=summarise)
    assert publisher.misses_decision()


def test_new_reports_are_no_decision(desk: Desk) -> None:
    publisher = desk.start()
    publisher.publish(NOW)

    desk.add("new", MONDAY)

    assert not publisher.misses_decision()


def test_a_date_that_was_published_stays_whatever_is_reported_later(desk: Desk) -> None:
    def earliest(members: Sequence[Member], story_id: str) -> StoryChange:
        dated = min(member.item.reported_at for member in members)
        return replace(summarise(members, story_id), published_at=dated)

    story_id = f"searly-{WEDNESDAY}"
    published_at = desk.store.story(story_id).published_at
    desk.start().publish(NOW)
    found_later = report("copy", MONDAY)
    save(desk.store, found_later)

    desk.store.place(
        [joining(found_later, report(f"early-{WEDNESDAY}", WEDNESDAY))], summarise=earliest
    )

    assert desk.store.story(story_id).published_at == published_at


def test_only_the_day_that_changed_is_made_anew_after_a_restart(published: Desk) -> None:
    published.add("new", MONDAY)

    assert set(published.start().publish(NOW)) == archives(MONDAY)
    assert published.days_read == [MONDAY]


def test_only_the_day_that_changed_is_made_anew_within_a_process(desk: Desk) -> None:
    publisher = desk.start()
    publisher.publish(NOW)
    desk.days_read = []
    desk.add("new", MONDAY)

    assert set(publisher.publish(NOW)) == archives(MONDAY)
    assert desk.days_read == [MONDAY]
    assert publisher.publish(NOW) == []
    assert desk.days_read == [MONDAY]


def test_an_archive_between_others_links_to_both_and_they_to_it(published: Desk) -> None:
    sunday = MONDAY - timedelta(days=1)
    published.add("older", sunday)

    written = set(published.start().publish(NOW))

    assert archives(sunday) < written, "Sunday's is new"
    assert f"merged-{MONDAY}.atom" in written, "Monday's links to Sunday's"
    assert not written & archives(TUESDAY), "Tuesday's neighbours are as they were"
    assert published.days_read == [MONDAY, sunday]
    assert f"merged-{sunday}.atom" in published.read(f"merged-{MONDAY}.atom")


def test_other_settings_make_all_documents_anew(published: Desk) -> None:
    publisher = published.start("Another title")

    assert set(publisher.publish(NOW)) == CURRENT | archives(MONDAY, TUESDAY)
    assert "Another title" in published.read(f"merged-{MONDAY}.atom")


def test_a_current_document_that_is_missing_makes_all_anew(published: Desk) -> None:
    (published.directory / "merged.rss").unlink()

    assert published.start().publish(NOW) == ["merged.rss"]
    assert published.days_read == [TUESDAY, MONDAY]


@pytest.mark.parametrize(
    "state",
    ["", "[]", "{}", '{"version": "x", "settings": "", "archives": []}', '{"version": 1, "settings": ""}'],
)  # fmt: skip
def test_a_damaged_record_of_what_was_published_makes_all_anew(published: Desk, state: str) -> None:
    (published.directory / ".published.json").write_text(state)

    assert published.start().publish(NOW) == []
    assert published.days_read == [TUESDAY, MONDAY]
    published.start().publish(NOW)
    assert published.days_read == [], "the record is whole again"


def test_all_is_made_anew_on_demand(published: Desk) -> None:
    publisher = published.start()

    assert publisher.publish(NOW, everything=True) == []
    assert published.days_read == [TUESDAY, MONDAY]
    assert publisher.publish(NOW, everything=True) == []
    assert published.days_read == [TUESDAY, MONDAY] * 2
    publisher.publish(NOW, everything=True, archives=False)
    assert published.current_read == 3


def test_archives_of_days_that_have_none_are_removed_and_other_files_stay(
    published: Desk,
) -> None:
    old, foreign = "merged-2020-01-01.rss", ["merged-notes.txt", "merged-2020-01-01.rss.bak"]
    for name in (old, *foreign):
        (published.directory / name).write_text("")
    published.add("new", MONDAY)

    published.start().publish(NOW)

    assert old not in published.files()
    assert set(foreign) < published.files()
    assert archives(MONDAY, TUESDAY) < published.files()


def test_the_current_documents_were_updated_when_their_last_story_was(desk: Desk) -> None:
    desk.start().publish(NOW)

    (_, updated) = desk.read("merged.atom").split("<updated>", 1)
    assert updated.startswith(f"{WEDNESDAY}T23:59:59")


def test_without_a_story_the_current_documents_are_as_new_as_their_making(tmp_path: Path) -> None:
    store = store_at(tmp_path / "aggregator.db")
    desk = Desk(tmp_path, store)

    assert set(desk.start().publish(NOW)) == CURRENT

    (_, updated) = desk.read("merged.atom").split("<updated>", 1)
    assert updated.startswith("2026-11-05T00:00:00")
    store.close()


def test_everybody_may_read_the_documents_and_nothing_is_left_beside_them(published: Desk) -> None:
    published.start().publish(NOW, everything=True)  # which finds that all is written already

    assert published.files() == CURRENT | archives(MONDAY, TUESDAY) | {".published.json"}
    for name in CURRENT:
        assert stat.S_IMODE((published.directory / name).stat().st_mode) == 0o644


def test_a_folder_that_cannot_be_written_to_is_named_with_the_setting(desk: Desk) -> None:
    desk.directory.write_text("a file where the folder should be")

    with pytest.raises(
        OutputError, match=r"Cannot write .*/feeds/merged.*: File exists.*output\.directory"
    ):
        desk.start().publish(NOW)
