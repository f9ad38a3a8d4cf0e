"""Functions as machine code: numba compiles each on its first call and keeps it for later processes.

What is kept belongs to one state of the sources: a folder of `NUMBA_CACHE_DIR`, or else of `__pycache__`,
named by their digest. Where neither can be written numba looks for a place itself (the user's cache
directory); where there is none, a function is compiled anew in each process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core import event, types
from numpy.typing import NDArray

from aggregator.errors import OutputError
from aggregator.files import replacing

Hashes = NDArray[np.uint32]  # shape (n,): tokens, shingles, band keys, MinHash values
Places = NDArray[np.int64]  # shape (n,): positions in a text or an array, numbers of rows
FEW_FUNCTIONS = 4  # set by hand: they take a second or two, all of them 80
Function = TypeVar("Function", bound=Callable[..., object])
_SOURCES = Path(__file__).parent
_COMPILED = "compiled-"


@contextmanager
def _scipy_hidden() -> Iterator[None]:
    """Have scipy look as if it were not installed."""
    there = sys.modules.get("scipy")
    sys.modules["scipy"] = None  # type: ignore[assignment]  # an import of it then fails
    try:
        yield
    finally:
        del sys.modules["scipy"]
        if there is not None:
            sys.modules["scipy"] = there


# Loading what it needs for a function from its cache, numba loads scipy's linear algebra where there is one:
# 0.3 s of processor time and 50 MB, for functions that nothing here calls.
with _scipy_hidden():
    import_module("numba.np.arraymath")


def cache_folder(sources: Path, caches: Path) -> Path:
    """Where compiled functions of these sources are kept.

    numba asks only whether the file of a function is as it was, not those of the functions it calls: after an
    update that changes one of those, the old code would run on
    (https://numba.readthedocs.io/en/stable/user/jit.html#cache).
    """
    digest = sha256()
    for source in sorted(sources.rglob("*.py")):
        digest.update(source.read_bytes())
    return caches / f"{_COMPILED}{digest.hexdigest()[:16]}"


def outdated_caches(folder: Path) -> list[Path]:
    """The folders beside this one with what was compiled of other states of the sources."""
    return [other for other in folder.parent.glob(f"{_COMPILED}*") if other != folder]


CACHE = cache_folder(_SOURCES, Path(numba.config.CACHE_DIR or _SOURCES / "__pycache__"))  # type: ignore[attr-defined]
numba.config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]


def is_enabled() -> bool:
    """Whether functions are compiled at all: not with NUMBA_DISABLE_JIT."""
    return not numba.config.DISABLE_JIT  # type: ignore[attr-defined]


def kept_array(name: str, make: Callable[[], Hashes]) -> Hashes:
    """An array that is made once for a state of the sources and kept with what was compiled of it."""
    file = CACHE / f"{name}.npy"
    with suppress(OSError, ValueError, EOFError):
        return cast(Hashes, np.load(file, allow_pickle=False))
    array = make()
    with suppress(OutputError), replacing(file, hint="") as new:
        np.save(new.file, array)
    return array


def jit(function: Function) -> Function:
    """`numba.njit` as this project uses it: nopython, cached, and with numpy's error model.

    Integers wrap and a division by zero gives inf or nan, as in C: a compiled function raises nothing.
    """
    try:
        compiled = numba.njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # "cannot cache function: no locator available": a read-only machine
        compiled = numba.njit(error_model="numpy")(function)
    _take_constants_as_numbers(compiled)
    return cast(Function, compiled)


def _take_constants_as_numbers(compiled: Any) -> None:
    """Have a call with a constant be one with an integer or a truth value like any other.

    numba would compile the function for each constant that compiled code calls it with: 48 of 210
    compilations of the matcher, an eighth of their time. Where numba finds the callee's signature
    otherwise than today, it does so again, and nothing else changes.
    """
    find_template = getattr(compiled, "get_call_template", None)
    if find_template is None:  # NUMBA_DISABLE_JIT: a plain function
        return

    def get_call_template(args: Iterable[types.Type], kws: Mapping[str, types.Type]) -> object:
        by_name = {name: _plain(argument) for name, argument in kws.items()}
        return find_template(tuple(map(_plain, args)), by_name)

    compiled.get_call_template = get_call_template


def _plain(argument: types.Type) -> types.Type:
    """The type of any number, for that of a certain one."""
    return cast(types.Type, types.unliteral(argument))  # type: ignore[no-untyped-call]


def on_first_compilation(announce: Callable[[], None]) -> None:
    """Have `announce` called once, when this process is about to compile the matcher, if it has to.

    It is called by the thread that compiles. Nothing is announced of functions that come from numba's
    cache: numba broadcasts "numba:compile" only after it has looked there
    (https://numba.readthedocs.io/en/stable/developer/event_api.html). Nor of a few that are seldom
    needed and compiled when they are (a second: the index cut for the first time, texts aligned for
    `explain`): without a cache some two hundred are, one after the other.
    """
    event.register("numba:compile", _FirstCompilation(announce))  # type: ignore[no-untyped-call]


class _FirstCompilation(event.Listener):
    """Counts the functions that are compiled, and announces once that they are more than a few."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._compiled = 0

    def on_start(self, _event: event.Event) -> None:
        self._compiled += 1
        if self._compiled == FEW_FUNCTIONS + 1:
            self._announce()

    def on_end(self, _event: event.Event) -> None:
        """Nothing is said of the end."""
