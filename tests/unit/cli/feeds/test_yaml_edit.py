"""Feeds come into the text of a configuration and go out of it; everything else stays as it was."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cli.feeds.yaml_edit import add, remove
from aggregator.cli.feeds.yaml_text import flow
from aggregator.config import parse
from aggregator.errors import UsageError
from aggregator.model import Agency, Feed

SHIPPED = (Path(__file__).parents[4] / "config" / "feeds.yaml").read_text("utf-8")
NEW = Feed(id="new", url="https://x.example/?a=1#b", agency_id="a", language="en")
LINE = '{id: new, url: "https://x.example/?a=1#b", language: en}'
AGENCY = Agency(id="a", name="A: wire", home="https://x.example")


def changes(before: str, after: str) -> list[str]:
    diff = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))]


def test_a_feed_is_one_line_more_at_the_end_of_its_agency() -> None:
    feed = Feed(id="bta-ru", url="https://www.bta.bg/ru/rss", agency_id="bta", language="ru")

    after = add(SHIPPED, [], [feed], file="f")

    assert changes(SHIPPED, after) == [
        '+      - {id: bta-ru, url: "https://www.bta.bg/ru/rss", language: ru}'
    ]
    assert after.index("bta-en") < after.index("bta-ru") < after.index("- id: kazinform")


def test_an_agency_comes_last_apart_by_a_blank_line_as_the_others_are() -> None:
    after = add(SHIPPED, [AGENCY], [NEW], file="f")

    assert changes(SHIPPED, after) == [
        "+",
        "+  - id: a",
        '+    name: "A: wire"',
        '+    home: "https://x.example"',
        "+    feeds:",
        f"+      - {LINE}",
    ]


def test_what_was_added_can_be_removed_without_a_trace() -> None:
    feed = Feed(id="bta-ru", url="https://www.bta.bg/ru/rss", agency_id="bta")

    assert remove(add(SHIPPED, [], [feed], file="f"), ["bta-ru"], file="f") == SHIPPED


def test_removing_takes_the_feeds_lines_and_leaves_the_comments() -> None:
    after = remove(SHIPPED, ["kazinform-zh", "bta-bg"], file="f")

    assert all(line.startswith("-      - {id: ") for line in changes(SHIPPED, after))
    assert len(changes(SHIPPED, after)) == 2
    assert "# the Chinese edition" in after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "agencies:\n- id: a\n  name: A\n  feeds:\n  - id: b\n    url: http://b\n  # end\n",
            'agencies:\n- id: a\n  name: A\n  feeds:\n  - id: b\n    url: http://b\n  - id: new\n    url: "https://x.example/?a=1#b"\n    language: en\n  # end\n',
        ),
        (
            "agencies:\n  - id: a\n    name: A\n    feeds: []   # none yet\n",
            f"agencies:\n  - id: a\n    name: A\n    feeds:   # none yet\n      - {LINE}\n",
        ),
        (
            "agencies:\n  - id: a\n    name: A\n    feeds:\n# end\n",
            f"agencies:\n  - id: a\n    name: A\n    feeds:\n      - {LINE}\n# end\n",
        ),
        (
            "agencies:\n  - name: |\n      A\n    id: a\nserver: {port: 1}\n",
            f"agencies:\n  - name: |\n      A\n    id: a\n    feeds:\n      - {LINE}\nserver: {{port: 1}}\n",
        ),
        (
            "agencies:\n  - id: a\n    feeds: [{id: b, url: 'http://b'}]\n    name: |\n      A",
            f"agencies:\n  - id: a\n    feeds: [{{id: b, url: 'http://b'}}, {LINE}]\n    name: |\n      A\n",
        ),
        ("agencies: [{id: a, name: A}]\n", f"agencies: [{{id: a, name: A, feeds: [{LINE}]}}]\n"),
        (
            "agencies: [{id: a, name: A, feeds: []}]\n",
            f"agencies: [{{id: a, name: A, feeds: [{LINE}]}}]\n",
        ),
        (
            "agencies: [{id: a, name: A, feeds: [{id: b, url: 'http://b'}, ]}, ]\n",
            f"agencies: [{{id: a, name: A, feeds: [{{id: b, url: 'http://b'}}, {LINE}, ]}}, ]\n",
        ),
        (
            "agencies:\r\n  - id: a\r\n    name: 😀\r\n    feeds:\r\n      - {id: b, url: 'http://b'}\r\n",
            f"agencies:\r\n  - id: a\r\n    name: 😀\r\n    feeds:\r\n      - {{id: b, url: 'http://b'}}\r\n      - {LINE}\r\n",
        ),
    ],
    ids=[
        "block style",
        "empty list",
        "no value",
        "no key",
        "flow list",
        "flow agency",
        "flow agency, empty list",
        "trailing commas",
        "lines of windows",
    ],
)
def test_a_feed_is_written_as_the_file_is_written(before: str, after: str) -> None:
    assert add(before, [], [NEW], file="f") == after


@pytest.mark.parametrize("before", ["agencies: []", "agencies:\n# none\n", "agencies: ~\n"])
def test_the_first_agency_of_a_file(before: str) -> None:
    after = add(before, [AGENCY], [NEW], file="f")

    assert parse(after, file="f").feeds == (NEW,)
    assert ("# none" in after) == ("# none" in before)


@pytest.mark.parametrize(
    ("gone", "after"),
    [
        (["b"], "feeds: [{id: c, url: 'http://c'}, {id: d, url: 'http://d'}]"),
        (["d"], "feeds: [{id: b, url: 'http://b'}, {id: c, url: 'http://c'}]"),
        (["b", "d"], "feeds: [{id: c, url: 'http://c'}]"),
        (["b", "c", "d"], "feeds: []"),
    ],
)
def test_feeds_leave_a_list_on_one_line_with_their_commas(gone: list[str], after: str) -> None:
    feeds = ", ".join(f"{{id: {name}, url: 'http://{name}'}}" for name in "bcd")
    before = f"agencies:\n  - id: a\n    name: A\n    feeds: [{feeds}]\n"

    assert remove(before, gone, file="f").splitlines()[-1].strip() == after


def test_a_feed_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(UsageError, match="There is no such feed in f: 'nothing'"):
        remove(SHIPPED, ["nothing"], file="f")


def test_an_address_that_is_there_already_is_refused_with_the_reason() -> None:
    twice = Feed(id="twice", url="https://www.bta.bg/bg/rss/free", agency_id="bta")

    with pytest.raises(UsageError, match=r"was not changed: .*poll it once"):
        add(SHIPPED, [], [twice], file="f")


def test_a_text_that_cannot_be_edited_without_harm_is_refused() -> None:
    entry = "      -\n        # - an aside\n        {id: b, url: 'http://b'}\n"
    text = f"agencies:\n  - id: a\n    name: A\n    feeds:\n{entry}"

    with pytest.raises(UsageError, match="f was not changed"):
        remove(text, ["b"], file="f")


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), min_size=1)
)
def test_any_name_is_read_back_as_it_was_written(name: str) -> None:
    text = f"agencies:\n  - id: a\n    name: {flow(name + '.')}\n"

    assert parse(text, file="f").agencies[0].name == (name + ".").strip()
