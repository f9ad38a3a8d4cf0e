"""py3langid's model, held to some of its languages from the start.

Its own way in (`LanguageIdentifier.from_model_file`, then `set_languages`) has all arrays twice while it
loads, and keeps the weights of all 140 languages: 85 MB more at the most than what is read here, which
is the same file (`py3langid.modelio`: an npz within LZMA), one array after the other.
"""

from __future__ import annotations

import lzma
import shutil
from array import array
from collections.abc import Collection
from tempfile import TemporaryFile
from typing import IO, Any, Protocol, cast
from zipfile import ZipFile

import numpy as np

_TYPES = {1: "B", 2: "H", 4: "I", 8: "Q"}  # of `array`, by bytes
_PIECE = 1024 * 1024  # bytes


class Identifier(Protocol):
    """What is asked of the model."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All its languages by likelihood, the best first."""


def load(languages: Collection[str]) -> Identifier:
    """The model, held to those of the languages that it knows."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    with TemporaryFile() as unpacked:
        with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
            shutil.copyfileobj(packed, unpacked, _PIECE)
        with ZipFile(unpacked) as arrays:
            codes = _read(arrays, "classes").tolist()
            chosen = [at for at, code in enumerate(codes) if code in languages]
            identifier = LanguageIdentifier(  # type: ignore[no-untyped-call]
                _read(arrays, "ptc")[:, chosen],
                _read(arrays, "pc")[chosen],
                [codes[at] for at in chosen],
                _read_numbers(arrays, "nextmove"),
                _read(arrays, "out_feat").tolist(),
                tk_row=_read_numbers(arrays, "nextmove_row"),
            )
    return cast(Identifier, identifier)


def _read(arrays: ZipFile, name: str) -> Any:
    with arrays.open(f"{name}.npy") as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _read_numbers(arrays: ZipFile, name: str) -> array[int]:
    """An array of unsigned numbers as Python's own, whose members are read faster one by one."""
    with arrays.open(f"{name}.npy") as file:
        numbers = array(_TYPES[_dtype(file).itemsize])
        while piece := file.read(_PIECE):
            numbers.frombytes(piece)
    return numbers


def _dtype(file: IO[bytes]) -> np.dtype[Any]:
    """The type of the numbers that follow; reads the head of the file."""
    np.lib.format.read_magic(file)
    _, _, dtype = np.lib.format.read_array_header_1_0(file)
    return dtype
