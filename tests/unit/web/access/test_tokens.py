"""Who may read, and who may decide: nobody becomes local by a proxy, and guessing is slow."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.types import Scope

from aggregator.config import OutputSettings, ServerSettings, Settings
from aggregator.config.settings import UserEntry
from aggregator.errors import RequestError
from aggregator.web.access.proxies import address_of, client_of, is_loopback, subscriber
from aggregator.web.access.rate_limit import MOST_KEYS, RateLimit
from aggregator.web.access.tokens import SHARED, WRONG_TOKENS_A_MINUTE, Access
from tests.unit.web.conftest import NOON, SETTINGS, Client, Opened

LOCAL = "http://127.0.0.1:8000"
TOKEN, NADIAS = "a-token-of-anybody", "a-token-of-nadia's"
STRANGER = "203.0.113.9"
SECOND = timedelta(seconds=1)


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def settings(base_url: str = LOCAL, **server: Any) -> Settings:
    return Settings(
        output=OutputSettings(base_url=base_url),
        server=ServerSettings(**server),
    )


def with_tokens(**server: Any) -> Settings:
    users = (UserEntry(name="nadia", token=f"sha256:{digest(NADIAS)}"),)
    return settings(token=SecretStr(TOKEN), users=users, **server)


def basic(name: str, token: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode()}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def request(
    headers: Mapping[str, str] | None = None,
    *,
    peer: str | None = "127.0.0.1",
    host: str = "localhost",
    http_version: str = "1.1",
) -> Scope:
    named = {"host": host, **(headers or {})}
    return {
        "type": "http",
        "http_version": http_version,
        "client": (peer, 50_000) if peer else None,
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }


def access(given: Settings) -> Access:
    return Access(given, clock=lambda: NOON)


def status(given: Settings, scope: Scope) -> int:
    """What a request that needs to say who asks gets."""
    try:
        access(given).reader(scope)
    except RequestError as error:
        return error.status
    return 200


# -------------------------------------------------------------------------------------------- local


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "desk.localhost"]
)
def test_who_sits_at_this_computer_needs_no_token(peer: str, host: str) -> None:
    assert status(settings(), request(peer=peer, host=host)) == 200
    assert status(with_tokens(), request(peer=peer, host=host)) == 200


@pytest.mark.parametrize(
    ("given", "scope"),
    [
        (settings(), request(peer=STRANGER)),
        (settings(), request(peer="192.168.1.7")),
        (settings(), request(peer=None)),
        (settings(), request(peer="not an address")),
        (settings(), request(host="desk.example")),
        (settings(), request(host="192.168.1.5:8000")),
        (settings(), request(host="127.0.0.1.rebound.example")),
        (settings(host="0.0.0.0"), request()),
        (settings(base_url="https://news.example/wire"), request()),
        (settings(base_url="http://10.0.0.4:8000"), request()),
    ],
)
def test_who_may_be_a_stranger_is_not_local(given: Settings, scope: Scope) -> None:
    assert status(given, scope) == 403  # there is no token that would let anybody in


@pytest.mark.parametrize(
    "header",
    [
        "forwarded",
        "via",
        "x-real-ip",
        "x-forwarded-for",
        "X-Forwarded-Proto",
        "x-forwarded-anything",
    ],
)
@pytest.mark.parametrize("value", ["127.0.0.1", "for=127.0.0.1", ""])
def test_nobody_is_local_behind_a_proxy(header: str, value: str) -> None:
    trusting = settings(proxies=(ip_network("127.0.0.0/8"),))

    assert status(settings(), request({header: value})) == 403
    assert status(trusting, request({header: value})) == 403


def test_nobody_is_local_who_speaks_as_a_proxy_that_says_nothing_else() -> None:
    assert status(settings(), request(http_version="1.0")) == 403
    assert status(settings(), request(http_version="2")) == 200


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "::1", "[::1]"]
)
def test_names_of_this_computer(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "::", "localhost.example", "news.example", "1.1.1.1"]
)
def test_names_of_others(host: str) -> None:
    assert not is_loopback(host)


# ------------------------------------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    ("headers", "user"),
    [
        (basic("nadia", NADIAS), "nadia"),
        (basic("", NADIAS), "nadia"),
        (bearer(NADIAS), "nadia"),
        (basic("anybody", TOKEN), SHARED),
        (basic("nadia", TOKEN), SHARED),  # whoever has it may call herself anything
        (bearer(TOKEN), SHARED),
        ({"authorization": f"bearer  {TOKEN} "}, SHARED),
    ],
)
def test_a_token_says_who_asks(headers: dict[str, str], user: str) -> None:
    assert access(with_tokens()).reader(request(headers, peer=STRANGER)) == user


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("wrong"),
        bearer(""),
        bearer(f"sha256:{digest(NADIAS)}"),
        bearer(digest(NADIAS)),
        basic("ivan", NADIAS),
        basic("nadia", ""),
        {"authorization": ""},
        {"authorization": "Basic"},
        {"authorization": "Basic %%%"},
        {"authorization": "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode()},
        {"authorization": f"Digest {TOKEN}"},
    ],
)
def test_without_a_token_that_is_known_nobody_comes_in(headers: dict[str, str]) -> None:
    assert status(with_tokens(), request(headers, peer=STRANGER)) == 401


@given(st.text())
def test_whatever_is_sent_for_a_token_is_an_answer(text: str) -> None:
    scope = request(peer=STRANGER)
    scope["headers"].append((b"authorization", text.encode("utf-8", "replace")))

    assert status(with_tokens(), scope) == 401


def test_the_token_of_the_configuration_is_not_shown() -> None:
    assert TOKEN not in repr(with_tokens())


# ----------------------------------------------------------------------------------------- guessing


class Guesser:
    """Asks from one address, by a clock of its own."""

    def __init__(self, given: Settings) -> None:
        self.now = NOON
        self.access = Access(given, clock=lambda: self.now)

    def guess(self, token: str, peer: str = STRANGER, **headers: str) -> int:
        try:
            self.access.reader(request({**bearer(token), **headers}, peer=peer))
        except RequestError as error:
            return error.status
        return 200


def test_who_guesses_has_ten_tries_and_then_one_in_six_seconds() -> None:
    guesser = Guesser(with_tokens())

    assert [guesser.guess("wrong") for _ in range(WRONG_TOKENS_A_MINUTE)] == [401] * 10
    assert guesser.guess("wrong") == 429
    assert guesser.guess(TOKEN) == 429  # else guessing went on as fast as before
    guesser.now += 6 * SECOND
    assert guesser.guess(TOKEN) == 200
    assert [guesser.guess("wrong"), guesser.guess("wrong")] == [401, 429]


def test_right_tokens_are_not_counted() -> None:
    guesser = Guesser(with_tokens())

    assert {guesser.guess(NADIAS) for _ in range(100)} == {200}


def test_one_address_does_not_lock_out_another() -> None:
    guesser = Guesser(with_tokens())
    for _ in range(11):
        guesser.guess("wrong", peer="2001:db8:1:2::5")

    assert guesser.guess("wrong", peer="2001:db8:1:2:aaaa::6") == 429  # the same subscriber
    assert guesser.guess("wrong", peer="2001:db8:1:3::5") == 401


def test_behind_a_proxy_that_is_named_each_has_an_address_of_its_own() -> None:
    guesser = Guesser(with_tokens(proxies=(ip_network("10.0.0.0/8"),)))
    for _ in range(11):
        guesser.guess("wrong", "10.0.0.1", **{"x-forwarded-for": "198.51.100.1"})

    def guess(forwarded_for: str) -> int:
        return guesser.guess("wrong", "10.0.0.1", **{"x-forwarded-for": forwarded_for})

    assert guess("198.51.100.2") == 401
    assert guess("198.51.100.7, 198.51.100.1") == 429  # what stands before one's own is invented


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        ("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.5, unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("203.0.113.7", "10.0.0.1", "203.0.113.7"),
    ],
)
def test_the_client_is_the_last_address_that_no_proxy_of_ours_has(
    peer: str, forwarded_for: str, client: str
) -> None:
    scope = request({"x-forwarded-for": forwarded_for}, peer=peer)

    assert client_of(scope, (ip_network("10.0.0.0/8"),)) == address_of(client)


def test_changes_of_one_user_are_counted() -> None:
    guard = access(with_tokens())
    for _ in range(60):
        guard.changer(request(bearer(NADIAS), peer=STRANGER))

    with pytest.raises(RequestError) as refused:
        guard.changer(request(bearer(NADIAS), peer=STRANGER))
    assert refused.value.status == 429
    assert refused.value.values["seconds"] == 1
    assert guard.changer(request(bearer(TOKEN), peer=STRANGER)) == SHARED


# --------------------------------------------------------------------------------------- rate limit


@given(st.lists(st.floats(0, 30), max_size=200))
def test_in_no_span_are_more_than_a_burst_and_what_the_rate_allows(gaps: Sequence[float]) -> None:
    limit, now, times = RateLimit(10, 60 * SECOND), NOON, []
    for gap in gaps:
        now += gap * SECOND
        if not limit.wait("a", now):
            limit.count("a", now)
            times.append(now)

    for first in range(len(times)):
        for last in range(first, len(times)):
            span = (times[last] - times[first]) / SECOND
            assert last - first + 1 <= 10 + span / 6 + 0.001


@given(st.floats(-1e6, 1e6))
def test_who_waits_as_long_as_said_may(step: float) -> None:
    limit, now = RateLimit(3, 60 * SECOND), NOON
    for _ in range(3):
        limit.count("a", now)
    now += step * SECOND  # also where the clock is set back

    assert not limit.wait("a", now + limit.wait("a", now))
    assert limit.wait("a", now) <= 60 * SECOND


def test_a_million_addresses_take_no_more_memory_than_ten_thousand() -> None:
    limit = RateLimit(1, 60 * SECOND)
    for key in range(MOST_KEYS + 1):
        limit.count(key, NOON)

    assert not limit.wait(0, NOON)  # forgotten
    assert limit.wait(1, NOON)


def test_a_subscriber_is_an_address_or_64_bits() -> None:
    first, second = address_of("2001:db8::1"), address_of("2001:db8::ffff:2")

    assert subscriber(first) == subscriber(second)
    assert subscriber(address_of("192.0.2.1")) != subscriber(address_of("192.0.2.2"))


# ------------------------------------------------------------------------------------------ reading

CLOSED = SETTINGS.model_copy(update={"server": with_tokens(read="token").server})
READ = ["/", "/stories/skz1", "/agencies", "/feeds", "/decisions", "/decisions.jsonl", "/nowhere"]
PROGRAMS = ["/merged.rss", "/merged.rss?language=bg", "/merged-2026-11-23.rss", "/opml", "/metrics"]


def closed(opened: Opened) -> Client:
    return replace(opened(settings=CLOSED, metrics=lambda: b"up 1\n"), peer=STRANGER)


@pytest.mark.parametrize("path", [*READ, *PROGRAMS])
def test_reading_may_need_a_token(opened: Opened, path: str) -> None:
    client = closed(opened)
    refused, wrong = client.ask(path), client.ask(path, **bearer("wrong"))

    assert (refused.status_code, wrong.status_code) == (401, 401)
    assert refused.headers["www-authenticate"].startswith("Basic realm=")
    assert "saryagash" not in refused.text.lower()
    assert client.ask(path, **basic("nadia", NADIAS)).status_code in {200, 404}
    assert client.ask(path).status_code == 401  # also what is kept now


@pytest.mark.parametrize("path", ["/health", "/static/style.css"])
def test_machines_that_watch_need_no_token(opened: Opened, path: str) -> None:
    assert closed(opened).ask(path).status_code == 200


def test_no_shared_cache_keeps_a_feed_that_needs_a_token(opened: Opened) -> None:
    feed = closed(opened).ask("/merged.rss", **bearer(TOKEN))

    assert feed.headers["cache-control"] == "private, max-age=60"
    assert opened().ask("/merged.rss").headers["cache-control"] == "public, max-age=60"


def test_where_reading_is_open_a_token_does_not_matter(opened: Opened) -> None:
    client = replace(opened(), peer=STRANGER)

    assert client.ask("/", **bearer("wrong")).status_code == 200


def test_programs_are_refused_in_a_sentence(opened: Opened) -> None:
    refused = closed(opened).ask("/merged.rss")

    assert refused.headers["content-type"].startswith("text/plain")
    assert refused.text.startswith("A token is needed here. ")
