"""A folder in which files are dropped, on the disk: what is in it, one file's bytes, a file put away.

    FOLDER/NAME        dropped, read where it lies
    FOLDER/done/NAME   read; NAME.reason.txt beside it where a part of it could not be
    FOLDER/failed/NAME nothing in it could be read; NAME.reason.txt says why

Nothing is followed out of the folder: it must lie below an allowed one when all symbolic links on its way
are resolved, and links in it are not files. Every name is looked up in the folder as it was opened.
"""

from __future__ import annotations

import fcntl
import os
import signal
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from aggregator.errors import FetchError, RefusedError, TooLargeError
from aggregator.folders import is_allowed

DONE, FAILED = "done", "failed"
# Names that programs give to what they still write: FTP servers and clients, rsync, browsers, editors.
_UNFINISHED = (
    ".tmp",
    ".temp",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".swp",
    ".lock",
    "~",
)
_REASON = ".reason.txt"
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class Dropped(NamedTuple):
    """A file as it lay in the folder; one that is equal later was not written to since."""

    modified_ns: int
    name: str
    size: int  # bytes
    inode: int

    @property
    def shown(self) -> str:
        """The name as it can be shown: names need not be text."""
        text = os.fsencode(self.name).decode("utf-8", "replace")
        return "".join(char if char.isprintable() else "\ufffd" for char in text)

    @property
    def modified_at(self) -> datetime:
        """When it was written to last, by the clock of who wrote it."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, UTC)


class Spool:
    """An opened folder. `opened` makes one."""

    def __init__(self, descriptor: int) -> None:
        self._folder = descriptor

    def files(self) -> list[Dropped]:
        """The files in it, the oldest first; none that its name says is being written."""
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in entries]
        found = []
        for name in names:
            if name.startswith(".") or name.lower().endswith(_UNFINISHED):
                continue
            with suppress(FileNotFoundError):
                found.append(self._dropped(name))
        return sorted(file for file in found if file is not None)

    def read(self, file: Dropped, *, limit: int) -> bytes:
        """The bytes of a file.

        Raises TooLargeError where they are more than `limit`, FileNotFoundError where it is not there as
        it was listed, OSError where it may not be read.
        """
        if file.size > limit:
            raise TooLargeError(f"it has {file.size} bytes, allowed are {limit} (max_body)")
        descriptor = os.open(file.name, _OPEN_FILE, dir_fd=self._folder)
        with os.fdopen(descriptor, "rb") as opened:
            body = opened.read(limit + 1)
        if self._dropped(file.name) != file or len(body) != file.size:
            raise FileNotFoundError(f"{file.shown} changes while it is read")
        return body

    def is_closed(self, file: Dropped) -> bool | None:
        """Whether no program holds the file open for writing; None where the system does not tell.

        Linux grants a read lease on a file only then, and only to its owner or root (fcntl(2), "Leases").
        """
        try:
            descriptor = os.open(file.name, _OPEN_FILE, dir_fd=self._folder)
        except OSError:
            return None
        try:
            # Who opens it meanwhile has us told by a signal: one that is ignored, unlike SIGIO.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except BlockingIOError:
            return False
        except (OSError, AttributeError):  # no leases on this file system, or this system
            return None
        finally:
            os.close(descriptor)
        return True

    def check_writable(self) -> None:
        """Make the folders that files are put away in. Raises FetchError where that cannot be done."""
        try:
            for name in (DONE, FAILED):
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=self._folder)
                with self._inner(name) as inner:
                    if not all(_is_writable(folder) for folder in (self._folder, inner)):
                        raise PermissionError(0, "no permission to write")
        except OSError as error:
            raise FetchError(
                f"files cannot be moved to {DONE} and {FAILED} in the folder "
                f"({error.strerror or error}); let the aggregator's user write there"
            ) from error

    def put_away(self, file: Dropped, folder: str, reasons: Sequence[str], now: datetime) -> None:
        """Move a file to `DONE` or `FAILED`, replacing none there; the reasons are written beside it.

        A file that changed since it was listed, or is being written to, stays: it is another. Raises FetchError where the file
        cannot be moved.
        """
        try:
            with self._inner(folder) as inner:
                if self.is_closed(file) is False or self._dropped(file.name) != file:
                    return
                name = _free_name(inner, file.name, now)
                if reasons:
                    _write(inner, name + _REASON, "\n".join([*reasons, ""]))
                os.rename(file.name, name, src_dir_fd=self._folder, dst_dir_fd=inner)
        except FileNotFoundError:
            return
        except OSError as error:
            raise FetchError(
                f"{file.shown} cannot be moved to {folder} ({error.strerror or error}); "
                "let the aggregator's user write there"
            ) from error

    def _dropped(self, name: str) -> Dropped | None:
        status = os.stat(name, dir_fd=self._folder, follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            return None
        return Dropped(status.st_mtime_ns, name, status.st_size, status.st_ino)

    @contextmanager
    def _inner(self, name: str) -> Iterator[int]:
        descriptor = os.open(name, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=self._folder)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


@contextmanager
def opened(folder: Path, roots: Sequence[Path]) -> Iterator[Spool]:
    """The folder, while the block lasts.

    Raises RefusedError where it does not lie below one of `roots`, FetchError where it cannot be read.
    """
    try:
        real = Path(os.path.realpath(folder, strict=True))
        if not is_allowed(real, [Path(os.path.realpath(root)) for root in roots]):
            raise RefusedError(
                "a symbolic link leads the folder out of fetch.allow_directories; "
                "put there where it leads to, or remove the link"
            )
        descriptor = os.open(real, _OPEN_FOLDER | os.O_NOFOLLOW)
    except OSError as error:
        raise FetchError(
            f"the folder cannot be read ({error.strerror or error}); make it, let the aggregator's "
            "user read it, or correct the feed's url"
        ) from error
    try:
        yield Spool(descriptor)
    finally:
        os.close(descriptor)


def _is_writable(folder: int) -> bool:
    return os.access(".", os.W_OK | os.X_OK, dir_fd=folder)


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _free_name(folder: int, name: str, now: datetime) -> str:
    """The name, or one like it that no file has yet, nor a reason."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    free, number = name, 1
    while _exists(folder, free) or _exists(folder, free + _REASON):
        count = f"-{number}" if number > 1 else ""
        free, number = f"{stem}.{now:%Y%m%dT%H%M%S}{count}{dot}{ending}", number + 1
    return free


def _write(folder: int, name: str, text: str) -> None:
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
