"""`/corrections`: the old fact, the new one, and who still carries the old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import httpx

from aggregator.model import Member, Notice, Replacement, StoryChange
from aggregator.store.store import Store
from tests.unit.web.conftest import NOON, SUMMARISE, revise


class Client(Protocol):
    def ask(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response: ...


NOTHING = "Nothing was corrected or withdrawn in this span."


def with_stale_copy(members: Sequence[Member], story_id: str) -> StoryChange:
    change = SUMMARISE(members, story_id)
    stale = replace(change.lineages["bg1"], is_stale=True)
    return replace(change, lineages={**change.lineages, "bg1": stale})


def withdrawn(members: Sequence[Member], story_id: str) -> StoryChange:
    change = with_stale_copy(members, story_id)
    return replace(change, killed_at=NOON + timedelta(hours=5))


def test_where_nothing_was_corrected_the_page_says_so(client: Client) -> None:
    assert NOTHING in client.ask("/corrections").text


def test_the_old_fact_is_struck_the_new_one_marked_with_who_and_when(
    client: Client, store: Store
) -> None:
    revise(store, summarise=with_stale_copy, corrects=(Replacement(old="Forty", new="Fifty"),))

    text = client.ask("/corrections").text

    assert '<del dir="auto">Forty</del> → <ins dir="auto">Fifty</ins>' in text
    assert 'Kazinform, English, <time datetime="2026-11-24T14:00:00Z">' in text


def test_who_still_carries_the_old_is_named_with_the_time_of_its_report(
    client: Client, store: Store
) -> None:
    revise(store, summarise=with_stale_copy, corrects=(Replacement(old="Forty", new="Fifty"),))

    text = client.ask("/corrections").text.partition("Copies that still have an old fact")[2]

    assert "<strong>BTA</strong>, Bulgarian" in text
    assert 'href="/stories/skz1#bg1"' in text
    assert '<time datetime="2026-11-24T12:30:00Z">' in text


def test_a_correction_of_facts_that_are_not_known_is_not_given_any(
    client: Client, store: Store
) -> None:
    revise(store, notice=Notice.CORRECTION)

    text = client.ask("/corrections").text

    assert "which facts it replaces is not known" in text
    assert "<del" not in text
    assert "No copy that we hold still carries the old." in text


def test_a_withdrawn_report_is_shown_with_who_still_shows_it(client: Client, store: Store) -> None:
    store.summarise_again(["skz1"], summarise=withdrawn)

    text = client.ask("/corrections").text

    assert "Withdrawn by Kazinform" in text
    assert '<time datetime="2026-11-24T17:00:00Z">' in text
    assert "<strong>BTA</strong>" in text.partition("Copies that were not withdrawn")[2]


def test_only_the_stories_of_an_agency_are_shown_where_one_is_asked_for(
    client: Client, store: Store
) -> None:
    store.summarise_again(
        ["skz2"],
        summarise=lambda members, story_id: replace(
            SUMMARISE(members, story_id), killed_at=NOON + timedelta(hours=5)
        ),
    )

    assert NOTHING in client.ask("/corrections?agency=bta").text
    assert "/stories/skz2" in client.ask("/corrections?agency=kazinform").text
    assert client.ask("/corrections?agency=tass").status_code == 400
