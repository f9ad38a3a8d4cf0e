"""What a form decides is done, told, and can be undone; what should not be done is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import httpx
import pytest
from pydantic import SecretStr

from aggregator.cli import page_decisions
from aggregator.cli.page_decisions import PageDecisions
from aggregator.config import OutputSettings, ServerSettings
from aggregator.errors import StoreBusyError
from aggregator.i18n import translator
from aggregator.model import Action
from aggregator.store.store import Store
from aggregator.web.access.forms import DecisionRequest
from aggregator.web.templates import Templates
from tests.contract.samples import unlike
from tests.unit.web.conftest import SETTINGS, Client, Opened

TOKEN = "a-token-of-anybody"
AT_HOME = SETTINGS.model_copy(
    update={"output": OutputSettings(base_url="http://127.0.0.1:8000", title="Wire")}
)
WITH_TOKEN = SETTINGS.model_copy(update={"server": ServerSettings(token=SecretStr(TOKEN))})


@pytest.fixture
def writer() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def decide(store: Store, writer: ThreadPoolExecutor) -> PageDecisions:
    return PageDecisions(store, writer, judge=unlike, local_user="mira")


@pytest.fixture
def desk(opened: Opened, decide: PageDecisions, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The pages at one's own computer, with a token in their forms that the test knows."""
    monkeypatch.setattr("aggregator.web.app.secrets.token_urlsafe", lambda: "token")
    return opened(settings=AT_HOME, decide=decide)


def send(client: Client, **fields: str) -> httpx.Response:
    return client.send("/decisions", {"form_token": "token", **fields}, host="localhost")


def story_of(store: Store, item_id: str) -> str:
    return store.story_of(item_id).id


def page(client: Client, path: str = "/decisions") -> str:
    return client.ask(path, host="localhost").text


# ------------------------------------------------------------------------------------- what is done


def test_an_item_is_split_off_with_a_reason(desk: Client, store: Store) -> None:
    answer = send(desk, action="split", item="bg1", reason="Another port")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/stories/{story_of(store, 'bg1')}#decide"
    assert story_of(store, "bg1") != story_of(store, "kz1")
    made = store.decisions_made()[0].decision
    assert (made.action, made.made_by, made.reason) == (Action.SPLIT, "mira", "Another port")


@pytest.mark.parametrize(
    "other",
    [
        "kz1",
        "skz1",
        "https://kazinform.example/kz1",
        "http://127.0.0.1:8000/stories/skz1#decide",
        "https://elsewhere.example/wire/stories/skz1?prefer=bg",
    ],
)
def test_a_report_is_joined_with_another_however_that_is_named(
    desk: Client, store: Store, other: str
) -> None:
    answer = send(desk, action="join", item="bg2", other=other)

    assert answer.headers["location"] == "/stories/skz1#decide"
    assert story_of(store, "bg2") == "skz1"


def test_an_item_is_made_the_lead(desk: Client, store: Store) -> None:
    assert send(desk, action="lead", item="bg1").status_code == 303
    assert store.story("skz1").lead_id == "bg1"


def test_the_last_decision_is_undone_on_the_page(desk: Client, store: Store) -> None:
    send(desk, action="split", item="bg1")
    number = re.search(r'name="decision" value="(\d+)"', page(desk))
    assert number

    answer = send(desk, action="undo", decision=number[1])

    assert (answer.status_code, answer.headers["location"]) == (303, "/decisions")
    assert story_of(store, "bg1") == "skz1"
    assert 'class="undone"' in page(desk)
    assert "Undo this" not in page(desk)


def test_decisions_of_others_are_made_in_their_name(
    opened: Opened, decide: PageDecisions, store: Store
) -> None:
    client = replace(opened(settings=WITH_TOKEN, decide=decide), peer="192.0.2.4")
    asked = client.send("/decisions", {"action": "split", "item": "bg1"})
    known = {"authorization": f"Bearer {TOKEN}"}
    forged = client.send("/decisions", {"action": "split", "item": "bg1"}, **known)

    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith("Basic")
    assert forged.status_code == 403  # the token of a person is not that of the page
    assert not store.decisions_made()


# ---------------------------------------------------------------------------------- what is not done


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"form_token": ""}, 403, "Load it again"),
        ({"form_token": "of another run"}, 403, "Load it again"),
        ({"action": "burn"}, 400, "There is no such decision"),
        ({"action": "join"}, 400, "Write the address or the id"),
        ({"action": "join", "other": "kz1"}, 400, "already in one story"),
        ({"action": "join", "other": "nothing-known"}, 404, 'value="nothing-known"'),
        ({"action": "join", "other": "https://x.example/stories/none"}, 404, "There is no item"),
        ({"action": "join", "other": "http://["}, 404, "There is no item"),
        ({"item": "none"}, 404, "There is no item"),
        ({"item": "kz2"}, 400, "nothing to split"),
        ({"action": "undo", "decision": "1"}, 400, "no longer the last decision"),
        ({"reason": "x" * 501}, 400, "at most 500 characters"),
        ({"reason": "x" * 70_000}, 413, "64 KiB"),
    ],
)
def test_what_cannot_be_decided_is_a_page_and_changes_nothing(
    desk: Client, store: Store, fields: dict[str, str], status: int, words: str
) -> None:
    before = store.version()
    answer = send(desk, **{"action": "split", "item": "bg1", **fields})

    assert answer.status_code == status
    assert words in answer.text
    assert answer.text.count("<h1") == 1
    assert (store.version(), store.decisions_made()) == (before, [])


def test_a_page_elsewhere_decides_nothing(desk: Client, store: Store) -> None:
    fields = {"form_token": "token", "action": "split", "item": "bg1"}
    forged = desk.send("/decisions", fields, host="localhost", sec_fetch_site="cross-site")

    assert forged.status_code == 403
    assert not store.decisions_made()


def test_a_decision_that_is_no_longer_the_last_is_not_undone(desk: Client, store: Store) -> None:
    send(desk, action="split", item="bg1")
    first = str(store.decisions_made()[0].decision.id)
    send(desk, action="join", item="bg2", other="kz2")

    assert send(desk, action="undo", decision=first).status_code == 400
    assert [record.undone_at for record in store.decisions_made()] == [None, None]


@pytest.mark.parametrize("action", ["split", "lead", "join"])
def test_an_item_that_was_moved_since_it_was_seen_stays_where_it_is(
    desk: Client, store: Store, action: str
) -> None:
    send(desk, action="split", item="bg1", story="skz1")
    send(desk, action="join", item="bg1", other="bg2")
    there = store.story_of("bg1")

    late = send(desk, action=action, item="bg1", story="skz1", other="kz2")

    assert late.status_code == 400
    assert "bg1 is in another story now" in late.text
    assert store.story_of("bg1") == there


def test_a_story_that_was_joined_since_is_the_same_to_whoever_saw_it(
    desk: Client, store: Store
) -> None:
    send(desk, action="join", item="bg2", other="kz1")

    assert send(desk, action="split", item="bg2", story="sbg2").status_code == 303
    assert len(store.story("skz1").members) == 2


def test_a_form_sent_twice_decides_once(desk: Client, store: Store) -> None:
    for fields in (
        {"action": "lead", "item": "bg1"},
        {"action": "split", "item": "bg1"},
        {"action": "join", "item": "bg1", "other": "kz2"},
        {"action": "undo", "decision": "3"},
    ):
        assert [send(desk, **fields).status_code for _ in range(2)] == [303, 400]
    assert len(store.decisions_made()) == 3


def test_who_decides_too_fast_waits(desk: Client) -> None:
    answers = [send(desk, action="split", item="none") for _ in range(61)]

    assert [answer.status_code for answer in answers[-2:]] == [404, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_what_the_writer_has_no_time_for_is_not_decided_later(
    store: Store, writer: ThreadPoolExecutor, decide: PageDecisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_decisions, "WAIT_SECONDS", 0.01)
    done = Event()
    writer.submit(done.wait)
    try:
        with pytest.raises(StoreBusyError):
            decide(DecisionRequest(action=Action.SPLIT, item="bg1"))
    finally:
        done.set()
    writer.submit(int).result()

    assert not store.decisions_made()


# -------------------------------------------------------------------------------- where nobody can


def test_without_anybody_who_could_decide_there_are_no_forms(
    opened: Opened, decide: PageDecisions
) -> None:
    for client in (opened(settings=SETTINGS, decide=decide), opened(settings=AT_HOME)):
        answer = client.send("/decisions", {"action": "split", "item": "bg1"}, host="localhost")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert client.ask("/decisions", host="localhost").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_the_list_is_read_or_sent_a_form(desk: Client, method: str) -> None:
    answer = desk.ask("/decisions", method=method, host="localhost")

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_each_run_has_a_token_of_its_own(opened: Opened, decide: PageDecisions) -> None:
    first, second = (opened(settings=AT_HOME, decide=decide) for _ in range(2))
    send(first, action="split", item="bg1")
    decide(DecisionRequest(action=Action.SPLIT, item="bg1"))
    tokens = {
        re.findall(r'"form_token" value="(.{40,})"', page(each))[0] for each in (first, second)
    }

    assert len(tokens) == 2


# ---------------------------------------------------------------------------------------- the pages


def test_the_list_says_who_decided_what_and_why(desk: Client) -> None:
    send(desk, action="split", item="bg1", reason="<b>Another</b> port")
    text = page(desk)

    for words in ("mira", "Split off", "&lt;b&gt;Another&lt;/b&gt; port", "In force"):
        assert words in text
    assert '<span dir="auto" lang="bg">Сухо пристанище в Саръагаш</span>' in text
    assert 'href="/compare/bg1/kz1"' in text


def test_the_file_has_what_is_in_force(desk: Client, store: Store) -> None:
    send(desk, action="split", item="bg1", reason="Another port")
    send(desk, action="join", item="bg2", other="kz2")
    last = str(store.decisions_made()[0].decision.id)
    send(desk, action="undo", decision=last)
    filed = desk.ask("/decisions.jsonl", host="localhost")

    assert filed.headers["content-type"].startswith("application/jsonl")
    (one,) = [json.loads(line) for line in filed.text.splitlines()]
    assert (one["decision"], one["item"]["id"], one["reason"]) == ("split", "bg1", "Another port")


def forms_of(store: Store, story_id: str, token: str | None = "token") -> str:
    """What the page of a story has of forms."""
    templates = Templates(AT_HOME, form_token=token)
    shown = templates.page(
        "_decide.html", {"story": store.story(story_id)}, speech=translator("en")
    )
    return Client(shown).ask("/").text


def test_every_item_of_a_story_can_be_split_off_or_made_the_lead(store: Store) -> None:
    text = forms_of(store, "skz1")

    assert re.findall(r'name="item" value="(\w+)"', text) == ["kz1", "bg1", "kz1"]
    assert text.count('name="action" value="split"') == text.count('value="lead"') == 2
    assert text.count(" disabled") == 1  # the lead is it already
    assert text.count('name="form_token" value="token"') == 3
    assert text.count('name="reason"') == 3


def test_a_report_that_is_alone_can_only_be_joined(store: Store) -> None:
    assert re.findall(r'name="action" value="(\w+)"', forms_of(store, "skz2")) == ["join"]


def test_what_an_item_says_is_no_markup_in_a_form(store: Store) -> None:
    assert "<script" not in forms_of(store, "sbg2")


def test_without_a_token_for_forms_there_is_a_sentence(store: Store) -> None:
    text = forms_of(store, "skz1", None)

    assert "<form" not in text
    assert 'id="decide"' in text
