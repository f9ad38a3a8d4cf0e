"""What is said of every item of the demo, against `tests/data/provenance.yaml`, which was written by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.acceptance.harness import House
from tests.labelled import ROOT, Tally

LABELS: dict[str, Any] = yaml.safe_load((ROOT / "tests/data/provenance.yaml").read_text("utf-8"))
# Copies that matching leaves stories of their own, which costs a line each. What is said of the others is right.
APART = {
    "bta-en/bled-newspapers",
    "bta-bg/bled-vestnitsi",
    "sta-en/under-17-bulgaria",
}


@pytest.mark.slow
def test_what_the_demonstration_says_of_each_item_is_true(house: House) -> None:
    done = house.run("demo", "--once", "--json", timeout_seconds=300)
    assert done.returncode == 0, done.stderr

    tally = compared(json.loads(done.stdout)["stories"])

    assert not any(tally.wrong.values()), str(tally)


def compared(stories: list[Any]) -> Tally:
    """The statements about the demo's items against their labels; those that stand apart are left out."""
    tally = Tally()
    said = {_name(item): (item, story) for story in stories for item in story["items"]}
    names = {item["id"]: name for name, (item, _) in said.items()}
    for title, labels in LABELS.items():
        together = [name for name in labels["items"] if name not in APART]
        homes = {said[name][1]["id"] for name in together}
        tally.note("one story", len(homes), 1, title)
        story = said[together[0]][1]
        tally.note("origin", story["origin"], _alternatives(labels, "origin"), title)
        tally.note("lead", names[story["lead"]], _alternatives(labels, "lead"), title)
        tally.note("killed", story["killed_at"] is not None, labels["killed"], title)
        reported = {names[item["id"]]: item["reported_at"] for item in story["items"]}
        first = labels["published"]
        firsts = first if isinstance(first, list) else [first]
        dates = [reported[name] for name in firsts if name in reported]
        tally.note("published", story["published_at"], dates, title)
        for name in together:
            _note_item(tally, name, said[name][0], labels["items"][name], names)
    return tally


def _note_item(
    tally: Tally,
    name: str,
    said: Mapping[str, Any],
    label: Mapping[str, Any],
    names: Mapping[str, str],
) -> None:
    parent = names.get(said["parent"])
    tally.note("parent", parent, _alternatives(label, "parent"), name)
    if parent == label["parent"]:
        tally.note("kind", said["kind"], label["kind"], name)
        if label["lag"] is not None:
            tally.note("lag", said["lag_s"], label["lag"] * 60, name)
    named = {(c["agency"], c["agreement"], c["background"]) for c in said["credits"]}
    wanted = {
        (c["agency"], c.get("agreement", False), c.get("background", False))
        for c in label["credits"]
    }
    tally.note("credits", sorted(named) == sorted(wanted), True, f"{name} {named} {wanted}")
    tally.note("credit", said["credit"], label["credit"], name)
    for flag in ("edition", "stale"):
        tally.note(flag, said[flag], label[flag], name)
    tally.note("undecided", said["undecided"], label.get("undecided", False), name)
    tally.note("superseded", names.get(said["superseded_by"]), label.get("superseded_by"), name)
    if not label.get("revised"):  # its first version is not served any more
        figures = [[_figure(c["old"]), _figure(c["new"])] for c in said["corrects"]]
        tally.note("corrects", figures == label.get("corrects", []), True, f"{name} {figures}")


def _alternatives(labels: Mapping[str, Any], key: str) -> list[Any]:
    """What is right under a key: its value, and those that the rules leave open."""
    return [labels[key], *labels.get(f"{key}s_too", ())]


def _figure(fact: str) -> str:
    """A fact without its scale word: "3,2 тыс" is labelled "3,2"."""
    return fact.split(" ", maxsplit=1)[0]


def _name(item: Mapping[str, Any]) -> str:
    """The feed and id of an item of the demo, by the end of its address."""
    return f"{item['feed']}/{item['link'].rpartition('/')[2]}"
