"""The front door: help, exit codes, where the configuration is looked for, what is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator import __version__
from aggregator.cli import config_first
from tests.unit.cli.conftest import Run

SLOW = ("sqlalchemy", "httpx", "pydantic", "numpy", "numba", "feedparser", "starlette", "alembic")
COMMANDS = [
    "run",
    "poll",
    "demo",
    "stories",
    "dupes",
    "explain",
    "pickup",
    "join",
    "split",
    "undo",
    "feeds",
    "cluster",
    "publish",
    "backup",
    "check",
    "db",
]
SUBCOMMANDS = [("feeds", name) for name in ["list", "add", "remove", "check", "import", "export"]]


def run(*args: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The real process, in a directory without a configuration."""
    environ = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80", "AGGREGATOR_CONFIG": ""}
    return subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env=environ,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_nothing_slow_is_imported_before_a_command_runs(tmp_path: Path) -> None:
    script = "import aggregator.cli, sys; print(*sys.modules)"

    done = run("-c", script, cwd=tmp_path)

    assert not set(SLOW) & set(done.stdout.split())
    assert "aggregator.cli.app" in done.stdout.split()


def test_help_names_every_command_of_the_contract_in_80_columns(tmp_path: Path) -> None:
    done = run("-m", "aggregator", "--help", cwd=tmp_path)

    assert done.returncode == 0
    assert all(f"│ {command} " in done.stdout for command in COMMANDS)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("command", [*((name,) for name in COMMANDS), *SUBCOMMANDS], ids=" ".join)
def test_every_command_has_a_help_with_an_example(
    aggregator: Run, command: tuple[str, ...]
) -> None:
    done = aggregator(*command, "--help")

    assert done.code == 0
    if command not in {("feeds",), ("db",)}:
        assert f"Example: aggregator {' '.join(command)}" in done.out or command == ("upgrade",)


def test_the_version_is_printed(aggregator: Run) -> None:
    assert aggregator("--version").out == f"aggregator {__version__}\n"


def test_without_a_configuration_it_says_what_to_do_next(tmp_path: Path) -> None:
    done = run("-m", "aggregator", cwd=tmp_path)

    assert done.returncode == 2
    assert "aggregator demo" in done.stderr
    assert "config/feeds.yaml" in done.stderr
    assert "agencies:" in done.stderr


def test_with_a_configuration_it_shows_the_commands(aggregator: Run, config: Path) -> None:
    assert "Poll and publish" in aggregator().out


@pytest.mark.parametrize(
    "args",
    [
        ("stories",),
        ("poll",),
        ("run",),
        ("feeds", "list"),
        ("feeds", "add", "https://x.example/"),
        ("check",),
    ],
)
def test_a_command_without_its_configuration_tells_the_mend(
    aggregator: Run, args: tuple[str, ...]
) -> None:
    done = aggregator(*args)

    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("aggregator: config/feeds.yaml: there is no such file.")
    assert "-c FILE" in done.err


def test_every_mistake_of_a_configuration_is_a_line_on_stderr(
    aggregator: Run, directory: Path
) -> None:
    (directory / "f.yaml").write_text("fetch: {intervall: 1m}\nmatch: {mode: bold}\nagencies: []\n")

    done = aggregator("-c", "f.yaml", "stories")

    assert done.code == 2
    assert done.err.splitlines() == [
        "aggregator: f.yaml:1: fetch.intervall: unknown key; did you mean 'interval'?",
        "aggregator: f.yaml:2: match.mode: 'bold' is not allowed; use 'balanced' or 'strict'",
    ]


@pytest.mark.parametrize("args", [("storys",), ("poll", "--nope"), ("explain", "one")])
def test_a_wrong_call_is_exit_code_two(aggregator: Run, args: tuple[str, ...]) -> None:
    assert aggregator(*args).code == 2


def test_the_configuration_may_be_named_behind_the_command_or_by_the_environment(
    aggregator: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = config.with_name("other.yaml")
    config.rename(other)

    behind = aggregator("feeds", "list", "--json", "-c", str(other))
    monkeypatch.setenv("AGGREGATOR_CONFIG", str(other))
    from_environment = aggregator("feeds", "list", "--json")

    assert behind.json() == from_environment.json()
    assert len(behind.json()["feeds"]) == 3


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["stories", "-c", "f", "--json"], ["-c", "f", "stories", "--json"]),
        (["--config=f", "stories"], ["--config=f", "stories"]),
        (["stories", "--config", "f"], ["--config", "f", "stories"]),
        (["stories", "--", "-c"], ["stories", "--", "-c"]),
        (["stories", "-c"], ["-c", "stories"]),
        ([], []),
    ],
)
def test_the_configuration_is_put_first(args: list[str], expected: list[str]) -> None:
    assert config_first(args) == expected


def test_a_reader_that_goes_away_is_no_error(stories: None, directory: Path) -> None:
    shell = f"{sys.executable} -m aggregator dupes | true"

    done = subprocess.run(
        ["sh", "-c", shell], cwd=directory, capture_output=True, text=True, timeout=30, check=False
    )

    assert done.stderr == ""


# ------------------------------------------------------------------------------- unexpected errors


@pytest.fixture
def broken_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the configuration raises what nobody foresaw."""

    def load_settings(_call: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr("aggregator.cli.wiring.load_settings", load_settings)
    monkeypatch.delenv("AGGREGATOR_TRACEBACK", raising=False)


@pytest.mark.usefixtures("broken_settings")
def test_an_unexpected_error_is_one_line_that_says_how_to_get_the_traceback(
    aggregator: Run,
) -> None:
    done = aggregator("stories")

    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "aggregator: unexpected error: ZeroDivisionError: division by zero. "
        "Set AGGREGATOR_TRACEBACK=1 to see the traceback, and report it with that\n"
    )


@pytest.mark.usefixtures("broken_settings")
def test_the_traceback_of_an_unexpected_error_is_printed_where_it_is_wanted(
    aggregator: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGGREGATOR_TRACEBACK", "1")

    done = aggregator("stories")

    assert done.code == 1
    assert done.err.startswith("Traceback (most recent call last):")
    assert done.err.splitlines()[-1] == (
        "aggregator: unexpected error: ZeroDivisionError: division by zero. "
        "Report it with the traceback above"
    )


def test_the_help_says_how_to_get_a_traceback(aggregator: Run) -> None:
    assert "AGGREGATOR_TRACEBACK=1" in aggregator("--help").out
