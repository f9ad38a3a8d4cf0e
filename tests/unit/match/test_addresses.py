"""One address in two feeds of one agency is one report; a page of many reports is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.match.addresses import match_at_address
from aggregator.model import Item, Kind

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def report(name: str, feed: str, *, hours: int = 0, agency: str = "velmora") -> Item:
    at = AT + timedelta(hours=hours)
    return Item(
        id=name, feed_id=feed, agency_id=agency, title=name, text="", seen_at=at, reported_at=at,
        link="https://velmora.example/harbour-12",
    )  # fmt: skip


TOP, WORLD, SPORT = report("t", "top"), report("w", "world", hours=2), report("s", "sport", hours=1)


def test_the_earliest_report_at_the_address_is_what_it_matches() -> None:
    match = match_at_address(WORLD, [WORLD, SPORT, TOP], WEEK)

    assert match is not None
    assert (match.a, match.b, match.kind, match.score) == ("w", "t", Kind.REVISION, 1.0)
    assert match.evidence.rule == "same-address"
    assert "https://velmora.example/harbour-12" in match.evidence.reason


def test_nobody_else_at_the_address_is_no_match() -> None:
    assert match_at_address(WORLD, [WORLD], WEEK) is None
    assert match_at_address(WORLD, [], WEEK) is None


def test_an_address_that_several_items_of_a_feed_have_is_a_page_that_changes() -> None:
    again = report("t2", "top", hours=1)

    assert match_at_address(WORLD, [WORLD, TOP, again], WEEK) is None
    assert match_at_address(again, [WORLD, TOP, again], WEEK) is None


def test_an_item_that_does_not_answer_to_its_address_shares_it() -> None:
    assert match_at_address(WORLD, [TOP], WEEK) is None


def test_another_agency_and_another_week_are_other_reports() -> None:
    assert match_at_address(WORLD, [WORLD, replace(TOP, agency_id="karsk")], WEEK) is None
    assert match_at_address(WORLD, [WORLD, report("old", "top", hours=-200)], WEEK) is None
    assert match_at_address(WORLD, [WORLD, report("new", "top", hours=160)], WEEK) is not None
