"""Whose report a story is: by credit first, by time second."""

from __future__ import annotations

import pytest

from aggregator.match.story import lead_of
from aggregator.match.story.origin import CreditGraph
from aggregator.provenance import sources_of
from tests.unit.match.story.wire import agreement, background, item, mention, of

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


def test_among_agencies_credited_alike_and_without_items_the_one_named_first_is_the_origin() -> (
    None
):
    many = [mention(f"agency-{number}") for number in (3, 5, 0, 8, 2, 7, 1, 9, 4, 6)]
    assert of(item("mia", 0, *many)).origin_id == "agency-3"


def test_two_agencies_that_credit_each_other_are_told_apart_by_time() -> None:
    assert of(item("bta", 0, mention("kaz")), item("kaz", 1, mention("bta"))).origin_id == "bta"


def test_an_intermediary_is_not_the_origin_however_many_items_credit_it() -> None:
    """It says itself that the report is Kazinform's."""
    story = of(
        item("kaz", 0),
        item("bta", 1, mention("kaz")),
        item("mia", 2, mention("bta")),
        item("tanjug", 3, mention("bta")),
    )
    assert story.origin_id == "kaz"


def test_an_intermediary_by_an_agreement_line_is_none_either() -> None:
    story = of(
        item("bta", 0, mention("kaz")),
        item("mia", 1, agreement("bta")),
        item("tanjug", 2, agreement("bta")),
    )
    assert story.origin_id == "kaz"


def test_a_report_through_two_agencies_is_that_of_the_first_of_them() -> None:
    story = of(item("mia", 0, mention("bta")), item("bta", 1, mention("kaz")), item("kaz", 2))
    assert story.origin_id == "kaz"


def test_of_two_that_credit_each_other_neither_is_between() -> None:
    story = of(
        item("bta", 0, mention("kaz")),
        item("kaz", 1, mention("bta")),
        item("mia", 2, mention("bta")),
    )
    assert story.origin_id == "bta"


def test_an_earlier_report_that_is_credited_is_another_report() -> None:
    assert of(item("bta", 0, background("kaz")), item("kaz", 1)).origin_id == "bta"
    story = of(item("bta", 0, background("kaz"), mention("mia")), item("kaz", 1))
    assert story.origin_id == "mia"


# ------------------------------------------------------------------------------- which is the earliest


@pytest.mark.parametrize("seen", [(2, 1), (1, 2), (1, 1)])
def test_reports_of_one_time_are_in_the_order_of_their_ids_whichever_was_seen_first(
    seen: tuple[float, float],
) -> None:
    one, other = seen
    story = of(item("bta", 0, seen=one, item_id="b"), item("kaz", 0, seen=other, item_id="a"))
    assert (story.origin_id, story.lead_id) == ("kaz", "a")


def test_the_time_of_the_report_goes_before_that_of_sight() -> None:
    story = of(item("bta", 1, seen=2), item("kaz", 0, seen=3))
    assert story.origin_id == "kaz"


def test_an_item_whose_feed_names_no_time_takes_part_by_the_time_it_is_reckoned_with() -> None:
    undated = item("kaz", 1, published_at=None)
    assert of(undated, item("bta", 2)).origin_id == "kaz"
    assert of(undated, item("bta", 0)).origin_id == "bta"


# ------------------------------------------------------------------------------------- who has it from whom


def test_the_sources_of_an_item_are_other_agencies_each_once_and_no_background() -> None:
    said = (mention("bta"), mention("kaz"), background("mia"), agreement("kaz"), mention("tanjug"))
    assert sources_of(item("bta", 0, *said)) == ("kaz", "tanjug")


def test_sources_are_followed_through_others_and_in_a_circle_once() -> None:
    items = [
        item("mia", 0, mention("bta")),
        item("bta", 1, mention("kaz")),
        item("kaz", 2, mention("bta")),
    ]
    graph = CreditGraph(items)
    assert graph.sources(items[0]) == {"bta", "kaz"}
    assert not graph.is_between("bta")
    assert graph.is_between("mia")


def test_the_lead_of_items_is_the_origin_s_earliest_in_whatever_order_they_come() -> None:
    items = [item("bta", 0, mention("kaz")), item("kaz", 2), item("kaz", 1, item_id="lead")]
    assert lead_of(items).id == lead_of(items[::-1]).id == "lead"
    assert lead_of([item("mia", 1, mention("kaz")), item("bta", 0, item_id="first")]).id == "first"
