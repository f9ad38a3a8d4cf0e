"""A cycle of a fresh process beside lemon24/reader's: `aggregator poll --all` and `update_feeds()`.

    rounds: all new -- nothing changed -- three new items in each feed -- started, with nothing to do

CPU time is of the whole process tree from its start to its end: imports, the database, and for us
parsing in child processes, matching, and publishing three formats with their archives. reader stores,
and neither matches nor publishes. It is not a dependency: READER names a Python that has it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

FEEDS = 150
READER = os.environ.get("READER", "")
_ADD = (
    "import sys, reader; r = reader.make_reader(sys.argv[1]); [r.add_feed(u) for u in sys.argv[2:]]"
)
_OPEN = "import sys, reader; r = reader.make_reader(sys.argv[1])"
_UPDATE = f"{_OPEN}; r.update_feeds(scheduled=False)"  # all of them, as `--all`


class Cost(NamedTuple):
    """What a process with its children cost."""

    cpu_seconds: float
    wall_seconds: float


def measure(url: str, directory: Path, *, grow: Callable[[], None]) -> None:
    """Both, round by round, and how many times reader's CPU time ours is."""
    directory.mkdir()
    urls = [f"{url}/{number}.rss" for number in range(FEEDS)]
    config, database = _configuration(directory, urls), directory / "reader.db"
    ours = [sys.executable, "-m", "aggregator", "-c", str(config)]
    _cost([*ours[:3], "demo", "--once", "--json"])  # compiles the matcher, if it must be
    if READER:
        _cost([READER, "-c", _ADD, str(database), *urls])
    print(f"A cycle of a fresh process, {FEEDS} feeds")
    for name in ("all new", "304, nothing changed", "3 new items each", "nothing is due"):
        if name == "3 new items each":
            grow()
        is_start = name == "nothing is due"
        cost = _cost([*ours, "poll", *(() if is_start else ("--all",))])
        command = [READER, "-c", _OPEN if is_start else _UPDATE, str(database)]
        _print(name, cost, _cost(command) if READER else None)
    if not READER:
        print("without reader: READER=/path/to/python names a Python with it (pip install reader)")


def _configuration(directory: Path, urls: Sequence[str]) -> Path:
    lines = [
        f"store: sqlite:///{directory}/aggregator.db",
        f"output: {{directory: {directory}/feeds}}",
        "fetch: {host_gap: 0s, host_concurrency: 8, allow_networks: [127.0.0.1/32]}",
        "agencies:",
    ]
    for number, url in enumerate(urls):
        feed = f'{{id: f{number}, url: "{url}", language: en}}'
        lines.append(f"  - {{id: a{number}, name: Agency {number}, feeds: [{feed}]}}")
    config = directory / "feeds.yaml"
    config.write_text("\n".join(lines) + "\n", "utf-8")
    return config


def _cost(command: Sequence[str]) -> Cost:
    """What a command costs, with its modules compiled, as an installation has them."""
    environment = {key: os.environ[key] for key in os.environ if key != "PYTHONDONTWRITEBYTECODE"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, env=environment, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.perf_counter() - started)


def _print(name: str, ours: Cost, theirs: Cost | None) -> None:
    beside = ""
    if theirs:
        beside = (
            f"   reader {_figures(theirs)}   {ours.cpu_seconds / theirs.cpu_seconds:4.1f} times"
        )
    print(f"{name:22} {_figures(ours)}{beside}", flush=True)


def _figures(cost: Cost) -> str:
    return f"{cost.cpu_seconds:6.2f} CPU-s, {cost.wall_seconds:5.1f} s"
