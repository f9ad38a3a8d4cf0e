"""What is written when stories change: current documents, archives, and links to what is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.config import Settings
from aggregator.config.settings import OutputSettings
from aggregator.match import story
from aggregator.model import (
    Agency,
    Arrival,
    Change,
    ChannelPrint,
    Feed,
    FeedState,
    Fingerprint,
    Item,
    Member,
    Move,
    StoryQuery,
)
from aggregator.publisher import Publisher
from aggregator.store.store import Store
from aggregator.syndicate.document import Document, Plan
from aggregator.syndicate.formats import FORMATS

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
FEED = Feed(id="bta-bg", url="https://bta.example/rss", agency_id="bta")
MARK = Fingerprint(language="bg", parts=(ChannelPrint(channel="words", scheme="plain", data=b""),))
ARCHIVES = [f"merged-2026-11-04.{extension}" for extension in FORMATS]


class Press:
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
        feed = FeedState(feed_id=FEED.id, url=FEED.url, configured_url=FEED.url, next_due_at=NOON)
        items = [item(number) for number in numbers]
        arrivals = [
            (Arrival(item=one, change=Change.NEW, keys=(f"guid:{one.guid}",)), MARK)
            for one in items
        ]
        self.store.save_polls([feed], arrivals)
        changes = [story.summarise([Member(item=one)]) for one in items]
        self.store.place(
            [
                (Move(item_id=one.id, story_id=change.story_id), change, ())
                for one, change in zip(items, changes, strict=True)
            ]
        )

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
def press(tmp_path: Path) -> Iterator[Press]:
    press = Press(tmp_path)
    yield press
    press.store.close()


def test_an_archive_holds_its_day_as_a_whole_document_would(press: Press) -> None:
    press.found(1, 2, 3)
    written = press.publisher.publish(NOON)

    stories = press.store.stories(StoryQuery())
    made = Document(
        plan=Plan(name="merged-2026-11-04", day=NOON.date(), current="merged"),
        title=press.settings.output.title,
        description="Agency reports, each once, with its copies",
        base_url=press.settings.output.base_url,
        updated_at=NOON + timedelta(minutes=3),
        stories=stories,
        feeds={FEED.id: FEED.url},
    )
    assert written == ["merged.rss", "merged.atom", "merged.json", *ARCHIVES]
    for name, form in zip(ARCHIVES, FORMATS.values(), strict=True):
        whole = form.render(made, {agency.id: agency for agency in press.settings.agencies})
        assert press.read(name) == whole.decode()


def test_nothing_is_written_twice(press: Press) -> None:
    press.found(1, 2, 3)
    press.publisher.publish(NOON)

    assert press.publisher.publish(NOON) == []
    assert press.publisher.publish(NOON, archives=False) == []
    assert Publisher(press.store, press.settings).publish(NOON) == []
    assert press.publisher.publish(NOON, everything=True) == []


def test_current_documents_go_ahead_and_link_to_archives_that_are_there(press: Press) -> None:
    press.found(1, 2, 3)

    assert len(press.publisher.publish(NOON, archives=False)) == 3
    assert press.files() == {f"merged.{extension}" for extension in FORMATS}
    assert "prev-archive" not in press.read("merged.atom")

    assert len(press.publisher.publish(NOON)) == 6
    assert 'merged-2026-11-04.atom" />' in press.read("merged.atom")

    press.found(4)
    assert len(press.publisher.publish(NOON, archives=False)) == 3
    assert 'merged-2026-11-04.atom" />' in press.read("merged.atom")
    assert "номер 4" not in press.read("merged-2026-11-04.atom")
    assert press.publisher.publish(NOON) == ARCHIVES
    assert "номер 4" in press.read("merged-2026-11-04.atom")


def test_an_archive_given_up_is_not_there_and_is_written_another_time(press: Press) -> None:
    press.found(1, 2, 3)
    press.publisher.gave_up = True

    assert len(press.publisher.publish(NOON)) == 3
    assert press.files() == {f"merged.{extension}" for extension in FORMATS}

    assert set(Publisher(press.store, press.settings).publish(NOON)) >= set(ARCHIVES)
    assert press.read("merged-2026-11-04.atom").count("<entry") == 3
