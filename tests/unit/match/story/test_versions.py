"""What corrects and what withdraws what, among an agency's items in one language."""

from __future__ import annotations

import pytest

from aggregator.match.story.versions import (
    Correction,
    corrections_in,
    replaced_by_revision,
    text_of,
    versions_of,
    withdrawals_in,
)
from aggregator.model import Item, Notice, Replacement
from tests.unit.match.story.wire import item

WAS, IS = "The train has 12 wagons.", "The train has 14 wagons."
FIGURE = Replacement(old="12 wagons", new="14 wagons")
first = item("kaz", 0, text=WAS)
corrected = item("kaz", 1, text=IS)


def pairs(corrections: list[Correction]) -> list[tuple[str, str | None]]:
    return [(one.item.id, one.corrected.id if one.corrected else None) for one in corrections]


def test_versions_are_of_one_agency_in_one_language_in_their_order() -> None:
    kazakh, other, later = (
        item("kaz", 1, language="kk", item_id="kk"),
        item("bta", 2),
        item("kaz", 3),
    )
    assert versions_of([first, kazakh, other, later]) == [[first, later], [kazakh], [other]]


@pytest.mark.usefixtures("wagons_are_facts")
class TestCorrections:
    def test_a_version_that_replaces_a_fact_corrects_the_one_before(self) -> None:
        assert corrections_in([first, corrected]) == [
            Correction(corrected, first, (FIGURE,), corrected)
        ]

    def test_a_version_that_replaces_none_is_an_update(self) -> None:
        update = item("kaz", 1, text="So far the train has 14 wagons, so far.")
        assert corrections_in([first, update]) == []
        assert corrections_in([first, item("kaz", 1, text=WAS + " It is blue.")]) == []

    def test_a_version_that_says_so_corrects_although_no_fact_is_found(self) -> None:
        marked = item("kaz", 1, text="A name was misspelt.", notice=Notice.CORRECTION)
        assert corrections_in([first, marked]) == [Correction(marked, first, (), marked)]

    def test_a_version_that_says_so_corrects_where_another_would_be_an_update(self) -> None:
        update = item("kaz", 1, text="so far 14 wagons", notice=Notice.CORRECTION)
        assert [one.replacements for one in corrections_in([first, update])] == [(FIGURE,)]

    def test_the_facts_that_stand_are_those_of_the_latest_version(self) -> None:
        third = item("kaz", 2, text="The train has 16 wagons.")
        found = corrections_in([first, corrected, third])
        assert pairs(found) == [("kaz-1", "kaz-0"), ("kaz-2", "kaz-1")]
        assert {one.present.id for one in found} == {"kaz-2"}

    def test_a_first_item_that_says_so_corrects_none_that_is_known(self) -> None:
        assert corrections_in([item("kaz", 0, notice=Notice.CORRECTION)]) == []

    def test_an_item_may_be_corrected_by_its_own_revision(self) -> None:
        revised = item("kaz", 0, text=IS, revised=1, corrects=(FIGURE,))
        assert corrections_in([revised]) == [Correction(revised, None, (FIGURE,), revised)]
        marked = item("kaz", 0, revised=1, notice=Notice.CORRECTION)
        assert pairs(corrections_in([marked])) == [("kaz-0", None)]

    def test_the_notice_of_a_kill_corrects_nothing(self) -> None:
        kill = item("kaz", 1, text=IS, notice=Notice.KILL)
        assert corrections_in([first, kill]) == []

    def test_the_facts_of_a_revision_are_those_not_replaced_before(self) -> None:
        revised = item("kaz", 0, text=IS, revised=1)
        again = item("kaz", 0, text=WAS, revised=1, corrects=(FIGURE,))
        assert replaced_by_revision(first, revised) == (FIGURE,)
        assert replaced_by_revision(again, revised) == ()


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([first], []),
        ([first, item("kaz", 1, notice=Notice.KILL)], [("kaz-1", "kaz-0")]),
        ([first, corrected, item("kaz", 2, notice=Notice.KILL)], [("kaz-2", "kaz-1")]),
        ([item("kaz", 1, notice=Notice.KILL)], []),
        ([item("kaz", 0, revised=1, notice=Notice.KILL)], [("kaz-0", "kaz-0")]),
    ],
)
def test_a_kill_withdraws_the_version_before_it_or_the_item_that_was_revised_to_say_so(
    versions: list[Item], expected: list[tuple[str, str]]
) -> None:
    assert [(one.item.id, one.withdrawn.id) for one in withdrawals_in(versions)] == expected


def test_the_words_of_an_item_are_the_longer_of_feed_and_page() -> None:
    read = item("kaz", 0, text="Short.", full_text="The whole article.", language=None)
    assert (text_of(read).body, text_of(read).language) == ("The whole article.", "und")
    assert text_of(item("kaz", 0, text="Longer.", full_text="Cut.")).body == "Longer."
