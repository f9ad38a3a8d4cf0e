"""Times as people write them in options: a duration before another time, or a date, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.errors import UsageError


def parse_time(option: str, text: str, *, before: datetime) -> datetime:
    """The time that the text of an option means: `7d` is so long before `before`, `2026-11-24` that day.

    Raises UsageError, which names the option.
    """
    from aggregator.config import duration

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            return before - duration(text)
        except ValueError as error:
            raise UsageError(
                f"{option}: '{text}' is neither a duration (90m, 24h, 7d) nor a time (2026-11-24)"
            ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
