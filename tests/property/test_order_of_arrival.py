"""The order in which items of one time come does not decide which stories there are."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import pytest

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings

TOWNS = ("Velmora", "Karsk", "Dunvale", "Orlec", "Brennholm", "Tavros", "Lindmar", "Sorvik")
NAMES = (
    "Mira Dolcane",
    "Arvid Tonnesk",
    "Pavel Ostrin",
    "Greta Halvorn",
    "Ilya Marsk",
    "Nora Veit",
)
WORKS = (
    "harbour dredging basin winter crowns",
    "clinic entrance patients doctors summer",
    "orchard frost blossom growers insurance",
    "museum charter parchment restorers archive",
    "tramway depot carriages drivers timetable",
    "reservoir turbine engineers valves drought",
)


def report(number: int, chance: random.Random) -> list[str]:
    """The paragraphs of a report of its own: about forty words each, of its own subject, names and figures."""
    town, name = TOWNS[number % len(TOWNS)], NAMES[number % len(NAMES)]
    subject = WORKS[number % len(WORKS)].split()
    paragraphs = []
    for part in range(4):
        words = [
            chance.choice([*subject, *(f"{chance.choice(subject)}{ending}" for ending in "aeiou")])
            for _ in range(30)
        ]
        figure = chance.randrange(100, 9999)
        words.insert(5, f"{name} of {town} counted {figure} in part {part}")
        paragraphs.append(" ".join(words).capitalize() + ".")
    return paragraphs


def copies(paragraphs: Sequence[str]) -> list[str]:
    """A report as six outlets carry it: whole, cut, with a part left out, with a sentence of their own."""
    return [
        "\n\n".join(paragraphs),
        "\n\n".join(paragraphs[:3]),
        "\n\n".join(paragraphs[:2]),
        "\n\n".join([paragraphs[0], *paragraphs[2:]]),
        "\n\n".join([*paragraphs, "Our readers had asked for this report."]),
        "\n\n".join(["What is known so far.", *paragraphs[:3]]),
    ]


def wire(seed: int) -> list[str]:
    """Lines of twelve reports with their copies, all of one time."""
    chance = random.Random(seed)
    return [
        json.dumps(
            {
                "id": f"{number}-{copy}",
                "title": f"{NAMES[number % len(NAMES)]} reports from {TOWNS[number % len(TOWNS)]}",
                "text": text,
                "language": "en",
                "published": "2026-11-02T06:00:00Z",
            }
        )
        for number in range(12)
        for copy, text in enumerate(copies(report(number, chance)))
    ]


def stories(lines: Sequence[str]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in cluster(lines, MatchSettings()):
        found.setdefault(line["story"], set()).add(line["id"])
    return {frozenset(ids) for ids in found.values()}


@pytest.mark.parametrize("seed", range(4))
def test_the_same_items_in_another_order_give_the_same_stories(seed: int) -> None:
    lines = wire(seed)
    shuffled = random.Random(-seed - 1).sample(lines, len(lines))

    assert stories(shuffled) == stories(lines) == stories(lines[::-1])


def test_the_copies_of_a_report_are_one_story() -> None:
    found = stories(wire(0))

    assert found == {frozenset(f"{number}-{copy}" for copy in range(6)) for number in range(12)}
