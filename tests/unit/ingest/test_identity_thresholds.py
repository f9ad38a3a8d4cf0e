"""Where an edit, a repetition and a reused key part: the thresholds of identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.ingest import identity
from aggregator.model import Arrival, Change, ParsedItem
from tests.unit.ingest.identity_samples import FEED, FERRY, NOW, SPIDER, Memory, entry


def poll_again(first: ParsedItem, second: ParsedItem) -> Change | None:
    """What a second poll's entry is, after a first poll that had another."""
    memory = Memory()
    memory.poll(first)
    found = memory.poll(second)
    return found[0].change if found else None


def of_words(count: int, shared: int) -> str:
    """So many words, the first `shared` of which are those of `of_words(count, count)`."""
    return " ".join(f"word{n}" if n < shared else f"other{n}" for n in range(count))


@pytest.mark.parametrize(
    ("before", "after", "least"),
    [
        ({"link": None}, {"link": None}, 3),
        ({"guid": None}, {"guid": "g2"}, 3),
        ({"guid": "g2"}, {"guid": None}, 3),
        ({"link": None}, {}, 3),
        ({}, {"link": None}, 3),
        ({}, {"link": "https://bta.example/2"}, 5),
        ({}, {"guid": "g2"}, 5),
        ({}, {}, 0),
    ],
    ids=[
        "a guid alone",
        "a link, then a guid too",
        "a link, then no guid",
        "a guid, then a link too",
        "a guid, then no link",
        "a guid, another link",
        "a link, another guid",
        "guid and link",
    ],
)
def test_how_many_of_ten_words_must_be_the_same_for_an_edit(
    before: dict[str, object], after: dict[str, object], least: int
) -> None:
    first = entry("", of_words(10, 10), **before)
    for shared in range(10):
        found = poll_again(first, entry("", of_words(10, shared), **after))
        assert found is (Change.REVISED if shared >= least else Change.NEW), shared


@pytest.mark.parametrize(("link", "least"), [(None, 30), ("https://bta.example/2", 50)])
def test_the_shares_are_thirty_and_fifty_of_a_hundred(link: str | None, least: int) -> None:
    first = entry("", of_words(100, 100), link=link and "https://bta.example/1")
    for shared, expected in ((least - 1, Change.NEW), (least, Change.REVISED)):
        assert poll_again(first, entry("", of_words(100, shared), link=link)) is expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("Abc", "abd one two three four"), ("ABC", "abd six seven eight nine")),
        (("abc", "abd"), ("abd", "abc")),
    ],
    ids=["two of six", "two of two"],
)
def test_words_of_three_letters_count_in_any_case_and_in_the_title(
    before: tuple[str, str], after: tuple[str, str]
) -> None:
    assert poll_again(entry(*before, link=None), entry(*after, link=None)) is Change.REVISED


def test_likeness_is_of_the_shorter_text_and_of_words_that_say_something() -> None:
    long = entry("", of_words(40, 40), link=None)
    assert poll_again(long, entry("", of_words(10, 3), link=None)) is Change.REVISED
    short = entry("", "на от за " + of_words(10, 10), link=None)
    assert poll_again(short, entry("", "на от за " + of_words(10, 2), link=None)) is Change.NEW
    figures = entry("", "7 8 9 " + of_words(7, 0), link=None)
    other = entry("", "7 8 9 " + " ".join(f"new{n}" for n in range(7)), link=None)
    assert poll_again(figures, other) is Change.REVISED


def test_a_revision_has_what_is_new_and_keeps_what_is_missing() -> None:
    memory = Memory()
    first = memory.poll(entry(full_text="the page", published_at=NOW))[0].item
    text = FERRY + " Таксата е 12 лева."
    changed = entry("Нов ред", text, guid=None, published_at=NOW - timedelta(minutes=5))
    second = memory.poll(changed)[0].item
    assert second == replace(
        first,
        title="Нов ред",
        text=text,
        html=f"<p>{text}</p>",
        revision=2,
        revised_at=NOW + timedelta(minutes=15),
        content_hash=identity.content_hash("Нов ред", text),
    )
    new_keys = entry("Нов", text, guid="g2", link="https://www.bta.example/1", full_text="more")
    third = memory.poll(new_keys)[0].item
    assert (third.guid, third.link, third.full_text) == ("g2", "https://www.bta.example/1", "more")


def test_a_new_item_has_all_its_entry_says() -> None:
    item = Memory().poll(entry(published_at=NOW - timedelta(hours=3), full_text="page"))[0].item
    assert (item.feed_id, item.agency_id, item.language) == ("bta-bg", "bta", "bg")
    assert (item.title, item.text, item.html) == ("Ферибот", FERRY, f"<p>{FERRY}</p>")
    assert (item.guid, item.link, item.full_text) == ("g1", "https://bta.example/1", "page")
    assert (item.published_at, item.seen_at) == (NOW - timedelta(hours=3), NOW)
    assert (item.revision, item.revised_at) == (1, None)
    assert item.content_hash == identity.content_hash("Ферибот", FERRY)


def test_a_feed_s_language_goes_before_its_body_s() -> None:
    identified = identity.identify(FEED.id, entry())
    (arrival,) = identity.arrivals(
        replace(FEED, language="ru"),
        [identified],
        {},
        language="bg",
        now=NOW,
        previous_poll_at=None,
    )
    assert arrival.item.language == "ru"


@pytest.mark.parametrize(
    ("hours", "expected"), [(5.999, None), (6, Change.REVISED)], ids=["lately", "six hours ago"]
)
def test_a_text_given_up_lately_is_a_stale_cache_s(hours: float, expected: Change | None) -> None:
    memory = Memory()
    old, new = entry(), entry(text=FERRY + " Таксата е 12 лева.")
    memory.poll(old)
    memory.poll(new, after=timedelta(hours=hours))
    found = memory.poll(old)
    assert (found[0].change if found else None) is expected


def test_two_edits_one_soon_after_the_other_are_two_revisions() -> None:
    memory = Memory()
    for n in range(3):
        memory.poll(entry(text=f"{FERRY} Таксата е {n} лева."))
    assert {item.revision for item in memory.known.values()} == {3}


@pytest.mark.parametrize(
    ("changes", "hours", "expected"),
    [
        ({"guid": "g2", "link": "https://bta.example/2"}, 20, None),
        ({"guid": "g2", "link": "https://bta.example/2"}, 20.001, Change.NEW),
        ({"guid": "g2", "link": "https://bta.example/2"}, -20.001, Change.NEW),
        ({"guid": "g2"}, 30, None),
        ({"link": "https://bta.example/2"}, 30, None),
        ({"guid": None, "link": None}, 30, None),
        ({"guid": "g2", "link": None}, 30, Change.NEW),
    ],
)
def test_the_same_words_are_another_item_only_later_and_under_other_keys(
    changes: dict[str, Any], hours: float, expected: Change | None
) -> None:
    now = NOW - timedelta(days=5)
    later = now + timedelta(hours=hours)
    assert poll_again(entry(published_at=now), entry(published_at=later, **changes)) is expected
    assert poll_again(entry(), entry(published_at=later, **changes)) is None
    assert poll_again(entry(published_at=now), entry(**changes)) is None


@pytest.mark.parametrize(
    ("published_at", "expected"),
    [
        (datetime(1994, 12, 31, tzinfo=UTC), None),
        (datetime(1995, 1, 1, tzinfo=UTC), datetime(1995, 1, 1, tzinfo=UTC)),
        (NOW + timedelta(minutes=10), NOW + timedelta(minutes=10)),
        (NOW + timedelta(minutes=10, seconds=1), None),
    ],
)
def test_a_date_is_believed_from_1995_to_ten_minutes_ahead(
    published_at: datetime, expected: datetime | None
) -> None:
    item = Memory().poll(entry(published_at=published_at))[0].item
    assert item.published_at == expected
    assert item.reported_at == min(expected or NOW, NOW)


def test_an_item_may_appear_an_hour_after_it_says() -> None:
    memory = Memory()
    memory.poll(entry(), after=timedelta(hours=2))
    spider: dict[str, Any] = {"guid": "g2", "link": "https://bta.example/2"}
    in_time = entry("Паяк", SPIDER, published_at=NOW - timedelta(hours=1), **spider)
    assert memory.poll(in_time)[0].item.reported_at == NOW - timedelta(hours=1)

    memory = Memory()
    memory.poll(entry(), after=timedelta(hours=2))
    late = replace(in_time, published_at=NOW - timedelta(hours=1, seconds=1))
    assert memory.poll(late)[0].item.reported_at == NOW + timedelta(hours=2)


def test_items_without_dates_arrive_from_the_end_of_the_body() -> None:
    bodies = [entry(f"Н{n}", guid=f"g{n}", link=None, text=f"{SPIDER} {n}") for n in range(3)]
    assert [arrival.item.title for arrival in Memory().poll(*bodies)] == ["Н2", "Н1", "Н0"]


def test_an_item_is_not_revised_by_another_entry_while_its_own_is_unread_in_the_body() -> None:
    memory = Memory()
    first = memory.poll(entry())[0].item
    edited = identity.identify(FEED.id, entry(text=FERRY + " Таксата е 12 лева."))

    def arrive(unread: set[str]) -> Arrival:
        return identity.arrivals(
            FEED,
            [edited],
            memory.known,
            language=None,
            now=NOW,
            previous_poll_at=NOW,
            unread=unread,
        )[0]

    assert arrive(set()).change is Change.REVISED
    assert arrive({"another"}).change is Change.REVISED
    assert arrive({first.id}).change is Change.NEW
    assert arrive({first.id}).item.id != first.id


def test_two_entries_that_revise_one_item_are_one_revision() -> None:
    memory = Memory()
    first = memory.poll(entry())[0].item
    by_guid = entry(text=FERRY + " Таксата е 12 лева.", link=None)
    by_link = entry(text=FERRY + " Таксата е 14 лева.", guid=None)
    (arrival,) = memory.poll(by_guid, by_link)
    assert (arrival.item.id, arrival.item.revision) == (first.id, 2)
    assert arrival.item.text == by_link.text
    assert {"guid:g1", "link:http://bta.example/1"} <= set(arrival.keys)


def test_a_reused_guid_gives_no_id_that_is_in_use() -> None:
    memory = Memory()
    words = [("Ферибот", FERRY), ("Паяк", SPIDER), ("Мост", "Мостът над Дунава край Видин е затворен за ремонт.")]  # fmt: skip
    ids = {memory.poll(entry(*each, link=None))[0].item.id for each in words}
    assert len(ids) == 3


def test_an_entry_is_unchanged_when_a_known_item_has_its_very_words() -> None:
    memory = Memory()
    item = memory.poll(entry())[0].item

    def find(item: ParsedItem) -> object:
        return identity.find_unchanged(identity.identify(FEED.id, item), memory.known)

    assert find(entry()) == item
    assert find(entry(guid="g2", link=None)) == item
    assert find(entry(text=FERRY + " Таксата е 12 лева.")) is None
    assert find(entry("Паяк", SPIDER, guid="g2", link=None)) is None


@pytest.mark.parametrize("same", ["guid", "link"])
def test_a_home_page_that_stays_makes_no_repetition_another_item(same: str) -> None:
    home = {same: "https://bta.example/"}
    other = {"link": "guid", "guid": "link"}[same]
    first = entry(published_at=NOW, **{**home, other: "https://bta.example/1"})
    later = NOW + timedelta(hours=30)
    again = entry(published_at=later, **{**home, other: "https://bta.example/2"})
    memory = Memory()
    memory.poll(first, after=timedelta(hours=30))
    assert memory.poll(again) == []


def test_entries_without_words_have_nothing_in_common() -> None:
    assert poll_again(entry("!!", "", link=None), entry(link=None)) is Change.NEW


def test_a_former_guid_still_tells_an_item_from_a_repetition() -> None:
    memory = Memory()
    text = FERRY + " Таксата е 12 лева."
    memory.poll(entry(published_at=NOW))
    memory.poll(entry(text=text, guid="g2"), after=timedelta(hours=30))
    later = NOW + timedelta(hours=30)
    assert memory.poll(entry(text=text, link="https://bta.example/2", published_at=later)) == []


def test_the_words_of_another_item_are_no_former_text_of_this_one() -> None:
    memory, days = Memory(), timedelta(days=3)
    spider: dict[str, Any] = {"guid": "g2", "link": "https://bta.example/2"}
    memory.poll(entry("Паяк", SPIDER, published_at=NOW - days, **spider))
    memory.poll(entry(published_at=NOW))
    memory.poll(entry(text=FERRY + " Таксата е 12 лева.", published_at=NOW))
    (arrival,) = memory.poll(entry("Паяк", SPIDER, published_at=NOW))
    assert (arrival.change, arrival.item.revision) == (Change.REVISED, 3)
