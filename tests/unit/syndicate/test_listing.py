"""The JSON contract."""

import json
from dataclasses import replace
from typing import Any

from aggregator.model import Replacement, Story
from aggregator.syndicate import listing

CONTRACT = [
    "id",
    "agency",
    "feed",
    "language",
    "title",
    "link",
    "published_at",
    "seen_at",
    "kind",
    "score",
    "credited",
]


def test_a_story_is_listed_as_the_contract_says(story: Story) -> None:
    listed = json.loads(json.dumps(listing.as_json([story])))["stories"][0]

    assert listed["id"] == "skz1"
    assert listed["title"] == "Dry port opens at Saryagash"
    assert listed["link"] == "https://kazinform.example/en/kz1"
    assert (listed["lead"], listed["origin"]) == ("kz1", "kazinform")
    assert listed["first_seen_at"] == listed["updated_at"] == "2026-11-24T12:02:00Z"
    assert list(listed["items"][0])[: len(CONTRACT)] == CONTRACT


def test_the_first_item_has_no_kind_and_no_score(story: Story) -> None:
    first = json.loads(json.dumps(listing.as_json([story])))["stories"][0]["items"][0]

    assert (first["kind"], first["score"], first["credited"]) == (None, None, None)


def test_a_copy_tells_kind_score_lag_and_reason(story: Story) -> None:
    listed = json.loads(json.dumps(listing.as_json([story])))["stories"][0]["items"][2]

    assert listed["kind"] == "translation"
    assert listed["score"] == 0.9346
    assert listed["credited"] is True
    assert listed["lag_seconds"] == 7500
    assert listed["published_at"] == "2026-11-24T14:05:00Z"
    assert (listed["rule"], listed["reason"]) == (
        "facts",
        "The same figures and names stand in both.",
    )


ADDED = {"parent", "credits", "credit", "lag_s", "stale", "edition", "superseded_by", "corrects"}


def listed(story: Story) -> dict[str, Any]:
    """The story as another program reads it."""
    found: dict[str, Any] = json.loads(json.dumps(listing.as_json([story])))["stories"][0]
    return found


def test_what_was_added_to_the_contract_is_said_of_every_item_and_story(story: Story) -> None:
    told = listed(story)

    assert all(item.keys() >= ADDED for item in told["items"])
    assert (told["published_at"], told["killed_at"]) == ("2026-11-24T12:00:00Z", None)


def test_an_item_tells_whom_it_was_taken_from_and_whom_it_credits(story: Story) -> None:
    first, edition, translation, copy = listed(story)["items"]

    assert [one["parent"] for one in (first, edition, translation, copy)] == [
        None,
        "kz1",
        "kz1",
        "kz1",
    ]
    assert [one["lag_s"] for one in (first, edition, translation, copy)] == [
        None,
        600,
        7500,
        180_000,
    ]
    assert [one["credit"] for one in (first, edition, translation, copy)] == [
        None,
        None,
        "origin",
        "none",
    ]
    assert [one["edition"] for one in (first, edition, translation, copy)] == [
        False,
        True,
        False,
        False,
    ]
    assert translation["credits"] == [
        {
            "agency": "kazinform",
            "phrase": "съобщи Казинформ",
            "agreement": False,
            "background": False,
        }
    ]
    assert (copy["credits"], copy["corrects"], copy["superseded_by"]) == ([], [], None)


def test_a_correction_and_what_still_carries_the_old_fact_are_told(story: Story) -> None:
    first, edition, translation, copy = story.members
    superseded = replace(first, lineage=replace(first.lineage, superseded_by="kz2"))
    pairs = (Replacement(old="40 wagons", new="50 wagons"),)
    corrected = replace(edition, lineage=replace(edition.lineage, corrects=pairs))
    stale = replace(copy, lineage=replace(copy.lineage, is_stale=True))

    told = listed(replace(story, members=(superseded, corrected, translation, stale)))["items"]

    assert told[0]["superseded_by"] == "kz2"
    assert told[1]["corrects"] == [{"old": "40 wagons", "new": "50 wagons"}]
    assert [one["stale"] for one in told] == [False, False, False, True]


def test_a_withdrawn_story_tells_when_it_was_withdrawn(story: Story) -> None:
    killed = replace(story, killed_at=story.first_seen_at)

    assert listed(killed)["killed_at"] == "2026-11-24T12:02:00Z"


def test_a_related_story_tells_its_agency_language_and_time(story: Story) -> None:
    (related,) = listed(story)["related"]

    assert (related["story"], related["agency"], related["language"], related["reported_at"]) == (
        "skz9",
        "bta",
        "en",
        "2026-11-24T09:00:00Z",
    )


def test_only_addresses_of_the_web_are_listed(story: Story) -> None:
    first = replace(story.members[0], item=replace(story.lead, link="javascript:alert(1)"))

    listed = json.loads(json.dumps(listing.as_json([replace(story, members=(first,))])))

    assert (listed["stories"][0]["link"], listed["stories"][0]["items"][0]["link"]) == (None, None)


def test_no_stories_are_an_empty_list() -> None:
    assert listing.as_json([]) == {"stories": []}
