"""A line of `cluster`'s input becomes an item; an error names the line by its number."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from aggregator.cluster.plain_text import to_plain_text
from aggregator.errors import UsageError
from aggregator.model import Item

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # when undated items before any dated one were reported


def read_item(line: str, number: int, before_at: datetime = EPOCH) -> Item:
    """The item on a line (counted from 1). An undated one was reported when the item before was.

    Raises UsageError when the line is not a JSON object with an `id` and values of the right types.
    """
    record = _parse(line, number)
    at = _time(record.get("published"), number) or before_at
    agency = _string(record, "agency", number)
    return Item(
        id=_string(record, "id", number, required=True),
        feed_id=agency,
        agency_id=agency,
        title=to_plain_text(_string(record, "title", number)),
        text=to_plain_text(_string(record, "text", number)),
        seen_at=at,
        reported_at=at,
        link=_string(record, "url", number) or None,
        language=_string(record, "language", number) or None,
    )


def _parse(line: str, number: int) -> dict[str, object]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise UsageError(f"line {number}: not JSON ({error}); write one object a line") from error
    except RecursionError as error:
        raise UsageError(f"line {number}: nested too deeply; write one flat object") from error
    if not isinstance(record, dict):
        raise UsageError(f'line {number}: not a JSON object; write {{"id": …, "title": …}}')
    return record


def _string(record: dict[str, object], key: str, number: int, *, required: bool = False) -> str:
    value = record.get(key)
    if value in {None, ""} if isinstance(value, str | None) else False:
        if required:
            raise UsageError(f"line {number}: no {key!r}; give every item a unique one")
        return ""
    if not isinstance(value, str):
        raise UsageError(f"line {number}: {key!r} is no string; write it in quotes")
    return value.encode("utf-8", "replace").decode() if not value.isascii() else value


def _time(value: object, number: int) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        at = datetime.fromisoformat(str(value))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"line {number}: 'published' is {value!r}; write it as 2026-03-01T09:30:00+00:00"
        ) from error
