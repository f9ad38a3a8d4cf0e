"""A compilation is announced, once; a function that comes from the cache is not compiled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
from aggregator.match.jit import before_compiling
from functions import double, triple

before_compiling(lambda: print("compiling"))
print(double(2), triple(2))
"""
FUNCTIONS = """
from aggregator.match.jit import jit

@jit
def double(value: int) -> int:
    return 2 * value

@jit
def triple(value: int) -> int:
    return double(value) + value
"""


def run(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_the_first_compilation_is_announced_and_what_is_cached_is_not(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    (tmp_path / "functions.py").write_text(FUNCTIONS, "utf-8")

    assert run(tmp_path) == ["compiling", "4 6"]
    assert run(tmp_path) == ["4 6"]
