"""The first compilation is announced, once, and makes one function for a constant and a number."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.match.jit import FEW_FUNCTIONS, cache_folder, outdated_caches

ROOT = Path(__file__).parents[3]
SCRIPT = """
from aggregator.match.jit import on_first_compilation
import functions

on_first_compilation(lambda: print("compiling"))
print(sum(function(2) for function in functions.ALL))
"""
HEADER = """
from aggregator.match.jit import jit
"""
FUNCTION = """
@jit
def times_{number}(value: int) -> int:
    return {number} * value
"""

CONSTANTS = """
from aggregator.match.jit import jit

@jit
def twice(value: int) -> int:
    return 2 * value

@jit
def total(value: int) -> int:
    return twice(1) + twice(2) + twice(value) + twice(value=3)

print(total(2), len(twice.signatures))
"""


def write(folder: Path, count: int) -> None:
    (folder / "script.py").write_text(SCRIPT, "utf-8")
    functions = "".join(FUNCTION.format(number=number) for number in range(count))
    names = ", ".join(f"times_{number}" for number in range(count))
    (folder / "functions.py").write_text(f"{HEADER}{functions}\nALL = [{names}]\n", "utf-8")


def run(folder: Path) -> list[str]:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize("more", [1, 3])
def test_the_first_compilation_is_announced_once_and_what_is_cached_is_not(
    tmp_path: Path, more: int
) -> None:
    count = FEW_FUNCTIONS + more
    write(tmp_path, count)
    total = str(2 * sum(range(count)))

    assert run(tmp_path) == ["compiling", total]
    assert run(tmp_path) == [total]


def test_a_few_functions_are_compiled_without_a_word(tmp_path: Path) -> None:
    write(tmp_path, FEW_FUNCTIONS)

    assert run(tmp_path) == [str(2 * sum(range(FEW_FUNCTIONS)))]


def test_constants_and_numbers_are_compiled_for_once(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(CONSTANTS, "utf-8")

    assert run(tmp_path) == ["16 1"]


def test_what_was_compiled_of_other_sources_is_never_used_again(tmp_path: Path) -> None:
    sources, caches = tmp_path / "sources", tmp_path / "caches"
    sources.mkdir()
    (sources / "callee.py").write_text("ONE = 1", "utf-8")
    before = cache_folder(sources, caches)
    before.mkdir(parents=True)
    assert cache_folder(sources, caches) == before
    assert outdated_caches(before) == []

    (sources / "callee.py").write_text("ONE = 2", "utf-8")

    now = cache_folder(sources, caches)
    assert now != before
    assert outdated_caches(now) == [before]


def test_compiled_functions_are_kept_in_the_folder_of_the_sources(tmp_path: Path) -> None:
    write(tmp_path, 1)
    run(tmp_path)
    (folder,) = tmp_path.glob("compiled-*")
    assert [*folder.rglob("*.nbc")]


def test_numba_is_loaded_without_scipy_which_stays_importable() -> None:
    code = (
        "import sys, aggregator.match.jit;"
        "print([name for name in sys.modules if name.startswith('scipy.linalg')]);"
        "import scipy.linalg"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout == "[]\n"


DRAWS = """
import sys
from aggregator.match.words.minhash import _permutations

factors, addends = _permutations(4)
print(factors.tolist(), addends.tolist())
print("datasketch" in sys.modules)
"""


def test_datasketch_draws_the_permutations_once(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(DRAWS, "utf-8")
    drawn, was_asked = run(tmp_path)

    assert was_asked == "True"
    assert run(tmp_path) == [drawn, "False"]
    (kept,) = tmp_path.glob("compiled-*/permutations-4.npy")
    kept.write_bytes(kept.read_bytes()[:-3])
    assert run(tmp_path) == [drawn, "True"], "one cut short is drawn anew"
