"""Records spilled to disk and read by number: a file larger than memory can be read more than once."""

from __future__ import annotations

import marshal
import os
from array import array
from tempfile import TemporaryFile
from typing import Any


class SpillFile:
    """Tuples of plain values (what `marshal` takes) in a temporary file; 8 bytes of memory each."""

    def __init__(self) -> None:
        self._file = TemporaryFile("w+b")  # noqa: SIM115 - open as long as this object
        self._starts = array("Q", [0])
        self._is_flushed = True

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        if not self._is_flushed:
            self._file.flush()
            self._is_flushed = True
        start, end = self._starts[number], self._starts[number + 1]
        data = os.pread(self._file.fileno(), end - start, start)
        record: tuple[Any, ...] = marshal.loads(data)  # noqa: S302 - written by this process
        return record

    def append(self, record: tuple[Any, ...]) -> None:
        """Write a record behind the others; its number is the count of those before it."""
        data = marshal.dumps(tuple(record))
        self._file.write(data)
        self._starts.append(self._starts[-1] + len(data))
        self._is_flushed = False

    def close(self) -> None:
        """Close the file, which deletes it."""
        self._file.close()
