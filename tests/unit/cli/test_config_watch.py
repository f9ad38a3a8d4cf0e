"""A running daemon takes a correct change of its configuration up, and leaves a wrong one aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.cli.config_watch import ConfigWatch
from aggregator.cli.options import Call
from aggregator.config import Settings
from aggregator.errors import ConfigError


def watch(config: Path) -> ConfigWatch:
    return ConfigWatch(Call(config=config, named=True), lambda settings: settings)


def write(config: Path, text: str) -> None:
    """Replace the file, as editors do, so that its time or its number differs for sure."""
    new = config.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(config)


def test_an_untouched_file_has_not_changed(config: Path) -> None:
    assert not watch(config).reload()


def test_a_new_meaning_is_a_change_once(config: Path) -> None:
    watching = watch(config)

    write(config, "server: {port: 1}\nagencies: []\n")

    assert watching.reload()
    assert watching.settings.server.port == 1
    assert not watching.reload()


def test_a_new_comment_is_none(config: Path) -> None:
    watching = watch(config)

    write(config, config.read_text("utf-8") + "# more to say\n")

    assert not watching.reload()


@pytest.mark.parametrize("text", ["server: {prt: 1}\nagencies: []\n", ""])
def test_a_wrong_file_is_told_once_and_left_aside(config: Path, text: str) -> None:
    watching = watch(config)
    before = watching.settings
    write(config, text)

    with capture_logs() as logs:
        assert not watching.reload()
        assert not watching.reload()

    assert [entry["event"] for entry in logs] == ["configuration not taken up"]
    assert watching.settings is before


def test_a_file_that_is_gone_is_left_aside(config: Path) -> None:
    watching = watch(config)
    config.unlink()

    assert not watching.reload()


def test_what_the_call_says_holds_after_a_change(config: Path) -> None:
    def on_port_seven(settings: Settings) -> Settings:
        server = settings.server.model_copy(update={"port": 7})
        return settings.model_copy(update={"server": server})

    watching = ConfigWatch(Call(config=config, named=True), on_port_seven)
    write(config, "output: {title: New}\nagencies: []\n")

    assert watching.reload()
    assert watching.settings.server.port == 7


def test_a_wrong_file_at_the_start_is_an_error(config: Path) -> None:
    config.write_text("agencies: 1\n", "utf-8")

    with pytest.raises(ConfigError):
        watch(config)
