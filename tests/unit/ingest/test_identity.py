"""Which entries are items we hold, whatever feeds do to guids, links and dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.ingest import identity
from aggregator.model import Change, ParsedItem
from tests.unit.ingest.identity_samples import FEED, FERRY, NOW, SPIDER, Memory, changes, entry


@pytest.mark.parametrize(
    "again",
    [
        entry(),
        entry(guid="g2"),
        entry(guid=None),
        entry(link="https://bta.example/1?utm_source=rss&fbclid=1"),
        entry(link="http://www.bta.example/1/;jsessionid=4"),
        entry(guid="g2", link="https://bta.example/1?sid=77"),
        entry(guid="g2", link="https://bta.example/2"),
        entry(published_at=NOW),
        entry(text=FERRY + "\n\nПрегледи: 1 024"),
        entry(text=FERRY.replace(" ", "\u00a0 ")),
        entry(html="<p>друго</p>"),
    ],
)
def test_the_same_report_is_nothing_new(again: ParsedItem) -> None:
    memory = Memory()
    assert changes(memory.poll(entry())) == [Change.NEW]
    assert memory.poll(again) == []


@pytest.mark.parametrize(
    "edited",
    [
        entry(text=FERRY.replace("понеделник", "вторник")),
        entry(title="Фериботът тръгва", text=FERRY + " Таксата е 12 лева."),
        entry(guid="g2", text=FERRY.replace("понеделник", "вторник")),
        entry(link="https://bta.example/novo-zaglavie", text=FERRY + " Таксата е 12 лева."),
        entry(title="Съвсем друго", text=SPIDER),
    ],
    ids=["a word", "title and more", "with a new guid", "with a new link", "all words, same keys"],
)
def test_an_edit_is_a_revision(edited: ParsedItem) -> None:
    memory = Memory()
    first = memory.poll(entry())[0].item
    (arrival,) = memory.poll(edited)
    assert arrival.change is Change.REVISED
    assert (arrival.item.id, arrival.item.revision) == (first.id, 2)
    assert arrival.item.seen_at == first.seen_at
    assert memory.poll(edited) == []


@pytest.mark.parametrize(
    "other",
    [
        entry(title="Паяк", text=SPIDER, link="https://bta.example/2"),
        entry(title="Паяк", text=SPIDER, guid="g2"),
        entry(title="Паяк", text=SPIDER, guid="g2", link="https://bta.example/2"),
        entry(
            title="Ферибот",
            text="Фериботът спря: повреда в двигателя.",
            link="https://bta.example/2",
        ),
    ],
    ids=["a reused guid", "a reused link", "a new one", "a reused guid, the same subject"],
)
def test_another_report_is_another_item(other: ParsedItem) -> None:
    memory = Memory()
    first = memory.poll(entry())[0].item
    (arrival,) = memory.poll(other)
    assert arrival.change is Change.NEW
    assert arrival.item.id != first.id


def test_few_words_without_a_link_are_told_by_their_time() -> None:
    memory = Memory()
    short = entry("Времето", "", link=None, published_at=NOW)
    assert len(memory.poll(short)) == 1
    assert memory.poll(replace(short, guid="g2")) == []
    assert len(memory.poll(replace(short, guid="g3", published_at=NOW + timedelta(hours=1)))) == 1


def test_a_home_page_as_link_of_everything_tells_nothing_apart() -> None:
    memory = Memory()
    home = "https://bta.example/"
    found = memory.poll(entry(guid=None, link=home), entry("Паяк", SPIDER, guid=None, link=home))
    assert changes(found) == [Change.NEW, Change.NEW]


def test_doubles_in_one_body_are_one_item_and_one_guid_for_all_is_none() -> None:
    assert len(Memory().poll(entry(), entry(), entry())) == 1
    assert len(Memory().poll(entry(link=None), entry("Паяк", SPIDER, link=None))) == 2


def test_order_and_absence_change_nothing() -> None:
    memory = Memory()
    both = (entry(), entry("Паяк", SPIDER, guid="g2", link="https://bta.example/2"))
    assert len(memory.poll(*both)) == 2
    assert memory.poll(*both[::-1]) == []
    assert memory.poll(both[0]) == []
    assert memory.poll(*both) == []


def test_two_caches_of_one_site_do_not_flap() -> None:
    memory = Memory()
    old, new = entry(), entry(text=FERRY + " Таксата е 12 лева.")
    assert changes(memory.poll(old) + memory.poll(new)) == [Change.NEW, Change.REVISED]
    assert memory.poll(old) == []
    assert memory.poll(new) == []


def test_the_same_words_a_day_later_under_other_keys_are_another_item() -> None:
    memory = Memory()
    memory.poll(entry(published_at=NOW))
    tomorrow = NOW + timedelta(days=1)
    daily = entry(guid="g2", link="https://bta.example/2", published_at=tomorrow)
    assert changes(memory.poll(daily)) == [Change.NEW]


@pytest.mark.parametrize(
    "published_at",
    [None, NOW + timedelta(days=400), datetime(1970, 1, 1, tzinfo=UTC)],
    ids=["none", "the future", "1970"],
)
def test_a_date_that_cannot_be_is_the_time_first_seen_and_stays(
    published_at: datetime | None,
) -> None:
    memory = Memory()
    (arrival,) = memory.poll(entry(published_at=published_at))
    assert (arrival.item.published_at, arrival.item.reported_at) == (None, NOW)
    (revised,) = memory.poll(entry(text=FERRY + " Таксата е 12 лева.", published_at=published_at))
    assert revised.item.reported_at == NOW


def test_what_turns_up_late_in_a_watched_feed_is_reported_when_seen() -> None:
    memory = Memory()
    old = NOW - timedelta(days=30)
    assert memory.poll(entry(published_at=old))[0].item.reported_at == old
    late = entry("Паяк", SPIDER, guid="g2", link="https://bta.example/2", published_at=old)
    assert memory.poll(late)[0].item.reported_at == NOW + timedelta(minutes=15)


def test_arrivals_come_the_oldest_first() -> None:
    bodies = [
        entry(
            f"Н{n}", f"{SPIDER} {n}", guid=f"g{n}", link=f"https://bta.example/{n}", published_at=at
        )
        for n, at in enumerate([NOW, NOW - timedelta(hours=2), NOW - timedelta(hours=1)])
    ]
    assert [arrival.item.title for arrival in Memory().poll(*bodies)] == ["Н1", "Н2", "Н0"]


def test_keys_are_of_the_feed_alone_and_bounded() -> None:
    long = entry(guid="x" * 9000, link="https://bta.example/" + "y" * 9000)
    assert all(len(key) < 250 for key in identity.identify("f", long).keys)
    assert identity.identify("f", entry()).keys != identity.identify("g", entry()).keys
    assert identity.find_unchanged(identity.identify(FEED.id, entry()), {}) is None


@pytest.mark.parametrize(
    ("of_entry", "configured", "of_feed", "language"),
    [("kk", "ru", "en", "kk"), ("en", "ru", "en", "ru"), ("en", None, "en", "en"), ("kk", "ru", None, "kk"), (None, "ru", "en", "ru"), (None, None, "en", "en"), (None, None, None, None)],
)  # fmt: skip
def test_an_items_language_is_its_own_where_it_is_not_what_all_the_feed_says(
    of_entry: str | None, configured: str | None, of_feed: str | None, language: str | None
) -> None:
    feed = replace(FEED, language=configured)
    identified = [identity.identify(feed.id, entry(language=of_entry))]
    (arrival,) = identity.arrivals(
        feed, identified, {}, language=of_feed, now=NOW, previous_poll_at=None
    )
    assert arrival.item.language == language
