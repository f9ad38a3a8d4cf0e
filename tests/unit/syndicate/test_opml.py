"""Subscriptions out and in."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from aggregator.errors import ParseError
from aggregator.model import Agency, Feed, Fulltext
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


# --------------------------------------------------------------------------- what the format asks for

MEDIA = {"rss", "link", "include"}
REQUIRED = {"rss": {"text", "type", "xmlUrl"}, "link": {"url"}, "include": {"url"}}


def violations(document: bytes) -> list[str]:
    """Where a document breaks a rule of http://opml.org/spec2.opml; none if it is valid."""
    root = ElementTree.fromstring(document)
    found = [] if root.tag == "opml" else ["the first element is <opml>"]
    found += (
        [] if re.fullmatch(r"[12]\.\d", root.get("version", "")) else ["the version is a number"]
    )
    names = [child.tag for child in root]
    found += [] if names == ["head", "body"] else [f"<head> and <body>, in this order: {names}"]
    body = root.find("body")
    found += [] if body is not None and len(body) else ["the body has one outline or more"]
    for element in body.iter() if body is not None else ():
        if element is not body:
            found += outline_violations(element)
    return found


def outline_violations(outline: ElementTree.Element) -> list[str]:
    given = {name for name, value in outline.attrib.items() if value}
    kind = outline.get("type")
    found = [] if outline.tag == "outline" else [f"<{outline.tag}> has no namespace"]
    found += [] if "text" in given else ["every outline has a text"]
    found += [] if kind is None or kind in MEDIA else [f"unknown type {kind}"]
    found += (
        [] if REQUIRED.get(kind or "", set()) <= given else [f"an attribute of {kind} is missing"]
    )
    found += [] if not (outline.text or "").strip() else ["an outline holds words"]
    known = (
        r"text|title|type|xmlUrl|htmlUrl|url|language|category|created|description|version|\{.+\}.+"
    )
    found += [f"unknown attribute {name}" for name in given if not re.fullmatch(known, name)]
    category = outline.get("category", "/a")
    found += (
        [] if re.fullmatch(r"/?[^,/]+(/[^,/]+)*(,/?[^,/]+(/[^,/]+)*)*", category) else [category]
    )
    return found


FULL_AGENCIES = [
    Agency(
        id="bta",
        name='БТА, "BTA" / <wire> & more',
        aliases=("БТА", "a, b", "c | d", "[e]", 'the "f"', "保通社"),
        home="https://bta.example/?a=1&b=2",
    ),
    Agency(id="bare.1", name="Bare"),
]
FULL_FEEDS = [
    Feed(
        id="bta-bg",
        url="https://bta.example/bg?a=1&b=2",
        agency_id="bta",
        language="bg",
        interval=timedelta(seconds=90),
        timeout=timedelta(hours=2),
        max_body_bytes=1536 * 1024,
        fulltext=Fulltext.ALWAYS,
        user_agent="Mozilla/5.0 (compatible; desk/1; +https://desk.example/)",
    ),
    Feed(id="Many words", url="https://новини.example/мост", agency_id="bta", language="zh-Hans"),
    Feed(id="bare", url="http://bare.example:8080/", agency_id="bare.1", fulltext=Fulltext.NEVER),
]


@pytest.mark.parametrize(
    ("agencies", "feeds"), [(AGENCIES, FEEDS), (FULL_AGENCIES, FULL_FEEDS)], ids=["few", "full"]
)
def test_what_is_written_is_valid(agencies: list[Agency], feeds: list[Feed]) -> None:
    assert violations(opml.render("Agencies & feeds", agencies, feeds)) == []


def test_the_rules_of_the_format_can_be_broken() -> None:
    broken = b"<opml><body><outline type='rss' xmlUrl='https://a.example/'/></body></opml>"
    assert len(violations(broken)) == 4


def test_agencies_and_feeds_come_back_as_they_were() -> None:
    feeds = [FULL_FEEDS[0], FULL_FEEDS[2]]
    found = opml.read(opml.render("T", FULL_AGENCIES, feeds))

    assert [one.agency for one in found] == FULL_AGENCIES
    assert [one.feed for one in found] == feeds
    assert found.left_out == []


@pytest.mark.parametrize(
    "change",
    [
        ('agg:id="bta-bg"', 'agg:id="b t a"'),
        ('agg:interval="90s"', 'agg:interval="often"'),
        ('agg:agency="bta"', 'agg:agency="sta"'),
        ("agg:", "wire:"),
    ],
)
def test_an_export_that_was_spoilt_is_read_as_anybody_s(change: tuple[str, str]) -> None:
    document = opml.render("T", FULL_AGENCIES, FULL_FEEDS[:1]).decode()
    spoilt = document.replace(*change)
    assert spoilt != document

    (found,) = opml.read(spoilt.encode())

    assert found.feed is None
    assert (found.title, found.url) == ("bta-bg", "https://bta.example/bg?a=1&b=2")


@pytest.mark.parametrize("aliases", ["[1, 2]", "[" * 5000, '["a"', "x", "{}"])
def test_aliases_that_are_none_cost_the_agency_s_own_words_only(aliases: str) -> None:
    body = (
        f"<opml><body><outline text='B' agg:id='b' agg:aliases='{aliases}'>"
        "<outline agg:id='f' text='F' xmlUrl='https://b.example/f'/></outline></body></opml>"
    )
    (found,) = opml.read(body.encode())
    assert (found.title, found.group, found.agency) == ("F", "B", None)


# -------------------------------------------------------------------------------- what programs write


def outlines(*written: str) -> opml.Subscriptions:
    return opml.read(f"<opml><body>{''.join(written)}</body></opml>".encode())


@pytest.mark.parametrize(
    "attributes",
    [
        'xmlUrl="https://a.example/f"',
        'xmlURL="https://a.example/f"',
        'XMLURL="https://a.example/f"',
        'xmlurl="https://a.example/f" TYPE="RSS"',
        'type="Atom" url="https://a.example/f"',
        'url="https://a.example/f"',
        'xmlUrl=" https://a.example/f&#10;"',
        'xmlUrl="feed:https://a.example/f"',
        'xmlUrl="FEED:https://a.example/f"',
        'xmlUrl="feed://https://a.example/f"',
        'xmlUrl="feeds://a.example/f"',
        'xmlUrl="//a.example/f"',
        'xmlUrl="a.example/f"',
        'xmlUrl="" url="https://a.example/f"',
        'fz:quickMode="false" xmlUrl="https://a.example/f"',
    ],
)
def test_a_feed_is_read_however_its_address_is_written(attributes: str) -> None:
    (found,) = outlines(f'<outline text="A" {attributes}/>')
    assert (found.title, found.url) == ("A", "https://a.example/f")


def test_an_address_escaped_twice_is_the_one_that_was_meant() -> None:
    (found,) = outlines('<outline text="A" xmlUrl="https://a.example/?x=1&amp;amp;y=2"/>')
    assert found.url == "https://a.example/?x=1&y=2"


def test_a_feed_scheme_without_another_means_http() -> None:
    (found,) = outlines('<outline text="A" xmlUrl="feed://a.example/f"/>')
    assert found.url == "http://a.example/f"


def test_the_nearest_folder_names_the_group_and_else_the_category() -> None:
    found = outlines(
        "<outline title='Art'><outline type='rss' title=' Zone &#10; two '>"
        "<outline text='A' xmlUrl='https://a.example/1'>"
        "<outline text='B' xmlUrl='https://a.example/2'/></outline></outline>"
        "<outline><outline text='C' xmlUrl='https://a.example/3'/></outline></outline>",
        "<outline text='D' category='/Wires/Balkan,/Other' xmlUrl='https://a.example/4'/>",
        "<outline text='E' xmlUrl='https://a.example/5'/>",
    )
    assert [(one.title, one.group) for one in found] == [
        ("A", "Zone two"),
        ("B", "Zone two"),
        ("C", "Art"),
        ("D", "Balkan"),
        ("E", ""),
    ]
    assert found.left_out == []


@pytest.mark.parametrize(
    ("outline", "title", "url", "reason"),
    [
        ("<outline text='A'/>", "A", "", "has no address"),
        ("<outline/>", "", "", "has no address"),
        ("<outline text='A' xmlUrl='  '/>", "A", "", "has no address"),
        ("<outline text='A' type='rss' htmlUrl='https://a.example/'/>", "A", "", "`aggregator feeds add https://a.example/`"),
        ("<outline text='A' xmlUrl='file:///etc/passwd'/>", "A", "file:///etc/passwd", "none of the web"),
        ("<outline text='A' xmlUrl='javascript:alert(1)'/>", "A", "javascript:alert(1)", "none of the web"),
        ("<outline text='A' xmlUrl='|run me'/>", "A", "|run me", "none of the web"),
        ("<outline text='A' xmlUrl='https://a.example:99999/'/>", "A", "https://a.example:99999/", "none of the web"),
        ("<outline text='A' xmlUrl='https://a.example:0/'/>", "A", "https://a.example:0/", "none of the web"),
        ("<outline text='A' xmlUrl='https://'/>", "A", "https://", "none of the web"),
        ("<outline text='A' type='link' url='https://a.example/'/>", "A", "https://a.example/", "links to a page"),
        ("<outline text='A' type='include' url='https://a.example/l.opml'/>", "A", "https://a.example/l.opml", "another OPML file"),
        ("<outline text='A' xmlUrl='https://ONE.example:443/f'/>", "A", "https://ONE.example:443/f", "has the address of 'One' once more"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_named_with_its_reason(
    outline: str, title: str, url: str, reason: str
) -> None:
    found = outlines("<outline text='One' xmlUrl='https://one.example/f'/>", outline)

    assert [one.title for one in found] == ["One"]
    (left_out,) = found.left_out
    assert (left_out.title, left_out.url) == (title, url)
    assert reason in left_out.reason


def test_a_document_type_that_declares_nothing_is_harmless() -> None:
    body = b'<!DOCTYPE opml SYSTEM "opml.dtd"><opml><body/></opml>'
    assert opml.read(body) == []
