"""What an address may ask."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import UsageError
from aggregator.web import params

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AGENCIES = {"bta", "kazinform"}


def ask(*pairs: tuple[str, str]) -> params.Params:
    return params.parse_params(pairs, allowed=params.PAGE_PARAMS, agencies=AGENCIES)


def test_every_condition_reaches_the_store() -> None:
    asked = ask(
        ("language", "BG"),
        ("agency", "bta"),
        ("min_items", "2"),
        ("q", " dry  port "),
        ("since", "24h"),
        ("page", "3"),
    )

    query = asked.query(NOW, size=30, extra=1)

    assert (query.language, query.agency_id, query.min_items) == ("bg", "bta", 2)
    assert query.search == "dry port"
    assert query.since_at == NOW - timedelta(days=1)
    assert (query.limit, query.offset) == (31, 60)


@pytest.mark.parametrize(
    ("pairs", "killed", "stale"),
    [
        ((), False, False),
        ((("killed", "1"),), True, False),
        ((("stale", "1"),), None, True),
        ((("stale", "1"), ("killed", "1")), True, True),
        ((("stale", "0"), ("killed", "0")), False, False),
    ],
)
def test_withdrawn_stories_are_left_out_unless_they_are_asked_for_or_their_carriers_are(
    pairs: tuple[tuple[str, str], ...], killed: bool | None, stale: bool
) -> None:
    query = ask(*pairs).query(NOW, size=30)

    assert (query.killed, query.stale) == (killed, stale)


def test_a_feed_is_told_of_withdrawn_stories_too() -> None:
    assert ask().query(NOW, size=30, withdrawn=True).killed is None


def test_an_address_that_is_looked_for_may_be_long() -> None:
    address = "https://wire.example/" + "%D0%B0" * 100

    assert ask(("q", address)).q == address


def test_blank_values_count_as_not_given() -> None:
    assert ask(("language", ""), ("min_items", ""), ("q", "  ")) == params.Params()


def test_the_same_conditions_in_another_order_are_the_same_question() -> None:
    one = ask(("q", "x"), ("language", "bg"))

    assert one == ask(("language", "bg"), ("q", "x"))
    assert one.pairs == (("language", "bg"), ("q", "x"))


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (("langage", "bg"), 'Did you mean "language"?'),
        (("zzz", "1"), "Known parameters: language, agency"),
        (("language", "български"), "language code"),
        (("agency", "tass"), 'There is no such agency: "tass"'),
        (("min_items", "0"), "whole number from 1 to 1000"),
        (("min_items", "two"), "whole number"),
        (("min_items", "²"), "whole number"),
        (("page", "99999999999"), "whole number from 1 to 500"),
        (("since", "soon"), "a duration such as"),
        (("since", "0h"), "a duration such as"),
        (("q", "x" * 201), "at most 200 characters"),
        (("q", "https://wire.example/" + "x" * 4096), "at most 4096 characters"),
        (("stale", "yes"), '"stale" must be 0 or 1'),
        (("killed", "2"), '"killed" must be 0 or 1'),
    ],
)
def test_a_mistake_is_answered_with_what_would_have_been_right(
    pair: tuple[str, str], sentence: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ask(pair)

    assert sentence in str(caught.value)


def test_characters_no_store_can_hold_are_left_out() -> None:
    assert ask(("q", "dry\x00 port\ud800")).q == "dry port"


def test_a_parameter_given_twice_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="given twice"):
        ask(("q", "a"), ("q", "b"))


def test_feeds_know_neither_page_nor_since() -> None:
    with pytest.raises(UsageError):
        params.parse_params([("page", "2")], allowed=params.FEED_PARAMS, agencies=AGENCIES)
