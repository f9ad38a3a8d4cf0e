"""The table of a story's copies fits a terminal of 80 columns, its widest values whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.cli.format_stories import print_copies
from aggregator.model import Evidence, Item, Kind, Match, Member, Story

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def item(name: str, agency_id: str, later: timedelta = timedelta(0)) -> Item:
    return Item(
        id=name.ljust(16, "x"),
        feed_id=agency_id,
        agency_id=agency_id,
        title="Night ferry sails again",
        text="The night ferry sails again.",
        language="bg",
        seen_at=AT + later,
        reported_at=AT + later,
    )


@pytest.mark.parametrize(
    ("later", "lag"),
    [
        (timedelta(hours=23, minutes=59), "+23 h 59 min"),
        (timedelta(days=29, hours=23), "+29 d 23 h"),
    ],
)
def test_the_longest_values_stand_whole_in_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, later: timedelta, lag: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    first, copy = item("first", "agerpres"), item("copy", "kazinform", later)
    evidence = Evidence(rule="model", reason="The texts are alike.")
    match = Match(a=copy.id, b=first.id, kind=Kind.TRANSLATION, score=0.99, evidence=evidence)
    story = Story(
        id="sfirst",
        members=(Member(item=first), Member(item=copy, match=match)),
        lead_id=first.id,
        origin_id="agerpres",
        first_seen_at=AT,
        updated_at=AT,
    )

    print_copies([story])

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1].split() == [
        copy.id,
        "kazinform",
        "bg",
        "translation",
        "0.99",
        *lag.split(),
        "not",
        "credited",
    ]
