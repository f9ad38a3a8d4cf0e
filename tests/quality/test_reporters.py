"""One event, two reporters, a sentence each: what translates an item joins it, what another wrote of it stays apart.

Both name the same people and places under like titles; only what is said of them tells one from the other.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings

EVENTS = tomllib.loads(Path(__file__).with_name("reporters.toml").read_text("utf-8"))["event"]
# Of 72 events. What is left: the other names the same figures and does the same things (a record harvest and
# where its apples went).
MOST_JOINED, LEAST_FOUND = 8, 62


@cache
def _joined(second: str) -> Mapping[str, bool]:
    """Whether the original of each event, by its title, shares a story with its `second` item."""
    lines = [
        json.dumps(
            {
                "id": f"{number}:{role}",
                "language": event[role][0],
                "title": event[role][1],
                "text": event[role][2],
                "published": f"2026-03-{number % 28 + 1:02}T{9 + minutes:02}:00:00Z",
            }
        )
        for number, event in enumerate(EVENTS)
        for minutes, role in enumerate(("original", second))
    ]
    stories = {line["id"]: line["story"] for line in cluster(lines, MatchSettings())}
    return {
        event["original"][1]: stories[f"{number}:original"] == stories[f"{number}:{second}"]
        for number, event in enumerate(EVENTS)
    }


def test_a_sentence_joins_its_translation() -> None:
    missed = [title for title, found in _joined("translation").items() if not found]
    assert len(EVENTS) - len(missed) >= LEAST_FOUND, missed


def test_a_sentence_stays_apart_from_what_another_reporter_wrote_of_the_event() -> None:
    wrong = [title for title, found in _joined("other").items() if found]
    assert len(wrong) <= MOST_JOINED, wrong
