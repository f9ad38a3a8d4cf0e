"""A search as it is written: words, phrases, what must not be there, and where a text is marked."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import UsageError
from aggregator.search_words import MOST_TERMS, Search, Span, Term, marks, parse, words


def beginning(*said: str) -> Term:
    return Term(said, open=True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("rail", [beginning("rail")]),
        ("  rail   Kazinform ", [beginning("rail"), beginning("kazinform")]),
        ("rail rail", [beginning("rail")]),
        ('"High Speed"', [Term(("high", "speed"))]),
        ("“high speed” «рейс»", [Term(("high", "speed")), Term(("рейс",))]),
        ('rail "high speed', [beginning("rail"), beginning("high"), beginning("speed")]),
        ("COVID-19", [Term(("covid", "19"))]),
        ("foo-bar", [beginning("foo", "bar")]),
        ("2026", [Term(("2026",))]),
        ("EU", [Term(("eu",))]),
        ("ООН", [beginning("оон")]),
        ("哈通社", [Term(("哈", "通", "社"))]),
        ("100%", [Term(("100",))]),
        ('"" rail - -- %', [beginning("rail")]),
    ],
)
def test_a_search_is_words_and_phrases(text: str, wanted: list[Term]) -> None:
    assert parse(text) == Search(tuple(wanted))


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("rail -freight", [beginning("freight")]),
        ("rail -states", [beginning("states")]),
        ('rail -"high speed"', [Term(("high", "speed"))]),
        ("rail −freight", [beginning("freight")]),
    ],
)
def test_what_must_not_be_there_is_sought_as_it_is_written(text: str, unwanted: list[Term]) -> None:
    assert parse(text) == Search((beginning("rail"),), tuple(unwanted))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("railways", "railway"),
        ("countries", "country"),
        ("reporting", "reported"),
        ("Казахстана", "Казахстан"),
        ("Казахстаном", "Казахстан"),
        ("партия", "партией"),
        ("президента", "президент"),
        ("министърът", "министър"),
        ("правителството", "правителства"),
        ("договорите", "договори"),
        ("Қазақстанның", "Қазақстан"),
        ("облыстардан", "облыс"),
    ],
)
def test_forms_of_a_word_are_sought_by_what_they_begin_with(one: str, other: str) -> None:
    (term,) = parse(one).wanted

    assert marks(other, parse(one)) == [Span(0, len(other))]
    assert term.words[0] in other.casefold()


@pytest.mark.parametrize(
    ("word", "other"),
    [("party", "part"), ("press", "president"), ("states", "statistics"), ("Иран", "ира")],
)
def test_an_ending_is_not_taken_off_where_it_would_leave_another_word(
    word: str, other: str
) -> None:
    assert marks(other, parse(word)) == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ёлка ЕЖ й и\u0306", ["елка", "еж", "й", "й"]),
        ("Straße CAFÉ İstanbul ılık", ["strasse", "cafe", "istanbul", "ilik"]),
        ("ＢＴＡ ﾊﾛ", ["bta", "ハ", "ロ"]),
        ("co\u00adoperate", ["cooperate"]),
        ("don't 3,5", ["don", "t", "3", "5"]),
        ("snake_case", ["snake", "case"]),
        ("กรุงเทพ", list("กรุงเทพ")),
        ("ﷺ", ["صلى", "الله", "عليه", "وسلم"]),
        ("\u0301 \ud800 …", []),
    ],
)
def test_case_width_and_accents_do_not_matter(text: str, folded: list[str]) -> None:
    assert list(words(text)) == folded


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_a_blank_search_is_none(text: str) -> None:
    assert not parse(text)


@pytest.mark.parametrize("text", ["%", '""', "- --", '"?!"'])
def test_a_search_without_words_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="has no words"):
        parse(text)


@pytest.mark.parametrize("text", ["-rail", '-"high speed"', "% -rail"])
def test_a_search_that_only_says_what_must_not_be_there_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="only says what must not be there"):
        parse(text)


def test_a_search_of_very_many_words_is_refused() -> None:
    many = [f"w{number}x" for number in range(MOST_TERMS + 1)]

    assert len(parse(" ".join(many[1:])).wanted) == MOST_TERMS
    with pytest.raises(UsageError, match=str(MOST_TERMS)):
        parse(" ".join(many))


def marked(text: str, search: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, parse(search))]


def test_hits_are_marked_as_they_stand_in_the_text() -> None:
    text = "The RAILWAY to Алматыға: high-speed trains, at high speed."

    assert marked(text, 'railways алматы "high speed"') == [
        "RAILWAY",
        "Алматыға",
        "high-speed",
        "high speed",
    ]


def test_what_must_not_be_there_is_not_marked() -> None:
    assert marked("rail freight", "rail -ship") == ["rail"]


def test_hits_that_overlap_are_marked_as_one() -> None:
    assert marked("one two three", '"one two" "two three"') == ["one two three"]


def test_a_sign_that_is_several_words_is_marked_whole() -> None:
    assert marked("a ½ litre", '"1 2"') == ["½"]


@given(st.text())
def test_marks_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = marks(text, parse("a bc 哈 " + (next(words(text), "x"))))

    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert all(span.start < span.end for span in found)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(text))


@given(st.text())
def test_any_text_is_a_search_or_is_refused_in_words(text: str) -> None:
    with suppress(UsageError):
        assert bool(parse(text)) is bool(text.strip())


@given(st.text())
def test_words_are_folded_once_and_for_all(text: str) -> None:
    once = list(words(text))

    assert list(words(" ".join(once))) == once
    assert not any(set(word) & set(" '\\\"\0") for word in once)
