"""A file is replaced whole or not at all: readers see the old content or the new one, never a part.

    write beside it --> fsync --> rename over it --> fsync the folder

A rename within a folder is atomic (POSIX, rename(2)). The first fsync keeps the name from pointing at
data that is not on the disk yet, the second makes the name itself last (https://lwn.net/Articles/457667/).
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO, TextIO

from aggregator.errors import OutputError

NEW_FILE_MODE = 0o644
_ANOTHER_FILE = "Name a file in a folder that exists and that you may write to."


class Replacement:
    """The new content of a file, while it is written.

    `file` takes the bytes; a library that opens files itself may write to `path` instead. `is_done`
    says after the block whether the new content took the place of the old.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.file = file
        self.is_done = False


@contextmanager
def replacing(
    path: Path,
    *,
    hint: str,
    in_place: bool = False,
    unless_equal: bool = False,
    mode: int = NEW_FILE_MODE,
) -> Iterator[Replacement]:
    """Write a file in binary; it takes the place of `path` when the block ends without an exception.

    `in_place` is for a file that a person named: the file behind a symbolic link is replaced, not the
    link; it keeps its permissions; its folder must exist. Otherwise the folder is made, and the file
    has the permissions `mode`. With `unless_equal` a file with the same content is left untouched.

    Raises OutputError, which ends with the sentence `hint`, when the file cannot be written. Whatever
    is raised, the file that was there is unchanged, and nothing is left beside it.
    """
    try:
        target = Path(os.path.realpath(path)) if in_place else path
        if not in_place:
            target.parent.mkdir(parents=True, exist_ok=True)
        elif target.exists():
            mode = target.stat().st_mode & 0o7777
        new = _open_beside(target)
        try:
            with new.file:
                yield new
            if not (unless_equal and _have_equal_content(target, new.path)):
                new.path.chmod(mode)
                _sync(new.path)
                new.path.replace(target)
                _sync(target.parent)
                new.is_done = True
        finally:
            new.path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror or error}. {hint}") from error


@contextmanager
def replacing_text(path: Path) -> Iterator[TextIO]:
    """Write a text file that a person named, in UTF-8, with the ends of lines as they are written.

    Raises OutputError when it cannot be written; the file that was there is then unchanged.
    """
    with (
        replacing(path, hint=_ANOTHER_FILE, in_place=True) as new,
        TextIOWrapper(new.file, encoding="utf-8", newline="") as text,
    ):
        yield text


def _open_beside(target: Path) -> Replacement:
    descriptor, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    return Replacement(Path(name), os.fdopen(descriptor, "wb"))


def _have_equal_content(path: Path, other: Path) -> bool:
    return path.exists() and filecmp.cmp(path, other, shallow=False)


def _sync(path: Path) -> None:
    """Have the disk hold a file's data, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
