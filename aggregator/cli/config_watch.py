"""Watches the configuration of a running daemon: a valid change is taken up, an invalid one is only logged."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from aggregator.cli.options import Call
from aggregator.cli.wiring import load_settings
from aggregator.config import Settings
from aggregator.errors import ConfigError

log = structlog.get_logger()


class ConfigWatch:
    """`settings` as last loaded; `reload` loads them again if the file has changed.

    `override` is applied to whatever is loaded: what the command line says stays in force after a change.
    Raises ConfigError when the first load fails.
    """

    def __init__(self, call: Call, override: Callable[[Settings], Settings]) -> None:
        self._call = call
        self._override = override
        self._signature = self._file_signature()
        self.settings = self._load()

    def reload(self) -> bool:
        """Load a changed file; whether `settings` are different now.

        A file that is invalid or missing is logged once, and `settings` stay as they are.
        """
        signature = self._file_signature()
        if signature == self._signature:
            return False
        self._signature = signature
        try:
            settings = self._load()
        except ConfigError as error:
            log.error("configuration not taken up", error=str(error))
            return False
        former, self.settings = self.settings, settings
        return settings != former

    def _load(self) -> Settings:
        return self._override(load_settings(self._call))

    def _file_signature(self) -> tuple[int, ...] | None:
        """Modification time, size and inode; None when there is no file."""
        try:
            status = self._call.config.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
