"""When the daemon is said to be well."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model import FeedState, FeedStatus
from aggregator.web.health import Health, report

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def state(feed_id: str, status: FeedStatus) -> FeedState:
    url = f"https://{feed_id}.example/rss"
    return FeedState(feed_id=feed_id, url=url, configured_url=url, next_due_at=NOW, status=status)


def test_a_ticking_clock_is_well_and_feeds_are_counted_by_status() -> None:
    health = Health(started_at=NOW - timedelta(hours=1), ticked_at=NOW - timedelta(seconds=2))
    states = [
        state("a", FeedStatus.OK),
        state("b", FeedStatus.OK),
        state("c", FeedStatus.FAILING),
    ]

    status, body = report(health, states, waiting=4, now=NOW)

    assert (status, body["status"]) == (200, "ok")
    assert body["feeds"] == {"failing": 1, "ok": 2}
    assert body["last_tick_age_seconds"] == 2.0
    assert body["unplaced_items"] == 4


def test_a_clock_that_stopped_is_degraded() -> None:
    health = Health(started_at=NOW - timedelta(hours=1), ticked_at=NOW - timedelta(minutes=5))

    status, body = report(health, [], waiting=0, now=NOW)

    assert (status, body["status"]) == (503, "degraded")


@pytest.mark.parametrize(
    ("ahead", "status"),
    [
        (timedelta(seconds=1), 200),  # two readings of one clock
        (timedelta(minutes=1), 503),
        (timedelta(hours=2), 503),
    ],
)
def test_a_tick_that_is_still_to_come_is_degraded(ahead: timedelta, status: int) -> None:
    started = NOW - timedelta(hours=1)
    told = report(Health(started_at=started, ticked_at=NOW + ahead), [], waiting=0, now=NOW)
    assert told[0] == status
    assert report(Health(started_at=NOW + ahead), [], waiting=0, now=NOW)[0] == status


def test_a_daemon_that_has_just_started_is_given_time() -> None:
    assert report(Health(started_at=NOW), [], waiting=0, now=NOW)[0] == 200


def test_a_trouble_the_daemon_names_is_told() -> None:
    health = Health(started_at=NOW, ticked_at=NOW, problems=("the disk is full",))

    status, body = report(health, [], waiting=0, now=NOW)

    assert (status, body["problems"]) == (503, ["the disk is full"])


def test_the_web_alone_is_well() -> None:
    status, body = report(None, [], waiting=0, now=NOW)

    assert (status, body["last_tick_age_seconds"]) == (200, None)
