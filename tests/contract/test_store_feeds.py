"""What is known of each feed between polls."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from aggregator.errors import StoreError
from aggregator.model import FeedState, FeedStatus, SeenEntries, SeenEntry
from aggregator.store.store import Store
from tests.contract.samples import HOUR, NOON, arrival, fingerprint, item, state


def test_a_state_is_read_back_as_it_was_written(store: Store) -> None:
    written = FeedState(
        feed_id="kz-kk",
        url="https://moved.example/kz.xml",
        configured_url="https://kz.example/kz.xml",
        next_due_at=NOON + timedelta(microseconds=7),
        status=FeedStatus.FAILING,
        error="құжат табылмады",
        failures=3,
        interval=timedelta(minutes=18, seconds=45, microseconds=250),
        etag='W/"a\\b; ü"',
        last_modified="Wed, 04 Nov 2026 12:00:00 GMT",
        body_hash="ab" * 32,
        trust_validators=False,
        title="Жаңалықтар",
        format="rss20",
        item_count=30,
        polled_at=NOON,
        succeeded_at=NOON - HOUR,
        full_at=NOON - 2 * HOUR,
        newest_at=NOON - 3 * HOUR,
        overlap_streak=-1,
        moved_to="https://moved.example/new.xml",
        moved_at=NOON,
        ttl=HOUR,
        skip_hours=frozenset({0, 23}),
        skip_days=frozenset({6}),
    )

    store.save_feed_states([written])

    assert store.feed_states() == {"kz-kk": written}


def test_a_state_saved_again_takes_the_place_of_the_former(store: Store) -> None:
    store.save_feed_states([state(etag='"1"'), state("kz-ru")])

    store.save_feed_states([state(etag=None, failures=2)])

    assert store.feed_states() == {"bta-bg": state(failures=2), "kz-ru": state("kz-ru")}


def test_no_states_is_nothing_to_do(store: Store) -> None:
    store.save_feed_states([])

    assert store.feed_states() == {}


def test_times_of_another_zone_are_the_same_moment_in_utc(store: Store) -> None:
    in_astana = datetime(2026, 11, 4, 17, tzinfo=timezone(timedelta(hours=5)))

    store.save_feed_states([state(next_due_at=in_astana)])

    due_at = store.feed_states()["bta-bg"].next_due_at
    assert due_at == NOON
    assert due_at.tzinfo is UTC


def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="without a zone"):
        store.save_feed_states([state(next_due_at=NOON.replace(tzinfo=None))])


def test_due_feeds_come_longest_due_first_up_to_the_limit(store: Store) -> None:
    second, first = state("b", next_due_at=NOON), state("a", next_due_at=NOON - HOUR)
    later = state("c", next_due_at=NOON + timedelta(microseconds=1))
    store.save_feed_states([second, later, first])

    assert store.feeds_due(NOON) == [first, second]
    assert store.feeds_due(NOON, limit=1) == [first]
    assert store.feeds_due(NOON, except_at=["https://a.example/", "https://_.example/"]) == [second]


def test_a_feed_that_is_gone_is_never_due(store: Store) -> None:
    store.save_feed_states([state(status=FeedStatus.GONE)])

    assert store.feeds_due(NOON + HOUR) == []
    assert store.next_due_at() is None


def test_the_next_due_time_is_that_of_the_first_feed(store: Store) -> None:
    store.save_feed_states([state("a", next_due_at=NOON + HOUR), state("b", next_due_at=NOON)])

    assert store.next_due_at() == NOON


def test_without_feeds_nothing_is_due(store: Store) -> None:
    assert store.next_due_at() is None
    assert store.feeds_due(NOON) == []


def test_a_feed_no_longer_configured_is_never_due_and_not_forgotten(store: Store) -> None:
    store.save_feed_states([state("a"), state("b")])

    store.retire_feeds(["b", "not-polled-yet"])

    assert [due.feed_id for due in store.feeds_due(NOON)] == ["b"]
    assert set(store.feed_states()) == {"a", "b"}


def test_a_feed_configured_again_is_due_again(store: Store) -> None:
    store.save_feed_states([state("a", etag='"1"'), state("b", next_due_at=NOON + HOUR)])
    store.retire_feeds(["b"])

    store.retire_feeds(["a", "b"])

    assert store.next_due_at() == NOON
    assert store.feeds_due(NOON) == [state("a", etag='"1"')]


def test_saving_the_state_of_a_retired_feed_does_not_bring_it_back(store: Store) -> None:
    store.save_feed_states([state("a")])
    store.retire_feeds([])

    store.save_feed_states([replace(state("a"), failures=1)])

    assert store.feeds_due(NOON) == []


# ------------------------------------------------------------------ what was seen in a feed's last body

DATED = SeenEntry(item_id="a", published_at=NOON + timedelta(microseconds=7), words=120)
UNDATED = SeenEntry(item_id="b")


def seen(feed_id: str = "bta-bg", scheme: str = "read-1", **entries: SeenEntry) -> SeenEntries:
    return SeenEntries(feed_id=feed_id, scheme=scheme, entries=entries)


def test_seen_entries_are_read_back_as_they_were_written_in_their_order(store: Store) -> None:
    store.save_feed_states([state()], seen=[seen(second=DATED, first=UNDATED)])

    found = store.seen_entries("bta-bg", "read-1")

    assert list(found.items()) == [("second", DATED), ("first", UNDATED)]


def test_seen_entries_are_those_of_the_last_body_of_each_feed(store: Store) -> None:
    store.save_feed_states(
        [state(), state("kz-ru")], seen=[seen(former=UNDATED), seen("kz-ru", other=DATED)]
    )

    store.save_polls(
        [state(), state("kz-ru")], [(arrival(item("a")), fingerprint())], seen=[seen(present=DATED)]
    )

    assert store.seen_entries("bta-bg", "read-1") == {"present": DATED}
    assert store.seen_entries("kz-ru", "read-1") == {"other": DATED}
    assert store.seen_entries("never-polled", "read-1") == {}


def test_a_state_saved_alone_leaves_the_seen_entries(store: Store) -> None:
    store.save_feed_states([state()], seen=[seen(first=UNDATED)])

    store.save_feed_states([state(failures=1)])
    store.save_polls([state(failures=2)], [])

    assert store.seen_entries("bta-bg", "read-1") == {"first": UNDATED}


def test_entries_read_under_another_scheme_are_not_seen(store: Store) -> None:
    store.save_feed_states([state()], seen=[seen(first=UNDATED)])

    assert store.seen_entries("bta-bg", "read-2") == {}

    store.save_feed_states([state()], seen=[seen(scheme="read-2", first=DATED)])
    assert store.seen_entries("bta-bg", "read-2") == {"first": DATED}
    assert store.seen_entries("bta-bg", "read-1") == {}


def test_no_entry_is_seen_whose_item_could_not_be_stored(store: Store) -> None:
    unsound = item("a", seen_at=NOON.replace(tzinfo=None))

    with pytest.raises(StoreError):
        store.save_polls([state()], [(arrival(unsound), fingerprint())], seen=[seen(first=UNDATED)])

    assert store.seen_entries("bta-bg", "read-1") == {}
