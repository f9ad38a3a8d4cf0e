"""What HTTP headers say about when to come back (RFC 9110, RFC 9111). Pure.

Every value is a duration from now; times are taken relative to the response's own `Date`, since a
server's clock may be wrong, and to `now` where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aggregator.model import Fetched

_MAX_SECONDS = 10**9  # beyond this a number is nonsense, and arithmetic would overflow
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d+)", re.IGNORECASE)
_ASKS_TO_WAIT = {403, 429, 503}


def freshness(headers: Mapping[str, str], now: datetime) -> list[timedelta]:
    """How long the response stays fresh: max-age less Age, Expires less Date; empty when unsaid."""
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    if found:
        return [_seconds(found[1]) - _seconds(headers.get("age", "0"))]
    expires = http_date(headers.get("expires"))
    return [expires - (http_date(headers.get("date")) or now)] if expires else []


def retry_after(fetched: Fetched, now: datetime) -> timedelta | None:
    """How long a 403, 429 or 503 asks us to stay away; None when it does not say."""
    value = fetched.headers.get("retry-after", "").strip()
    if fetched.status not in _ASKS_TO_WAIT or not value:
        return None
    if value.isdecimal():
        return _seconds(value)
    until = http_date(value)
    return until - (http_date(fetched.headers.get("date")) or now) if until else None


def http_date(value: str | None) -> datetime | None:
    """An HTTP date as aware UTC; None when it cannot be read."""
    try:
        read = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None


def _seconds(digits: str) -> timedelta:
    digits = digits.strip()
    if not (digits.isascii() and digits.isdecimal()):
        return timedelta(0)
    return timedelta(seconds=min(int(digits[:12]), _MAX_SECONDS))
