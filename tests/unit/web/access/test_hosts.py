"""Which Host is answered: ours, an address, this computer's; no other."""

from __future__ import annotations

import pytest

from aggregator.config import OutputSettings, ServerSettings, Settings
from aggregator.web.access.hosts import HostCheck, names_of
from tests.unit.web.conftest import Client, Opened

SETTINGS = Settings(
    output=OutputSettings(base_url="https://Вести.example:8443/wire"),
    server=ServerSettings(host="Desk.example", hosts=("*.press.example", "feeds.example")),
)
ANY = Settings(server=ServerSettings(hosts=("*",)))


async def ok(_scope: object, _receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[operator]


def status(host: str, settings: Settings = SETTINGS) -> int:
    client = Client(HostCheck(ok, names=names_of(settings)))
    return client.ask("/", host=host).status_code


@pytest.mark.parametrize(
    "host",
    [
        "desk.example",
        "DESK.example:8000",
        "desk.example.",
        "xn--b1agj9af.example",
        "feeds.example",
        "a.press.example",
        "a.b.press.example:80",
        "localhost",
        "localhost:8000",
        "wire.localhost",
        "127.0.0.1",
        "10.1.2.3:8000",
        "[::1]",
        "[2001:db8::1]:8000",
        "",
    ],
)
def test_our_names_and_all_addresses_are_answered(host: str) -> None:
    assert status(host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example",
        "desk.example.rebound.example",
        "press.example",
        "xpress.example",
        "localhost.rebound.example",
        "127.0.0.1.rebound.example",
        "7f000001.rebound.example:8000",
        "desk.example:80:80",
        "desk.example/",
        "[::1].example",
    ],
)
def test_any_other_name_is_not(host: str) -> None:
    assert status(host) == 421
    assert status(host, ANY) == 200


def test_the_refusal_names_the_name_and_the_mend(opened: Opened) -> None:
    client = opened()
    for path in ("/", "/merged.rss", "/health", "/nothing"):
        refused = client.ask(path, host="rebound.example")
        assert refused.status_code == 421
        assert refused.headers["content-type"].startswith("text/plain")
        assert '"rebound.example"' in refused.text
        assert "server.hosts" in refused.text


@pytest.mark.parametrize("host", ["wire.example", "rebound.example", "evil.example:1"])
@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/merged.rss/", "/merged.rss"),
        ("/merged.rss/?language=bg", "/merged.rss?language=bg"),
        ("/agencies/", "/agencies"),
        ("//rebound.example/", "/rebound.example"),
        ("/%5Crebound.example/", "/%5Crebound.example"),
        ("/what%3F/", "/what%3F"),
    ],
)
def test_a_slash_too_many_leads_nowhere_else(
    opened: Opened, host: str, path: str, leads_to: str
) -> None:
    answer = opened(settings=ANY).ask(f"http://wire.example{path}", host=host)
    assert answer.status_code == 308
    assert answer.headers["location"] == leads_to
