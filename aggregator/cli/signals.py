"""The signals of a daemon, held from its start to its end: also between two runs, when nothing listens.

    SIGTERM, SIGINT   stop        SIGHUP   read the configuration again

Before the first run there is nothing to finish: SIGTERM and SIGINT end the process at once. Later a request
that comes between two runs is kept for the next one.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from aggregator.daemon import Ending

_ENDINGS = {
    signal.SIGTERM: Ending.STOPPED,
    signal.SIGINT: Ending.STOPPED,
    signal.SIGHUP: Ending.RELOAD,
}

Stop = Callable[[Ending], object]


class Signals:
    """What signals asked for; `pending` is what no run has been told yet, a stop before a reload."""

    def __init__(self) -> None:
        self.pending: Ending | None = None
        self._stop: Stop | None = None
        self._has_run = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle the signals within the block. On the main thread."""
        former = {number: signal.signal(number, self._handle) for number in _ENDINGS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    @contextmanager
    def sent_to(self, stop: Stop) -> Iterator[None]:
        """Tell `stop` within the block what is asked for, or was since the last one.

        It is called between any two instructions of the main thread.
        """
        self._stop, self._has_run = stop, True
        try:
            self._tell()
            yield
        finally:
            self._stop = None

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        asked = _ENDINGS[signal.Signals(number)]
        if not self._has_run and asked is Ending.STOPPED:
            if number == signal.SIGINT:
                raise KeyboardInterrupt
            sys.exit(0)
        if self.pending is not Ending.STOPPED:
            self.pending = asked
        self._tell()

    def _tell(self) -> None:
        if self._stop is not None and self.pending is not None:
            asked, self.pending = self.pending, None
            self._stop(asked)
