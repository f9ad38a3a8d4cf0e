"""A cycle of a fresh process beside lemon24/reader's: `aggregator poll --all` and `update_feeds()`.

    rounds: all new -- nothing changed -- three new items each

CPU time is of the whole process tree from its start to its end: imports, the database, and for us
parsing in child processes, matching, and publishing three formats with their archives. reader stores
and does not match or publish. It is not a dependency: READER names a Python that has it.
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

READER = os.environ.get("READER", "")
ROUNDS = ("all new", "304, nothing changed", "3 new items each")
_ADD = (
    "import sys, reader; r = reader.make_reader(sys.argv[1]); [r.add_feed(u) for u in sys.argv[2:]]"
)
_UPDATE = "import sys, reader; reader.make_reader(sys.argv[1]).update_feeds(scheduled=False)"


class Cost(NamedTuple):
    """What a process cost."""

    cpu_seconds: float
    wall_seconds: float


def measure(url: str, directory: Path, feeds: int, grow: Callable[[], None]) -> None:
    """Both, the first round to the last, and how they compare."""
    urls = [f"{url}/{number}.rss" for number in range(feeds)]
    config, database = _configuration(directory, urls), directory / "reader.db"
    _cost([sys.executable, "-m", "aggregator", "-c", str(config), "stories", "--limit", "1"])
    if READER:
        _cost([READER, "-c", _ADD, str(database), *urls])
    poll = [sys.executable, "-m", "aggregator", "-c", str(config), "poll", "--all"]
    for name in ROUNDS:
        if name == "3 new items each":
            grow()
        ours = _cost(poll)
        theirs = _cost([READER, "-c", _UPDATE, str(database)]) if READER else None
        _print(name, ours, theirs)
    if not READER:
        print(
            "reader is left out: READER=/path/to/python names one that has it (pip install reader)"
        )


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
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.perf_counter() - started)


def _print(name: str, ours: Cost, theirs: Cost | None) -> None:
    beside = ""
    if theirs:
        ratio = ours.cpu_seconds / theirs.cpu_seconds
        beside = f"   reader {theirs.cpu_seconds:6.2f} CPU-s, {theirs.wall_seconds:5.1f} s   {ratio:4.1f} times"
    print(
        f"{name:22} {ours.cpu_seconds:6.2f} CPU-s, {ours.wall_seconds:5.1f} s{beside}", flush=True
    )
