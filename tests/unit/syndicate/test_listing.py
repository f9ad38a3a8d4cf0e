"""The JSON contract."""

import json
from dataclasses import replace

from aggregator.model import Story
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


def test_only_addresses_of_the_web_are_listed(story: Story) -> None:
    first = replace(story.members[0], item=replace(story.lead, link="javascript:alert(1)"))

    listed = json.loads(json.dumps(listing.as_json([replace(story, members=(first,))])))

    assert (listed["stories"][0]["link"], listed["stories"][0]["items"][0]["link"]) == (None, None)


def test_no_stories_are_an_empty_list() -> None:
    assert listing.as_json([]) == {"stories": []}
