"""What headers say about when to come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.ingest.http.freshness import freshness, retry_after
from aggregator.model import Fetched

TEN = "Mon, 02 Nov 2026 10:00:00 GMT"
NOON = "Mon, 02 Nov 2026 12:00:00 GMT"
NOW = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": 'MAX-AGE="600"', "age": "200"}, 400),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "max-age=9999999999999999999"}, 10**9),
        ({"cache-control": "max-age=60", "expires": NOON, "date": TEN}, 60),
        ({"expires": NOON, "date": TEN}, 7200),
        ({"expires": TEN, "date": NOON}, -7200),
        ({"expires": "0", "date": TEN}, None),
        ({"expires": NOON}, 3600),
        ({"cache-control": "max-age=600", "age": "soon"}, 600),
    ],
)
def test_freshness(headers: dict[str, str], seconds: int | None) -> None:
    expected = [] if seconds is None else [timedelta(seconds=seconds)]
    assert freshness(headers, NOW) == expected


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "120"}, 120),
        (503, {"retry-after": NOON, "date": TEN}, 7200),
        (403, {"retry-after": " 5 "}, 5),
        (503, {"retry-after": NOON}, 3600),
        (503, {"retry-after": "soon"}, None),
        (503, {"retry-after": "-5"}, None),
        (503, {"retry-after": "9" * 40}, 10**9),
        (500, {"retry-after": "120"}, None),
        (200, {"retry-after": "120"}, None),
    ],
)
def test_retry_after(status: int, headers: dict[str, str], seconds: int | None) -> None:
    answer = Fetched(status=status, url="", headers=headers)
    assert retry_after(answer, NOW) == (None if seconds is None else timedelta(seconds=seconds))
