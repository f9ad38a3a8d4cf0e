"""`/agencies`: who carries whom, and the agencies with their names and feeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import httpx
import pytest

from aggregator.model import Member, StoryChange
from aggregator.store.store import Store
from tests.unit.web.conftest import NOON, SETTINGS, SUMMARISE


class Client(Protocol):
    def ask(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response: ...


Opened = Callable[..., Client]


def cells(text: str) -> list[str]:
    """The words of the cells with a number, in the order of the page."""
    found = re.findall(r'<td class="shade-\d">(.*?)</td>', text, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", each).split()) for each in found]


def test_a_cell_says_how_many_how_late_and_credited_of_how_many(client: Client) -> None:
    text = client.ask("/agencies").text

    assert cells(text) == ["1 30 min 100% of 1"]
    assert 'href="/?origin=kazinform&amp;carried_by=bta&amp;since=7d"' in text
    assert "1 outlet, one source" in text


def test_a_cell_leads_to_the_stories_it_counts(client: Client) -> None:
    assert client.ask("/?origin=kazinform&carried_by=bta&since=7d").status_code == 200


def test_of_another_span_nothing_is_told(client: Client) -> None:
    text = client.ask("/agencies?since=2026-11-01&until=2026-11-02").text

    assert cells(text) == []
    assert "nobody carried a report of another" in text


@pytest.mark.parametrize("query", ["since=soon", "since=400d", "since=2030-01-01", "origin=bta"])
def test_a_span_that_cannot_be_meant_is_refused(client: Client, query: str) -> None:
    assert client.ask(f"/agencies?{query}").status_code == 400


def test_names_in_every_script_feeds_and_stories_are_shown(client: Client) -> None:
    text = client.ask("/agencies").text

    assert '<span dir="auto">БТА</span>' in text
    assert 'href="https://kz.example/kk.rss"' in text
    assert '<a href="/?agency=kazinform">2 stories</a>' in text
    assert '<a href="/agencies/bta">BTA</a>' in text


def test_that_withdrawn_stories_are_counted_is_said(client: Client, store: Store) -> None:
    def killed(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(SUMMARISE(members, story_id), killed_at=NOON + timedelta(hours=5))

    store.summarise_again(["skz1"], summarise=killed)

    text = client.ask("/agencies").text

    assert text.count("2 stories</a>") == 2
    assert "counts include withdrawn stories" in text


def test_what_was_carried_by_most_is_named_with_its_origin(client: Client) -> None:
    text = client.ask("/agencies").text.partition("Carried by most")[2]

    assert 'href="/stories/skz1"' in text
    assert "1 outlet, one source: Kazinform" in text


def test_an_agency_that_is_not_configured_any_more_has_no_page_to_link_to(opened: Opened) -> None:
    left = SETTINGS.model_copy(update={"agencies": SETTINGS.agencies[:1]})

    text = opened(settings=left).ask("/agencies").text

    assert cells(text) == ["1 30 min 100% of 1"]
    assert "/agencies/kazinform" not in text
    assert "origin=kazinform" not in text


def test_below_a_path_every_link_stays_below_it(opened: Opened) -> None:
    output = SETTINGS.output.model_copy(update={"base_url": "https://wire.example/wire"})
    below = SETTINGS.model_copy(update={"output": output})

    for path in ("/agencies", "/agencies/bta?partner=kazinform", "/feeds", "/corrections"):
        content = opened(settings=below).ask(path).text.partition("<main")[2].partition("</main")[0]
        internal = re.findall(r'(?:href|action)="(/[^"]*)"', content)
        assert internal
        assert [each for each in internal if not each.startswith("/wire")] == []
