import os
import subprocess
import sys
from pathlib import Path

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
