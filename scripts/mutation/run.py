"""Runs the unit tests of a file against each of its mutants, and shows those that no test noticed.

Each mutant is tested in a fork of this process that imports it in place of the module, so no file is
changed and what the tests need besides is loaded once. Functions compiled by numba are plain Python in a
mutant: numba would find the machine code of the original in its cache.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from scripts.mutation.mutants import mutants

PRELOADED = ("numba", "numpy", "pydantic", "sqlalchemy")  # heavy, and no plugins of pytest
JIT = {"compiled", "jit"}  # decorators of `aggregator.match.jit`
TIMEOUT_SECONDS = 60  # a mutant that takes longer has made a loop endless, which is noticed


class MutantLoader(SourceFileLoader):
    """Loads a module from a changed tree."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """The code of the tree, whatever is in the file."""
        return compile(self._tree, self.path, "exec", dont_inherit=True)


class MutantFinder:
    """Finds one module, the mutant."""

    def __init__(self, file: Path, tree: ast.Module) -> None:
        self._name = ".".join(file.with_suffix("").parts)
        self._loader = MutantLoader(self._name, str(file.absolute()), tree)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if name != self._name:
            return None
        return spec_from_file_location(name, self._loader.path, loader=self._loader)


def notices(file: Path, tree: ast.Module, tests: Sequence[str]) -> bool:
    """Whether a test fails, or none ends in time, when the file is this tree."""
    child = os.fork()
    if child == 0:
        _test(file, tree, tests)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) != pytest.ExitCode.OK
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _test(file: Path, tree: ast.Module, tests: Sequence[str]) -> None:
    """Be the process that runs the tests; does not return."""
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(quiet, descriptor)
    sys.meta_path.insert(0, MutantFinder(file, _without_jit(tree)))
    code: int = 1
    try:
        code = pytest.main(["-x", "-q", "-n0", "-p", "no:cacheprovider", *tests])
    finally:
        os._exit(code)


def _without_jit(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = [
                each
                for each in node.decorator_list
                if not (isinstance(each, ast.Name) and each.id in JIT)
            ]
    return tree


def survivors(file: Path, tests: Sequence[str]) -> tuple[list[str], int]:
    """The mutants no test noticed, in a line each, and how many there were."""
    source = file.read_text("utf-8")
    if notices(file, ast.parse(source), tests):
        sys.exit(f"{file}: its tests fail without any change: {' '.join(tests)}")
    found, number = [], 0
    for number, mutant in enumerate(mutants(source), 1):
        if not notices(file, mutant.tree, tests):
            found.append(f"{file}:{mutant.line}: {mutant.before}  ->  {mutant.after}")
            print(found[-1], flush=True)
        if sys.stderr.isatty():
            print(
                f"{number} mutants, {len(found)} unnoticed", end="\r", file=sys.stderr, flush=True
            )
    return found, number


def tests_of(file: Path) -> list[str]:
    """The tests named for a file: `aggregator/a/b.py` has `tests/unit/a/test_b.py`."""
    named = Path("tests/unit", *file.parts[1:-1], f"test_{file.name}")
    if not named.exists():
        sys.exit(f"{file} has no tests of its name ({named}); give others with --tests")
    return [str(named)]


def main() -> None:
    """Mutate the files of the command line."""
    parser = argparse.ArgumentParser(description="Show the changes that unit tests do not notice.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--tests", nargs="+", help="pytest arguments instead of the tests named for a file")  # fmt: skip
    options = parser.parse_args()
    for name in PRELOADED:
        importlib.import_module(name)
    for file in options.files:
        found, count = survivors(file, options.tests or tests_of(file))
        print(f"{file}: {count - len(found)} of {count} mutants noticed")


if __name__ == "__main__":
    main()
