"""The table of a story's copies: a tree within 80 columns, its widest values whole, and what is remarked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.cli.format_stories import print_copies
from aggregator.model import CreditState, Item, Kind, Member, Replacement, Story
from tests.told import NOON, credited, first, pair, report, story_of, taken


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def item(name: str, agency_id: str, later: timedelta = timedelta(0), **changes: Any) -> Item:
    return report(
        name.ljust(16, "x"), agency_id, later / timedelta(minutes=1), language="bg", **changes
    )


def printed(capsys: pytest.CaptureFixture[str], story: Story) -> list[str]:
    print_copies([story])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    return [line.rstrip() for line in lines]


FIRST = item("first", "agerpres")


@pytest.mark.parametrize(
    ("later", "lag"),
    [
        (timedelta(hours=23, minutes=59), "+23 h 59 min"),
        (timedelta(days=29, hours=23), "+29 d 23 h"),
    ],
)
def test_the_longest_values_stand_whole_in_80_columns(
    capsys: pytest.CaptureFixture[str], later: timedelta, lag: str
) -> None:
    copy = item("copy", "kazinform", later)
    story = story_of(first(FIRST), taken(copy, FIRST, Kind.TRANSLATION, credit=CreditState.UNKNOWN))

    lines = printed(capsys, story)

    assert lines[-1].split() == [
        copy.id,
        "└",
        "kazinform",
        "bg",
        "translation",
        "0.90",
        *lag.split(),
        "not",
        "known",
    ]


def chained(depth: int) -> list[Member]:
    """So many copies, each taken from the one before, a day later."""
    found, parent = [first(FIRST)], FIRST
    for number in range(1, depth + 1):
        agency = ("qazinform", "kazinform")[number % 2]
        copy = item(f"copy{number}", agency, number * timedelta(hours=23, minutes=59))
        found.append(taken(copy, parent, Kind.TRANSLATION, credit=CreditState.UNKNOWN))
        parent = copy
    return found


@pytest.mark.parametrize("depth", [4, 8])
def test_a_deep_tree_keeps_within_80_columns_and_its_ids_whole(
    capsys: pytest.CaptureFixture[str], depth: int
) -> None:
    members = chained(depth)

    lines = printed(capsys, story_of(*members))

    for member in members:
        assert any(line.startswith(f"{member.item.id} ") for line in lines)


def test_four_below_each_other_are_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, story_of(*chained(4)))

    assert [line[17:34].rstrip() for line in lines[-4:]] == [
        "└ kazinform",
        "  └ qazinform",
        "    └ kazinform",
        "      └ qazinform",
    ]
    for line in lines[-4:]:
        assert line.split()[-9:] == "bg translation 0.90 +23 h 59 min not known".split()


@pytest.mark.parametrize(
    ("credit", "named", "shown"),
    [
        (None, (), ""),
        (CreditState.ORIGIN, ("agerpres",), "origin"),
        (CreditState.NONE, (), "none"),
        (CreditState.UNKNOWN, (), "not known"),
        (CreditState.OTHER, ("bta",), "bta"),
        (CreditState.OTHER, (), "another"),
    ],
)
def test_a_copy_tells_whom_it_credits(
    capsys: pytest.CaptureFixture[str],
    credit: CreditState | None,
    named: tuple[str, ...],
    shown: str,
) -> None:
    agency = "agerpres" if credit is None else "sta"
    copy = item("copy", agency, timedelta(hours=1), credits=tuple(map(credited, named)))

    lines = printed(capsys, story_of(first(FIRST), taken(copy, FIRST, credit=credit)))

    assert lines[-1].endswith(f"+1 h 00 min {shown}".rstrip())


def test_what_else_is_to_be_known_of_a_copy_is_told_below_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = item("copy", "sta", timedelta(hours=1))
    corrected = first(FIRST, corrects=(Replacement(old="12", new="14"),))

    lines = printed(capsys, story_of(corrected, taken(copy, FIRST, is_stale=True)))

    assert lines[-2:] == [f"{FIRST.id} corrects 12 → 14", f"{copy.id} not corrected"]


def test_a_withdrawn_story_says_by_whom_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    copy = item("copy", "sta", timedelta(hours=1))
    story = story_of(first(FIRST), taken(copy, FIRST, is_stale=True), killed_at=NOON)

    lines = printed(capsys, story)

    assert lines[-2:] == [
        "Withdrawn by agerpres, 24 Nov 12:00.",
        f"{copy.id} still carries the withdrawn report",
    ]


def test_a_copy_joined_by_hand_says_by_whom_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    copy = item("copy", "sta", timedelta(hours=1))
    reason = "Joined by nadia on 24 Nov 2026, 14:00 UTC."
    by_hand = pair(copy.id, FIRST.id, Kind.MANUAL, 1.0, reason)
    member = taken(copy, FIRST)
    joined = Member(item=copy, match=by_hand, lineage=replace(member.lineage, parent=by_hand))

    lines = printed(capsys, story_of(first(FIRST), joined))

    assert lines[-1] == f"{copy.id} joined by nadia on 24 Nov 2026, 14:00 UTC"
