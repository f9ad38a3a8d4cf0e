"""What is whole is taken out of what is broken; half an item never."""

from __future__ import annotations

import pytest

from aggregator.errors import ParseError
from aggregator.ingest.repair import MAX_ITEMS, mend, whole

HEAD = "<rss version='2.0'><channel><title>Т</title>"
END = "</channel></rss>"
ONE = "<item><title>а</title></item>"


def test_what_is_well_formed_stays_as_it_is() -> None:
    text = HEAD + ONE + END
    assert whole(text).text == text
    assert whole(text).problem is None


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Р&D", "Р&amp;D"),
        ("&nbsp;&mdash;&amp;&#10;", "\xa0—&amp;&#10;"),
        ("&unknown;", "&amp;unknown;"),
        ("5 < 6", "5 &lt; 6"),
        ("a<!-- & -->b", "ab"),
        ("<![CDATA[a & b]]>&", "<![CDATA[a & b]]>&amp;"),
        ("<!-- <item>a", " <item>a"),
        ("<![CDATA[a<item>", "a<item>"),
    ],
)
def test_mends_what_is_meant(text: str, mended: str) -> None:
    assert mend(text) == mended


@pytest.mark.parametrize(
    ("body", "kept", "dropped"),
    [
        (f"{ONE}<item><title>по", ONE, 1),
        (f"{ONE}<item><title>b</title></ite", ONE, 1),
        (f"<item><title>по{ONE}</b>", ONE, 1),
        (f"{ONE}</b>{ONE}", ONE + ONE, 0),
    ],
)
def test_keeps_the_items_that_have_an_end(body: str, kept: str, dropped: int) -> None:
    found = whole(HEAD + body)
    assert found.text == HEAD + kept + END
    assert found.dropped == dropped
    assert found.problem


def test_a_section_may_speak_of_items() -> None:
    section = "<![CDATA[<item>код</item>]]>"
    text = f"{HEAD}<item><title>а & б</title><description>{section}</description></item>{END}"
    assert section in whole(text).text
    assert whole(text).dropped == 0


def test_keeps_so_many_items_that_reading_them_takes_seconds() -> None:
    found = whole(HEAD + ONE * (MAX_ITEMS + 7) + END)
    assert found.text.count("<item>") == MAX_ITEMS
    assert found.dropped == 7


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "<b>" * 300,
        HEAD + "<b " + " ".join(f"a{n}=''" for n in range(600)) + "/>" + END,
        HEAD + "<b/>" * 160_000 + END,
        HEAD + ONE + "</b>" + "<item>" + "<b/>" * 320_000 + "</item>",
        HEAD + "<b " + "x" * 70_000,
        HEAD + "</b>",
    ],
    ids=["depth", "attributes", "elements", "elements, broken", "a long tag", "no item"],
)
def test_refuses_what_would_wear_a_parser_out(text: str) -> None:
    with pytest.raises(ParseError):
        whole(text)
