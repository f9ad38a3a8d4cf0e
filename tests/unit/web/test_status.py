"""`/status`: whether all of it works, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import httpx

from aggregator.web.health import Health
from tests.unit.web.conftest import NOON


class Client(Protocol):
    def ask(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response: ...


Opened = Callable[..., Client]
NOW = NOON + timedelta(hours=6)  # of the pages
WELL = Health(started_at=NOON, ticked_at=NOW, published_at=NOON + timedelta(hours=5))


def test_what_works_says_so_and_since_when(opened: Opened) -> None:
    text = opened(health=lambda: WELL).ask("/status").text

    assert "All of it works." in text
    assert '<time datetime="2026-11-24T12:00:00Z">' in text
    assert '<time datetime="2026-11-24T17:00:00Z">' in text


def test_feeds_are_counted_by_how_they_are_doing(opened: Opened) -> None:
    text = " ".join(opened(health=lambda: WELL).ask("/status").text.split())

    assert '<dt>Feeds: failing</dt><dd><a href="/feeds">1</a></dd>' in text
    assert '<dt>Feeds: ok</dt><dd><a href="/feeds">2</a></dd>' in text


def test_problems_are_told_as_soon_as_there_are_any(opened: Opened) -> None:
    told = [WELL]
    client = opened(health=lambda: told[-1])
    assert "All of it works." in client.ask("/status").text

    told.append(replace(WELL, problems=("the disk is <full>",)))
    text = client.ask("/status").text

    assert "Something is wrong." in text
    assert "the disk is &lt;full&gt;" in text


def test_a_clock_that_stopped_is_a_problem_here_as_in_health(opened: Opened) -> None:
    client = opened(health=lambda: replace(WELL, ticked_at=NOW - timedelta(minutes=5)))

    text = client.ask("/status").text

    for problem in client.ask("/health").json()["problems"]:
        assert problem in text
    assert "All of it works." not in text


def test_where_no_daemon_runs_nothing_is_said_of_one(client: Client) -> None:
    text = client.ask("/status").text

    assert "All of it works." not in text
    assert "nothing says whether the daemon does" in text
