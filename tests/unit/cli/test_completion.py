"""Shell completion: the scripts, and the ids that complete, without the database or anything slow."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run
from tests.unit.cli.test_main import SLOW

Complete = Callable[..., list[str]]


@pytest.fixture
def complete(aggregator: Run, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """What bash is offered when the last of these words is completed."""

    def run(*words: str) -> list[str]:
        monkeypatch.setenv("_AGGREGATOR_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", " ".join(("aggregator", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        done = aggregator()
        assert (done.code, done.err) == (0, "")
        return done.out.split()

    return run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_shown(
    aggregator: Run, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    # Typer's switch for its own tests: the shell is named instead of looked for among the parent processes.
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")

    done = aggregator("--show-completion", shell)

    assert done.code == 0
    assert f"_AGGREGATOR_COMPLETE=complete_{shell}" in done.out


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("st",), ["stories"]),
        (("poll", ""), ["north-en", "north-bg", "south-en"]),
        (("poll", "north"), ["north-en", "north-bg"]),
        (("poll", "north-en", "north"), ["north-bg"]),
        (("feeds", "remove", "s"), ["south-en"]),
        (("feeds", "check", "north-e"), ["north-en"]),
        (("feeds", "add", "https://x.example/", "--agency", "n"), ["north"]),
        (("stories", "--agency", ""), ["north", "south"]),
        (("stories", "--language", ""), ["en", "bg"]),
        (("stories", "--language", "x"), []),
        (("stories", "--carried-by", "s"), ["south"]),
        (("dupes", "--origin", "n"), ["north"]),
        (("stories", "--kind", "e"), ["excerpt"]),
        (("stories", "--kind", "rel"), []),
        (("stories", "--credit", "o"), ["origin", "other"]),
        (("stories", "--prefer", ""), ["en", "bg", "north", "south"]),
        (("stories", "--prefer", "bg,n"), ["bg,north"]),
        (("stories", "--prefer", "bg,b"), []),
    ],
)
def test_commands_and_ids_of_the_configuration_complete(
    complete: Complete, words: tuple[str, ...], offered: list[str]
) -> None:
    assert complete(*words) == offered


def test_another_configuration_is_named_before_the_command_or_in_the_environment(
    complete: Complete, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = config.with_name("other.yaml")
    config.rename(other)

    assert complete("poll", "so") == []
    assert complete("-c", str(other), "poll", "so") == ["south-en"]
    monkeypatch.setenv("AGGREGATOR_CONFIG", str(other))
    assert complete("poll", "so") == ["south-en"]


@pytest.mark.parametrize(
    "text",
    ["agencies: [", "agencies: 1\n", "- a\n", "", "agencies: [{feeds: [1, {url: x}]}, 2]\n"],
)
def test_a_configuration_that_cannot_be_read_completes_nothing(
    complete: Complete, config: Path, text: str
) -> None:
    config.write_text(text, "utf-8")

    assert complete("poll", "") == []


def test_nothing_slow_is_imported_to_complete(config: Path, directory: Path) -> None:
    script = (
        "import atexit, sys; atexit.register(lambda: print('modules', *sys.modules)); "
        "from aggregator.cli import main; main([])"
    )
    environ = {
        **os.environ,
        "_AGGREGATOR_COMPLETE": "complete_bash",
        "COMP_WORDS": "aggregator poll north-b",
        "COMP_CWORD": "2",
    }

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=directory,
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    offered, modules = done.stdout.splitlines()
    assert offered == "north-bg"
    assert not (set(SLOW) - {"pydantic"}) & set(modules.split())  # Typer itself needs pydantic
