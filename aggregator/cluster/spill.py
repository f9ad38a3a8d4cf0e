"""Records on disk by number, so that a file larger than memory can be walked more than once."""

from __future__ import annotations

import marshal
import os
from array import array
from tempfile import TemporaryFile
from typing import Any


class Spill:
    """Tuples of plain values in a temporary file of our own; 8 bytes of memory each."""

    def __init__(self) -> None:
        self._file = TemporaryFile("w+b")  # noqa: SIM115 - lives as long as the spill
        self._starts = array("Q", [0])
        self._is_flushed = True

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        if not self._is_flushed:
            self._file.flush()
            self._is_flushed = True
        start, end = self._starts[number], self._starts[number + 1]
        packed = os.pread(self._file.fileno(), end - start, start)
        record: tuple[Any, ...] = marshal.loads(packed)  # noqa: S302 - written by this process
        return record

    def append(self, record: tuple[Any, ...]) -> None:
        """Keep a record; its number is the count of those before it."""
        packed = marshal.dumps(tuple(record))
        self._file.write(packed)
        self._starts.append(self._starts[-1] + len(packed))
        self._is_flushed = False

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()
