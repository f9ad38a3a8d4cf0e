"""A configuration becomes settings, with its defaults, its units and the environment's word."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from aggregator.config import FetchSettings, Settings, load, parse, read
from aggregator.errors import ConfigError
from aggregator.model import Agency, Feed

SHIPPED = Path(__file__).parents[3] / "config" / "feeds.yaml"
WHOLE = """
store: postgresql+psycopg://db.example/news
output: {directory: out, base_url: "https://news.example/wire/", title: Нашият поток, items: 50}
server: {host: "::1", port: 0}
fetch:
  interval: 90s
  timeout: 10s
  max_body: 512KiB
  host_gap: 0s
  host_concurrency: 4
  allow_networks: [127.0.0.1/32, "fd00::/8"]
  user_agent: reader/1
  contact: https://news.example/about
match: {window: 2h, mode: strict}
agencies:
  - id: north
    name: North Wire
    aliases: [Северна тел, 北方社]
    home: https://north.example
    feeds:
      - {id: north-no, url: "https://north.example/rss", language: no, interval: 1d, timeout: 5s, max_body: 1GiB}
  - id: south
    name: South Wire
"""


def test_every_key_of_the_contract_is_read() -> None:
    settings = parse(WHOLE, file="feeds.yaml")

    assert settings.store == "postgresql+psycopg://db.example/news"
    assert settings.output.directory == Path("out")
    assert settings.output.base_url == "https://news.example/wire"
    assert (settings.output.title, settings.output.items) == ("Нашият поток", 50)
    assert (settings.server.host, settings.server.port) == ("::1", 0)
    assert settings.fetch == FetchSettings(
        interval=timedelta(seconds=90),
        timeout=timedelta(seconds=10),
        max_body_bytes=512 * 1024,
        host_gap=timedelta(0),
        host_concurrency=4,
        allow_networks=(ip_network("127.0.0.1/32"), ip_network("fd00::/8")),
        user_agent="reader/1",
        contact="https://news.example/about",
    )
    assert (settings.match.window, settings.match.mode) == (timedelta(hours=2), "strict")
    assert settings.agencies == (
        Agency(
            id="north",
            name="North Wire",
            aliases=("Северна тел", "北方社"),
            home="https://north.example",
        ),
        Agency(id="south", name="South Wire"),
    )
    assert settings.feeds == (
        Feed(
            id="north-no",
            url="https://north.example/rss",
            agency_id="north",
            language="no",
            interval=timedelta(days=1),
            timeout=timedelta(seconds=5),
            max_body_bytes=1024**3,
        ),
    )


def test_everything_but_the_agencies_has_a_default() -> None:
    assert parse("agencies: []", file="feeds.yaml") == Settings()


@pytest.mark.parametrize("section", ["output", "server", "fetch", "match"])
def test_a_section_with_all_its_lines_commented_out_is_the_default(section: str) -> None:
    assert parse(f"{section}:\n  # all\nagencies:\n", file="feeds.yaml") == Settings()


def test_the_shipped_file_says_the_defaults() -> None:
    settings = load(SHIPPED, {})

    shipped = settings.model_dump(exclude={"agencies", "feeds"})
    assert shipped == Settings().model_dump(exclude={"agencies", "feeds"})


def test_the_shipped_file_has_the_agencies_bta_and_kazinform_first() -> None:
    settings = load(SHIPPED, {})

    assert [agency.id for agency in settings.agencies[:2]] == ["bta", "kazinform"]
    assert len(settings.agencies) == 18
    assert all(agency.aliases and agency.home for agency in settings.agencies)


def test_the_shipped_file_polls_no_address_known_to_be_dead_and_knows_each_language() -> None:
    feeds = {feed.url: feed for feed in load(SHIPPED, {}).feeds}

    assert "https://eng.belta.by/rss" not in feeds
    assert all(feed.language for feed in feeds.values())
    assert feeds["https://kabar.kg/rss/"].language == "ky"
    assert feeds["https://uza.uz/oz/rss"].agency_id == "uza"


def test_the_partners_that_are_commented_out_are_ready() -> None:
    text = SHIPPED.read_text("utf-8")
    ready = re.sub(r"^  # (?=- id: |  name: |  aliases: )", "  ", text, flags=re.MULTILINE)

    before, after = load(SHIPPED, {}).agencies, parse(ready, file="feeds.yaml").agencies

    assert after[: len(before)] == before
    assert len(after) >= len(before) + 5


def test_no_shipped_agency_is_called_by_the_name_of_another() -> None:
    names = [
        name
        for agency in load(SHIPPED, {}).agencies
        for name in {called.casefold() for called in (agency.name, *agency.aliases)}
    ]

    assert sorted(names) == sorted(set(names))


def _token(settings: Settings) -> str:
    assert settings.server.token
    return settings.server.token.get_secret_value()


@pytest.mark.parametrize(
    ("variable", "value", "read_back"),
    [
        ("AGGREGATOR_STORE", "sqlite:///other.db", lambda s: s.store),
        ("AGGREGATOR_HOST", "0.0.0.0", lambda s: s.server.host),
        ("AGGREGATOR_OUTPUT_DIRECTORY", "/srv/feeds", lambda s: str(s.output.directory)),
        ("AGGREGATOR_TOKEN", "kept-out-of-the-file", _token),
        ("AGGREGATOR_BASE_URL", "https://news.example", lambda s: s.output.base_url),
    ],
)
def test_the_environment_overrides_the_file(
    variable: str, value: str, read_back: Callable[[Settings], str]
) -> None:
    settings = parse("server: {port: 1}\nagencies: []", file="f", environ={variable: value})

    assert read_back(settings) == value
    assert settings.server.port == 1


def test_an_empty_variable_overrides_nothing() -> None:
    settings = parse("server: {port: 1}\nagencies: []", file="f", environ={"AGGREGATOR_PORT": ""})

    assert settings.server.port == 1


def test_a_wrong_variable_is_named_in_the_mistake() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("agencies: []", file="feeds.yaml", environ={"AGGREGATOR_PORT": "http"})

    assert str(caught.value) == "feeds.yaml: AGGREGATOR_PORT: 'http' is not a whole number"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"\xef\xbb\xbfagencies: []\n")

    assert load(path, {}) == Settings()


def test_text_that_is_no_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes("agencies:\n  - id: a\n    name: Новини\n".encode("windows-1251"))

    with pytest.raises(ConfigError, match=r"feeds.yaml:3: is not UTF-8; save the file"):
        load(path, {})


def test_a_missing_file_and_a_directory_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        read(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="is a directory; name a file in it"):
        read(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("agencies: []", "utf-8")
    path.chmod(0)

    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        read(path)


def test_host_names_are_read_as_browsers_send_them() -> None:
    text = "server: {hosts: [Wire.Example, '*.press.example', вести.example, '*']}\nagencies: []"
    hosts = parse(text, file="f").server.hosts
    assert hosts == ("wire.example", "*.press.example", "xn--b1agj9af.example", "*")
    assert parse("server: {hosts: }\nagencies: []", file="f").server.hosts == ()
