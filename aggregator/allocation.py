"""How a process takes memory and gives it back: set once, at its start.

The two rules are those of CPython's garbage collector (https://docs.python.org/3/library/gc.html) and of
glibc's malloc (https://man7.org/linux/man-pages/man3/mallopt.3.html); elsewhere the second does nothing.
"""

from __future__ import annotations

import gc
from contextlib import suppress

_OBJECTS = (
    50_000  # made before the youngest are looked through; Python's 700 cost a fifth of a start
)
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of <malloc.h>
_LARGE_BYTES = 128 * 1024  # glibc's own first threshold
_ARENAS = 2  # threads take large blocks seldom, and share what they gave back


def collect_rarely() -> None:
    """Look for garbage after many new objects, not after a few hundred: nearly all go without it."""
    gc.set_threshold(_OBJECTS, 20, 20)


def keep_what_is_loaded() -> None:
    """Never again look for garbage in what there is now: programs, words, tables."""
    gc.freeze()


def return_large_blocks() -> None:
    """Have every large block given back to the system when it is freed.

    glibc raises its threshold to the size of each large block that was freed, up to 32 MiB: after one
    large body all others would lie in the heap, which holes keep from shrinking.
    """
    with suppress(OSError, AttributeError, TypeError):  # no glibc
        import ctypes  # 10 ms that other commands need not spend

        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_ARENA_MAX, _ARENAS)
