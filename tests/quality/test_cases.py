"""Small cases from `cases.toml`: of a few reports, who is joined with whom."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings
from tests.quality.news import START_AT

FREE = "?"  # an item that may stand with any one of the others


class Case(TypedDict):
    """A table of the file."""

    name: str
    stories: str
    items: list[list[str | int]]
    rest: NotRequired[str]
    agency: NotRequired[bool]
    missed: NotRequired[str]


def _cases() -> Iterator[object]:
    file = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))
    for case in file["case"]:
        marks = [pytest.mark.xfail(reason=case["missed"])] if "missed" in case else []
        yield pytest.param(case, id=case["name"], marks=marks)


def _lines(case: Case) -> Iterator[str]:
    for number, (language, minutes, title, text, *address) in enumerate(case["items"]):
        yield json.dumps(
            {
                "id": str(number),
                "title": title,
                "text": str(text).replace("{rest}", case.get("rest", "")),
                "language": language,
                "agency": "one" if case.get("agency") else f"agency-{number}",
                "published": (START_AT + timedelta(minutes=int(minutes))).isoformat(),
                "url": address[0] if address else f"https://n.example/{number}",
            }
        )


def _together(stories: Sequence[str], counted: Sequence[int]) -> set[tuple[int, int]]:
    return {(a, b) for a, b in combinations(counted, 2) if stories[a] == stories[b]}


@pytest.mark.parametrize("case", list(_cases()))
def test_reports_are_joined_with_their_copies_alone(case: Case) -> None:
    found = [line["story"] for line in cluster(_lines(case), MatchSettings())]

    counted = [number for number, story in enumerate(case["stories"]) if story != FREE]
    assert _together(found, counted) == _together(case["stories"], counted)
