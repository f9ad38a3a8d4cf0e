"""What a figure was measured on: machine and versions, printed before the figures."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path


def describe(*packages: str) -> str:
    """One line: processor, cores, Python, and the versions of the packages that matter."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{versions}; {time.strftime('%Y-%m-%d')}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def cpu_seconds(*, but: int = 0) -> float:
    """CPU time of this process and of its living and ended children, except the one with the id `but`."""
    own = os.times()
    ended = own.user + own.system + own.children_user + own.children_system
    return ended + sum(_cpu_seconds_of(pid) for pid in _children(os.getpid()) if pid != but)


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text("ascii").split()]


def _cpu_seconds_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
