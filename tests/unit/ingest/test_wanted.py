"""Which items wait for their page, when a site is left alone, and whether a page's text is an item's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.ingest import wanted
from aggregator.ingest.articles import page_key
from aggregator.ingest.keys import shared_mark
from aggregator.links import link_key
from aggregator.model import Arrival, Change, Feed, Fulltext, Item, Page

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK_AGO = NOON - timedelta(days=7)
FEED = Feed(id="bta-bg", url="https://bta.example/rss", agency_id="bta")
ALWAYS = replace(FEED, fulltext=Fulltext.ALWAYS)


def item(number: int = 1, **changes: Any) -> Item:
    fresh = Item(
        id=f"i{number}",
        feed_id="bta-bg",
        agency_id="bta",
        title="Фериботът край Силистра тръгва отново",
        text="Реката се покачи, съобщи администрацията.",
        link=f"https://bta.example/news/{number}",
        seen_at=NOON,
        reported_at=NOON,
    )
    return replace(fresh, **changes)


def arrival(of: Item) -> Arrival:
    keys = (f"guid:{of.id}", *filter(None, [link_key(of.link)]))
    return Arrival(item=of, change=Change.NEW, keys=keys)


def waiting(
    *items: Item,
    feed: Feed = FEED,
    known: dict[str, Item] | None = None,
    resting: frozenset[str] = frozenset(),
) -> list[str]:
    """The ids of the items that wait."""
    found = wanted.awaiting(
        feed, [*map(arrival, items)], known or {}, resting=resting, since_at=WEEK_AGO, now=NOON
    )
    assert [each.item.id for each in found] == [each.id for each in items]
    until = {each.item.awaits_page_until for each in found}
    assert until <= {None, NOON + HOUR}
    return [each.item.id for each in found if each.item.awaits_page_until]


@pytest.mark.parametrize(
    ("choice", "median", "reads"),
    [
        (Fulltext.AUTO, 0, True),
        (Fulltext.AUTO, 59, True),
        (Fulltext.AUTO, 60, False),
        (Fulltext.AUTO, None, False),
        (Fulltext.ALWAYS, 500, True),
        (Fulltext.ALWAYS, None, True),
        (Fulltext.NEVER, 0, False),
    ],
)
def test_whose_pages_are_read(choice: Fulltext, median: int | None, reads: bool) -> None:
    assert wanted.reads_pages(replace(FEED, fulltext=choice), median) is reads
    folder = replace(FEED, fulltext=choice, url="file:///var/spool/wire/")
    assert wanted.reads_pages(folder, median) is (choice is Fulltext.ALWAYS)


LONG = "дума " * 60


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({}, True),
        ({"text": ""}, True),
        ({"text": LONG}, False),
        ({"text": "字" * 118}, True),
        ({"text": "字" * 120}, False),
        ({"is_whole": True}, False),
        ({"link": None}, False),
        ({"link": "https://bta.example/"}, False),
        ({"link": "https://bta.example"}, False),
        ({"link": "https://bta.example/?id=7"}, True),
        ({"reported_at": WEEK_AGO - HOUR}, False),
        ({"reported_at": WEEK_AGO}, True),
    ],
)
def test_an_item_waits_where_its_page_may_say_more(changes: dict[str, Any], waits: bool) -> None:
    assert waiting(item(**changes)) == (["i1"] if waits else [])


def test_a_feed_whose_pages_are_always_read_has_them_for_long_texts_too() -> None:
    assert waiting(item(text=LONG), item(2, is_whole=True), feed=ALWAYS) == ["i1", "i2"]
    assert waiting(item(link=None), feed=ALWAYS) == []


def test_a_link_of_several_items_is_nobody_s_page() -> None:
    one, other = item(), item(2, link="http://www.bta.example/news/1/?utm_source=rss")
    known = {link_key(other.link) or "": one}
    assert waiting(other, known=known) == []
    assert waiting(one, known=known) == ["i1"]
    key = link_key(one.link) or ""
    assert waiting(one, known={key: one, shared_mark(key): other}) == []
    # as `identity` has it of two in one body
    for keys in (("guid:i1",), ("guid:i1", key, shared_mark(key))):
        shared = replace(arrival(one), keys=keys)
        found = wanted.awaiting(FEED, [shared], {}, resting=(), since_at=WEEK_AGO, now=NOON)
        assert found[0].item.awaits_page_until is None


def test_nothing_waits_for_a_site_that_rests() -> None:
    elsewhere = item(2, link="https://other.example/2")
    assert waiting(item(), elsewhere, resting=frozenset({"bta.example"})) == ["i2"]


def test_of_very_many_the_newest_wait() -> None:
    many = [item(n, reported_at=NOON - n * HOUR / 60) for n in range(wanted.MAX_A_POLL + 5)]
    assert waiting(*many) == [f"i{n}" for n in range(wanted.MAX_A_POLL)]


def page(text: str = "", refusal: str | None = None, **changes: Any) -> Page:
    link = "https://bta.example/news/1"
    fresh = Page(
        key=page_key(link), url=link, host="bta.example", asked_at=NOON, text=text, refusal=refusal
    )
    return replace(fresh, **changes)


GOOD, BAD = page(text="Текст."), page(refusal="answered 404")


@pytest.mark.parametrize(
    ("latest", "rests"),
    [
        ([], False),
        ([GOOD, BAD, BAD, BAD], False),
        ([BAD], False),
        ([BAD, BAD], False),
        ([BAD, BAD, GOOD], False),
        ([BAD, BAD, BAD], True),
        ([BAD, BAD, BAD, GOOD], True),
        ([page(refusal="no answer: the name cannot be resolved"), GOOD], True),
        ([page(refusal="the site is closed to us: robots.txt forbids it"), GOOD], True),
        ([page(refusal="robots.txt forbids it"), GOOD], False),
    ],
)
def test_a_site_rests_after_three_failures_or_one_of_its_own(
    latest: list[Page], rests: bool
) -> None:
    assert wanted.rests(latest, NOON + HOUR) is rests
    assert not wanted.rests(latest, NOON + timedelta(hours=6, seconds=1))


@pytest.mark.parametrize(
    ("asked", "revised", "fresh"),
    [
        (timedelta(0), None, True),
        (-HOUR, None, True),
        (-HOUR - timedelta(seconds=1), None, False),
        (HOUR, HOUR, True),
        (HOUR - timedelta(seconds=1), HOUR, False),
    ],
)
def test_a_page_is_asked_again_when_the_entry_changed_or_it_is_old(
    asked: timedelta, revised: timedelta | None, fresh: bool
) -> None:
    held = item(revised_at=None if revised is None else NOON + revised)
    assert wanted.is_fresh(page(asked_at=NOON + asked), held) is fresh


ARTICLE = (
    "Нощният ферибот край Силистра ще тръгне отново в понеделник. Реката се е покачила с два метра, "
    "съобщиха от администрацията за поддържане на плавателния път.\n\nПревозът струва девет евро."
)
CONSENT = "Ние и нашите партньори използваме бисквитки, за да ви покажем реклами. Приемете, за да продължите."
WIRE_EN = (
    "The night ferry sails again from Monday, the river administration said. It carries lorries."
)


@pytest.mark.parametrize(
    ("title", "summary", "text"),
    [
        ("Фериботът край Силистра тръгва отново", "Реката се покачи, съобщи администрацията.", ARTICLE),
        ("Фериботът край Силистра тръгва отново", "", ARTICLE),
        ("Night ferry sails again", "", WIRE_EN),
        ("大桥周二通车", "", "记者从管理局获悉,新建的大桥将于周二正式通车,全长四公里。"),
        ("สะพานเปิดวันอังคาร", "", "สะพานแห่งใหม่จะเปิดให้ใช้วันอังคารนี้ เจ้าหน้าที่กล่าว"),
        ("पुल मंगलवार को खुलेगा", "", "नया पुल मंगलवार को यातायात के लिए खुलेगा, अधिकारी ने कहा।"),
        ("الجسر يفتح الثلاثاء", "", "قال مسؤول إن الجسر الجديد يفتح أمام المرور يوم الثلاثاء المقبل."),
    ],
)  # fmt: skip
def test_the_text_of_its_page_is_an_item_s(title: str, summary: str, text: str) -> None:
    taken = wanted.taken(item(title=title, text=summary), page(text))
    assert taken is not None
    assert (taken.full_text, taken.text, taken.is_whole) == (text, summary, True)


@pytest.mark.parametrize(
    ("title", "summary", "text", "is_of"),
    [
        ("Фериботът край Силистра тръгва отново", "Реката се покачи.", CONSENT, False),
        ("Night ferry sails again", "It carries 38 lorries.", ARTICLE, False),
        (
            "Night ferry on the Danube",
            "Passengers with tickets from August may travel free.",
            ("We and our partners store cookies on your device. You may accept them or manage your "
            "choices here. This site will remember what you have chosen from that list."),
            False,
        ),
        ("大桥周二通车", "", "本网站使用cookies以改善您的浏览体验,请点击接受以继续。", False),
        ("Night ferry", f"{WIRE_EN} More.", WIRE_EN, True),
        ("…", "", ARTICLE, False),
    ],
)  # fmt: skip
def test_another_page_s_text_is_not(title: str, summary: str, text: str, is_of: bool) -> None:
    held = item(title=title, text=summary)
    assert wanted.taken(held, page(text)) is None
    assert wanted.is_of(held, page(text)) is is_of


def test_the_title_at_the_head_of_a_page_is_no_part_of_its_text() -> None:
    held = item(title="Фериботът тръгва – отново!")
    taken = wanted.taken(held, page(f"Фериботът тръгва: отново\n\n{ARTICLE}"))
    assert taken is not None
    assert taken.full_text == ARTICLE


@pytest.mark.parametrize(
    ("above", "last"),
    [
        ("БТА – новини ·", "БТА – новини ·"),
        (
            "Икономика\n\n04.11.2026 12:30\n\nИзточник: Казинформ",
            "Икономика\n\nИзточник: Казинформ",
        ),
        ("Нощният ферибот тръгва\n\nОбновена 12:30", "Обновена 12:30"),
    ],
)
def test_what_stands_above_the_report_comes_last_and_its_dateline_first(
    above: str, last: str
) -> None:
    report = f"СИЛИСТРА, 4 ноември /БТА/. {ARTICLE}"
    held = item(title="Нощният ферибот тръгва", text=report[:60])
    taken = wanted.taken(held, page(f"{above}\n\n{report}"))
    assert taken is not None
    assert taken.full_text == f"{report}\n\n{last}"


def test_a_paragraph_above_the_feed_s_text_is_a_part_of_the_report() -> None:
    before = "Преди това министърът разказа надълго за корабите, които чакат. " * 3
    taken = wanted.taken(item(text=ARTICLE[:50]), page(f"{before}\n\n{ARTICLE}"))
    assert taken is not None
    assert taken.full_text == f"{before}\n\n{ARTICLE}"


def test_a_text_that_breaks_off_is_not_whole() -> None:
    taken = wanted.taken(item(), page(f"{ARTICLE[:-1]} …"))
    assert taken is not None
    assert not taken.is_whole
