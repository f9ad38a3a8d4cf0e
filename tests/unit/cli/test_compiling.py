"""The matcher is compiled by a process of its own, which ends with the one that waits for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aggregator.cli import compiling
from aggregator.match import jit
from tests.conftest import REPORTS

SCRIPT = """
import numba
from aggregator.cli.compiling import announce_compilation
from aggregator.match.jit import FEW_FUNCTIONS

announce_compilation()
functions = [lambda value: value + 1 for _ in range(FEW_FUNCTIONS + 2)]
print({numba.njit(function)(1) for function in functions})
"""


def test_the_first_compilation_is_announced_on_stderr_and_removes_what_is_outdated(
    tmp_path: Path,
) -> None:
    outdated, foreign = tmp_path / "compiled-0123456789abcdef", tmp_path / "foreign"
    outdated.mkdir()
    foreign.mkdir()

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "{2}\n"
    assert done.stderr == "aggregator: compiling the matcher, once, a minute or two\n"
    assert not outdated.exists()
    assert foreign.exists()


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often a process that compiles was started, and what was announced."""
    told = list[str]()
    monkeypatch.setattr(compiling, "_announce", lambda: told.append("announced"))
    monkeypatch.setattr(compiling, "announce_compilation", lambda: None)
    return told


def prepare(monkeypatch: pytest.MonkeyPatch, cache: Path) -> int:
    """Prepare the matcher of a new process with this cache; how many processes were started to compile."""
    started = list[int]()
    monkeypatch.setattr(jit, "CACHE", cache)
    monkeypatch.setattr(compiling, "announce_compilation", lambda: None)
    monkeypatch.setattr(compiling, "_compile_apart", lambda: started.append(1))
    compiling.prepare_matcher.__wrapped__()
    return len(started)


def test_it_is_compiled_where_nothing_is_kept_of_these_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "caches" / "compiled-0123456789abcdef"

    assert prepare(monkeypatch, cache) == 1
    assert prepare(monkeypatch, cache) == 1, "the first one was ended before it had all"
    (cache / "complete").touch()
    assert prepare(monkeypatch, cache) == 0


def test_it_is_not_compiled_apart_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()

    assert prepare(monkeypatch, tmp_path / "file" / "compiled-0123456789abcdef") == 0


def test_it_is_not_compiled_apart_where_nothing_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "is_enabled", lambda: False)

    assert prepare(monkeypatch, tmp_path) == 0


@pytest.mark.parametrize(
    ("program", "announced"),
    [("print('compiling')", ["announced"]), ("pass", []), ("raise SystemExit(1)", [])],
)
def test_it_is_announced_when_the_process_says_that_it_compiles(
    compiled: list[str], program: str, announced: list[str]
) -> None:
    compiling._compile_apart(["-c", program])

    assert compiled == announced


MASTER = """
from aggregator.cli import compiling

compiling._announce = lambda: None
compiling._compile_apart(["-c", {child!r}])
"""
CHILD = """
import os, signal, sys, threading
from aggregator.cli import compiling

signal.signal(signal.SIGINT, signal.SIG_IGN)
threading.Thread(target=compiling._end_with_the_other, daemon=True).start()
print("compiling", file=sys.stdout, flush=True)
print(os.getpid(), file=open({told!r}, "w"), flush=True)
while True:
    pass
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_both_end_when_the_one_that_waits_does(tmp_path: Path, number: signal.Signals) -> None:
    told = tmp_path / "pid"
    program = MASTER.format(child=CHILD.format(told=str(told)))
    master = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    while not (told.exists() and told.read_text()):
        time.sleep(0.01)

    master.send_signal(number)

    assert master.wait() != 0
    while is_running(int(told.read_text())):
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether there is a process that is no zombie yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


COUNTS = """
import sys
from numba.core import event
from aggregator.cli.compiling import prepare_matcher
from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings

class Counter(event.Listener):
    count = 0

    def on_start(self, event):
        self.count += 1

    def on_end(self, event):
        pass

prepare_matcher()
counter = Counter()
event.register("numba:compile", counter)
stories = {line["story"] for line in cluster(sys.stdin, MatchSettings())}
print(len(stories), counter.count)
"""


def test_a_process_that_matches_finds_nearly_all_compiled() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNTS], input=REPORTS, capture_output=True, text=True, check=True
    )

    stories, compiled = map(int, done.stdout.split())
    assert stories < len(REPORTS.splitlines())
    assert compiled <= jit.FEW_FUNCTIONS
