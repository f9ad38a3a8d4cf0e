"""Folders as feeds: how one is written, and which may be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config import parse
from aggregator.errors import ConfigError
from aggregator.folders import folder_of, is_folder


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("file:///var/spool/wire/", "/var/spool/wire"),
        ("file:///var/spool/wire", "/var/spool/wire"),
        ("FILE:///var//spool/./wire/", "/var/spool/wire"),
        ("file://localhost/var/spool/wire/", "/var/spool/wire"),
        ("file:/var/spool/wire", "/var/spool/wire"),
        ("file:///var/spool/%D0%91%D0%A2%D0%90/", "/var/spool/БТА"),
        ("file:///var/spool/новини от ТАСС/", "/var/spool/новини от ТАСС"),
    ],
)
def test_a_folder_is_written_as_a_file_address(url: str, folder: str) -> None:
    assert is_folder(url)
    assert folder_of(url) == Path(folder)


@pytest.mark.parametrize("url", ["https://bta.example/rss", "http://file.example/", "filet:/x"])
def test_other_addresses_are_no_folders(url: str) -> None:
    assert not is_folder(url)


def config(url: str, allowed: str) -> str:
    return (
        f"fetch: {{allow_directories: {allowed}}}\n"
        f"agencies:\n  - id: one\n    name: One\n    feeds:\n      - {{id: drop, url: '{url}'}}\n"
    )


@pytest.mark.parametrize("root", ["/var/spool/wire", "/var/spool/wire/", "/var/spool", "/"])
def test_a_folder_below_an_allowed_one_is_a_feed(root: str) -> None:
    settings = parse(config("file:///var/spool/wire/", f"[/tmp/else, {root}]"), file="feeds.yaml")

    assert settings.feeds[0].url == "file:///var/spool/wire/"
    assert Path(root) in settings.fetch.allow_directories


@pytest.mark.parametrize("allowed", ["[]", "", "[/var/spool/wires]", "[/var/spool/wire/bta]"])
def test_other_folders_are_refused(allowed: str) -> None:
    with pytest.raises(ConfigError, match=r"drop\.url: /var/spool/wire may not be read"):
        parse(config("file:///var/spool/wire/", allowed), file="feeds.yaml")


def test_one_folder_is_one_feed_however_it_is_written() -> None:
    text = config("file:///var/spool/wire/", "[/var/spool]")
    text += "      - {id: again, url: 'file://localhost/var/spool/wire'}\n"

    with pytest.raises(ConfigError, match=r"again\.url: .* is used on line 6 already"):
        parse(text, file="feeds.yaml")
