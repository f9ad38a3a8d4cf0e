"""How long the work waits for a database that another program has locked.

Writers try again and again: each failed try is told to one `Patience`, which says whether to go on, and
each success ends the waiting. May be used from any thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

ANNOUNCED_AFTER_SECONDS = 3.0  # set by hand: a backup tool's moment is nothing to tell of


class Patience:
    """Allows waiting for `limit_seconds`; by default for none, so that the first failed try is the last.

    `on_wait` is called once when a wait has lasted for three seconds, `on_end` with its seconds when such
    a wait ends well. `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        limit_seconds: float = 0.0,
        *,
        on_wait: Callable[[], None] = lambda: None,
        on_end: Callable[[float], None] = lambda _seconds: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit_seconds = limit_seconds
        self._on_wait = on_wait
        self._on_end = on_end
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._is_announced = False
        self._is_stopped = False

    @property
    def is_waiting(self) -> bool:
        """Whether the last try failed."""
        return self._since is not None

    @property
    def announced_seconds(self) -> float | None:
        """How long the wait has lasted, once it is worth telling; None before."""
        since = self._since
        return self._clock() - since if since is not None and self._is_announced else None

    def failed(self) -> bool:
        """Take note of a try that failed; whether to try again."""
        with self._lock:
            now = self._clock()
            self._since = now if self._since is None else self._since
            waited = now - self._since
            is_news = waited >= ANNOUNCED_AFTER_SECONDS and not self._is_announced
            self._is_announced = self._is_announced or is_news
        if is_news:
            self._on_wait()
        return waited < self._limit_seconds and not self._is_stopped

    def succeeded(self) -> None:
        """Take note of a try that succeeded: nobody has to wait any more."""
        if not self.is_waiting:
            return
        with self._lock:
            since, was_announced = self._since, self._is_announced
            self._since, self._is_announced = None, False
        if since is not None and was_announced:
            self._on_end(self._clock() - since)

    def stop(self) -> None:
        """Wait no more: whoever tries at the moment fails at the end of that try."""
        self._is_stopped = True
