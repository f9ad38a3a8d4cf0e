"""How often one may: so many times at once, then one by one, as fast as they may on average.

The generic cell rate algorithm (ITU-T I.371, annex A) keeps one time for each who asks. Pure: `now` is an argument.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta

MOST_KEYS = 10_000  # remembered, some 2 MB; the one counted longest ago is forgotten first


class RateLimit:
    """At most `most` for each key in `per`, on average."""

    def __init__(self, most: int, per: timedelta) -> None:
        self._per = per
        self._gap = per / most
        self._paid_until: OrderedDict[Hashable, datetime] = OrderedDict()

    def wait(self, key: Hashable, now: datetime) -> timedelta:
        """How long until the next one may be counted; zero where it may now."""
        return max(self._debt(key, now) + self._gap - self._per, timedelta(0))

    def count(self, key: Hashable, now: datetime) -> None:
        """Count one."""
        self._paid_until[key] = now + min(self._debt(key, now) + self._gap, self._per)
        self._paid_until.move_to_end(key)
        if len(self._paid_until) > MOST_KEYS:
            self._paid_until.popitem(last=False)

    def _debt(self, key: Hashable, now: datetime) -> timedelta:
        debt = self._paid_until.get(key, now) - now
        is_of_another_clock = debt > self._per  # it was set back
        return timedelta(0) if is_of_another_clock else max(debt, timedelta(0))
