"""py3langid's model, held to some of its languages from the start.

    state, byte --> row of the state, cut into blocks --> next state --> features met --> languages

Its own way in (`LanguageIdentifier.from_model_file`, then `set_languages`) has all arrays twice while it
loads, and keeps the weights of all 140 languages: 85 MB more at the most than what is read here, which
is the same file (`py3langid.modelio`: an npz within LZMA), one array after the other. Of the table of
states, which has 37 MB, five blocks of six are like another one: kept once, all have 7 MB.
"""

from __future__ import annotations

import lzma
import shutil
from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple, Protocol, cast
from zipfile import ZipFile

import numpy as np

_PIECE = 1024 * 1024  # bytes
# A row has a state for each of 256 bytes. Blocks of 16 have 6 MB and take twice as long to find, of 64 12 MB.
_BLOCK_BITS = 5
_BLOCK = 1 << _BLOCK_BITS


class Identifier(Protocol):
    """What is asked of the model."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All its languages by likelihood, the best first."""


def load(languages: Collection[str]) -> Identifier:
    """The model, held to those of the languages that it knows."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    class BlockIdentifier(LanguageIdentifier):
        """The identifier, whose table of states comes in blocks."""

        def _raw_score(self, text: bytes) -> Any:
            if met := _features(self.tk_nextmove, self._rowbase, self.tk_output, text):
                return self._sparse_score(met, self.nb_ptc)  # type: ignore[no-untyped-call]
            return super()._raw_score(b"")  # type: ignore[no-untyped-call]

    with TemporaryFile() as unpacked:
        with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
            shutil.copyfileobj(packed, unpacked, _PIECE)
        with ZipFile(unpacked) as arrays:
            codes = _read(arrays, "classes").tolist()
            chosen = [at for at, code in enumerate(codes) if code in languages]
            identifier = BlockIdentifier(  # type: ignore[no-untyped-call]
                _read(arrays, "ptc")[:, chosen],
                _read(arrays, "pc")[chosen],
                [codes[at] for at in chosen],
                _read_blocks(arrays, "nextmove"),
                _read(arrays, "out_feat").tolist(),
                tk_row=_read(arrays, "nextmove_row").tolist(),
            )
    return cast(Identifier, identifier)


class _Blocks(NamedTuple):
    """A table of numbers in blocks of which no two are alike; in Python's arrays, as numpy's are read slowly."""

    starts: array[int]  # where each block of the table is in `numbers`
    numbers: array[int]


def _features(
    blocks: _Blocks, rows: Sequence[int], features: Sequence[int], text: bytes
) -> Counter[int]:
    """How often each feature is met on the way through the states (`py3langid.langid.visit_counts`)."""
    starts, numbers = blocks
    state, met = 0, list[int]()
    for letter in text:
        at = rows[state] + letter
        state = numbers[starts[at >> _BLOCK_BITS] + (at & _BLOCK - 1)]
        feature = features[state]
        if feature >= 0:
            met.append(feature)
    return Counter(met)


def _read(arrays: ZipFile, name: str) -> Any:
    with arrays.open(f"{name}.npy") as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _read_blocks(arrays: ZipFile, name: str) -> _Blocks:
    with arrays.open(f"{name}.npy") as file:
        numbers = array(_dtype(file).char)
        starts, known = array("I"), dict[bytes, int]()
        size = _BLOCK * numbers.itemsize
        while piece := file.read(_PIECE):
            for at in range(0, len(piece), size):
                block = piece[at : at + size]
                start = known.setdefault(block, len(numbers))
                if start == len(numbers):
                    numbers.frombytes(block)
                starts.append(start)
    return _Blocks(starts, numbers)


def _dtype(file: IO[bytes]) -> np.dtype[Any]:
    """The type of the numbers that follow; reads the head of the file."""
    np.lib.format.read_magic(file)
    _, _, dtype = np.lib.format.read_array_header_1_0(file)
    return dtype
