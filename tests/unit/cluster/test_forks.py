"""`map_in_forks` is `map`, whatever it is done by; and leaves no process behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.cluster.forks import BATCH_SIZE, map_in_forks, useful_children
from aggregator.errors import ChildError, UsageError

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks")


def where(value: int) -> tuple[int, int]:
    return value, os.getpid()


@pytest.mark.parametrize("children", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "count", [0, 1, BATCH_SIZE, BATCH_SIZE + 1, 3 * BATCH_SIZE, 10 * BATCH_SIZE + 7]
)
def test_results_come_in_the_order_of_the_values(children: int, count: int) -> None:
    made = list(map_in_forks(where, range(count), children))

    assert [value for value, _ in made] == list(range(count))
    batches = -(-count // BATCH_SIZE)
    assert len({process for _, process in made}) == min(batches, children + 1)
    assert {process for _, process in made[:BATCH_SIZE]} <= {os.getpid()}
    assert not multiprocessing.active_children()


def test_large_values_and_results_do_not_wait_for_each_other() -> None:
    values = ["x" * 50_000] * (4 * BATCH_SIZE)

    assert list(map_in_forks(str.upper, values, 2)) == [value.upper() for value in values]


def test_values_are_read_only_a_little_ahead() -> None:
    read = 0

    def values() -> Iterator[int]:
        nonlocal read
        for value in range(100 * BATCH_SIZE):
            read = value
            yield value

    made = map_in_forks(abs, values(), 2)
    for taken, _ in zip(range(50 * BATCH_SIZE), made, strict=False):
        assert read - taken <= 3 * BATCH_SIZE
    made.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def test_a_mistake_in_the_values_is_raised_here() -> None:
    def values() -> Iterator[int]:
        yield from range(3 * BATCH_SIZE)
        raise UsageError("line 385: no id")

    with pytest.raises(UsageError, match="line 385"):
        list(map_in_forks(abs, values(), 2))
    assert not multiprocessing.active_children()


def test_a_child_that_is_killed_is_an_error() -> None:
    def deadly(value: int) -> int:
        if value == 2 * BATCH_SIZE:
            os.kill(os.getpid(), signal.SIGKILL)
        return value

    with pytest.raises(ChildError, match="exit code -9"):
        list(map_in_forks(deadly, range(9 * BATCH_SIZE), 2))
    assert not multiprocessing.active_children()


def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Its standard output, which each child has open too, is read to its end: this would wait for ever."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal\n"
        "from aggregator.cluster.forks import BATCH_SIZE, map_in_forks\n"
        "made = map_in_forks(abs, range(100 * BATCH_SIZE), 3)\n"
        "for _ in range(20 * BATCH_SIZE):\n"
        "    next(made)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGKILL, b"", b"")


def test_a_machine_with_one_core_gets_no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    assert useful_children() == 0
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(64)))
    assert useful_children() == 8
