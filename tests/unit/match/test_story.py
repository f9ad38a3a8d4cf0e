"""Whose report a story is, which of its items leads, and when it is new: the rules of `match.story`.

Times are hours after noon. Agencies: `kaz` and `bta` are partners, `mia` and `tanjug` carry their reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from aggregator.match.story import story_id_started_by, summarise
from aggregator.model import Credit, Item, Member, StoryChange

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def mention(agency: str) -> Credit:
    return Credit(agency_id=agency, phrase=f"{agency} reports")


def agreement(agency: str) -> Credit:
    return Credit(agency_id=agency, phrase=f"by agreement with {agency}", agreement=True)


def item(
    agency: str,
    hours: float,
    *said: Credit,
    item_id: str = "",
    seen: float | None = None,
    revised: float | None = None,
) -> Item:
    """An item reported so many hours after noon, and seen at that time where nothing else is said."""
    return Item(
        id=item_id or f"{agency}-{hours}",
        feed_id=f"{agency}-en",
        agency_id=agency,
        title="A bridge is opened",
        text="It spans the river.",
        seen_at=at(hours if seen is None else seen),
        reported_at=at(hours),
        revised_at=None if revised is None else at(revised),
        credits=said,
    )


def of(*items: Item, story_id: str | None = None) -> StoryChange:
    """The story of these items, which is the same in whatever order they come."""
    found = {
        summarise([Member(item=each) for each in order], story_id=story_id)
        for order in _orders(items)
    }
    assert len(found) == 1
    return found.pop()


def _orders(items: Sequence[Item]) -> list[Sequence[Item]]:
    return list(permutations(items)) if len(items) < 5 else [items, items[::-1]]


# --------------------------------------------------------------------------------------------- origin


def test_the_earliest_has_it_where_nobody_is_credited() -> None:
    assert of(item("bta", 1), item("kaz", 0), item("mia", 2)).origin_id == "kaz"


def test_a_credit_goes_before_time() -> None:
    assert of(item("bta", 0, mention("kaz")), item("kaz", 1)).origin_id == "kaz"


def test_an_agency_that_names_itself_does_not_claim_the_report() -> None:
    assert of(item("bta", 1, mention("bta"), agreement("bta")), item("kaz", 0)).origin_id == "kaz"


def test_a_credit_of_another_outweighs_what_an_agency_says_of_itself() -> None:
    story = of(item("bta", 0, mention("bta"), agreement("bta"), mention("kaz")), item("kaz", 1))
    assert story.origin_id == "kaz"


def test_an_agency_without_an_item_can_be_the_origin() -> None:
    story = of(item("bta", 0), item("mia", 1, mention("kaz")))
    assert story.origin_id == "kaz"


def test_the_agency_that_most_items_credit_is_the_origin() -> None:
    story = of(
        item("bta", 0, mention("tanjug")),
        item("mia", 1, mention("kaz")),
        item("agerpres", 2, mention("kaz")),
    )
    assert story.origin_id == "kaz"


def test_one_item_counts_for_each_agency_it_credits() -> None:
    story = of(
        item("mia", 0, mention("bta"), mention("kaz")),
        item("bta", 1, mention("kaz")),
        item("kaz", 2),
    )
    assert story.origin_id == "kaz", "BTA is between: it says itself that it has it from Kazinform"


@pytest.mark.parametrize("mentions", [1, 5, 150])
def test_an_agreement_goes_before_any_number_of_mentions(mentions: int) -> None:
    many = [item(f"site{number}", number, mention("bta")) for number in range(mentions)]
    assert of(*many, item("bta", 500), item("mia", 501, agreement("kaz"))).origin_id == "kaz"


def test_of_two_agreements_with_as_many_lines_the_one_mentioned_more_often_counts() -> None:
    story = of(
        item("mia", 0, agreement("bta"), agreement("kaz")),
        item("tanjug", 1, mention("kaz")),
        item("bta", 2),
        item("kaz", 3),
    )
    assert story.origin_id == "kaz"


def test_more_agreement_lines_go_before_fewer() -> None:
    story = of(
        item("mia", 0, agreement("bta")),
        item("tanjug", 1, agreement("kaz")),
        item("agerpres", 2, agreement("kaz")),
        item("bta", 3),
    )
    assert story.origin_id == "kaz"


def test_an_agreement_line_names_both_partners_and_the_one_that_carries_it_is_not_the_origin() -> (
    None
):
    both = agreement("bta"), agreement("kaz")
    assert of(item("bta", 0, *both), item("kaz", 1)).origin_id == "kaz"


def test_among_agencies_credited_alike_the_first_to_report_is_the_origin() -> None:
    both = mention("bta"), mention("kaz")
    assert of(item("mia", 0, *both), item("kaz", 1), item("bta", 2)).origin_id == "kaz"
    assert of(item("mia", 0, *both), item("bta", 1), item("kaz", 2)).origin_id == "bta"


def test_the_first_to_report_is_judged_by_an_agency_s_earliest_item() -> None:
    both = mention("bta"), mention("kaz")
    story = of(item("mia", 0, *both), item("kaz", 1), item("bta", 2), item("kaz", 3))
    assert story.origin_id == "kaz"


def test_among_agencies_credited_alike_one_with_an_item_goes_before_one_without() -> None:
    assert of(item("mia", 0, mention("bta"), mention("kaz")), item("kaz", 9)).origin_id == "kaz"


def test_among_agencies_credited_alike_and_without_items_the_first_by_id_is_the_origin() -> None:
    many = [mention(f"agency-{number}") for number in (3, 5, 0, 8, 2, 7, 1, 9, 4, 6)]
    assert of(item("mia", 0, *many)).origin_id == "agency-0"


def test_two_agencies_that_credit_each_other_are_told_apart_by_time() -> None:
    assert of(item("bta", 0, mention("kaz")), item("kaz", 1, mention("bta"))).origin_id == "bta"


def test_today_an_intermediary_that_more_items_credit_is_the_origin() -> None:
    """It says itself that the report is Kazinform's, but credits are counted and not followed."""
    story = of(
        item("kaz", 0),
        item("bta", 1, mention("kaz")),
        item("mia", 2, mention("bta")),
        item("tanjug", 3, mention("bta")),
    )
    assert story.origin_id == "bta"


# ------------------------------------------------------------------------------- which is the earliest


def test_reports_of_one_time_are_in_the_order_they_were_seen() -> None:
    story = of(item("bta", 0, seen=2, item_id="a"), item("kaz", 0, seen=1, item_id="b"))
    assert (story.origin_id, story.lead_id) == ("kaz", "b")


def test_reports_of_one_time_seen_at_once_are_in_the_order_of_their_ids() -> None:
    story = of(item("bta", 0, item_id="b"), item("kaz", 0, item_id="a"))
    assert (story.origin_id, story.lead_id) == ("kaz", "a")


def test_the_time_of_the_report_goes_before_that_of_sight() -> None:
    story = of(item("bta", 1, seen=2), item("kaz", 0, seen=3))
    assert story.origin_id == "kaz"


def test_an_item_whose_feed_names_no_time_takes_part_by_the_time_it_is_reckoned_with() -> None:
    undated = item("kaz", 1)
    assert undated.published_at is None
    assert of(undated, item("bta", 2)).origin_id == "kaz"
    assert of(undated, item("bta", 0)).origin_id == "bta"


# ----------------------------------------------------------------------------------------------- lead


def test_the_origin_s_own_item_leads_although_a_copy_came_first() -> None:
    assert of(item("bta", 0, mention("kaz")), item("kaz", 1, item_id="own")).lead_id == "own"


def test_of_the_origin_s_items_the_earliest_leads() -> None:
    story = of(
        item("bta", 0, mention("kaz")),
        item("kaz", 2, item_id="later"),
        item("kaz", 1, item_id="earlier"),
    )
    assert story.lead_id == "earlier"


def test_the_earliest_item_leads_where_the_origin_has_none() -> None:
    story = of(item("mia", 1, mention("kaz")), item("bta", 0, mention("kaz"), item_id="first"))
    assert (story.origin_id, story.lead_id) == ("kaz", "first")


def test_an_item_alone_is_its_story() -> None:
    assert of(item("bta", 0, item_id="x1")) == StoryChange(
        story_id="sx1", lead_id="x1", origin_id="bta", first_seen_at=at(0), updated_at=at(0)
    )


# ----------------------------------------------------------------------------------------- id and time


def test_a_story_has_the_id_of_the_earliest_item_whoever_leads() -> None:
    story = of(item("bta", 0, mention("kaz"), item_id="early"), item("kaz", 1, item_id="own"))
    assert story.lead_id == "own"
    assert story.story_id == story_id_started_by(item("bta", 0, item_id="early")) == "searly"


def test_a_story_keeps_the_id_it_has() -> None:
    assert of(item("bta", 0), item("kaz", 1), story_id="s7").story_id == "s7"


def test_a_story_was_first_seen_when_any_of_its_items_was() -> None:
    story = of(item("bta", 0, seen=5), item("kaz", 1, seen=3), item("mia", 2, seen=4))
    assert story.first_seen_at == at(3)


def test_a_copy_does_not_make_a_story_new() -> None:
    assert of(item("bta", 0), item("kaz", 9)).updated_at == at(0)


def test_a_correction_of_any_item_makes_a_story_new_and_the_last_one_counts() -> None:
    story = of(item("bta", 0, revised=2), item("kaz", 1, revised=6), item("mia", 3))
    assert story.updated_at == at(6)
    assert story.first_seen_at == at(0)
