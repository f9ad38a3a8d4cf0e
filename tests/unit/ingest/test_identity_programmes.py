"""Items whose words never change: each that is one is kept, and none is doubled by what feeds vary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.ingest import identity
from aggregator.model import Change, Enclosure, ParsedItem
from tests.unit.ingest.identity_samples import FEED, NOW, Memory, changes, entry

NOTES = (
    "Разговор с гости в студиото, новини на всеки кръгъл час и музика по желание на слушателите."
)
DAY = timedelta(days=1)
Programme = Callable[[int], ParsedItem]


def sound(number: int) -> tuple[Enclosure, ...]:
    url = f"https://cdn.example/{number}.mp3?token={number * 7}"
    return (Enclosure(url=url, media_type="audio/mpeg", length=1000),)


def picture(number: int) -> tuple[Enclosure, ...]:
    return (Enclosure(url=f"https://cdn.example/{number}.jpg", media_type="image/jpeg"),)


def edition(number: int, **changes: object) -> ParsedItem:
    """A programme of one day: guid, date and sound are its own."""
    plain = entry(
        "Следобед с радиото",
        NOTES,
        guid=f"p{number}",
        link="https://radio.example/afternoon",
        published_at=NOW + (number - 10) * DAY,
        enclosures=sound(number),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def without(*names: str) -> Programme:
    """Editions that lack some of what tells them apart."""
    nothing: dict[str, object] = {"enclosures": (), "text": "", "html": ""}
    return lambda number: edition(number, **{name: nothing.get(name) for name in names})


def hourly(number: int) -> ParsedItem:
    return edition(number, enclosures=(), published_at=NOW - 9 * DAY + number * timedelta(hours=1))


def weather(number: int) -> ParsedItem:
    """A notice of few words, in Japanese."""
    return edition(number, title="今日の天気", text="", enclosures=())


PROGRAMMES: dict[str, Programme] = {
    "as they are": edition,
    "no description": without("text", "html"),
    "no date": without("published_at"),
    "no date, no file": without("published_at", "enclosures"),
    "no file": without("enclosures"),
    "no link": without("link"),
    "no link, no file": without("link", "enclosures"),
    "no guid": without("guid"),
    "no guid, no file": without("guid", "enclosures"),
    "no guid, no date": without("guid", "published_at"),
    "no guid, no link": without("guid", "link"),
    "a home page": lambda number: edition(number, link="https://radio.example/"),
    "a home page, few words": lambda number: edition(
        number, link="https://radio.example/", text="", enclosures=()
    ),
    "a home page, few words, no guid": lambda number: edition(
        number, link="https://radio.example/", text="", guid=None
    ),
    "one guid": lambda number: edition(number, guid="https://radio.example/afternoon"),
    "one guid, no file": lambda number: edition(number, guid="afternoon", enclosures=()),
    "a link each": lambda number: edition(
        number, link=f"https://radio.example/{number}", enclosures=()
    ),
    "hourly": hourly,
    "hourly, a home page": lambda number: replace(hourly(number), link="https://radio.example/"),
    "hourly, a link each": lambda number: replace(
        hourly(number), link=f"https://radio.example/{number}"
    ),
    "a script without spaces": weather,
    "pictures, no date": lambda number: edition(
        number, published_at=None, guid=None, enclosures=picture(number)
    ),
    "the day in the title": lambda number: edition(
        number, title=f"Следобед с радиото, {number} ноември"
    ),
}


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_each_edition_is_an_item_and_stays_one(programme: Programme) -> None:
    memory = Memory()
    assert changes(memory.poll(programme(2), programme(1))) == [Change.NEW] * 2
    assert changes(memory.poll(programme(3), programme(2), programme(1))) == [Change.NEW]
    assert memory.poll(programme(3), programme(2), programme(1)) == []
    assert memory.poll(programme(1), programme(3), programme(2)) == []
    assert len({item.id for item in memory.known.values()}) == 3


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_each_edition_is_an_item_when_the_first_ones_have_left_the_feed(
    programme: Programme,
) -> None:
    memory = Memory()
    for number in range(2, 6):
        found = memory.poll(programme(number), programme(number - 1))
        assert changes(found) == [Change.NEW] * (2 if number == 2 else 1), number
    assert len({item.id for item in memory.known.values()}) == 5


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_each_edition_is_an_item_where_the_others_were_not_read_again(
    programme: Programme,
) -> None:
    memory, held = Memory(), list[str]()
    for number in range(1, 5):
        found = identity.arrivals(
            FEED,
            [identity.identify(FEED.id, programme(number))],
            memory.known,
            language="bg",
            now=NOW,
            previous_poll_at=None,
            unread=held[-2:],
        )
        assert changes(found) == [Change.NEW], number
        assert found[0].item.id not in held
        held.append(found[0].item.id)
        for key in found[0].keys:
            memory.known.setdefault(key, found[0].item)


@pytest.mark.parametrize(
    "name", ["as they are", "no description", "no guid", "no date", "a home page"]
)
def test_a_feed_of_the_latest_edition_alone_loses_none(name: str) -> None:
    memory = Memory()
    for number in range(1, 4):
        assert changes(memory.poll(PROGRAMMES[name](number), after=DAY)) == [Change.NEW]


def test_two_editions_that_replace_two_are_both_new() -> None:
    memory, programme = Memory(), without("enclosures")
    memory.poll(programme(2), programme(1), after=2 * DAY)
    assert changes(memory.poll(programme(4), programme(3))) == [Change.NEW] * 2
    assert memory.poll(programme(4), programme(3)) == []


def polled(number: int) -> dict[str, object]:
    """What a feed that never says the same twice says at one of its polls."""
    return {
        "guid": f"session-{number}",
        "published_at": NOW + number * timedelta(minutes=15),
    }


@pytest.mark.parametrize("text", [NOTES, ""], ids=["a description", "none"])
@pytest.mark.parametrize(
    "vary",
    [
        lambda number: {"guid": f"session-{number}", "published_at": NOW - DAY},
        lambda number: {"guid": f"session-{number}", "published_at": None},
        lambda number: {"guid": f"session-{number}", "enclosures": sound(1)},
        lambda number: {**polled(number), "enclosures": ()},
        lambda number: {**polled(number), "enclosures": sound(1)},
        lambda number: {
            **polled(number),
            "link": f"https://radio.example/afternoon?utm_id={number}",
            "enclosures": (),
        },
        lambda number: {"guid": None, "published_at": NOW + number * DAY, "enclosures": ()},
        lambda number: {"published_at": NOW + number * DAY, "guid": "afternoon"},
        lambda number: {
            "guid": f"session-{number}",
            "published_at": NOW - DAY,
            "enclosures": picture(number),
        },
    ],
    ids=[
        "a new guid",
        "a new guid, no date",
        "a new guid, one file",
        "a new guid and date",
        "a new guid and date, one file",
        "a new guid and date, tracking in the link",
        "a new date, no guid",
        "a new date, one guid",
        "a new guid and picture, one date",
    ],
)
def test_one_item_is_not_doubled_by_what_its_feed_varies(
    vary: Callable[[int], dict[str, object]], text: str
) -> None:
    memory = Memory()
    for number in range(5):
        found = memory.poll(edition(1, text=text, **vary(number)))
        assert changes(found) == [Change.NEW] * (number == 0), number


def test_new_guids_at_every_poll_double_no_edition() -> None:
    memory = Memory()

    def body(poll: int, *numbers: int) -> list[ParsedItem]:
        return [edition(n, guid=f"{poll}-{n}", enclosures=()) for n in numbers]

    assert changes(memory.poll(*body(1, 2, 1))) == [Change.NEW] * 2
    assert memory.poll(*body(2, 2, 1)) == []
    assert changes(memory.poll(*body(3, 3, 2, 1))) == [Change.NEW]
    assert memory.poll(*body(4, 3, 2, 1)) == []


@pytest.mark.parametrize("date", [NOW - DAY, None])
def test_an_article_listed_twice_is_not_doubled_at_every_poll(date: datetime | None) -> None:
    memory = Memory()
    for poll in range(4):
        twice = [edition(1, guid=f"{poll}-{n}", published_at=date, enclosures=()) for n in range(2)]
        assert poll == 0 or memory.poll(*twice) == []
        if poll == 0:
            memory.poll(*twice)


def test_an_article_listed_twice_with_one_date_is_one_item() -> None:
    twice = [edition(n, published_at=NOW - DAY, enclosures=picture(n)) for n in range(2)]
    memory = Memory()
    assert changes(memory.poll(*twice)) == [Change.NEW]
    assert memory.poll(*twice) == []


def test_an_edition_is_not_overwritten_by_the_next_once_the_link_is_known_for_several() -> None:
    memory = Memory()
    first, second, third = (
        edition(number, title=f"Следобед, {number} ноември", enclosures=()) for number in (1, 2, 3)
    )
    memory.poll(first)
    memory.poll(second, first)
    assert changes(memory.poll(third)) == [Change.NEW]
    edited = replace(third, text=f"{NOTES} Гост е Анна.")
    assert changes(memory.poll(edited)) == [Change.REVISED]


@pytest.mark.parametrize(
    ("before", "after", "is_revised"),
    [
        ((), sound(1), True),
        (sound(1), sound(2), True),
        (sound(1), (Enclosure(url="https://cdn.example/1.mp3?token=x", length=5),), False),
        (sound(1), sound(1) + sound(2), False),
        (sound(1), (), False),
        ((), picture(1), False),
        (picture(1), picture(2), False),
        (picture(1), sound(1), True),
    ],
    ids=[
        "sound comes",
        "sound replaced",
        "another signature",
        "sound added",
        "sound gone",
        "a picture comes",
        "another picture",
        "sound for a picture",
    ],
)
def test_what_revises_an_item_whose_words_stay(
    before: tuple[Enclosure, ...], after: tuple[Enclosure, ...], is_revised: bool
) -> None:
    memory = Memory()
    memory.poll(edition(1, enclosures=before))
    found = memory.poll(edition(1, enclosures=after))
    assert changes(found) == [Change.REVISED] * is_revised
    if is_revised:
        assert (found[0].item.revision, found[0].item.enclosures) == (2, after)
        assert memory.poll(edition(1, enclosures=after)) == []


def test_a_revision_of_words_takes_the_files_there_are_and_keeps_those_that_are_missing() -> None:
    memory = Memory()
    memory.poll(edition(1))
    (second,) = memory.poll(edition(1, text=f"{NOTES} Гост е Анна.", enclosures=picture(1)))
    assert second.item.enclosures == picture(1)
    (third,) = memory.poll(edition(1, text=f"{NOTES} Гост е Иван.", enclosures=()))
    assert third.item.enclosures == picture(1)
