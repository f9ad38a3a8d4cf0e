"""Who had it from whom, how deep below the first, and how much later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator import provenance
from aggregator.model import (
    Credit,
    CreditState,
    Item,
    Kind,
    Lineage,
    Member,
    Notice,
    Replacement,
    Story,
)
from tests.told import NOON, credited, first, pair, report, story_of, taken

ORIGIN = report("kz", "kazinform")
CARRIER = report("bg", "bta", 30, credits=(credited("kazinform"),))
SECOND = report("mk", "mia", 45, credits=(credited("bta"),))
LATER = report("sl", "sta", 20)


@pytest.fixture
def carried() -> Story:
    """Kazinform's report; BTA and STA took it from there, MIA from BTA."""
    return story_of(
        first(ORIGIN), taken(CARRIER, ORIGIN), taken(LATER, ORIGIN), taken(SECOND, CARRIER)
    )


def by_id(story: Story) -> dict[str, provenance.Appearance]:
    return {one.item.id: one for one in provenance.appearances(story)}


def places(story: Story) -> list[tuple[str, int]]:
    return [(one.item.id, one.depth) for one in provenance.tree(story)]


# -------------------------------------------------------------------------------------------- appearances


def test_items_appear_in_the_order_of_their_reports(carried: Story) -> None:
    assert [one.item.id for one in provenance.appearances(carried)] == ["kz", "sl", "bg", "mk"]


def test_a_lag_is_counted_from_the_parent_and_beside_it_from_the_first(carried: Story) -> None:
    lags = {name: (one.lag, one.since_first) for name, one in by_id(carried).items()}

    assert lags == {
        "kz": (None, timedelta(0)),
        "sl": (timedelta(minutes=20), timedelta(minutes=20)),
        "bg": (timedelta(minutes=30), timedelta(minutes=30)),
        "mk": (timedelta(minutes=15), timedelta(minutes=45)),
    }


def test_a_lag_is_known_only_where_both_feeds_gave_a_time_that_decides() -> None:
    def lag(origin: Item, copy: Item, **lineage: Any) -> timedelta | None:
        told = story_of(first(origin), taken(copy, origin, **lineage))
        return by_id(told)[copy.id].known_lag

    assert lag(ORIGIN, CARRIER) == timedelta(minutes=30)
    assert lag(ORIGIN, replace(CARRIER, published_at=None)) is None
    assert lag(replace(ORIGIN, published_at=None), CARRIER) is None
    assert lag(ORIGIN, CARRIER, is_undecided=True) is None


def test_a_report_was_withdrawn_when_its_notice_says_not_when_we_saw_that() -> None:
    seen_at = NOON + timedelta(hours=9)
    notice = report("kill", "kazinform", 60, notice=Notice.KILL)
    told = story_of(first(ORIGIN), taken(notice, ORIGIN, Kind.REVISION), killed_at=seen_at)

    assert provenance.was_withdrawn_at(told) == notice.reported_at
    assert provenance.was_withdrawn_at(story_of(first(ORIGIN), killed_at=seen_at)) == seen_at
    assert provenance.was_withdrawn_at(story_of(first(ORIGIN))) is None


def test_a_carrier_that_withdraws_its_copy_does_not_withdraw_the_report() -> None:
    notice = report("kill", "bta", 60, notice=Notice.KILL)
    told = story_of(first(ORIGIN), taken(CARRIER, ORIGIN), taken(notice, CARRIER, Kind.REVISION))

    assert provenance.was_withdrawn_at(told) is None


def test_a_lag_is_never_negative() -> None:
    """A parent with another time by now: it was revised, and its story is not summarised yet."""
    moved = replace(ORIGIN, reported_at=NOON + timedelta(hours=1))

    told = by_id(story_of(first(moved), taken(CARRIER, moved)))

    assert told["bg"].lag == timedelta(0)


def test_kind_and_match_are_against_the_parent(carried: Story) -> None:
    told = by_id(carried)

    assert (told["kz"].kind, told["kz"].match, told["kz"].parent) == (None, None, None)
    assert told["mk"].match == pair("mk", "bg")
    assert told["mk"].parent == CARRIER


def test_what_an_item_came_by_is_not_what_it_was_taken_from() -> None:
    came_by = pair("mk", "kz", Kind.TRANSLATION)
    member = Member(item=SECOND, match=came_by, lineage=Lineage(parent=pair("mk", "bg")))

    told = by_id(story_of(first(ORIGIN), taken(CARRIER, ORIGIN), member))

    assert (told["mk"].kind, told["mk"].depth) == (Kind.NEAR, 2)


def test_the_depth_counts_the_items_up_to_the_root(carried: Story) -> None:
    assert {name: one.depth for name, one in by_id(carried).items()} == {
        "kz": 0,
        "sl": 1,
        "bg": 1,
        "mk": 2,
    }


def test_an_item_whose_parent_is_in_the_story_no_more_is_a_root(carried: Story) -> None:
    left = replace(carried, members=carried.members[1:], lead_id="bg")

    told = by_id(left)

    assert (told["bg"].parent, told["bg"].match, told["bg"].lag, told["bg"].depth) == (
        None,
        None,
        None,
        0,
    )
    assert told["mk"].depth == 1


# ---------------------------------------------------------------------------------------------- whom it credits


@pytest.mark.parametrize(
    ("credits_", "parent", "expected"),
    [
        ((credited("kazinform"),), CARRIER, True),
        ((credited("bta"),), CARRIER, True),
        ((credited("sta"),), CARRIER, False),
        ((credited("bta"),), ORIGIN, False),
        ((credited("kazinform", background=True),), ORIGIN, False),
        ((), CARRIER, False),
    ],
)
def test_an_item_is_credited_where_it_names_the_origin_or_its_parent_s_agency(
    credits_: tuple[Credit, ...], parent: Item, expected: bool
) -> None:
    item = replace(SECOND, credits=credits_)

    told = by_id(story_of(first(ORIGIN), taken(CARRIER, ORIGIN), taken(item, parent)))

    assert told["mk"].credited is expected


def test_an_agency_that_names_itself_credits_nobody() -> None:
    """An edition of a carrier: its parent is of its own agency."""
    edition = report("mk2", "mia", 60, language="mk", credits=(credited("mia"),))

    told = by_id(story_of(first(ORIGIN), taken(SECOND, ORIGIN), taken(edition, SECOND)))

    assert told["mk2"].credited is False


def test_of_the_origin_s_own_items_nothing_is_said(carried: Story) -> None:
    told = by_id(carried)

    assert (told["kz"].credit, told["kz"].credited) == (None, None)


def test_a_story_that_was_not_summarised_by_the_present_rules_is_said_nothing_of(
    carried: Story,
) -> None:
    assert {name: one.credit for name, one in by_id(carried).items()} == {
        "kz": None,
        "sl": CreditState.UNKNOWN,
        "bg": CreditState.UNKNOWN,
        "mk": CreditState.UNKNOWN,
    }


def test_only_other_agencies_are_credits(carried: Story) -> None:
    item = replace(SECOND, credits=(credited("mia"), credited("bta", background=True)))

    assert provenance.credits_of(item) == (credited("bta", background=True),)


# --------------------------------------------------------------------------------------------------- the tree


def test_each_item_stands_behind_the_one_it_was_taken_from_siblings_by_time(carried: Story) -> None:
    assert places(carried) == [("kz", 0), ("sl", 1), ("bg", 1), ("mk", 2)]


def test_a_tree_may_have_two_roots() -> None:
    own = report("own", "sta", 10)

    told = story_of(first(ORIGIN), first(own), taken(CARRIER, ORIGIN), taken(SECOND, own))

    assert places(told) == [("kz", 0), ("bg", 1), ("own", 0), ("mk", 1)]


def test_a_tree_has_every_item_once_though_a_parent_is_missing(carried: Story) -> None:
    left = replace(carried, members=carried.members[1:], lead_id="bg")

    assert places(left) == [("sl", 0), ("bg", 0), ("mk", 1)]


# -------------------------------------------------------------------------------------------------- the chain


def steps(story: Story, a: str, b: str) -> list[tuple[str, str]]:
    return [(match.a, match.b) for match in provenance.chain(story, a, b)]


def test_an_item_and_its_parent_are_one_step(carried: Story) -> None:
    assert provenance.chain(carried, "bg", "kz") == (pair("bg", "kz"),)
    assert provenance.chain(carried, "kz", "bg") == (pair("kz", "bg"),)


def test_a_chain_leads_through_the_items_between(carried: Story) -> None:
    assert steps(carried, "mk", "sl") == [("mk", "bg"), ("bg", "kz"), ("kz", "sl")]


def test_the_chain_is_that_of_the_tree_though_what_an_item_came_by_is_shorter() -> None:
    """MIA's copy was recognised by Kazinform's text, and taken from BTA."""
    member = Member(item=SECOND, match=pair("mk", "kz"), lineage=Lineage(parent=pair("mk", "bg")))
    told = story_of(first(ORIGIN), taken(CARRIER, ORIGIN), member)

    assert steps(told, "mk", "kz") == [("mk", "bg"), ("bg", "kz")]


def test_two_roots_are_linked_by_what_items_came_by() -> None:
    own = Member(item=report("own", "sta", 10), match=pair("own", "bg"), lineage=Lineage())
    told = story_of(first(ORIGIN), taken(CARRIER, ORIGIN), own)

    assert steps(told, "own", "kz") == [("own", "bg"), ("bg", "kz")]


def test_a_decision_on_the_way_is_part_of_the_chain(carried: Story) -> None:
    by_hand = pair("own", "mk", Kind.MANUAL, 1.0, "Joined by nadia on 24 Nov 2026, 14:00 UTC.")
    own = Member(item=report("own", "sta", 50), match=by_hand, lineage=Lineage(parent=by_hand))
    told = replace(carried, members=(*carried.members, own))

    found = provenance.chain(told, "kz", "own")

    assert [(match.a, match.b, match.kind) for match in found] == [
        ("kz", "bg", Kind.NEAR),
        ("bg", "mk", Kind.NEAR),
        ("mk", "own", Kind.MANUAL),
    ]


def test_what_nothing_links_has_no_chain(carried: Story) -> None:
    apart = first(report("own", "sta", 10))

    assert provenance.chain(replace(carried, members=(*carried.members, apart)), "own", "kz") == ()
    assert provenance.chain(carried, "kz", "nowhere") == ()


def test_pairs_that_name_each_other_are_followed_once() -> None:
    """Split off and joined again by a person, both came by the other."""
    told = story_of(
        Member(item=ORIGIN, match=pair("kz", "bg")), Member(item=CARRIER, match=pair("bg", "kz"))
    )

    assert steps(told, "kz", "bg") == [("kz", "bg")]
    assert provenance.chain(told, "kz", "other") == ()


# ----------------------------------------------------------------------------------------------- matches, turned


def test_matches_lead_to_another_root_when_those_on_the_way_are_turned(carried: Story) -> None:
    assert provenance.matches_from(carried.members, "mk") == {
        "mk": None,
        "bg": pair("bg", "mk"),
        "kz": pair("kz", "bg"),
        "sl": pair("sl", "kz"),
    }


# ------------------------------------------------------------------------------------------- dates, corrections


def test_the_update_is_never_before_the_publication(carried: Story) -> None:
    early = replace(carried, updated_at=NOON - timedelta(days=2))

    assert provenance.updated_at(early) == early.published_at
    later = replace(carried, updated_at=NOON + timedelta(hours=1))
    assert provenance.updated_at(later) == later.updated_at


def test_a_report_was_corrected_when_the_origin_s_last_correction_was() -> None:
    replaced = (Replacement(old="38", new="40"),)
    revised_at = NOON + timedelta(hours=2)
    revised = first(replace(ORIGIN, revised_at=revised_at), corrects=replaced)
    marked = taken(report("kz2", "kazinform", 60, notice=Notice.CORRECTION), ORIGIN, Kind.REVISION)

    assert provenance.was_corrected_at(story_of(revised)) == revised_at
    assert provenance.was_corrected_at(story_of(first(ORIGIN), marked)) == NOON + timedelta(hours=1)
    assert provenance.was_corrected_at(story_of(revised, marked)) == revised_at


def test_an_update_or_a_carrier_s_own_correction_is_none_of_the_report(carried: Story) -> None:
    replaced = (Replacement(old="38", new="40"),)
    updated = first(replace(ORIGIN, revised_at=NOON + timedelta(hours=2)))
    of_a_carrier = taken(CARRIER, ORIGIN, corrects=replaced)

    assert provenance.was_corrected_at(carried) is None
    assert provenance.was_corrected_at(story_of(updated, of_a_carrier)) is None
