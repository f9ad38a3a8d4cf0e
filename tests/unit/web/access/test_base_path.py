"""A site below a path is whole there, whether the proxy leaves the path in the request or takes it off."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from aggregator.config import OutputSettings, Settings
from tests.unit.web.conftest import SETTINGS, Client, Opened


def below(base_url: str) -> Settings:
    output = OutputSettings(base_url=base_url, title="Wire")
    return SETTINGS.model_copy(update={"output": output})


@pytest.fixture
def client(opened: Opened) -> Client:
    return opened(settings=below("https://wire.example/wire"))


PATHS = [
    "/",
    "/stories/skz1",
    "/agencies",
    "/feeds",
    "/decisions",
    "/opml",
    "/health",
    "/static/style.css",
]


@pytest.mark.parametrize(
    "path", [*PATHS, "/merged.rss", "/merged.rss?language=bg", "/?language=bg"]
)
def test_both_addresses_of_a_page_are_one(client: Client, path: str) -> None:
    kept, stripped = client.ask(f"/wire{path}"), client.ask(path)

    assert (kept.status_code, stripped.status_code) == (200, 200)
    assert kept.content == stripped.content


def test_the_site_itself_needs_no_slash(client: Client) -> None:
    assert client.ask("/wire").content == client.ask("/wire/").content


@pytest.mark.parametrize(
    "path", ["/wires/stories/skz1", "/other/wire/", "/wire/wire/", "/wirestories/skz1"]
)
def test_another_path_is_another_site(client: Client, path: str) -> None:
    assert client.ask(path.rstrip("/")).status_code == 404


@pytest.mark.parametrize("path", ["/agencies/", "/wire/agencies/"])
def test_redirects_stay_below_the_path(client: Client, path: str) -> None:
    answer = client.ask(path)

    assert (answer.status_code, answer.headers["location"]) == (308, "/wire/agencies")


@pytest.mark.parametrize(
    "path", ["/decisions", "/nowhere", "/stories/none", "/?after=x&language=bg"]
)
def test_every_address_in_a_page_stands_below_the_path(client: Client, path: str) -> None:
    text = client.ask(path).text
    own = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)

    assert own
    assert not [address for address in own if not address.startswith("/wire/")]


def test_a_path_in_another_script_is_answered(opened: Opened) -> None:
    client = opened(settings=below("https://wire.example/%D0%B2%D0%B5%D1%81%D1%82%D0%B8"))

    assert client.ask("/вести/agencies").status_code == 200
    assert client.ask("/agencies").status_code == 200


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_feeds_name_a_path_in_another_script_in_ascii(opened: Opened, extension: str) -> None:
    client = opened(settings=below("https://wire.example/вести"))
    text = client.ask(f"/merged.{extension}?language=en").text

    assert f"https://wire.example/%D0%B2%D0%B5%D1%81%D1%82%D0%B8/merged.{extension}" in text
    assert "вести" not in text


def test_without_a_path_none_is_taken_off(opened: Opened) -> None:
    assert opened().ask("/wire/agencies").status_code == 404


def test_reading_that_needs_a_token_needs_it_below_the_path(opened: Opened) -> None:
    given = below("https://wire.example/wire")
    server = given.server.model_copy(update={"read": "token"})
    client = replace(opened(settings=given.model_copy(update={"server": server})), peer="192.0.2.1")

    assert {client.ask(path).status_code for path in ("/wire/", "/", "/wire", "/wire/opml")} == {
        403
    }
    assert client.ask("/wire/health").status_code == 200
