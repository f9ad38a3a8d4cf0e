"""Subscriptions out and in."""

import pytest

from aggregator.errors import ParseError
from aggregator.model import Agency, Feed
from aggregator.syndicate import opml

AGENCIES = [Agency(id="bta", name="БТА & BTA"), Agency(id="sta", name="STA")]
FEEDS = [
    Feed(id="bta-bg", url="https://bta.example/bg?a=1&b=2", agency_id="bta", language="bg"),
    Feed(id="bta-en", url="https://bta.example/en", agency_id="bta", language="en"),
]


def test_what_is_written_is_read_back() -> None:
    found = opml.read(opml.render("Agencies", AGENCIES, FEEDS))

    assert [(one.title, one.url, one.group, one.language) for one in found] == [
        ("bta-bg", "https://bta.example/bg?a=1&b=2", "БТА & BTA", "bg"),
        ("bta-en", "https://bta.example/en", "БТА & BTA", "en"),
    ]


def test_an_agency_without_feeds_is_left_out() -> None:
    assert b"STA" not in opml.render("Agencies", AGENCIES, FEEDS)


def test_feeds_outside_any_group_and_without_a_title_are_read() -> None:
    body = b'<opml version="1.0"><body><outline xmlUrl="https://a.example/1"/></body></opml>'

    (found,) = opml.read(body)

    assert (found.title, found.url, found.group) == (
        "https://a.example/1",
        "https://a.example/1",
        "",
    )


def test_an_address_given_twice_is_read_once() -> None:
    outline = b'<outline text="One" xmlUrl="https://a.example/1"/>'

    assert len(opml.read(b"<opml><body>" + outline * 3 + b"</body></opml>")) == 1


def test_addresses_other_than_http_are_passed_over() -> None:
    body = b'<opml><body><outline text="x" xmlUrl="file:///etc/passwd"/></body></opml>'

    assert opml.read(body) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not well-formed"),
        (b"<opml><body>", "not well-formed"),
        (b"\xff\xfe\x00", "not well-formed"),
        (b'<?xml version="1.0" encoding="no-such"?><opml/>', "not well-formed"),
        (b"<rss/>", "not OPML"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml>&a;</opml>', "document type"),
        (b"<opml>" + b"<outline>" * 60, "nests"),
        (b"<opml>" + b"<outline/>" * (opml.MAX_OUTLINES + 1) + b"</opml>", "outlines"),
        (b" " * (opml.MAX_BYTES + 1), "larger than"),
    ],
    ids=[
        "empty",
        "cut",
        "binary",
        "encoding",
        "rss",
        "doctype",
        "deep",
        "many",
        "large",
    ],
)
def test_what_is_no_opml_or_is_hostile_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        opml.read(body)
