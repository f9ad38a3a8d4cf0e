"""Decisions as lines of a file: what they name, how mistakes are told, and which item a name is of."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.decision_file import NamedItem, choose, file_decision, line, printable, read
from aggregator.errors import UsageError
from aggregator.model import Action, Decision, DecisionRecord, Item
from tests.contract.samples import NOON, item

A, B = item("a"), item("b", feed_id="kaz-ru", agency_id="kaz", language="ru")


def record(action: Action = Action.JOIN, reason: str = "") -> DecisionRecord:
    is_lead = action is Action.LEAD
    decision = Decision(
        id=1,
        action=action,
        item_id="a",
        other_id=None if is_lead else "b",
        made_at=NOON,
        made_by="nadia",
        reason=reason,
    )
    return DecisionRecord(
        decision=decision, item=A, story_id="sa", other=None if is_lead else B, other_story_id="sa"
    )


def named(**changes: str | None) -> NamedItem:
    return file_decision(record()).item.model_copy(update=changes)


def test_a_decision_is_one_line_that_names_its_items_in_every_way() -> None:
    written = line(file_decision(record(reason="one speech")))

    assert "\n" not in written
    assert json.loads(written) == {
        "decision": "join",
        "item": {
            "id": "a",
            "feed": "bta-bg",
            "agency": "bta",
            "language": "bg",
            "guid": "guid-a",
            "link": "https://bta-bg.example/a",
            "title": "Мостът при Лозен е отворен (a)",
        },
        "other": {
            "id": "b",
            "feed": "kaz-ru",
            "agency": "kaz",
            "language": "ru",
            "guid": "guid-b",
            "link": "https://bta-bg.example/b",
            "title": "Мостът при Лозен е отворен (b)",
        },
        "made_at": "2026-11-04T12:00:00Z",
        "made_by": "nadia",
        "reason": "one speech",
    }


@given(st.sampled_from(Action), st.text().map(printable), st.text(), st.text())
def test_what_is_written_is_read_back(action: Action, reason: str, guid: str, link: str) -> None:
    odd = replace(record(action, reason), item=replace(A, guid=guid, link=link))
    filed = file_decision(odd)

    assert [*read(line(filed).split("\n"))] == [filed]


@given(st.text())
def test_what_is_printable_is_one_line_of_characters_that_are_printed(text: str) -> None:
    assert printable(text).isprintable()
    assert printable(printable(text)) == printable(text)


def test_empty_lines_are_left_out_and_times_of_any_zone_are_read() -> None:
    filed = file_decision(record())
    in_sofia = filed.model_copy(update={"made_at": NOON.astimezone(timezone(timedelta(hours=2)))})

    assert [one.made_at for one in read(["", line(in_sofia), " "])] == [NOON]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"decision": "burn"}, "line 2: decision: input should be 'join', 'split' or 'lead'"),
        ({"item": None}, "line 2: item: "),
        ({"item": {}}, "line 2: item.id: field required"),
        ({"made_at": "2026-11-04T12:00:00"}, "line 2: made_at: input should have timezone info"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_field(change: dict[str, object], told: str) -> None:
    right = line(file_decision(record()))
    wrong = json.dumps(json.loads(right) | change)

    with pytest.raises(UsageError) as error:
        list(read([right, wrong]))

    assert str(error.value).startswith(told)


@pytest.mark.parametrize("text", ["{", "join a b", "[1]"])
def test_a_line_that_is_no_object_is_told(text: str) -> None:
    with pytest.raises(UsageError, match=r"^line 1: "):
        list(read([text]))


# ----------------------------------------------------------------------------- which item is named


def test_an_item_is_found_by_its_id_and_guid() -> None:
    assert choose(named(), [B, A]) == A


def test_an_item_whose_feed_has_another_id_here_is_found_at_its_link() -> None:
    here = replace(A, id="x", feed_id="bta-free")

    assert choose(named(), [here]) == here


def test_an_item_that_got_another_id_here_is_found_by_its_guid() -> None:
    here = replace(A, id="x", link="https://bta-bg.example/moved")

    assert choose(named(), [here]) == here


@pytest.mark.parametrize(
    "other",
    [
        replace(A, guid="guid-other", link="https://bta-bg.example/other"),
        replace(A, id="x", feed_id="kaz-ru", agency_id="kaz", link=None),
        replace(A, id="x", feed_id="bta-en", language="en"),
    ],
    ids=["the id, reused", "the guid, of another feed", "the link, in another language"],
)
def test_an_item_that_has_one_name_in_common_is_not_it(other: Item) -> None:
    assert choose(named(), [other]) is None


def test_of_two_items_at_one_link_the_one_of_the_title_is_named() -> None:
    page = "https://bta-bg.example/live"
    one = item("x", feed_id="bta-free", guid="1", link=page, title="Мостът е отворен")
    other = item("y", feed_id="bta-free", guid="2", link=page, title="Мостът е затворен")
    wanted = named(guid=None, link=page, title="Мостът е затворен")

    assert choose(wanted, [one, other]) == other
    assert choose(wanted.model_copy(update={"title": "Мостът"}), [one, other]) is None


def test_an_item_without_guid_and_link_is_known_by_its_title() -> None:
    bare = replace(A, guid=None, link=None)
    wanted = named(guid=None, link=None)

    assert choose(wanted, [bare]) == bare
    assert choose(wanted.model_copy(update={"title": "Друг мост"}), [bare]) is None
