"""What may be asked of stories, whether by a page, a feed or a command."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import filters
from aggregator.config import parse
from aggregator.errors import UsageError
from aggregator.filters import Filter, Known
from aggregator.model import CreditState, Order
from aggregator.preference import Preference

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KNOWN = Known(
    agencies={"bta": "BTA", "kazinform": "Kazinform"},
    languages=frozenset({"bg", "en", "kk", "zh-Hans"}),
)


def ask(*pairs: tuple[str, str], known: Known = KNOWN) -> Filter:
    return filters.parse(pairs, known=known)[0]


def test_every_condition_reaches_the_store() -> None:
    wanted = ask(
        ("q", " dry  port "),
        ("language", "BG"),
        ("agency", "bta"),
        ("origin", "kazinform"),
        ("carried_by", "bta"),
        ("kind", "translation"),
        ("credit", "none"),
        ("stale", "1"),
        ("killed", "1"),
        ("min_items", "2"),
        ("since", "24h"),
        ("until", "2026-11-24T06:00+02:00"),
    )

    query = wanted.query(NOW, limit=31, order=Order.CARRIED, after="s7")

    assert query.search == "dry port"
    assert (query.language, query.agency_id, query.min_items) == ("bg", "bta", 2)
    assert (query.origin_id, query.carried_by, query.kind) == ("kazinform", "bta", "translation")
    assert (query.credit, query.stale, query.killed) == (CreditState.NONE, True, True)
    assert query.since_at == NOW - timedelta(days=1)
    assert query.until_at == datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert (query.limit, query.order, query.after) == (31, Order.CARRIED, "s7")


def test_without_conditions_the_query_asks_for_all_that_is_not_withdrawn() -> None:
    query = ask().query(NOW)

    assert (query.search, query.since_at, query.until_at, query.credit) == (None,) * 4
    assert (query.min_items, query.killed, query.limit) == (1, False, None)


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
def test_withdrawn_stories_are_left_out_unless_they_or_their_carriers_are_asked_for(
    pairs: tuple[tuple[str, str], ...], killed: bool | None, stale: bool
) -> None:
    query = ask(*pairs).query(NOW)

    assert (query.killed, query.stale) == (killed, stale)


def test_a_feed_is_told_of_withdrawn_stories_too() -> None:
    assert ask().query(NOW, withdrawn=True).killed is None


def test_times_are_read_anew_with_each_now() -> None:
    wanted = ask(("since", "90m"))

    later = NOW + timedelta(hours=1)
    assert wanted.query(later).since_at == NOW - timedelta(minutes=30)


def test_an_address_that_is_looked_for_may_be_long() -> None:
    address = "https://wire.example/" + "%D0%B0" * 100

    assert ask(("q", address)).q == address


def test_blank_values_count_as_not_given() -> None:
    assert ask(("language", ""), ("min_items", ""), ("q", "  "), ("prefer", "")) == Filter()


def test_the_same_conditions_in_another_order_are_the_same_question() -> None:
    one = ask(("prefer", "BG,bta"), ("q", "x"), ("language", "bg"))

    assert one == ask(("language", "bg"), ("q", "x"), ("prefer", "bta bg"))
    assert one.pairs == (("q", "x"), ("language", "bg"), ("prefer", "bg,bta"))


VALUES = {
    "q": st.text(max_size=30),
    "language": st.sampled_from(sorted(KNOWN.languages)),
    "agency": st.sampled_from(sorted(KNOWN.agencies)),
    "origin": st.just("bta"),
    "carried_by": st.just("kazinform"),
    "kind": st.sampled_from(filters.KINDS),
    "credit": st.sampled_from(filters.CREDITS),
    "stale": st.sampled_from(["0", "1"]),
    "killed": st.sampled_from(["0", "1"]),
    "min_items": st.integers(1, 1000).map(str),
    "since": st.sampled_from(["7d", "24h", "2026-11-01"]),
    "until": st.sampled_from(["30m", "2026-11-24"]),
    "prefer": st.sampled_from(["bg", "zh-hans,en,bta", "kazinform"]),
}


@given(st.fixed_dictionaries({}, optional=VALUES))
def test_a_filter_read_back_from_its_own_address_is_the_same(values: dict[str, str]) -> None:
    wanted = ask(*values.items())

    assert ask(*wanted.pairs) == wanted
    assert [name for name, _ in wanted.pairs] == [
        name for name in filters.FEED_FILTERS if name in dict(wanted.pairs)
    ]


@given(st.lists(st.tuples(st.sampled_from([*filters.FEED_FILTERS, "x"]), st.text())))
def test_any_parameters_are_a_query_or_a_usage_error(pairs: list[tuple[str, str]]) -> None:
    with suppress(UsageError):
        ask(*pairs).query(NOW)


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (("langage", "bg"), 'Did you mean "language"?'),
        (("zzz", "1"), "Known parameters: q, language, agency"),
        (("language", "български"), "language code"),
        (("language", "de"), 'No feed is in the language "de". Known: bg, en, kk, zh-Hans.'),
        (("agency", "tass"), '"agency": there is no such agency: "tass". Known: bta, kazinform.'),
        (("origin", "bat"), 'Did you mean "bta"?'),
        (("carried_by", "kazin"), 'Did you mean "kazinform"?'),
        (("kind", "related"), '"kind" must be one of identical, near'),
        (("credit", "yes"), '"credit" must be one of origin, other, none, unknown'),
        (("min_items", "0"), "whole number from 1 to 1000"),
        (("min_items", "two"), "whole number"),
        (("min_items", "²"), "whole number"),
        (("min_items", "99999999999"), "whole number from 1 to 1000"),
        (("since", "soon"), "a duration such as"),
        (("until", "2026-13-01"), "a duration such as"),
        (("since", "0001-01-01T00:00+14:00"), "a duration such as"),
        (("prefer", "bg,tass"), '"tass" is neither a language nor an agency'),
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


def test_no_agency_carries_its_own_reports() -> None:
    with pytest.raises(UsageError, match='For all that BTA has, write "agency=bta"'):
        ask(("origin", "bta"), ("carried_by", "bta"))


@pytest.mark.parametrize(("since", "until"), [("24h", "2d"), ("2026-11-24", "2026-11-24")])
def test_an_end_that_is_not_after_the_beginning_is_a_mistake(since: str, until: str) -> None:
    with pytest.raises(UsageError, match="Exchange them"):
        ask(("since", since), ("until", until)).query(NOW)


def test_characters_no_store_can_hold_are_left_out() -> None:
    assert ask(("q", "dry\x00 port\ud800")).q == "dry port"


def test_a_parameter_given_twice_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="given twice"):
        ask(("q", "a"), ("q", "b"))


def test_what_is_allowed_besides_filters_is_given_back() -> None:
    allowed = (*filters.FEED_FILTERS, "after", "sort")
    pairs = [("after", "s7"), ("q", "x"), ("sort", "")]

    assert filters.parse(pairs, known=KNOWN, allowed=allowed) == (Filter(q="x"), {"after": "s7"})
    with pytest.raises(UsageError, match="no such parameter"):
        filters.parse(pairs, known=KNOWN)


@pytest.mark.parametrize("written", ["zh-hans", "ZH-Hans", "zh-Hans"])
def test_a_language_is_looked_for_as_feeds_write_it(written: str) -> None:
    assert ask(("language", written)).language == "zh-Hans"


SETTINGS = """
output: {languages: [bg, en], prefer: [bta]}
agencies:
  - {id: bta, name: BTA, feeds: [{id: a, url: "https://bta.example/a", language: bg}, FEED]}
"""


def test_languages_are_known_where_every_feed_names_its_own() -> None:
    other = '{id: b, url: "https://bta.example/b", language: en}'
    settings = parse(SETTINGS.replace("FEED", other), file="feeds.yaml")

    assert Known.of(settings) == Known(agencies={"bta": "BTA"}, languages=frozenset({"bg", "en"}))


def test_a_feed_without_a_language_may_bring_any() -> None:
    other = '{id: b, url: "https://bta.example/b"}'
    known = Known.of(parse(SETTINGS.replace("FEED", other), file="feeds.yaml"))

    assert known.languages == frozenset()
    assert ask(("language", "SR-Latn"), known=known).language == "sr-Latn"


def test_the_configuration_says_what_is_preferred_by_default() -> None:
    settings = parse(SETTINGS.replace(", FEED", ""), file="feeds.yaml")

    assert filters.default_preference(settings) == Preference(
        languages=("bg", "en"), agencies=("bta",)
    )
