"""Every address, over a real store."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from aggregator.model import (
    Match,
    Member,
    StoryChange,
)
from aggregator.store.store import Store
from aggregator.syndicate.document import Rendered
from tests.unit.web.conftest import NOON, SUMMARISE


class Client(Protocol):
    def ask(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response: ...


Opened = Callable[..., Client]
PAGES = pytest.mark.parametrize("path", ["/", "/stories/skz1", "/agencies", "/feeds", "/nowhere"])


@PAGES
def test_pages_forbid_everything_active(client: Client, path: str) -> None:
    answer = client.ask(path)

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert re.findall("<script[^>]*>", answer.text) == re.findall(
        '<script src="/static/[a-z]+.js" defer>', answer.text
    )
    assert "javascript:" not in answer.text
    assert " style=" not in answer.text


@PAGES
def test_pages_have_language_landmarks_and_feeds(client: Client, path: str) -> None:
    text = client.ask(path).text

    assert '<html lang="en">' in text
    assert text.count("<main") == text.count("<h1") == 1
    assert '<link rel="alternate" type="application/atom+xml"' in text
    assert text.rstrip().endswith("</html>")


def test_what_an_item_says_is_never_markup(client: Client) -> None:
    text = client.ask("/stories/sbg2").text

    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in text
    assert "<img" not in text


def withdraw(store: Store) -> None:
    """Kazinform kills the dry port, which BTA still carries."""

    def killed(members: Sequence[Member], story_id: str) -> StoryChange:
        change = SUMMARISE(members, story_id)
        copy = replace(change.lineages["bg1"], is_stale=True)
        lineages = {**change.lineages, "bg1": copy}
        return replace(change, killed_at=NOON + timedelta(hours=5), lineages=lineages)

    store.summarise_again(["skz1"], summarise=killed)


def test_a_story_that_was_withdrawn_says_so_and_is_listed_only_where_it_is_asked_for(
    client: Client, store: Store
) -> None:
    withdraw(store)

    page = client.ask("/stories/skz1").text
    assert 'Kazinform withdrew this report, <time datetime="2026-11-24T17:00:00Z">' in page
    assert "Still carries the withdrawn report." in page
    assert "/stories/skz1" not in client.ask("/").text
    assert "/stories/skz1" in client.ask("/?killed=1").text
    assert "/stories/skz2" not in client.ask("/?killed=1").text
    assert "/stories/skz1" in client.ask("/?stale=1").text
    assert "/stories/skz2" not in client.ask("/?stale=1").text


def test_who_subscribed_to_a_selection_is_told_of_a_withdrawal(
    client: Client, store: Store
) -> None:
    withdraw(store)

    assert 'ref="urn:x-aggregator:story:skz1"' in client.ask("/merged.atom?language=bg").text
    for extension in ("rss", "json"):
        text = client.ask(f"/merged.{extension}?agency=bta").text
        assert "urn:x-aggregator:story:sbg2" in text
        assert "urn:x-aggregator:story:skz1" not in text


def test_an_unknown_story_is_a_kind_404(client: Client) -> None:
    answer = client.ask("/stories/none")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/merged.rss", "/health"])
def test_only_get_and_head_are_possible(client: Client, path: str, method: str) -> None:
    answer = client.ask(path, method=method)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/agencies", "/stories/skz1", "/health", "/opml"])
def test_head_is_answered_everywhere(client: Client, path: str) -> None:
    answer = client.ask(path, method="HEAD")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_question_that_cannot_be_understood_is_a_sentence(client: Client) -> None:
    page, feed = client.ask("/?agency=tass"), client.ask("/merged.rss?min_items=x")

    assert (page.status_code, feed.status_code) == (400, 400)
    assert "there is no such agency" in page.text
    assert feed.headers["content-type"].startswith("text/plain")
    assert '"min_items" must be a whole number' in feed.text


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_a_feed_can_be_asked_a_question(client: Client, extension: str) -> None:
    text = client.ask(f"/merged.{extension}?min_items=2&language=bg").text

    assert "urn:x-aggregator:story:skz1" in text
    assert "urn:x-aggregator:story:skz2" not in text
    assert f"https://wire.example/merged.{extension}?language=bg&" in text


def test_a_feed_asked_twice_is_unchanged_until_a_story_changes(client: Client) -> None:
    tag = client.ask("/merged.atom?language=bg").headers["etag"]

    assert client.ask("/merged.atom?language=bg", If_None_Match=tag).status_code == 304


def test_a_feed_that_is_not_published_yet_is_rendered(client: Client) -> None:
    feed = json.loads(client.ask("/merged.json").content)

    assert [entry["_aggregator"]["id"] for entry in feed["items"]] == ["sbg2", "skz2", "skz1"]


def test_an_archive_is_served_from_the_documents(
    client: Client, documents: dict[str, Rendered]
) -> None:
    answer = client.ask("/merged-2026-11-23.rss")

    assert answer.content == documents["merged-2026-11-23.rss"].body
    assert answer.headers["etag"] == documents["merged-2026-11-23.rss"].etag


@pytest.mark.parametrize(
    "path", ["/merged-2026-01-01.rss", "/merged-x.rss", "/merged.xml", "/..%2f..%2fetc%2fpasswd"]
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.ask(path).status_code == 404


def test_subscriptions_can_be_taken_away(client: Client) -> None:
    answer = client.ask("/opml")

    assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
    assert 'xmlUrl="https://bta.example/bg.rss"' in answer.text
    assert 'text="BTA"' in answer.text


def test_metrics_are_passed_on(opened: Opened) -> None:
    answer = opened(metrics=lambda: b"aggregator_polls_total 3\n").ask("/metrics")

    assert answer.content == b"aggregator_polls_total 3\n"
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_without_metrics_there_is_no_such_address(client: Client) -> None:
    assert client.ask("/metrics").status_code == 404


def test_health_counts_feeds(client: Client) -> None:
    answer = client.ask("/health")

    assert answer.status_code == 200
    assert answer.json()["feeds"] == {"failing": 1, "ok": 2}


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("style.css", "text/css"), ("desk.js", "text/javascript"), ("icon.svg", "image/svg+xml")],
)
def test_what_pages_are_made_with_is_served_and_asked_for_again(
    client: Client, name: str, media_type: str
) -> None:
    answer = client.ask(f"/static/{name}")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    tag = answer.headers["etag"]
    assert client.ask(f"/static/{name}", If_None_Match=tag).status_code == 304


def test_a_store_that_fails_is_a_kind_503_and_feeds_go_on(
    client: Client, store: Store, tmp_path: Path
) -> None:
    store.close()
    (tmp_path / "wire.db").write_bytes(b"no database at all" * 500)
    for leftover in tmp_path.glob("wire.db-*"):
        leftover.unlink()

    assert client.ask("/").status_code == 503
    assert client.ask("/merged.json").status_code == 503
    assert client.ask("/health").status_code == 503
    assert client.ask("/merged.rss").status_code == 200
    assert "Traceback" not in client.ask("/").text


def test_an_unexpected_error_says_where_it_is_logged_and_not_what_it_is(opened: Opened) -> None:
    def broken(a: str, b: str) -> Match:
        raise ZeroDivisionError

    answer = opened(explain=broken).ask("/compare/bg1/kz1")

    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert "daemon&#39;s log, below &#39;Exception in ASGI application&#39;" in answer.text
    assert "report it" in answer.text
