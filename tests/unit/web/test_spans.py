"""The span a page is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import UsageError
from aggregator.filters import Filter
from aggregator.web.spans import asked_span

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_without_words_it_is_a_week_until_now() -> None:
    asked = asked_span(Filter(), NOW)

    assert (asked.span.since_at, asked.span.until_at) == (NOW - 7 * DAY, NOW)
    assert asked.pairs == (("since", "7d"),)


def test_a_duration_is_before_the_end_and_not_before_now() -> None:
    asked = asked_span(Filter(since="2d", until="2026-11-10"), NOW)

    assert asked.span.until_at == datetime(2026, 11, 10, tzinfo=UTC)
    assert asked.span.since_at == datetime(2026, 11, 8, tzinfo=UTC)
    assert asked.pairs == (("since", "2d"), ("until", "2026-11-10"))


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-11-20", "2026-11-10", "is not before the end"),
        ("2026-11-10", "2026-11-10", "is not before the end"),
        ("2026-12-01", None, "is not before the end"),
        ("367d", None, "more than 366 days"),
        ("0001-01-01", "0001-01-02", "more than 366 days"),
    ],
)
def test_an_empty_or_endless_span_is_refused(since: str, until: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asked_span(Filter(since=since, until=until), NOW)
