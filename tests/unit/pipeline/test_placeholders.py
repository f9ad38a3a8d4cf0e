"""A notice in the place of reports joins none, whenever it becomes known as one, and after a restart."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.editor import Editor
from aggregator.model import Kind, ParsedItem, StoryQuery
from tests.unit.pipeline.test_pipeline import FERRY, NOON, House, entry

# Joins the first two of the titles: each has words of it, and the two have some in common.
NOTICE = (
    "Customers of the press service find the text, the photographs and the video of the port of Doren under the"
    " number of their licence. The desk of the agency answers questions about the service on working days, from nine"
    " to five, and the sales department those about new licences, prices and the archive of the port."
)
TITLES = (
    "Press service of Doren port: customers fall",
    "Video service of Doren port: prices fall",
    "Wheat harvest ends",
    "Levan wins chess title",
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def notices(*numbers: int) -> list[ParsedItem]:
    return [entry(number, TITLES[number], NOTICE) for number in numbers]


def stories(house: House) -> list[list[str]]:
    """The titles of each story's items."""
    found = house.store.stories(StoryQuery())
    return sorted(sorted(member.item.title for member in story.members) for story in found)


def alone(*numbers: int) -> list[list[str]]:
    return sorted([TITLES[number]] for number in numbers)


def test_items_of_one_poll_are_not_joined_by_a_notice(house: House) -> None:
    house.poll("bta", *notices(0, 1, 2, 3))

    assert stories(house) == alone(0, 1, 2, 3)
    assert all(house.store.find_item(f"g{n}").is_placeholder for n in range(4))


def test_items_that_a_notice_joined_are_parted_when_it_is_known(house: House) -> None:
    house.poll("bta", *notices(0))
    house.poll("bta", *notices(1))
    assert stories(house) == [sorted(TITLES[:2])]

    house.poll("bta", *notices(2))
    house.poll("bta", *notices(3))

    assert stories(house) == alone(0, 1, 2, 3)


def test_what_is_known_is_known_after_a_restart(house: House) -> None:
    house.poll("bta", *notices(2))
    house.start()
    house.poll("bta", *notices(3))
    house.start()
    house.poll("agerpres", *notices(0))
    house.start()
    house.poll("agerpres", *notices(1))

    assert stories(house) == alone(0, 1, 2, 3)


def test_what_a_kill_left_unread_is_read_anew_at_the_start(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.poll("bta", *notices(0))
    house.poll("bta", *notices(1))
    monkeypatch.setattr(house.pipeline.placer, "place_waiting", Counter)
    house.poll("bta", *notices(2, 3))
    assert sorted(TITLES[:2]) in stories(house)

    house.start()

    assert stories(house) == alone(0, 1, 2, 3)


def test_what_a_person_joined_stays_joined(house: House) -> None:
    house.poll("bta", *notices(2))
    house.poll("bta", entry(9, "Night ferry sails again", FERRY))
    one, other = house.store.find_item("g2"), house.store.find_item("g9")
    Editor(house.store, summarise=house.pipeline.placer.summarise).join(one, other, NOON)

    house.poll("bta", *notices(0, 1, 3))

    joined = house.story(TITLES[2])
    assert {member.item.id for member in joined.members} == {one.id, other.id}
    assert any(m.match and m.match.kind is Kind.MANUAL for m in joined.members)


def test_a_report_repeated_under_its_headlines_keeps_its_text(house: House) -> None:
    house.poll("bta", entry(1, "Night ferry sails again", FERRY))
    house.poll("bta", entry(2, "Ferry across the Danube resumes", FERRY))
    house.poll("agerpres", entry(3, "Calarasi ferry back on Monday", FERRY))

    assert len(stories(house)) == 1
    assert not any(house.store.find_item(f"g{n}").is_placeholder for n in (1, 2, 3))


def test_an_item_whose_text_comes_later_is_read_with_it(house: House) -> None:
    house.poll("bta", *notices(2, 3))
    house.poll("agerpres", entry(9, "Night ferry sails again", FERRY))

    house.poll("bta", entry(2, "Danube ferry sails on Monday", FERRY))

    assert not house.store.find_item("g2").is_placeholder
    assert ["Danube ferry sails on Monday", "Night ferry sails again"] in stories(house)
