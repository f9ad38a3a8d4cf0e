"""What is whole is taken out of what is broken; half an item never."""

from __future__ import annotations

import pytest

from aggregator.errors import ParseError
from aggregator.ingest.parse.repair import MAX_ITEMS, mend, repair

HEAD = "<rss version='2.0'><channel><title>Т</title>"
END = "</channel></rss>"
ONE = "<item><title>а</title></item>"


def test_what_is_well_formed_stays_as_it_is() -> None:
    text = HEAD + ONE + END
    assert repair(text).text == text
    assert repair(text).problem is None


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
    found = repair(HEAD + body)
    assert found.text == HEAD + kept + END
    assert found.dropped == dropped
    assert found.problem


@pytest.mark.parametrize(
    ("item", "balanced"),
    [
        ("<title>a<guid>1</guid>", "<title>a</title><guid>1</guid>"),
        ("<title>a</b></title>", "<title>a</title>"),
        ("<description><b><i>x</description>", "<description><b><i>x</i></b></description>"),
        ("<link>http://x.example/", "<link>http://x.example/</link>"),
        ("<description>a<br>b</description>", "<description>a<br/>b</description>"),
        ("<enclosure url='a>b'>", "<enclosure url='a>b'></enclosure>"),
        ("<description><![CDATA[<p>]]>", "<description><![CDATA[<p>]]></description>"),
    ],
)
def test_an_element_without_its_end_costs_its_own_item(item: str, balanced: str) -> None:
    text = repair(f"{HEAD}{ONE}<item>{item}</item>{ONE}{END}").text
    assert text == f"{HEAD}{ONE}<item>{balanced}</item>{ONE}{END}"


def test_an_element_of_the_head_without_its_end_costs_no_item() -> None:
    head = HEAD.replace("<title>Т</title>", "<image><title>Т</image><x>")
    ended = head.replace("</image><x>", "</title></image><x></x>")
    assert repair(head + ONE + END).text == ended + ONE + END


def test_what_nests_too_deep_behind_a_break_is_refused() -> None:
    with pytest.raises(ParseError, match="nests deeper"):
        repair(f"{HEAD}</b><item>{'<i>' * 300}</item>{END}")


def test_a_section_may_speak_of_items() -> None:
    section = "<![CDATA[<item>код</item>]]>"
    text = f"{HEAD}<item><title>а & б</title><description>{section}</description></item>{END}"
    assert section in repair(text).text
    assert repair(text).dropped == 0


def test_keeps_so_many_items_that_reading_them_takes_seconds() -> None:
    found = repair(HEAD + ONE * (MAX_ITEMS + 7) + END)
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
        repair(text)
