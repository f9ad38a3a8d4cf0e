"""Broken outlines are written anew."""

from __future__ import annotations

import time

import pytest

from aggregator.syndicate import opml
from aggregator.syndicate.opml_tidy import tidied


def feeds(text: str) -> list[tuple[str, str, str]]:
    found = opml.read(tidied(text).encode())
    return [(one.group, one.title, one.url) for one in found]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<outline text=A xmlUrl=https://a.example/f />", [("", "A", "https://a.example/f")]),
        ("<outline text='A' text='B' xmlUrl='https://a.example/'/>", [("", "A", "https://a.example/")]),
        (
            '<outline text="He said "so" = now" xmlUrl="https://a.example/?a=1"/>',
            [("", 'He said "so" = now', "https://a.example/?a=1")],
        ),
        ('<outline text="a < b > c" xmlUrl="https://a.example/"/>', [("", "a < b > c", "https://a.example/")]),
        ("<outline text='O\'Neill' xmlUrl='https://a.example/'/>", [("", "O'Neill", "https://a.example/")]),
        (
            "<outline text='F'><outline text='A' xmlUrl='https://a.example/1'>\n<outline text='B' xmlUrl='https://a.example/2'></outline></outline><outline text='C' xmlUrl='https://a.example/3'>",
            [("F", "A", "https://a.example/1"), ("F", "B", "https://a.example/2"), ("", "C", "https://a.example/3")],
        ),
        (
            "<outline text='F'><outline text='A' xmlUrl='https://a.example/1'/></body>",
            [("F", "A", "https://a.example/1")],
        ),
        (
            "</outline></outline><outline text='A' xmlUrl='https://a.example/1'/>",
            [("", "A", "https://a.example/1")],
        ),
        (
            "<outline text='A' xmlUrl='https://a.example/1'/><outline text='B' xmlUrl='https://a.exa",
            [("", "A", "https://a.example/1")],
        ),
    ],
    ids=["unquoted", "twice", "quotes", "angles", "apostrophe", "no end", "open", "ends", "cut"],
)  # fmt: skip
def test_each_outline_is_read_for_itself(
    written: str, expected: list[tuple[str, str, str]]
) -> None:
    assert feeds(f"<opml version='2.0'><head><title>T</title><body>{written}") == expected


def test_a_well_formed_file_means_the_same() -> None:
    body = (
        "<OPML><head/><body><Outline TEXT='F &amp; G'><outline text='A' xmlUrl='https://a.example/?a=1&amp;b=2'/>"
        "</Outline></body></OPML>"
    )
    assert feeds(body) == [("F & G", "A", "https://a.example/?a=1&b=2")]


def test_what_is_no_opml_stays_as_it_is() -> None:
    assert tidied("<rss><channel>") == "<rss><channel>"


@pytest.mark.parametrize(
    "part",
    ["<outline ", "<outline a=", "a='", '" x=', "<outline text='", "</outline>", "<opml>", " "],
)
def test_no_file_costs_more_than_its_length(part: str) -> None:
    started = time.process_time()
    tidied("<opml><body><outline " + part * (500_000 // len(part)) + ">")
    assert time.process_time() - started < 10
