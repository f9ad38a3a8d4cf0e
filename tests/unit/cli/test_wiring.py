import subprocess
import sys

SCRIPT = """
import numba
from aggregator.cli.wiring import announce_compilation
from aggregator.match.jit import FEW_FUNCTIONS

announce_compilation()
functions = [lambda value: value + 1 for _ in range(FEW_FUNCTIONS + 2)]
print({numba.njit(function)(1) for function in functions})
"""


def test_the_first_compilation_is_announced_on_stderr() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert done.stdout == "{2}\n"
    assert done.stderr == "aggregator: compiling the matcher, once, a minute or two\n"
