"""ninjs of the versions 1, 2 and 3: what is read of it, and what is not taken for text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.ingest.parse.detect import parse
from aggregator.model import Enclosure, Notice, ParsedFeed, ParsedItem

AT = datetime(2026, 11, 12, 8, 30, tzinfo=UTC)
TEXT = "Язовирът край Кърджали е пълен на 81 на сто, съобщи областният управител."
MARKUP = f"<p>{TEXT}</p><p>Преди година е бил на 64 на сто.</p>"
ONE: dict[str, Any] = {
    "uri": "urn:newsml:bta.example:20261112:dam",
    "type": "text",
    "version": "1",
    "versioncreated": "2026-11-12T10:30:00+02:00",
    "pubstatus": "usable",
    "language": "bg-BG",
    "headline": "Язовирът край Кърджали се пълни",
    "byline": "Георги Петров",
    "body_xhtml": MARKUP,
    "subject": [{"name": "околна среда"}, {"name": "води"}],
}
TWO: dict[str, Any] = {
    "uri": ONE["uri"],
    "type": "text",
    "versioncreated": ONE["versioncreated"],
    "language": "bg",
    "headlines": [{"role": "short", "value": "Язовирът"}, {"value": ONE["headline"]}],
    "bodies": [{"contenttype": "application/xhtml+xml", "value": MARKUP}],
    "by": "Георги Петров",
    "subjects": [{"name": "околна среда"}, {"name": "води"}],
}
THREE: dict[str, Any] = {
    "standard": {"name": "ninjs", "version": "3.1"},
    "uri": ONE["uri"],
    "type": "text",
    "versionCreated": ONE["versioncreated"],
    "pubStatus": "usable",
    "language": "bg",
    "headlines": [{"role": "main", "contentType": "text/plain", "value": ONE["headline"]}],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": TEXT},
        {"role": "richtext", "contentType": "text/html", "value": MARKUP},
    ],
    "by": "Георги Петров",
    "subjects": [{"name": "околна среда"}, {"name": "води"}],
}


def read(*documents: object) -> ParsedFeed:
    whole = documents[0] if len(documents) == 1 else list(documents)
    body = json.dumps(whole).encode()
    return parse(body, url="file:///wire/1.json", headers={})


def item(document: object) -> ParsedItem:
    [found] = read(document).items
    return found


@pytest.mark.parametrize("document", [ONE, TWO, THREE], ids=["1", "2", "3"])
def test_every_version_says_the_same(document: dict[str, Any]) -> None:
    feed = read(document)
    found = feed.items[0]

    assert feed.format == "ninjs"
    assert found.guid == ONE["uri"]
    assert found.title == ONE["headline"]
    assert found.text == f"{TEXT}\n\nПреди година е бил на 64 на сто."
    assert (found.published_at, found.versioned_at) == (AT, AT)
    assert found.language == "bg"
    assert found.authors == ("Георги Петров",)
    assert found.categories == ("околна среда", "води")
    assert found.is_whole
    assert (found.notice, found.is_withheld, found.embargoed_until) == (None, False, None)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"body_text": "Две < три, а & остава."}, "Две < три, а & остава."),
        ({"body_html": "<b>Дъжд</b> в&nbsp;София"}, "Дъжд в София"),
        ({"body_richtext": "<p>Дъжд</p>"}, "Дъжд"),
        ({"body_main": "Дъжд в <i>София</i>"}, "Дъжд в София"),
        ({"body_main": "3 < 4 и 5 > 4"}, "3 < 4 и 5 > 4"),
        ({"bodies": [{"value": "<p>Дъжд</p>"}]}, "Дъжд"),
        ({"bodies": {"main": {"value": "Дъжд"}}}, "Дъжд"),
        ({"bodies": ["Дъжд"]}, ""),
        ({"description_text": "Накратко: дъжд."}, "Накратко: дъжд."),
        ({"descriptions": [{"role": "summary", "value": "Накратко."}]}, "Накратко."),
        ({"description_caption": "Снимка: чадъри."}, ""),
        ({"descriptions": [{"role": "drol:caption", "value": "Чадъри."}]}, ""),
        ({"body_text": None, "bodies": 7, "descriptions": "x"}, ""),
        ({"type": "picture", "description_text": "Чадъри."}, ""),
        ({"type": "video", "body_text": "Кадри."}, ""),
    ],
)
def test_bodies_are_text_and_captions_are_not(more: dict[str, Any], text: str) -> None:
    assert item({"uri": "urn:x:1", "headline": "Времето", **more}).text == text


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({"headline": "Главно", "headline_short": "Кратко"}, "Главно"),
        ({"headline_main": "Главно"}, "Главно"),
        ({"headlines": [{"role": "short", "value": "К"}, {"role": "main", "value": "Г"}]}, "Г"),
        ({"headlines": [{"role": "short", "value": "К"}]}, "К"),
        ({"title": "bta-dam-1"}, "bta-dam-1"),
        ({"headline": " ", "title": "bta-dam-1"}, "bta-dam-1"),
        ({}, "Има текст."),
    ],
)
def test_the_main_headline_is_the_title(more: dict[str, Any], title: str) -> None:
    assert item({"uri": "urn:x:1", "body_text": "Има текст.", **more}).title == title


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"pubstatus": "usable"}, (None, False)),
        ({"pubStatus": "usable"}, (None, False)),
        ({"pubstatus": "canceled"}, (Notice.KILL, False)),
        ({"pubStatus": "CANCELLED"}, (Notice.KILL, False)),
        ({"pubstatus": "http://cv.iptc.org/newscodes/pubstatusg2/canceled"}, (Notice.KILL, False)),
        ({"pubstatus": "withheld"}, (Notice.KILL, True)),
        ({"pubstatus": "draft"}, (Notice.KILL, True)),
        ({"pubstatus": 3}, (None, False)),
        ({"ednote": "CORRECTS figure"}, (None, False)),
    ],
)
def test_the_status_says_what_may_be_shown(more: dict[str, Any], expected: tuple[Any, ...]) -> None:
    found = item({**ONE, "pubstatus": "usable", **more})
    assert (found.notice, found.is_withheld) == expected


def test_a_withdrawal_needs_no_words() -> None:
    found = item({"uri": "urn:x:1", "pubstatus": "canceled", "versioncreated": "2026-11-12T08:30Z"})

    assert (found.guid, found.title, found.text) == ("urn:x:1", "", "")
    assert (found.notice, found.versioned_at) == (Notice.KILL, AT)


@pytest.mark.parametrize(
    ("more", "until", "withheld"),
    [
        ({"embargoed": "2026-11-12T12:00:00Z"}, datetime(2026, 11, 12, 12, tzinfo=UTC), False),
        ({"embargoedUntil": "2026-11-12T12:00:00+02:00"}, datetime(2026, 11, 12, 10, tzinfo=UTC), False),
        ({"embargoed": True}, None, True),
        ({"embargoed": ""}, None, False),
        ({"embargoed": "until further notice"}, None, True),
        ({"embargoed": None}, None, False),
        ({"embargoed": False}, None, False),
    ],
)  # fmt: skip
def test_an_embargo_ends_or_the_item_is_withheld(
    more: dict[str, Any], until: datetime | None, withheld: bool
) -> None:
    found = item({**ONE, **more})
    assert (found.embargoed_until, found.is_withheld) == (until, withheld)


def test_an_item_was_not_published_before_its_embargo_ended() -> None:
    late, early = "2026-11-12T12:00:00Z", "2026-11-12T06:00:00Z"

    assert item({**ONE, "embargoed": late}).published_at == datetime(2026, 11, 12, 12, tzinfo=UTC)
    assert item({**ONE, "embargoed": early}).published_at == AT


def test_the_time_is_that_of_the_version_at_hand() -> None:
    """Of a fifth version, the first we see, we do not know what the first said."""
    found = item({**ONE, "version": "5", "firstcreated": "2026-11-11T23:00:00Z"})
    assert found.published_at == AT


@pytest.mark.parametrize(
    ("more", "link"),
    [
        ({}, None),
        ({"uri": "https://bta.example/news/7"}, "https://bta.example/news/7"),
        ({"altids": {"web_url": "https://bta.example/page/7"}}, "https://bta.example/page/7"),
        (
            {"altIds": [{"role": "canonical", "value": "https://bta.example/page/8"}]},
            "https://bta.example/page/8",
        ),
        ({"altids": {"slug": "https://bta.example/no"}}, None),
        ({"altids": {"url": "javascript:alert(1)"}}, None),
    ],
)
def test_the_link_is_a_page_a_person_can_open(more: dict[str, Any], link: str | None) -> None:
    assert item({**ONE, **more}).link == link


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"renditions": {"web": {"href": "https://m.example/a.jpg", "mimetype": "image/jpeg", "sizeinbytes": 9}}},
            [Enclosure(url="https://m.example/a.jpg", media_type="image/jpeg", length=9)],
        ),
        (
            {"renditions": [{"name": "web", "href": "https://m.example/a.jpg", "contentType": "image/jpeg", "sizeInBytes": "12"}]},
            [Enclosure(url="https://m.example/a.jpg", media_type="image/jpeg", length=12)],
        ),
        ({"renditions": [{"href": "file:///etc/passwd"}, {"href": "./a.jpg"}, {}, 3]}, []),
        ({"renditions": [{"href": "https://m.example/a", "contenttype": "a photo", "sizeinbytes": -4}]}, [Enclosure(url="https://m.example/a")]),
        (
            {
                "associations": {
                    "photo": {
                        "uri": "urn:x:photo",
                        "type": "picture",
                        "headline": "Стената на язовира",
                        "renditions": {
                            "thumb": {"href": "https://m.example/s.jpg", "sizeinbytes": 10},
                            "large": {"href": "https://m.example/l.jpg", "sizeinbytes": 900},
                        },
                    }
                }
            },
            [Enclosure(url="https://m.example/l.jpg", length=900)],
        ),
    ],
)  # fmt: skip
def test_renditions_are_enclosures(more: dict[str, Any], expected: list[Enclosure]) -> None:
    assert list(item({**ONE, **more}).enclosures) == expected


def test_a_report_within_a_composite_is_an_item_of_its_own() -> None:
    inner = {"uri": "urn:x:2", "type": "text", "headline": "Фон", "body_text": "Язовирът е строен."}
    link = {"uri": "urn:x:3", "type": "text", "headline": "Само препратка"}
    found = read({**ONE, "type": "composite", "associations": {"a": inner, "b": link}})

    assert [each.guid for each in found.items] == [ONE["uri"], "urn:x:2"]


@pytest.mark.parametrize(
    ("more", "whole"),
    [
        ({}, True),
        ({"representationtype": "complete"}, True),
        ({"representationtype": "incomplete"}, False),
        ({"representationType": "partial"}, False),
        ({"body_xhtml": "", "description_text": "Накратко."}, False),
    ],
)
def test_a_body_is_the_whole_text_unless_it_says_otherwise(
    more: dict[str, Any], whole: bool
) -> None:
    assert item({**ONE, **more}).is_whole is whole


def test_hostile_values_leave_plain_text() -> None:
    found = item(
        {
            "uri": "urn:x:\u0000\ud83d1",
            "headline": "<script>alert(1)</script>Дъжд",
            "body_html": "<p onclick='x()'>Дъжд</p><script>alert(1)</script>",
            "language": ["bg"],
            "subject": [{"name": {"a": 1}}, 4, "води"],
            "byline": {"name": "X"},
            "associations": [[[[]]]],
            "versioncreated": 1e400,
        }
    )
    assert found.html == "<p>Дъжд</p>"
    assert found.categories == ("води",)
    assert (found.language, found.authors, found.versioned_at) == (None, (), None)


def test_an_object_without_words_is_told() -> None:
    with pytest.raises(ParseError, match="the file: it has no words"):
        read({"uri": "urn:x:1", "type": "text"})
