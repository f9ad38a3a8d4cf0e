"""Whether an answer refuses us, and the error a poll tells."""

from __future__ import annotations

import pytest

from aggregator.ingest.http import refusal
from aggregator.model import Fetched

MOMENT = b"\xef\xbb\xbf\n<!DOCTYPE html><html><head><title>Just a moment...</title>"


def answer(status: int, body: bytes = b"", **headers: str) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(status=status, url="https://wire.example/rss", body=body, headers=named)


@pytest.mark.parametrize(
    ("fetched", "told"),
    [
        (answer(400), "answered 400: it refuses us"),
        (answer(403), "answered 403: it refuses us"),
        (answer(406), "answered 406: it refuses us"),
        (answer(401), "answered 401: it wants a user name and a password"),
        (answer(429), "answered 429: it wants to be asked more rarely"),
        (answer(503, MOMENT), "answered 503 with a test for browsers: it refuses us"),
        (answer(200, MOMENT), "answered 200 with a test for browsers: it refuses us"),
        (answer(403, cf_mitigated="challenge"), "answered 403 with a test for browsers"),
    ],
)
def test_a_refusal_says_what_it_means(fetched: Fetched, told: str) -> None:
    assert refusal.is_refusal(fetched)
    assert refusal.told(fetched).startswith(told)


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_an_error_that_refuses_nobody_is_told_by_its_number(status: int) -> None:
    assert refusal.told(answer(status, b"<html><title>Sorry</title>")) == f"answered {status}"
    assert not refusal.is_refusal(answer(status))


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><title>Just a moment...</title></channel></rss>",
        b"<?xml version='1.0'?><rss><title>Just a moment</title><item><description>&lt;html>",
        b'{"title": "<title>Just a moment"}',
        b"<!doctype html><title>A form</title><div class=h-captcha></div>",
        b"<html><script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>",
        b" " * 100_000 + b"<html><title>Just a moment",
        b"",
    ],
    ids=["feed", "feed with markup", "json", "form", "script", "far down", "empty"],
)
def test_neither_a_feed_nor_an_ordinary_page_is_taken_for_a_test_for_browsers(body: bytes) -> None:
    assert not refusal.is_challenge(answer(200, body))
