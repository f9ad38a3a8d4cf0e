"""Which forms are taken: those of our own pages, whole and within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from aggregator.errors import RequestError, UsageError
from aggregator.model import Action
from aggregator.web.access import forms
from aggregator.web.access.forms import DecisionRequest

PUBLIC = "https://wire.example/desk"


def request(
    body: bytes = b"", headers: Mapping[str, str] | None = None, *, piece: int = 1000
) -> Request:
    """A request whose body comes in pieces."""
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)] or [b""]

    async def receive() -> Message:
        part = pieces.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(pieces)}

    named = {"content-type": forms.MEDIA_TYPE, "host": "wire.example", **(headers or {})}
    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    return Request(scope, receive)


def refusal(asked: Request) -> int:
    with pytest.raises(RequestError) as refused:
        asyncio.run(forms.read(asked))
    return refused.value.status


# --------------------------------------------------------------------------------------------- body


@given(st.dictionaries(st.from_regex("[a-z_]{1,9}", fullmatch=True), st.text(), max_size=20))
def test_a_form_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    read = asyncio.run(forms.read(request(urlencode(sent).encode(), piece=7)))

    assert read.keys() == fields.keys()
    for value in read.values():
        assert value.isprintable()
        assert value == " ".join(value.split())


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    with suppress(RequestError):
        asyncio.run(forms.read(request(body)))


def test_a_form_that_breaks_off_is_refused() -> None:
    parts: list[Message] = [
        {"type": "http.request", "body": b"reason=The", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return parts.pop(0)

    assert refusal(Request(request().scope, receive)) == 400


def test_a_form_in_cyrillic_arrives() -> None:
    body = urlencode({"reason": "Друго\r\nземетресение"}).encode()

    assert asyncio.run(forms.read(request(body))) == {"reason": "Друго земетресение"}


def test_a_body_has_bounds() -> None:
    most = b"a=" + b"b" * (forms.MAX_BODY - 2)

    assert len(asyncio.run(forms.read(request(most)))["a"]) == forms.MAX_BODY - 2
    assert refusal(request(most + b"b")) == 413
    assert refusal(request(b"&".join(b"a=b" for _ in range(21)))) == 400


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "multipart/form-data; boundary=x", "application/json"]
)
def test_only_forms_are_read(media_type: str) -> None:
    assert refusal(request(b"a=b", {"content-type": media_type})) == 415


def test_a_form_may_name_its_charset() -> None:
    asked = request(b"a=b", {"content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"})

    assert asyncio.run(forms.read(asked)) == {"a": "b"}


# ----------------------------------------------------------------------------------------- its page


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"sec-fetch-site": "none"},
        {"origin": "https://wire.example"},
        {"origin": "http://wire.example"},
        {"origin": "http://10.0.0.5:8000", "host": "10.0.0.5:8000"},
        {"origin": "https://wire.example", "host": "backend:8000"},  # a proxy that names itself
        {},  # no browser: what has no form's token does nothing either
    ],
)
def test_forms_of_our_pages_are_taken(headers: dict[str, str]) -> None:
    forms.refuse_strangers(request(headers=headers).scope, PUBLIC)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://wire.example"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": ""},
        {"origin": "https://evil.example"},
        {"origin": "https://wire.example.evil.example"},
        {"origin": "https://wire.example:8443"},
        {"origin": "null"},
        {"origin": "", "host": "wire.example"},
        {"origin": "null", "host": ""},
        {"origin": "http://["},
        {"origin": "http://[::1"},
    ],
)
def test_forms_of_other_pages_are_not(headers: dict[str, str]) -> None:
    with pytest.raises(RequestError) as refused:
        forms.refuse_strangers(request(headers=headers).scope, PUBLIC)
    assert refused.value.status == 403


@pytest.mark.parametrize("given_token", [None, "", "tokeN", "token2", "жетон"])
def test_a_form_without_the_token_of_its_page_is_refused(given_token: str | None) -> None:
    fields = {} if given_token is None else {"form_token": given_token}

    with pytest.raises(RequestError, match="Load it again") as refused:
        forms.refuse_forgery(fields, "token")
    assert refused.value.status == 403
    forms.refuse_forgery({"form_token": "token"}, "token")


# --------------------------------------------------------------------------------------- a decision


def test_a_decision_is_read() -> None:
    fields = {"action": "join", "item": "a", "other": "https://x.example/b", "reason": "the same"}

    assert forms.decision_of(fields, by="nadia") == DecisionRequest(
        action=Action.JOIN, item="a", other="https://x.example/b", reason="the same", by="nadia"
    )


def test_an_undoing_names_the_decision() -> None:
    found = forms.decision_of({"action": "undo", "decision": "12"}, by=None)

    assert found == DecisionRequest(action=None, decision=12)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"action": "delete", "item": "a"},
        {"action": "split"},
        {"action": "lead", "item": ""},
        {"action": "join", "item": "a", "other": ""},
        {"action": "undo"},
        {"action": "undo", "decision": "last"},
        {"action": "undo", "decision": "-1"},
        {"action": "undo", "decision": "٣"},
        {"action": "split", "item": "a", "reason": "x" * 501},
        {"action": "split", "item": "a" * 4097},
    ],
)
def test_half_a_decision_is_none(fields: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        forms.decision_of(fields, by=None)
