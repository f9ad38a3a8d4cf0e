"""Functions as machine code: numba compiles each on its first call and keeps it for later processes.

numba looks for a writable place itself (`NUMBA_CACHE_DIR`, `__pycache__`, the user's cache
directory); where there is none, a function is compiled anew in each process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numba.core import event
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]  # shape (n,): tokens, shingles, band keys, MinHash values
Places = NDArray[np.int64]  # shape (n,): positions in a text or an array, numbers of rows
Function = TypeVar("Function", bound=Callable[..., object])


def jit(function: Function) -> Function:
    """`numba.njit` as this project uses it: nopython, cached, and with numpy's error model.

    Integers wrap and a division by zero gives inf or nan, as in C: a compiled function raises nothing.
    """
    try:
        return cast(Function, numba.njit(cache=True, error_model="numpy")(function))
    except RuntimeError:  # "cannot cache function: no locator available": a read-only machine
        return cast(Function, numba.njit(error_model="numpy")(function))


def before_compiling(announce: Callable[[], None]) -> None:
    """Have `announce` called once, just before this process compiles its first function, if it does.

    It is called by the thread that needs the function. Nothing is announced of functions that come
    from numba's cache: numba broadcasts "numba:compile" only after it has looked there
    (https://numba.readthedocs.io/en/stable/developer/event_api.html).
    """
    listener = _FirstCompilation(announce)
    event.register("numba:compile", listener)  # type: ignore[no-untyped-call]


class _FirstCompilation(event.Listener):
    """Hears of every compilation, and announces the first."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce: Callable[[], None] | None = announce

    def on_start(self, _event: event.Event) -> None:
        announce, self._announce = self._announce, None
        if announce:
            announce()

    def on_end(self, _event: event.Event) -> None:
        """Nothing is said of the end."""
