"""The labels of the demo's wire are of its items, all of them, and say nothing its times contradict."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.demo.dispatch import SampleItem
from aggregator.demo.samples import load

LABELS = Path(__file__).parents[2] / "data" / "provenance.yaml"
STORIES: dict[str, dict[str, Any]] = yaml.safe_load(LABELS.read_text("utf-8"))
LABELLED: dict[str, dict[str, Any]] = {
    name: label for story in STORIES.values() for name, label in story["items"].items()
}
WIRE = load()
START = timedelta(0)
VERSIONS = [(f"{item.feed_id}/{item.id}", item) for item in WIRE.items]
ITEMS: dict[str, SampleItem] = dict(reversed(VERSIONS))  # of each item its first version
REVISED = {name for name, item in VERSIONS if item.is_revision}
AGENCIES = {feed.id: feed.agency_id for feed in WIRE.feeds}
FLAGS = {
    "live": lambda name: ITEMS[name].after > START,
    "revised": lambda name: name in REVISED,
    "misdated": lambda name: ITEMS[name].dated_after != ITEMS[name].after,
}


def reported(name: str) -> timedelta:
    """The date the feed gives; one that has yet to come counts for nothing, but when the item is seen."""
    item = ITEMS[name]
    return item.dated_after if item.dated_after <= item.after else max(item.after, START)


def parents(name: str) -> list[str]:
    """All the items that may be its parent."""
    label = LABELLED[name]
    return [one for one in (label["parent"], *label.get("parents_too", ())) if one]


def ancestors(name: str) -> Iterator[str]:
    parent = LABELLED[name]["parent"]
    for _ in LABELLED:
        if parent is None:
            return
        yield parent
        parent = LABELLED[parent]["parent"]
    pytest.fail(f"the ancestors of {name} go round in a circle")


def alternatives(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_item_has_a_label_in_its_story_and_every_label_an_item() -> None:
    labelled = {(story, name) for story, labels in STORIES.items() for name in labels["items"]}
    assert labelled == {(item.story, name) for name, item in ITEMS.items()}


@pytest.mark.parametrize("story", STORIES)
def test_a_story_grows_from_one_item(story: str) -> None:
    names = STORIES[story]["items"]
    [first] = [name for name in names if LABELLED[name]["parent"] is None]
    for name in names:
        assert first in (name, *ancestors(name))


@pytest.mark.parametrize("name", LABELLED)
def test_a_parent_is_an_item_of_the_story_and_not_later(name: str) -> None:
    for parent in parents(name):
        assert parent != name
        assert ITEMS[parent].story == ITEMS[name].story
        assert reported(parent) <= reported(name)


@pytest.mark.parametrize("name", LABELLED)
def test_a_lag_is_the_time_between_parent_and_item(name: str) -> None:
    label = LABELLED[name]
    if label["parent"] is None or any(label.get(flag) for flag in ("live", "misdated")):
        assert label["lag"] is None
    else:
        assert timedelta(minutes=label["lag"]) == reported(name) - reported(label["parent"])


@pytest.mark.parametrize("flag", FLAGS)
def test_what_the_demo_does_with_an_item_is_said_of_it(flag: str) -> None:
    said = {name for name, label in LABELLED.items() if label.get(flag)}
    assert said == {name for name in ITEMS if FLAGS[flag](name)}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_is_led_by_its_origin_and_dated_by_its_earliest_item(story: dict[str, Any]) -> None:
    earliest = min(map(reported, story["items"]))
    assert AGENCIES[story["lead"].partition("/")[0]] == story["origin"]
    for published in alternatives(story["published"]):
        assert reported(published) == earliest
    if story["updated"] is not None:
        assert LABELLED[story["updated"]]["corrects"]


@pytest.mark.parametrize("name", LABELLED)
def test_a_credit_names_another_agency_and_agrees_with_what_is_said_of_it(name: str) -> None:
    label, story = LABELLED[name], STORIES[ITEMS[name].story]
    named = {credit["agency"] for credit in label["credits"]}
    own = AGENCIES[ITEMS[name].feed_id]
    assert named <= set(AGENCIES.values()) - {own}
    for credit in alternatives(label["credit"]):
        if credit is None:
            assert own in (story["origin"], *story.get("origins_too", ()))
        elif credit == "origin":
            assert story["origin"] in named
        elif credit == "other":
            assert named
            assert story["origin"] not in named
        else:
            assert credit in ("none", "unknown")
            assert not named


@pytest.mark.parametrize(
    "name", [name for name, label in LABELLED.items() if label.get("superseded_by")]
)
def test_what_is_superseded_is_the_parent_of_its_correction(name: str) -> None:
    correction = LABELLED[LABELLED[name]["superseded_by"]]
    assert correction["parent"] == name
    assert correction["kind"] == "revision"
    assert correction["corrects"]
