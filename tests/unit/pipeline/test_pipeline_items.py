"""Through the pipeline, over a real store: no item is lost, doubled or joined for what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import (
    Enclosure,
    Fingerprint,
    Item,
    LeftOut,
    ParsedFeed,
    ParsedItem,
    PollResult,
    StoryQuery,
)
from aggregator.placer import FIRST_BATCH
from tests.unit.pipeline.test_pipeline import FERRY, LIBRARY, NOON, House, entry

SOUND = Enclosure(url="https://radio.example/e.mp3", media_type="audio/mpeg", length=4096)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def edition(number: int) -> ParsedItem:
    plain = entry(number, "Morning on the wave", "Guests, music and the news at every full hour.")
    at = NOON - timedelta(days=9 - number)
    sound = replace(SOUND, url=f"https://radio.example/{number}.mp3")
    return replace(
        plain, link="https://radio.example/morning", published_at=at, enclosures=(sound,)
    )


def items_of(house: House) -> list[str]:
    stories = house.store.stories(StoryQuery())
    return sorted(member.item.guid or "" for story in stories for member in story.members)


def test_each_edition_of_a_programme_is_kept_with_its_file(house: House) -> None:
    polls = [(2, 1), (3, 2, 1), (3, 2, 1), (4, 3), (5,)]
    new = [house.poll("bta", *map(edition, numbers)).new for numbers in polls]

    assert new == [2, 1, 0, 1, 1]
    assert items_of(house) == ["g1", "g2", "g3", "g4", "g5"]
    house.start()
    assert house.poll("bta", *map(edition, (5, 4, 3))).result is PollResult.UNCHANGED
    item = house.store.find_item("g3")
    assert [each.url for each in item.enclosures] == ["https://radio.example/3.mp3"]


@pytest.mark.parametrize(
    "title",
    [
        "radio.example/2026/11/4/meeting-of-the-council-of-ministers-in-sofia",
        "IMG_2034.jpg",
        "press conference of the prime minister on friday.MP4",
        "",
    ],
)
def test_items_without_words_are_joined_by_nothing(house: House, title: str) -> None:
    def wordless(number: int) -> ParsedItem:
        return replace(entry(number, title, ""), enclosures=(SOUND,))

    house.poll("agerpres", wordless(1), wordless(2))
    report = house.poll("bta", wordless(3))

    assert (report.new, report.matched) == (1, 0)
    assert len(house.store.stories(StoryQuery())) == 3


@pytest.mark.parametrize("title", ["3.5", "美元跌破3.5关口", "What is in a .jpg, and why"])
def test_a_title_with_a_dot_is_no_address(house: House, title: str) -> None:
    item = replace(entry(1, title, ""), published_at=NOON)
    house.poll("bta", item)
    assert house.pipeline.placer.matcher.read(house.store.find_item("g1")).title == title


@pytest.mark.parametrize(
    ("left_out", "is_late"),
    [
        (LeftOut(), True),
        (LeftOut(empty=3), True),
        (LeftOut(broken=1), False),
        (LeftOut(over_limit=400), False),
    ],
)
def test_what_a_cut_body_lacked_keeps_its_date(
    house: House, monkeypatch: pytest.MonkeyPatch, left_out: LeftOut, is_late: bool
) -> None:
    parse = house.wire.parse

    def tell(told: LeftOut) -> None:
        async def cut(*args: Any, **named: Any) -> ParsedFeed:
            return replace(await parse(*args, **named), left_out=told)

        monkeypatch.setattr(house.wire, "parse", cut)

    old = NOON - timedelta(days=3)
    tell(left_out)
    first = house.poll("bta", entry(1, "Maps", LIBRARY))
    assert first.left_out == left_out
    tell(LeftOut())
    late = replace(entry(2, "Night ferry", FERRY), published_at=old)
    house.poll("bta", late, entry(1, "Maps", LIBRARY))

    assert house.store.find_item("g2").reported_at == (house.now if is_late else old)
    assert house.store.feed_states()["bta"].left_out == LeftOut()


def test_a_body_of_which_nothing_is_left_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = house.wire.parse

    async def empty(*args: Any, **named: Any) -> ParsedFeed:
        return replace(await parse(*args, **named), left_out=LeftOut(empty=4))

    monkeypatch.setattr(house.wire, "parse", empty)
    report = house.poll("bta")

    assert report.result is PollResult.STALE
    assert str(report.error).endswith("is a feed without items: all 4 are empty or broken")


@pytest.mark.parametrize(("words", "least", "most"), [(20, 50, 50), (60_000, 1, 8)])
def test_long_texts_are_placed_few_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch, words: int, least: int, most: int
) -> None:
    limits, unplaced = list[int](), house.store.unplaced

    def noted(*, limit: int) -> list[tuple[Item, Fingerprint]]:
        limits.append(limit)
        return unplaced(limit=limit)

    monkeypatch.setattr(house.store, "unplaced", noted)
    placer = house.pipeline.placer
    placer.hold()
    told = [entry(n, f"Report {n}", f"station{n} " * words) for n in range(FIRST_BATCH + 1)]
    house.poll("bta", *told)
    house.writer.submit(placer.release).result()

    assert limits[0] == FIRST_BATCH
    assert least <= limits[1] <= most
    assert house.store.count_unplaced(limit=1) == 0
    assert len(items_of(house)) == len(told)
