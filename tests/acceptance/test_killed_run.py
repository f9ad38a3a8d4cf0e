"""A test run that is killed leaves nothing behind: no daemon, no database server, no process at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.harness import ROOT, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/environ").exists(), reason="processes are found in Linux's /proc"
    ),
]
MARK = "AGGREGATOR_TEST_RUN"  # in the environment of the run, so in that of all it starts
A_TEST_THAT_HANGS = """
import time
from tests.acceptance.harness import FeedServer, House
from tests.postgres import PrivateServer, programs

def test_that_hangs(tmp_path):
    house = House(tmp_path, FeedServer())
    house.write_config({"bta": "/bta.rss"})
    house.start()
    house.address()
    if programs():
        server = PrivateServer()
    (tmp_path.parent / "ready").touch()
    time.sleep(60)
"""


@pytest.mark.parametrize("kill", [os.kill, os.killpg])
def test_nothing_outlives_a_run_killed_alone_or_with_its_group(
    tmp_path: Path, kill: Callable[[int, int], None]
) -> None:
    test, mark = tmp_path / "test_that_hangs.py", uuid.uuid4().hex
    test.write_text(A_TEST_THAT_HANGS, "utf-8")
    options = ["-p", "tests.conftest", "-n1", f"--rootdir={ROOT}", f"-c{ROOT / 'pyproject.toml'}"]
    with (tmp_path / "out").open("wb") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, f"--basetemp={tmp_path}/run", str(test)],
            cwd=ROOT,
            env=os.environ | {MARK: mark},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        wait_for(lambda: any((tmp_path / "run").rglob("ready")))
        assert len(marked(mark)) >= 4, "the run, its worker, the daemon and its nursery"
    finally:
        kill(run.pid, signal.SIGKILL)
        run.wait()

    # execnet gives a worker whose master has gone 15 s at the most (`WorkerGateway._terminate_execution`).
    wait_for(lambda: not marked(mark), seconds=30)


def marked(mark: str) -> list[str]:
    """The command lines of the processes with the mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:  # it has ended meanwhile, or is another user's
            continue
    return found
