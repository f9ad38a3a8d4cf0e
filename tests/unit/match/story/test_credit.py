"""Whom a copy credits; that it credits nobody is said only of a whole text."""

from __future__ import annotations

import pytest

from aggregator.match.story.credit import WHOLE_WORDS, credit_state, is_whole
from aggregator.model import Credit, CreditState
from tests.unit.match.story.wire import agreement, background, item, mention

TAKEN_FROM = item("kaz", -1)
WORDS = " ".join(["word"] * WHOLE_WORDS)


def test_of_the_origin_s_own_items_nothing_is_said() -> None:
    assert credit_state(item("kaz", 0, mention("bta"), is_whole=True), "kaz", TAKEN_FROM) is None


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ((mention("kaz"),), CreditState.ORIGIN),
        ((agreement("kaz"), agreement("mia")), CreditState.ORIGIN),
        ((mention("bta"), mention("kaz")), CreditState.ORIGIN),
        ((mention("bta"),), CreditState.OTHER),
        ((mention("bta"), background("kaz")), CreditState.OTHER),
        ((mention("mia"),), CreditState.NONE),
        ((background("kaz"),), CreditState.NONE),
        ((), CreditState.NONE),
    ],
)
def test_a_whole_text_credits_the_origin_or_another_or_nobody(
    said: tuple[Credit, ...], state: CreditState
) -> None:
    assert credit_state(item("mia", 0, *said, is_whole=True), "kaz", TAKEN_FROM) is state


@pytest.mark.parametrize("whole", [True, False])
def test_nothing_is_said_of_what_came_first_and_names_nobody(whole: bool) -> None:
    assert credit_state(item("mia", 0, is_whole=whole), "kaz", None) is None
    assert credit_state(item("mia", 0, mention("bta")), "kaz", None) is CreditState.OTHER


def test_a_summary_that_names_nobody_is_not_said_to_credit_nobody() -> None:
    assert credit_state(item("mia", 0), "kaz", TAKEN_FROM) is CreditState.UNKNOWN
    assert credit_state(item("mia", 0, mention("kaz")), "kaz", TAKEN_FROM) is CreditState.ORIGIN
    assert credit_state(item("mia", 0, background("kaz")), "kaz", TAKEN_FROM) is CreditState.UNKNOWN


@pytest.mark.parametrize("whole", [True, False])
def test_a_text_that_names_a_source_of_no_configured_agency_credits_another(whole: bool) -> None:
    copy = item("mia", 0, names_source=True, is_whole=whole)
    assert credit_state(copy, "kaz", TAKEN_FROM) is CreditState.OTHER


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (WORDS, True),
        (WORDS.removesuffix(" word"), False),
        (f"{WORDS}…", False),
        (f"{WORDS} ...", False),
        (f"“{WORDS} …”", False),
        (f"{WORDS} [+1234 chars]", False),
        (f"{WORDS} … and more.", True),
        ("铁路" * WHOLE_WORDS, True),
        ("铁路" * (WHOLE_WORDS - 1), False),
        ("", False),
    ],
)
def test_a_text_is_whole_by_its_length_unless_it_breaks_off(text: str, whole: bool) -> None:
    assert is_whole(item("mia", 0, text=text)) is whole


def test_a_short_text_is_whole_where_the_feed_or_the_article_s_page_gave_all() -> None:
    assert is_whole(item("mia", 0, is_whole=True))
    assert is_whole(item("mia", 0, full_text="The whole article."))
