"""Functions compiled on first use and kept compiled beside the package, or in the user's cache.

numba looks for a writable place itself (`NUMBA_CACHE_DIR`, `__pycache__`, the user's cache
directory); where there is none, a function is compiled anew in each process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]
Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(function: Kernel) -> Kernel:
    """The function as machine code; its arithmetic wraps as C's does, and it raises nothing."""
    try:
        return cast(Kernel, numba.njit(cache=True, error_model="numpy")(function))
    except RuntimeError:  # "cannot cache function: no locator available": a read-only machine
        return cast(Kernel, numba.njit(error_model="numpy")(function))
