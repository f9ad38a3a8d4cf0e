"""Which stories a query selects, in which order, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aggregator.errors import UsageError
from aggregator.model import Action, CreditState, Item, Kind, Move, Order, StoryQuery
from aggregator.store.store import Store
from tests.contract.samples import summarise
from tests.wire_copy import DAY, HOUR, MINUTE, NOON, item, relate, tell


def asked(store: Store, **conditions: Any) -> list[str]:
    """The ids of the stories, without the "s" before that of their first item."""
    return [story.id.removeprefix("s") for story in store.stories(StoryQuery(**conditions))]


def chosen(store: Store, **conditions: Any) -> set[str]:
    found = asked(store, **conditions)
    assert store.count_stories(StoryQuery(**conditions)) == len(found)
    return set(found)


# ------------------------------------------------------------------------------------- conditions


@pytest.fixture
def desk(store: Store) -> Store:
    """Four reports: two of BTA's that others carried, one of Kazinform's, one that nobody did."""
    tell(
        store,
        item("a", "bta", NOON),
        item("a1", "kazinform", NOON + HOUR, "bta", language="ru"),
        item("a2", "focus", NOON + 2 * HOUR),
        lineages={"a1": {"is_stale": True}},
    )
    tell(store, item("b", "bta", NOON), item("b1", "kazinform", NOON + HOUR))
    tell(
        store,
        item("c", "kazinform", NOON, language="kk"),
        item("c1", "bta", NOON + HOUR, "kazinform", language="bg"),
    )
    tell(store, item("d", "focus", NOON), killed_at=NOON + DAY)
    return store


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"origin_id": "bta"}, "ab"),
        ({"origin_id": "bt"}, ""),
        ({"agency_id": "bta"}, "abc"),
        ({"agency_id": "ta"}, ""),
        ({"carried_by": "bta"}, "c"),
        ({"carried_by": "kazinform"}, "ab"),
        ({"origin_id": "bta", "carried_by": "focus"}, "a"),
        ({"language": "kk"}, "c"),
        ({"language": "k"}, ""),
        ({"kind": Kind.TRANSLATION.value}, "ac"),
        ({"kind": Kind.TRANSLATION.value, "carried_by": "focus"}, ""),
        ({"credit": CreditState.NONE}, "ab"),
        ({"credit": CreditState.NONE, "carried_by": "kazinform"}, "b"),
        ({"credit": CreditState.ORIGIN, "kind": Kind.TRANSLATION.value}, "ac"),
        ({"credit": CreditState.UNKNOWN}, ""),
        ({"stale": True}, "a"),
        ({"stale": True, "agency_id": "kazinform"}, "a"),
        ({"stale": True, "agency_id": "focus"}, ""),
        ({"stale": True, "agency_id": "focus", "carried_by": "kazinform"}, "a"),
        ({"stale": True, "carried_by": "focus"}, ""),
        ({"stale": True, "credit": CreditState.NONE}, ""),
        ({"stale": True, "credit": CreditState.ORIGIN, "agency_id": "kazinform"}, "a"),
        ({"killed": True}, "d"),
        ({"killed": False}, "abc"),
        ({"min_items": 3}, "a"),
    ],
)
def test_every_condition_holds_for_a_story_or_one_of_its_copies(
    desk: Store, conditions: dict[str, Any], expected: str
) -> None:
    assert chosen(desk, **conditions) == set(expected)


def test_an_item_of_the_origin_may_be_stale_and_is_no_copy(store: Store) -> None:
    tell(
        store,
        item("a", "bta", NOON),
        item("a1", "bta", NOON + HOUR, language="bg"),
        lineages={"a1": {"is_stale": True}},
    )

    assert chosen(store, stale=True) == {"a"}
    assert chosen(store, stale=True, agency_id="bta") == {"a"}
    assert chosen(store, stale=True, carried_by="bta") == set()


def test_ids_that_differ_in_their_letters_alone_are_two_agencies(store: Store) -> None:
    tell(store, item("a", "bta", NOON), item("a1", "a_c", NOON))

    assert chosen(store, agency_id="BTA") == set()
    assert chosen(store, agency_id="abc") == set()
    assert chosen(store, agency_id="a_c") == {"a"}


def test_a_story_is_found_by_the_language_that_its_item_is_read_in_now(store: Store) -> None:
    first = item("a", "bta", NOON, language="bg")
    tell(store, first)

    store.save_readings([replace(first, language="mk")])

    assert chosen(store, language="mk") == {"a"}
    assert chosen(store, language="bg") == set()


def test_an_agency_whose_item_was_split_off_is_in_the_other_story(store: Store) -> None:
    first, other = item("a", "bta", NOON), item("b", "focus", NOON)
    tell(store, first, other)

    moved = relocate(store, other, "sb")

    assert moved == "sb"
    assert chosen(store, agency_id="focus") == {"b"}
    assert chosen(store, agency_id="bta") == {"a"}


# ------------------------------------------------------------------------------------------ orders


@pytest.fixture
def spread_out(store: Store) -> Store:
    """Stories seen in the order of their names, from a to e, of which c is the oldest report."""
    tell(store, item("a", "bta", NOON), item("a1", "focus", NOON + HOUR))
    tell(
        store,
        item("b", "bta", NOON + MINUTE),
        item("b1", "focus", NOON + 2 * MINUTE),
        item("b2", "kazinform", NOON + HOUR),
    )
    tell(store, item("c", "bta", NOON - DAY, seen_at=NOON + 2 * HOUR))
    tell(
        store,
        item("d", "bta", NOON + 3 * HOUR),
        *(item(f"d{n}", "focus", NOON + 4 * HOUR, language="ru") for n in range(3)),
    )
    tell(
        store,
        item("e", "bta", NOON + 4 * HOUR),
        item("e1", "focus", NOON + 5 * HOUR),
        item("e2", "kazinform", NOON + 8 * HOUR),
    )
    return store


ORDERS = {
    Order.SEEN: "edcba",
    Order.DATE: "edbac",
    Order.CARRIED: "debac",
    Order.SPREAD: "bdaec",  # 2 an hour, 1 and 1, 2 in 4 hours, none
}


@pytest.mark.parametrize("order", Order)
def test_stories_are_listed_in_the_order_asked_for(spread_out: Store, order: Order) -> None:
    assert "".join(asked(spread_out, order=order)) == ORDERS[order]


@pytest.mark.parametrize("order", Order)
def test_a_page_begins_behind_the_story_with_which_the_last_one_ended(
    spread_out: Store, order: Order
) -> None:
    listed, after = "", None
    while page := asked(spread_out, order=order, after=after, limit=2):
        listed += "".join(page)
        after = f"s{page[-1]}"

    assert listed == ORDERS[order]


@pytest.mark.parametrize("order", Order)
def test_a_page_begins_behind_a_story_that_the_conditions_leave_out(
    spread_out: Store, order: Order
) -> None:
    first, rest = ORDERS[order][0], ORDERS[order][1:]

    behind = asked(spread_out, order=order, after=f"s{first}", carried_by="focus")

    assert behind == [name for name in rest if name != "c"]


@pytest.mark.parametrize("order", [Order.SEEN, Order.DATE])
def test_a_story_joined_into_another_is_still_a_place_in_the_list(
    spread_out: Store, order: Order
) -> None:
    relocate(spread_out, item("c", "bta", NOON), "sa", item("a", "bta", NOON))

    expected = ORDERS[order].partition("c")[2]
    assert "".join(asked(spread_out, order=order, after="sc")) == expected


@pytest.mark.parametrize("order", [Order.CARRIED, Order.SPREAD])
def test_by_size_the_place_of_a_joined_story_is_that_of_the_one_which_took_its_items(
    spread_out: Store, order: Order
) -> None:
    relocate(spread_out, item("c", "bta", NOON), "sb", item("b", "bta", NOON))

    assert asked(spread_out, order=order, after="sc") == asked(spread_out, order=order, after="sb")


def test_behind_the_last_story_there_is_none(spread_out: Store) -> None:
    assert asked(spread_out, after="sa") == []


def test_a_page_behind_an_unknown_story_is_refused_in_words(spread_out: Store) -> None:
    with pytest.raises(UsageError, match=r'"after".*"zz".*first page'):
        spread_out.stories(StoryQuery(after="zz"))


def test_stories_of_one_moment_have_a_fixed_order(store: Store) -> None:
    for name in "bca":
        tell(store, item(name, "bta", NOON))

    for order in Order:
        assert asked(store, order=order) == ["c", "b", "a"]


@pytest.mark.parametrize(
    "unknown",
    [
        {"published_at": None},  # its time is that at which we saw it
        {"published_at": NOON - HOUR},  # not plausible: not the time that counts
    ],
)
def test_a_copy_whose_time_is_not_known_makes_no_report_fast(
    store: Store, unknown: dict[str, Any]
) -> None:
    tell(store, item("a", "bta", NOON), item("a1", "focus", NOON + MINUTE, **unknown))
    tell(store, item("b", "bta", NOON), item("b1", "focus", NOON + 5 * HOUR))

    assert asked(store, order=Order.SPREAD) == ["b", "a"]


def test_a_copy_of_which_it_is_undecided_who_was_first_makes_no_report_fast(store: Store) -> None:
    undecided = {"a1": {"is_undecided": True}}
    tell(store, item("a", "bta", NOON), item("a1", "focus", NOON + MINUTE), lineages=undecided)
    tell(store, item("b", "bta", NOON), item("b1", "focus", NOON + 5 * HOUR))

    assert asked(store, order=Order.SPREAD) == ["b", "a"]


def relocate(store: Store, moved: Item, story_id: str, to: Item | None = None) -> str:
    """Have a person move an item into a story, that of `to` or a new one; the story it is in then."""
    store.decide(
        Action.SPLIT,
        item_id=moved.id,
        other_id=None,
        moves=[Move(item_id=moved.id, story_id=story_id, match=relate(moved, to) if to else None)],
        summarise=summarise,
        now=NOON,
    )
    return store.story_of(moved.id).id
