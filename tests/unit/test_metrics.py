"""What is counted of article pages."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.metrics import Metrics
from aggregator.model import PageReport, PageResult


def test_pages_are_counted_by_result_and_what_they_matched_with_the_items() -> None:
    metrics = Metrics(datetime(2026, 11, 4, 12, tzinfo=UTC))
    for result in (PageResult.READ, PageResult.READ, PageResult.REFUSED):
        metrics.record_page(PageReport(host="a.example", result=result, matched={"a": 1, "b": 2}))

    lines = metrics.render().decode().splitlines()

    assert 'aggregator_pages_total{result="read"} 2.0' in lines
    assert 'aggregator_pages_total{result="refused"} 1.0' in lines
    assert 'aggregator_items_total{change="matched"} 9.0' in lines
