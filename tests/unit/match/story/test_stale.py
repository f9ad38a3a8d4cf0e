"""Who still has a fact that was corrected, or carries a report that was withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from aggregator.model import Item, Notice, StoryChange
from tests.unit.match.story.wire import item, mention, of

OLD, NEW = "The train has 12 wagons.", "The train has 14 wagons."
pytestmark = pytest.mark.usefixtures("wagons_are_facts")


def stale(story: StoryChange) -> set[str]:
    return {item_id for item_id, lineage in story.lineages.items() if lineage.is_stale}


def carrier(agency: str, hours: float, text: str, **changes: Any) -> Item:
    return item(agency, hours, mention("kaz"), item_id=agency, text=text, **changes)


WAS = item("kaz", 0, item_id="was", text=OLD)
IS = item("kaz", 3, item_id="is", text=NEW)


# -------------------------------------------------------------------------------------------- corrections


def test_a_copy_with_the_old_fact_is_stale_and_one_with_the_new_is_not() -> None:
    story = of(WAS, IS, carrier("bta", 1, OLD), carrier("mia", 4, NEW))
    assert stale(story) == {"bta"}


def test_a_copy_that_never_had_the_fact_is_not_stale() -> None:
    assert stale(of(WAS, IS, carrier("bta", 1, "A train was shown."))) == set()


def test_a_copy_in_another_language_is_stale_too() -> None:
    assert stale(of(WAS, IS, carrier("bta", 1, OLD, language="bg"))) == {"bta"}


def test_another_edition_of_the_origin_itself_is_stale() -> None:
    kazakh = item("kaz", 1, item_id="kk", text=OLD, language="kk")
    assert stale(of(WAS, IS, kazakh)) == {"kk"}


def test_neither_the_corrected_version_nor_the_correction_is_stale() -> None:
    assert stale(of(WAS, IS)) == set()


def test_a_copy_that_came_after_the_correction_with_the_old_fact_is_stale() -> None:
    assert stale(of(WAS, IS, carrier("bta", 9, OLD))) == {"bta"}


def test_a_copy_that_its_own_agency_corrected_is_not_stale() -> None:
    own = item("bta", 5, mention("kaz"), item_id="own", text=NEW)
    assert stale(of(WAS, IS, carrier("bta", 1, OLD), own)) == set()


def test_an_update_makes_nothing_stale() -> None:
    update = item("kaz", 3, item_id="is", text="so far 14 wagons")
    assert stale(of(WAS, update, carrier("bta", 1, OLD))) == set()


def test_a_correction_by_a_revision_of_the_item_makes_copies_stale() -> None:
    revised = item(
        "kaz", 0, item_id="k", text=NEW, revised=3, corrects=of(WAS, IS).lineages["is"].corrects
    )
    assert revised.corrects
    assert stale(of(revised, carrier("bta", 1, OLD), carrier("mia", 4, NEW))) == {"bta"}


def test_what_a_carrier_corrects_concerns_those_who_took_it_from_there_alone() -> None:
    wrong = item("bta", 1, mention("kaz"), item_id="wrong", text=OLD)
    right = item("bta", 4, mention("kaz"), item_id="right", text=NEW)
    taken = item("mia", 2, mention("bta"), item_id="taken", text=OLD)
    beside = item("tanjug", 2, mention("kaz"), item_id="beside", text=OLD)
    origin = item("kaz", 0, item_id="k", text="A train was shown.")
    assert stale(of(origin, wrong, right, taken, beside)) == {"taken"}


# -------------------------------------------------------------------------------------------------- kills


KILL = item("kaz", 3, item_id="kill", notice=Notice.KILL, text="Please withdraw.")


def test_who_carries_a_withdrawn_report_is_stale() -> None:
    kazakh = item("kaz", 1, item_id="kk", language="kk")
    story = of(WAS, KILL, carrier("bta", 1, OLD), carrier("mia", 4, NEW), kazakh)
    assert stale(story) == {"bta", "mia", "kk"}


def test_a_carrier_that_withdrew_it_too_carries_it_no_more() -> None:
    own = item("bta", 4, mention("kaz"), item_id="own", notice=Notice.KILL)
    assert stale(of(WAS, KILL, carrier("bta", 1, OLD), own)) == set()


def test_a_carrier_whose_item_was_revised_to_say_so_carries_it_no_more() -> None:
    revised = carrier("bta", 1, "Withdrawn.", revised=4, notice=Notice.KILL)
    assert stale(of(WAS, KILL, revised)) == set()


def test_what_a_carrier_withdraws_is_not_withdrawn_for_others() -> None:
    own = item("bta", 4, mention("kaz"), item_id="own", notice=Notice.KILL)
    story = of(WAS, carrier("bta", 1, OLD), own, carrier("mia", 2, OLD))
    assert stale(story) == set()
    assert story.killed_at is None
