"""One database as the store opens it: its engine, its file, its transactions.

A write that finds the database locked by another program is tried again for as long as `Patience` allows. It
is then at its beginning: nothing has been read or written yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url

from aggregator.errors import StoreBusyError, StoreError
from aggregator.patience import Patience
from aggregator.store.engine import TransactionMode, database_file, open_engine, transaction
from aggregator.store.failures import translating_errors


class Database:
    """A database by its URL, opened at the first use. `name` is what messages call it.

    For a lock that another program holds, a try waits `wait_seconds`, by default as `open_engine` says.
    """

    def __init__(self, url: str, *, wait_seconds: float | None, patience: Patience) -> None:
        self._url = url
        self._wait_seconds = wait_seconds
        self._patience = patience
        with translating_errors("store"):
            self.file: Path | None = database_file(url)
            self.name = str(self.file or make_url(url))
        self._file_id: tuple[int, int] | None = None

    @cached_property
    def engine(self) -> Engine:
        """The engine, with its pool of connections."""
        return open_engine(self._url, wait_seconds=self._wait_seconds)

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    @contextmanager
    def transaction(self, mode: TransactionMode) -> Iterator[Connection]:
        """Run a transaction; StoreBusyError, StoreFullError or StoreError where the database fails."""
        with translating_errors(self.name), ExitStack() as held:
            yield self._begun(held, mode)

    def must_exist(self) -> None:
        """Raise StoreError when the database is a file that is not there."""
        if self.file is not None and not self.file.exists():
            raise StoreError(f"There is no database at {self.file}. `aggregator poll` creates one.")

    def remember_file(self) -> None:
        """Take the file that is there now for the right one."""
        self._file_id = self._present_file_id()

    def must_be_in_place(self) -> None:
        """Raise StoreError when the file remembered is gone, or another one is in its place. Cheap."""
        if self._file_id is not None and self._present_file_id() != self._file_id:
            raise StoreError(
                f"{self.file} was deleted or replaced while it was in use. Put the right file there, "
                "and start again: what is written now would be lost."
            )

    def _begun(self, held: ExitStack, mode: TransactionMode) -> Connection:
        """The connection of a transaction that has begun, and that `held` ends."""
        while True:
            try:
                with translating_errors(self.name):
                    connection = held.enter_context(transaction(self.engine, mode))
            except StoreBusyError:
                if mode is TransactionMode.READ or not self._patience.failed():
                    raise
            else:
                if mode is not TransactionMode.READ:
                    self._patience.succeeded()
                return connection

    def _present_file_id(self) -> tuple[int, int] | None:
        """Device and inode of the file; None where there is none."""
        try:
            status = self.file.stat() if self.file else None
        except OSError:
            return None
        return (status.st_dev, status.st_ino) if status else None
