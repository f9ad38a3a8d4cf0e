import subprocess
import sys

SCRIPT = """
import numba
from aggregator.cli.wiring import announce_compilation

announce_compilation()
for function in (lambda value: value, lambda value: value + 1):
    print(numba.njit(function)(1))
"""


def test_the_first_compilation_is_announced_on_stderr() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert done.stdout == "1\n2\n"
    assert done.stderr == "aggregator: compiling the matcher, once, about 40 s\n"
