"""Files of JSON in a folder: one object, an array, or one a line; a bad line costs itself."""

from __future__ import annotations

import codecs
import json
from datetime import UTC, datetime

import pytest

from aggregator.errors import ParseError
from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.repair import MAX_ITEMS
from aggregator.model import ParsedFeed

ONE = {"id": "kz-1", "title": "Шымкентте мектеп ашылды", "text": "Мектеп 900 орындық."}
TWO = {"id": "kz-2", "title": "Оралда көпір салынды", "text": "Көпір ұзындығы 210 метр."}


def read(text: str | bytes) -> ParsedFeed:
    body = text.encode() if isinstance(text, str) else text
    return parse(body, url="file:///wire/items.jsonl", headers={})


def lines(*values: object) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values)


@pytest.mark.parametrize(
    "text",
    [
        lines(ONE, TWO),
        lines(ONE, TWO) + "\n\n",
        lines(ONE, TWO).replace("\n", "\r\n"),
        "\ufeff" + lines(ONE, TWO),
        "\n\n" + lines(ONE, TWO),
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        codecs.BOM_UTF16_LE + lines(ONE, TWO).encode("utf-16-le"),
        lines(ONE, TWO).encode("utf-16-be"),
        lines(ONE, TWO).encode("kz1048"),
    ],
)
def test_however_the_objects_stand_they_are_read(text: str | bytes) -> None:
    feed = read(text)

    assert (feed.format, feed.problems) == ("jsonl", ())
    assert [(item.guid, item.title, item.text) for item in feed.items] == [
        (each["id"], each["title"], each["text"]) for each in (ONE, TWO)
    ]


def test_every_key_of_the_contract_is_read() -> None:
    [item] = read(
        lines(
            {
                **ONE,
                "text": "<p>Мектеп <b>900</b> орындық.</p>",
                "agency": "kazinform",
                "language": "kk-KZ",
                "published": "2026-11-12T13:30:00+05:00",
                "url": "https://inform.example/1?utm_source=x",
            }
        )
    ).items

    assert item.text == "Мектеп 900 орындық."
    assert (item.agency_id, item.language) == ("kazinform", "kk")
    assert item.published_at == datetime(2026, 11, 12, 8, 30, tzinfo=UTC)
    assert item.link == "https://inform.example/1?utm_source=x"
    assert item.versioned_at is None


def test_ninjs_and_plain_objects_may_stand_in_one_file() -> None:
    feed = read(lines(ONE, {"uri": "urn:x:1", "headline": "Астанада қар"}))

    assert feed.format == "jsonl+ninjs"
    assert [item.guid for item in feed.items] == ["kz-1", "urn:x:1"]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ('{"id": "x", "title": ', "line 2: not JSON (Expecting value: line 1 column 22 (char 21))"),
        ("not JSON at all", "line 2: no JSON object"),
        ("[1, 2]", "line 2: no JSON object"),
        ('{"title": "Атаусыз"}', "line 2: neither a `uri` (ninjs) nor an `id`"),
        ('{"id": true, "title": "x"}', "line 2: neither a `uri` (ninjs) nor an `id`"),
        ('{"id": "", "title": "x"}', "line 2: neither a `uri` (ninjs) nor an `id`"),
        ('{"id": "x", "title": "", "text": null}', "line 2: it has neither `title` nor `text`"),
        ('{"uri": "urn:x:1"}', "line 2: it has no words"),
        ("{" + '"a":[' * 2000, "line 2: not JSON"),
        ('{"id": ' + "9" * 5000 + "}", "line 2: not JSON"),
    ],
)
def test_a_bad_line_costs_itself(bad: str, problem: str) -> None:
    feed = read(f"{lines(ONE)}\n{bad}\n{lines(TWO)}")

    assert [item.guid for item in feed.items] == ["kz-1", "kz-2"]
    assert feed.left_out.broken == 1
    assert len(feed.problems) == 1
    assert feed.problems[0].startswith(problem)


def test_a_bad_first_line_costs_itself_too() -> None:
    assert [item.guid for item in read(f"garbage\n{lines(ONE)}").items] == ["kz-1"]


def test_numbers_are_ids() -> None:
    assert [item.guid for item in read(lines({**ONE, "id": 7})).items] == ["7"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the body is empty"),
        ("[]", "the file has no items"),
        ("{}", "the file: neither a `uri`"),
        ("[1, null]", "item 1: no JSON object; item 2: no JSON object"),
        (json.dumps(ONE, indent=2)[:-20], "the file: not JSON"),
        (json.dumps([ONE, TWO], indent=1)[:-30], "the file: not JSON"),
        ("[" * 5000, "the file: not JSON (it nests too deep)"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(text)
    assert str(caught.value).startswith(problem)


def test_too_many_items_are_refused_rather_than_cut() -> None:
    text = lines(*({"id": str(number), "title": "x"} for number in range(MAX_ITEMS + 1)))

    with pytest.raises(ParseError, match="read are 3000 at most; split the file"):
        read(text)


def test_many_bad_lines_are_counted_not_listed() -> None:
    feed = read("\n".join([lines(ONE), *["{"] * 50]))

    assert feed.left_out.broken == 50
    assert len(feed.problems) == 21
    assert feed.problems[-1] == "and 30 more"


def test_a_json_feed_in_a_folder_is_a_feed() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "title": "Қар", "content_text": "Қар жауды."}],
    }
    assert read(json.dumps(document)).format == "json11"


def test_what_agencies_exchange_is_read_from_folders_only() -> None:
    with pytest.raises(ParseError, match="no JSON Feed"):
        parse(lines(ONE).encode(), url="https://bta.example/items", headers={})
