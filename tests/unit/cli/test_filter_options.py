"""The options that narrow stories are those parameters that pages and feeds have."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from aggregator import filters
from aggregator.cli.filter_options import FilterOptions, parse
from aggregator.config import parse as settings_of
from tests.unit.cli.conftest import CONFIG, Run

SETTINGS = settings_of(CONFIG.format(directory="/var/wire"), file="feeds.yaml")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_there_is_an_option_for_each_parameter() -> None:
    assert {each.name for each in fields(FilterOptions)} == set(filters.FEED_FILTERS)


def test_options_that_are_not_given_are_no_condition() -> None:
    assert parse(FilterOptions(), SETTINGS, NOW) == filters.Filter()


def test_each_option_is_the_condition_of_its_parameter() -> None:
    given = FilterOptions(
        since="24h",
        until="2026-11-24",
        q="dry port",
        language="bg",
        agency="south",
        origin="north",
        carried_by="south",
        kind="translation",
        credit="none",
        stale=True,
        killed=True,
        min_items=2,
        prefer="bg,south",
    )

    assert dict(parse(given, SETTINGS, NOW).pairs) == {
        "since": "24h",
        "until": "2026-11-24",
        "q": "dry port",
        "language": "bg",
        "agency": "south",
        "origin": "north",
        "carried_by": "south",
        "kind": "translation",
        "credit": "none",
        "stale": "1",
        "killed": "1",
        "min_items": "2",
        "prefer": "bg,south",
    }


@pytest.mark.parametrize("command", ["stories", "dupes"])
def test_both_commands_list_the_options_in_their_help(aggregator: Run, command: str) -> None:
    done = aggregator(command, "--help")

    assert done.code == 0
    for option in (
        *("--language", "--agency", "--origin", "--carried-by", "--kind", "--credit"),
        *("--stale-copies", "--killed", "--min-items", "--since", "--until", "--prefer"),
        *("--search", "--limit"),
    ):
        assert f" {option} " in done.out
    assert max(map(len, done.out.splitlines())) <= 80
