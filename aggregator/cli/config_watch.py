"""The configuration as a running daemon sees it: a correct change is taken up, a wrong one only told."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from aggregator.cli.options import Call
from aggregator.cli.wiring import settings_of
from aggregator.config import Settings
from aggregator.errors import ConfigError

log = structlog.get_logger()


class Watch:
    """`settings` as last read; `changed` looks whether the file means something else by now.

    `adapt` is applied to whatever is read. Raises ConfigError when the first reading fails.
    """

    def __init__(self, call: Call, adapt: Callable[[Settings], Settings]) -> None:
        self._call = call
        self._adapt = adapt
        self._seen = self._signature()
        self.settings = self._read()

    def changed(self) -> bool:
        """Whether `settings` are new; a file that is wrong or gone is told once and not taken up."""
        signature = self._signature()
        if signature == self._seen:
            return False
        self._seen = signature
        try:
            settings = self._read()
        except ConfigError as error:
            log.error("configuration not taken up", error=str(error))
            return False
        former, self.settings = self.settings, settings
        return settings != former

    def _read(self) -> Settings:
        return self._adapt(settings_of(self._call))

    def _signature(self) -> tuple[int, ...] | None:
        try:
            status = self._call.config.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
