"""Hits are marked, and nothing else about a text changes."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from aggregator.search_words import Span, parse
from aggregator.web.search_hits import has_hit, hits, marked, passage

LONG = " ".join(f"word{number}" for number in range(200)) + " the wagons came " + "late " * 50


def plain(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html))


@given(st.text(), st.lists(st.integers(0, 40), max_size=8))
def test_a_marked_text_is_the_same_text(text: str, places: list[int]) -> None:
    ends = sorted({min(place, len(text)) for place in places})
    spans = [Span(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False)]

    assert plain(marked(text, spans)) == plain(marked(text, []))
    assert marked(text, spans).count("<mark>") == len(spans)


def test_what_a_text_says_is_never_markup() -> None:
    html = marked("<b>wagons</b>", [Span(3, 9)])

    assert html == "&lt;b&gt;<mark>wagons</mark>&lt;/b&gt;"


def test_a_short_text_is_shown_whole() -> None:
    assert passage("Forty wagons a day.", None, 100) == "Forty wagons a day."


def test_a_long_text_is_cut_between_words() -> None:
    found = passage(LONG, None, 100)

    assert found.endswith("…")
    assert len(found) <= 102
    assert LONG.startswith(found.removesuffix(" …"))
    assert found.removesuffix(" …").split()[-1] in LONG.split()


def test_a_passage_begins_where_its_hit_can_be_seen() -> None:
    found = passage(LONG, parse("wagons"), 100)

    assert found.startswith("… ")
    assert "<mark>wagons</mark>" in found
    assert has_hit(found)


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert len(passage("站" * 500, None, 100)) == 102


def test_without_a_search_there_are_no_hits() -> None:
    assert hits("Forty wagons", None) == []
    assert not has_hit(passage("a literal <mark>", None, 100))


@given(st.text(max_size=400), st.integers(1, 200))
def test_any_text_has_a_passage(text: str, characters: int) -> None:
    shown = unescape(passage(text, parse("a"), characters))

    assert len(re.sub("</?mark>", "", shown)) <= characters + 4 + len(re.findall("mark", text)) * 7
