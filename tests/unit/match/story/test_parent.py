"""The item each was most likely taken from, and whether the times tell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.model import Item, Kind, Notice
from tests.unit.match.story.wire import (
    agreement,
    alike,
    background,
    item,
    lineage,
    mention,
    of,
    parents,
)

SECONDS = 1 / 3600  # of an hour


# ------------------------------------------------------------------------------------------ in which order


def test_the_first_of_a_story_has_no_parent() -> None:
    assert parents(of(item("kaz", 0, item_id="first"))) == {"first": None}


def test_a_later_version_comes_from_the_last_one_before_it() -> None:
    story = of(
        item("kaz", 0, item_id="k"),
        item("bta", 1, mention("kaz"), item_id="b1"),
        item("bta", 2, mention("kaz"), item_id="b2"),
        item("bta", 3, mention("kaz"), item_id="b3"),
    )
    assert parents(story) == {"k": None, "b1": "k", "b2": "b1", "b3": "b2"}
    assert lineage(story, "b3").parent.kind is Kind.REVISION  # type: ignore[union-attr]


def test_a_copy_comes_from_the_agency_it_credits_although_another_is_more_alike() -> None:
    story = of(
        item("kaz", 0, item_id="k"),
        item("tanjug", 1, item_id="t"),
        item("mia", 2, mention("kaz"), item_id="m"),
        relate=alike({("m", "t"): 0.99, ("m", "k"): 0.2}),
    )
    assert parents(story)["m"] == "k"


def test_a_chain_of_three_is_that_of_the_credits() -> None:
    story = of(
        item("kaz", 0, item_id="k"),
        item("bta", 1, mention("kaz"), item_id="b"),
        item("mia", 2, mention("bta"), item_id="m"),
    )
    assert parents(story) == {"k": None, "b": "k", "m": "b"}


def test_an_agency_credited_as_background_is_no_source() -> None:
    story = of(
        item("kaz", 0, item_id="k"),
        item("tanjug", 1, item_id="t"),
        item("mia", 2, background("kaz"), item_id="m"),
        relate=alike({("m", "t"): 0.9, ("m", "k"): 0.6}),
    )
    assert parents(story)["m"] == "t"


def test_of_several_items_of_a_credited_agency_the_nearest_by_text_is_the_parent() -> None:
    items = (
        item("kaz", 0, item_id="k1"),
        item("kaz", 1, item_id="k2"),
        item("mia", 2, mention("kaz"), item_id="m"),
    )
    for nearest in ("k1", "k2"):
        story = of(*items, relate=alike({("m", nearest): 0.9}))
        assert parents(story)["m"] == nearest


def test_of_several_items_of_a_credited_agency_one_in_the_own_language_goes_before() -> None:
    story = of(
        item("kaz", 0, item_id="kk", language="kk"),
        item("kaz", 1, item_id="en"),
        item("mia", 2, mention("kaz"), item_id="m"),
        relate=alike({("m", "kk"): 0.99, ("m", "en"): 0.6}),
    )
    assert parents(story)["m"] == "en"


@pytest.mark.usefixtures("wagons_are_facts")
@pytest.mark.parametrize(("figure", "parent"), [("12 wagons", "was"), ("14 wagons", "is")])
def test_a_copy_comes_from_the_version_whose_figure_it_has_however_alike_the_other_is(
    figure: str, parent: str
) -> None:
    other = {"was": "is", "is": "was"}[parent]
    story = of(
        item("kaz", 0, item_id="was", text="The train has 12 wagons."),
        item("kaz", 1, item_id="is", text="The train has 14 wagons."),
        item("mia", 2, mention("kaz"), item_id="m", text=f"It has {figure}."),
        relate=alike({("m", other): 0.99}),
    )
    assert parents(story)["m"] == parent


def test_an_edition_comes_from_the_own_agency_s_item_and_not_from_a_copy_in_its_language() -> None:
    story = of(
        item("kaz", 0, item_id="kk", language="kk"),
        item("bta", 1, item_id="b"),
        item("kaz", 2, item_id="en"),
        relate=alike({("en", "b"): 0.99}),
    )
    assert parents(story) == {"kk": None, "b": "kk", "en": "kk"}


def test_a_carrier_s_second_language_comes_from_the_agency_it_credits() -> None:
    story = of(
        item("kaz", 0, item_id="k"),
        item("bta", 1, mention("kaz"), item_id="bg", language="bg"),
        item("bta", 2, mention("kaz"), item_id="en"),
    )
    assert parents(story)["en"] == "k"


def test_a_copy_comes_from_one_in_its_own_language_before_a_better_translation() -> None:
    story = of(
        item("kaz", 0, item_id="kk", language="kk"),
        item("tanjug", 1, item_id="t"),
        item("mia", 2, item_id="m"),
        relate=alike({("m", "kk"): 0.99, ("m", "t"): 0.6}),
    )
    assert parents(story)["m"] == "t"


def test_without_one_in_its_language_it_comes_from_the_best_translation() -> None:
    items = (
        item("kaz", 0, item_id="kk", language="kk"),
        item("bta", 1, item_id="bg", language="bg"),
        item("mia", 2, item_id="m", language="mk"),
    )
    for best in ("kk", "bg"):
        assert parents(of(*items, relate=alike({("m", best): 0.9})))["m"] == best


def test_an_item_of_no_known_language_is_in_nobody_s_language() -> None:
    story = of(
        item("kaz", 0, item_id="k", language=None),
        item("bta", 1, item_id="b"),
        item("mia", 2, item_id="m", language=None),
        relate=alike({("m", "b"): 0.9}),
    )
    assert parents(story)["m"] == "b"


def test_of_several_as_alike_the_origin_s_own_is_the_parent_then_the_earliest() -> None:
    copies = (
        item("bta", 0, mention("kaz"), item_id="b"),
        item("tanjug", 1, mention("kaz"), item_id="t"),
        item("mia", 3, item_id="m"),
    )
    equal = alike({("m", "k"): 0.851, ("m", "b"): 0.853, ("m", "t"): 0.849})
    assert parents(of(*copies, item("kaz", 2, item_id="k"), relate=equal))["m"] == "k"
    assert parents(of(*copies, relate=equal))["m"] == "b"


# --------------------------------------------------------------------------------------- who can be none


def test_the_origin_takes_nothing_from_those_who_carried_it_first() -> None:
    story = of(item("bta", 0, mention("kaz"), item_id="b"), item("kaz", 1, item_id="k"))
    assert parents(story) == {"b": None, "k": None}


def test_a_credited_item_that_came_later_is_no_parent() -> None:
    story = of(
        item("tanjug", 0, item_id="t"),
        item("mia", 1, mention("kaz"), item_id="m"),
        item("kaz", 2, item_id="k"),
    )
    assert parents(story)["m"] == "t"


def test_a_parent_is_found_by_the_time_reported_and_not_by_that_of_sight() -> None:
    story = of(
        item("kaz", 0, item_id="k", seen=9), item("bta", 1, mention("kaz"), item_id="b", seen=1)
    )
    assert parents(story) == {"k": None, "b": "k"}


def test_what_credits_an_agency_directly_or_through_others_is_no_source_of_that_agency() -> None:
    """Agerpres's is before MIA's, and says that the report is MIA's; the story is Kazinform's all the same."""
    story = of(
        item("bta", 0, mention("agerpres"), item_id="b"),
        item("agerpres", 1, mention("mia"), item_id="a"),
        item("mia", 2, item_id="m"),
        item("tanjug", 3, agreement("kaz"), item_id="t"),
    )
    assert story.origin_id == "kaz"
    assert parents(story)["m"] is None


def test_two_that_credit_each_other_are_parent_and_child_by_time() -> None:
    story = of(
        item("mia", 0, mention("bta"), item_id="m"),
        item("bta", 1, mention("mia"), item_id="b"),
        item("tanjug", 2, agreement("kaz"), item_id="t"),
    )
    assert parents(story)["b"] == "m"


def test_nothing_is_taken_from_the_notice_of_a_kill() -> None:
    story = of(
        item("kaz", 0, item_id="k"),
        item("kaz", 1, item_id="kill", notice=Notice.KILL),
        item("bta", 2, mention("kaz"), item_id="b"),
        relate=alike({("b", "kill"): 0.99}),
    )
    assert parents(story) == {"k": None, "kill": "k", "b": "k"}


# ------------------------------------------------------------------------------------- at the same time


def test_of_two_at_one_time_the_one_that_credits_the_other_is_the_child() -> None:
    story = of(item("bta", 0, mention("kaz"), item_id="a"), item("kaz", 0, item_id="b"))
    assert parents(story) == {"a": "b", "b": None}
    assert not lineage(story, "a").is_undecided


def test_of_two_at_one_time_that_credit_nobody_the_id_decides_and_that_is_said() -> None:
    story = of(item("bta", 0, item_id="b"), item("kaz", 0, item_id="a"))
    assert parents(story) == {"a": None, "b": "a"}
    assert lineage(story, "b").is_undecided
    assert lineage(story, "a").is_undecided


@pytest.mark.parametrize(
    ("seconds", "undecided"), [(0, True), (59, True), (60, False), (90, False)]
)
def test_times_less_than_a_minute_apart_do_not_decide(seconds: int, undecided: bool) -> None:
    story = of(item("kaz", 0, item_id="k"), item("bta", seconds * SECONDS, item_id="z"))
    assert lineage(story, "z").is_undecided is undecided


def test_the_versions_of_one_agency_need_no_times_to_be_told_apart() -> None:
    story = of(item("kaz", 0, item_id="k1"), item("kaz", 0, item_id="k2", published_at=None))
    assert parents(story)["k2"] == "k1"
    assert not lineage(story, "k2").is_undecided


def test_an_agency_s_editions_of_one_minute_are_undecided() -> None:
    story = of(item("kaz", 0, item_id="en"), item("kaz", 0, item_id="kk", language="kk"))
    assert lineage(story, "kk").is_undecided


@pytest.mark.parametrize(
    ("later", "undecided"),
    [
        (item("bta", 3, item_id="b", published_at=None), True),
        (item("bta", 3, mention("kaz"), item_id="b", published_at=None), False),
        (item("kaz", 3, item_id="b", published_at=None, language="kk"), False),
    ],
)
def test_a_feed_that_gives_no_time_may_have_been_the_first_unless_it_says_otherwise(
    later: Item, undecided: bool
) -> None:
    story = of(item("kaz", 0, item_id="k"), later)
    assert lineage(story, "b").is_undecided is undecided


def test_the_parent_of_an_undecided_item_is_still_not_later() -> None:
    first, second = item("kaz", 0, item_id="z"), item("bta", 30 * SECONDS, item_id="a")
    assert second.reported_at - first.reported_at == timedelta(seconds=30)
    assert parents(of(first, second)) == {"z": None, "a": "z"}
