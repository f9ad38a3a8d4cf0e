"""What is written when stories change: current documents, archives, and links to what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.config import Settings
from aggregator.config.settings import OutputSettings
from aggregator.model import (
    Agency,
    Arrival,
    Change,
    ChannelPrint,
    Feed,
    FeedState,
    Fingerprint,
    Item,
    StoryQuery,
)
from aggregator.publisher import Publisher
from aggregator.store.store import Store
from aggregator.syndicate.document import DocumentPlan, MergedDocument
from aggregator.syndicate.formats import FORMATS
from tests.contract.samples import founding, joining, place

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
FEED = Feed(id="bta-bg", url="https://bta.example/rss", agency_id="bta")
MARK = Fingerprint(language="bg", parts=(ChannelPrint(channel="words", scheme="plain", data=b""),))
ARCHIVES = [f"merged-2026-11-04.{extension}" for extension in FORMATS]


class Newsroom:
    """A publisher of two stories a document, and the store it reads."""

    def __init__(self, directory: Path) -> None:
        output = OutputSettings(directory=directory / "feeds", items=2)
        agency = Agency(id="bta", name="BTA", home="https://bta.example/")
        self.settings = Settings(output=output, agencies=(agency,), feeds=(FEED,))
        self.directory = output.directory
        self.store = Store(f"sqlite:///{directory}/aggregator.db")
        self.store.prepare()
        self.publisher = Publisher(self.store, self.settings)

    def found(self, *numbers: int) -> None:
        """Stories first seen so many minutes after noon."""
        self.place(*map(item, numbers))

    def place(self, *items: Item) -> None:
        self.save(*items)
        place(self.store, *map(founding, items))

    def save(self, *items: Item) -> None:
        feed = FeedState(feed_id=FEED.id, url=FEED.url, configured_url=FEED.url, next_due_at=NOON)
        arrivals = [
            (Arrival(item=one, change=Change.NEW, keys=(f"guid:{one.guid}",)), MARK)
            for one in items
        ]
        self.store.save_polls([feed], arrivals)

    def files(self) -> set[str]:
        return {path.name for path in self.directory.iterdir()} - {".published.json"}

    def read(self, name: str) -> str:
        return (self.directory / name).read_text("utf-8")


def item(number: int) -> Item:
    seen_at = NOON + timedelta(minutes=number)
    return Item(
        id=f"i{number}",
        feed_id=FEED.id,
        agency_id="bta",
        title=f"Мост номер {number}",
        text="Движението започна във вторник.",
        html="<p>Движението започна във вторник.</p>",
        guid=f"g{number}",
        link=f"https://bta.example/{number}",
        language="bg",
        seen_at=seen_at,
        reported_at=seen_at,
        content_hash=f"h{number}",
    )


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    newsroom = Newsroom(tmp_path)
    yield newsroom
    newsroom.store.close()


def test_an_archive_holds_its_day_as_a_whole_document_would(newsroom: Newsroom) -> None:
    newsroom.found(1, 2, 3)
    written = newsroom.publisher.publish(NOON)

    stories = newsroom.store.stories(StoryQuery())
    made = MergedDocument(
        plan=DocumentPlan(name="merged-2026-11-04", day=NOON.date(), current="merged"),
        title=newsroom.settings.output.title,
        description="Agency reports, each once, with its copies",
        base_url=newsroom.settings.output.base_url,
        updated_at=NOON + timedelta(minutes=3),
        stories=stories,
        feeds={FEED.id: FEED.url},
    )
    assert written == ["merged.rss", "merged.atom", "merged.json", *ARCHIVES]
    for name, form in zip(ARCHIVES, FORMATS.values(), strict=True):
        whole = form.render(made, {agency.id: agency for agency in newsroom.settings.agencies})
        assert newsroom.read(name) == whole.decode()


def test_a_late_report_with_an_old_date_is_in_the_document_at_its_place(newsroom: Newsroom) -> None:
    late = replace(item(9), reported_at=NOON - timedelta(days=3))
    newsroom.found(1, 2, 3)
    newsroom.place(late)
    newsroom.publisher.publish(NOON)

    def numbers(name: str) -> list[str]:
        return re.findall("<title>Мост номер ([0-9])</title>", newsroom.read(name))

    for extension in ("rss", "atom"):
        assert numbers(f"merged.{extension}") == ["3", "9"]  # those first seen last
        assert numbers(f"merged-2026-11-04.{extension}") == ["3", "2", "1", "9"]


def test_nothing_is_written_twice(newsroom: Newsroom) -> None:
    newsroom.found(1, 2, 3)
    newsroom.publisher.publish(NOON)

    assert newsroom.publisher.publish(NOON) == []
    assert newsroom.publisher.publish(NOON, archives=False) == []
    assert Publisher(newsroom.store, newsroom.settings).publish(NOON) == []
    assert newsroom.publisher.publish(NOON, everything=True) == []


def test_current_documents_go_ahead_and_link_to_archives_that_are_there(newsroom: Newsroom) -> None:
    newsroom.found(1, 2, 3)

    assert len(newsroom.publisher.publish(NOON, archives=False)) == 3
    assert newsroom.files() == {f"merged.{extension}" for extension in FORMATS}
    assert "prev-archive" not in newsroom.read("merged.atom")

    assert len(newsroom.publisher.publish(NOON)) == 6
    assert 'merged-2026-11-04.atom" />' in newsroom.read("merged.atom")

    newsroom.found(4)
    assert len(newsroom.publisher.publish(NOON, archives=False)) == 3
    assert 'merged-2026-11-04.atom" />' in newsroom.read("merged.atom")
    assert "номер 4" not in newsroom.read("merged-2026-11-04.atom")
    assert newsroom.publisher.publish(NOON) == ARCHIVES
    assert "номер 4" in newsroom.read("merged-2026-11-04.atom")


def test_a_cancelled_archive_is_not_there_and_is_written_by_the_next_process(
    newsroom: Newsroom,
) -> None:
    newsroom.found(1, 2, 3)
    newsroom.publisher.cancel_archives()

    assert len(newsroom.publisher.publish(NOON)) == 3
    assert newsroom.files() == {f"merged.{extension}" for extension in FORMATS}

    assert set(Publisher(newsroom.store, newsroom.settings).publish(NOON)) >= set(ARCHIVES)
    assert newsroom.read("merged-2026-11-04.atom").count("<entry") == 3


def test_readers_of_another_language_get_new_documents_in_which_no_entry_is_raised(
    newsroom: Newsroom,
) -> None:
    report = item(1)
    english = replace(item(2), title="Bridge number one", language="en")
    newsroom.save(report, english)
    place(newsroom.store, founding(report), joining(english, report))
    newsroom.publisher.publish(NOON)
    before = newsroom.read("merged.atom")

    output = newsroom.settings.output.model_copy(update={"languages": ("en",)})
    settings = newsroom.settings.model_copy(update={"output": output})
    written = Publisher(newsroom.store, settings).publish(NOON + timedelta(days=1))

    after = newsroom.read("merged.atom")
    assert written == ["merged.rss", "merged.atom", "merged.json"]
    assert "<title>Мост номер 1</title>" in before
    assert "<title>Bridge number one</title>" in after
    times_and_ids = "<(id|published|updated)>([^<]*)</"
    assert re.findall(times_and_ids, after) == re.findall(times_and_ids, before)
