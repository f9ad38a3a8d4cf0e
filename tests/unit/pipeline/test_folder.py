"""A folder through the whole pipeline: files become items and stories, and leave the folder after that."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from aggregator.config import FetchSettings
from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.pool import ParserPool
from aggregator.model import (
    Agency,
    Feed,
    FeedStatus,
    Notice,
    ParsedFeed,
    PollReport,
    PollResult,
    Replacement,
    StoryQuery,
)
from tests.unit.pipeline.test_pipeline import FERRY, LIBRARY, House, entry

PERMIT = (
    "The ministry of transport gave the port of Varna a permit to dredge its northern basin. The work "
    "costs 14 million euros and takes until March, the port said on Thursday in a statement."
)
HOUR = timedelta(hours=1)


class Parser:
    """The parser, in this process."""

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        headers: Mapping[str, str],
        proven: bool = False,
        known: Collection[str] = (),
    ) -> ParsedFeed:
        return parse(body, url=url, headers=headers)


class FolderHouse(House):
    """A house that also has a folder, in which an agency drops its copy."""

    def __init__(self, directory: Path) -> None:
        self.folder = directory / "wire"
        self.folder.mkdir()
        super().__init__(directory)

    def start(self) -> None:
        wire = Feed(id="wire", url=f"file://{self.folder}/", agency_id="bta", language="en")
        others = tuple(feed for feed in self.settings.feeds if feed.id != "wire")
        self.settings = self.settings.model_copy(
            update={
                "agencies": (
                    Agency(id="agerpres", name="AGERPRES"),
                    Agency(id="bta", name="BTA", aliases=("БТА",)),
                ),
                "feeds": (*others, wire),
                "fetch": FetchSettings(allow_directories=(self.folder,)),
            }
        )
        super().start()
        self.pipeline.drops._parser = cast(ParserPool, Parser())

    def drop(self, name: str, document: Mapping[str, Any]) -> None:
        path = self.folder / name
        path.write_text(json.dumps(document), "utf-8")
        at = (self.now - HOUR).timestamp()
        os.utime(path, (at, at))

    def names(self, inner: str = "") -> list[str]:
        return sorted(path.name for path in (self.folder / inner).iterdir() if path.is_file())

    def titles(self, **query: Any) -> list[list[str]]:
        stories = self.store.stories(StoryQuery(killed=None, **query))
        return sorted(sorted(member.item.title for member in one.members) for one in stories)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[FolderHouse]:
    house = FolderHouse(tmp_path)
    yield house
    house.close()


def version(number: int, text: str = PERMIT, **more: Any) -> dict[str, Any]:
    return {
        "uri": "urn:newsml:bta.example:20261104:permit",
        "version": str(number),
        "versioncreated": f"2026-11-04T12:0{number}:00Z",
        "headline": "Varna port may dredge its basin",
        "body_text": text,
        **more,
    }


def test_a_dropped_file_becomes_a_story_and_a_copy_joins_it(house: FolderHouse) -> None:
    house.drop("1.json", version(1))

    report = house.poll_again("wire")
    copy = house.poll("agerpres", entry(2, "Port of Varna to be dredged", PERMIT))

    assert (report.result, report.new, report.http_status) == (PollResult.CHANGED, 1, None)
    assert (report.files, report.files_failed, copy.matched) == (1, 0, 1)
    assert (house.names(), house.names("done")) == ([], ["1.json"])
    state = house.store.feed_states()["wire"]
    assert (state.status, state.format, state.item_count) == (FeedStatus.OK, "ninjs", 1)
    assert state.next_due_at == house.now - timedelta(minutes=15) + timedelta(minutes=1)
    item = house.story("Varna port may dredge its basin").lead
    assert (item.is_whole, item.feed_id, item.agency_id) == (True, "wire", "bta")


def test_a_line_names_its_agency_as_people_do(house: FolderHouse) -> None:
    line = {"id": "1", "title": "Varna port may dredge its basin", "text": PERMIT, "agency": "бта"}
    house.drop("1.jsonl", line)
    house.drop("2.jsonl", line | {"id": "2", "title": "Permit", "agency": "Agerpres"})

    report = house.poll_again("wire")

    assert (report.new, report.files, report.files_failed) == (1, 2, 1)
    assert house.titles() == [["Varna port may dredge its basin"]]
    assert house.story("Varna port may dredge its basin").lead.agency_id == "bta"


def test_an_empty_folder_is_unchanged(house: FolderHouse) -> None:
    report = house.poll_again("wire")

    assert (report.result, report.error, report.files) == (PollResult.UNCHANGED, None, 0)
    assert house.store.feed_states()["wire"].status is FeedStatus.OK


def test_a_kill_between_store_and_move_doubles_nothing(
    house: FolderHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As a kill: nothing after it is done."""

    async def killed(*_: object) -> None:
        raise Killed

    house.drop("1.json", version(1))
    with monkeypatch.context() as patched:
        patched.setattr(house.pipeline.drops, "put_away", killed)
        with pytest.raises(Killed):
            house.poll_again("wire")
    assert house.names() == ["1.json"]
    assert house.store.figures()["items"] == 1, "stored before it is moved"

    house.start()
    again = house.poll_again("wire")

    assert (again.new, again.revised, again.files) == (0, 0, 1)
    assert (house.names("done"), house.store.figures()["items"]) == (["1.json"], 1)


def test_a_folder_that_cannot_be_written_fails_and_recovers(house: FolderHouse) -> None:
    house.drop("1.json", version(1))
    (house.folder / "done").write_text("in the way")
    at = house.now.timestamp() + 3600
    os.utime(house.folder / "done", (at, at))

    report = house.poll_again("wire")

    assert (report.result, report.new) == (PollResult.FAILED, 0)
    assert "files cannot be moved to done and failed in the folder" in str(report.error)
    (house.folder / "done").unlink()
    assert house.poll_again("wire").new == 1


def test_versions_dropped_together_are_revisions_in_their_order(house: FolderHouse) -> None:
    house.drop("1.json", version(1))
    house.drop("2.json", version(2, PERMIT.replace("14 million", "15 million")))

    reports = [house.poll_again("wire"), house.poll_again("wire")]

    assert [(each.new, each.revised, each.has_more) for each in reports] == [
        (1, 0, True),
        (0, 1, False),
    ]
    [lineage] = [member.lineage for member in house.story(version(1)["headline"]).members]
    assert lineage.corrects == (Replacement(old="14 million", new="15 million"),)


def test_a_version_that_comes_after_a_later_one_changes_nothing(house: FolderHouse) -> None:
    house.drop("2.json", version(2))
    house.poll_again("wire")
    house.drop("1.json", version(1, LIBRARY))

    assert house.poll_again("wire").revised == 0
    assert house.story(version(1)["headline"]).lead.text == PERMIT


def test_a_canceled_item_withdraws_its_story(house: FolderHouse) -> None:
    house.drop("1.json", version(1))
    house.poll_again("wire")
    house.poll("agerpres", entry(2, "Port of Varna to be dredged", PERMIT))
    house.drop("2.json", {"uri": version(1)["uri"], "pubstatus": "canceled"})

    report = house.poll_again("wire")

    assert (report.new, report.revised) == (0, 1)
    story = house.story(version(1)["headline"])
    assert story.killed_at == house.now
    assert [member.lineage.is_stale for member in story.members] == [False, True]
    assert story.lead.text == PERMIT, "what is withdrawn keeps its words"

    house.drop("3.json", version(3))
    house.poll_again("wire")
    assert house.story(version(1)["headline"]).killed_at is None


def test_a_canceled_item_we_never_had_withdraws_its_agencys_report(house: FolderHouse) -> None:
    house.poll("bta", entry(1, version(1)["headline"], PERMIT))
    house.drop("1.json", version(2, pubstatus="canceled"))

    house.poll_again("wire")

    assert len(house.titles()) == 1
    assert house.story(version(1)["headline"]).killed_at is not None


def test_a_canceled_item_that_nobody_had_is_never_published(house: FolderHouse) -> None:
    house.drop("1.json", version(1, pubstatus="canceled"))
    house.poll_again("wire")

    story = house.story(version(1)["headline"])
    assert (story.lead.notice, story.killed_at) == (Notice.KILL, house.now)


def test_a_withheld_item_is_no_item_and_takes_back_one_we_have(house: FolderHouse) -> None:
    house.drop("1.json", version(1, uri="urn:other", pubstatus="withheld"))
    assert (house.poll_again("wire").new, house.titles()) == (0, [])

    house.drop("2.json", version(1))
    house.poll_again("wire")
    house.drop("3.json", version(2, pubstatus="withheld"))
    house.poll_again("wire")

    assert house.story(version(1)["headline"]).killed_at == house.now


def test_an_embargoed_item_is_stored_when_its_time_comes(house: FolderHouse) -> None:
    until = house.now + 2 * HOUR
    house.drop("1.json", version(1, embargoed=until.isoformat()))

    assert house.poll_again("wire").new == 0
    assert (house.names(), house.store.figures()["items"]) == (["1.json"], 0)

    house.now = until
    assert house.poll_again("wire").new == 1
    item = house.story(version(1)["headline"]).lead
    assert (item.published_at, house.names("done")) == (until, ["1.json"])


def test_what_is_dropped_late_is_reported_when_its_agency_wrote_it(house: FolderHouse) -> None:
    """A folder is no list that had not shown it: the line may have been down."""
    house.poll_again("wire")
    house.now += 5 * HOUR
    house.poll_again("wire")
    house.drop("1.json", version(1))
    house.poll_again("wire")

    item = house.story(version(1)["headline"]).lead
    assert item.reported_at == item.published_at
    assert item.seen_at - item.reported_at > 5 * HOUR


def test_one_folder_does_not_keep_another_feed_waiting(house: FolderHouse) -> None:
    house.drop("1.json", version(1))
    house.wire.bodies["bta"] = [entry(1, "Night ferry sails again", FERRY)]
    states = house.store.feed_states()

    async def run() -> list[PollReport]:
        return await asyncio.gather(*(house.pipeline.poll(states[one]) for one in ("wire", "bta")))

    assert [report.new for report in asyncio.run(run())] == [1, 1]


def test_feeds_state_no_notice_of_their_own(house: FolderHouse) -> None:
    house.poll("bta", entry(1, "KILL: Varna port may dredge", PERMIT))
    item = house.story("KILL: Varna port may dredge").lead

    assert item.notice is Notice.KILL
    assert item.stated_notice is None
    assert replace(item, notice=None).versioned_at is None
