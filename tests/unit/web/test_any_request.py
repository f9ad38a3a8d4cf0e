"""Whatever a request says, it is answered or refused: never an error of ours, never an address elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.cli.page_decisions import PageDecisions
from aggregator.config import OutputSettings
from aggregator.web.app import create_app
from aggregator.web.pages.desk import PARAMS
from tests.contract.samples import unlike
from tests.databases import store_at
from tests.unit.web.conftest import NOON, SETTINGS, Client, explain, fill

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
ODD = (
    *("", "0", "-1", "²", "9" * 30, "9999d", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("\0", "%s", "%(asked)s", '"', "-", "'; --", "a & | !", "\u202e", "\ufdd0", "İ", "本", "🦄"),
    *("http://[", "http://[::1", "//evil.example", "/\\evil.example", "javascript:alert(1)", "../.."),
    *("bg", "bta", "kz1", "skz1", "https://bta.example/bg1", "x" * 5000),
)  # fmt: skip
PAGES = (
    *("/", "/agencies", "/agencies/bta", "/agencies/bta.csv", "/corrections", "/feeds", "/status"),
    *("/decisions", "/decisions.jsonl", "/stories/skz1", "/compare/kz1/bg1", "/opml", "/health"),
    *("/merged.rss", "/merged.atom", "/merged.json"),
)
HEADERS = (
    *("accept-language", "accept-encoding", "if-none-match", "if-modified-since"),
    *("authorization", "origin", "sec_fetch_site", "x-forwarded-for", "content-type"),
)

SOUND = {
    "action": "join",
    "item": "bg2",
    "other": "kz1",
    "story": "",
    "reason": "",
    "decision": "1",
}
HERE = "http://localhost"
REFUSED = {400, 403, 404, 405, 413, 415}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Client]:
    """The pages at one's own computer, where anything can be decided."""
    store = store_at(tmp_path / "any.db", fill)
    minutes = count()
    output = OutputSettings(base_url="http://127.0.0.1:8000", title="Wire")
    with ThreadPoolExecutor(1) as writer:
        app = create_app(
            store,
            SETTINGS.model_copy(update={"output": output}),
            documents={},
            clock=lambda: NOON + timedelta(minutes=next(minutes)),  # so that nobody is too fast
            explain=explain,
            decide=PageDecisions(store, writer, judge=unlike, local_user=None),
        )
        yield Client(app)
    store.close()


def escaped(word: str) -> str:
    return quote(word.encode("utf-8", "replace"), safe="")


def must_be_sound(answer: httpx.Response) -> None:
    assert answer.status_code in {200, 301, 303, 304, 307, 308} | REFUSED
    assert re.match(r"/(?![/\\])", answer.headers.get("location", "/"))


@pytest.mark.parametrize("odd", ODD)
def test_no_address_is_an_error_of_ours(desk: Client, odd: str) -> None:
    for place in ("/", "//", "/stories/", "/compare/", "/compare/kz1/", "/agencies/", "/merged-"):
        for end in ("", "/"):
            must_be_sound(desk.ask(f"{HERE}{place}{escaped(odd)}{end}"))
    for name in (*PARAMS, odd):
        must_be_sound(desk.ask(f"{HERE}/?{escaped(name)}={escaped(odd)}"))
    for name in ("since", "until", "partner"):
        must_be_sound(desk.ask(f"{HERE}/agencies/bta.csv?{name}={escaped(odd)}"))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    page=st.sampled_from(PAGES),
    query=st.lists(
        st.tuples(st.sampled_from(PARAMS), st.sampled_from(ODD) | st.text(max_size=30)), max_size=3
    ),
)
def test_no_question_is_an_error_of_ours(
    desk: Client, page: str, query: list[tuple[str, str]]
) -> None:
    pairs = "&".join(f"{name}={escaped(value)}" for name, value in query)

    must_be_sound(desk.ask(f"{HERE}{page}?{pairs}"))


@pytest.mark.parametrize("odd", [each for each in ODD if each.isascii() and each.isprintable()])
def test_no_header_is_an_error_of_ours(desk: Client, odd: str) -> None:
    for name in HEADERS:
        must_be_sound(desk.ask(f"{HERE}/", **{name: odd}))
        must_be_sound(desk.send(f"{HERE}/decisions", {}, **{name: odd}))


@pytest.mark.parametrize("odd", ODD)
def test_no_form_is_an_error_of_ours(desk: Client, odd: str) -> None:
    token = FORM_TOKEN.search(desk.ask(f"{HERE}/stories/skz1").text)
    assert token
    value = odd.encode("utf-8", "replace").decode()

    for name in SOUND:
        fields = {"form_token": token[1], **SOUND, name: value}
        must_be_sound(desk.send(f"{HERE}/decisions", fields))
    undone = {"form_token": token[1], "action": "undo", "decision": value}
    must_be_sound(desk.send(f"{HERE}/decisions", undone))
