"""Which of the feeds that are due are polled at a tick, and when what changed is published."""

from __future__ import annotations

import asyncio
import errno
import math
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
import structlog
import structlog.testing

from aggregator.config import Settings
from aggregator.daemon import Daemon, Ending
from aggregator.errors import OutputError, StoreBusyError
from aggregator.jobs import Cooldown
from aggregator.metrics import Metrics
from aggregator.model import FeedState, PollReport, PollResult
from aggregator.page_reader import WantedPage
from aggregator.patience import Patience
from aggregator.pipeline import Pipeline
from aggregator.poll_dispatcher import MAX_POLLS, MAX_WAITING_PER_SITE, site_of
from aggregator.publisher import Publisher

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def state(feed_id: str, site: str) -> FeedState:
    url = f"{site}{feed_id}"
    return FeedState(feed_id=feed_id, url=url, configured_url=url, next_due_at=NOON)


class NoPages:
    """Nothing waits for an article's page."""

    def waiting(self) -> list[WantedPage]:
        return []

    async def release_overdue(self) -> None:
        return None


class Pipes:
    """A pipeline whose polls last until they are let go; its own store, too."""

    pages = NoPages()

    def __init__(self, *states: FeedState) -> None:
        self.states = {each.feed_id: each for each in states}
        self.feeds = self.states
        self.settings = Settings()
        self.store = self
        self.polled: list[str] = []
        self.done: set[str] = set()
        self.stopping = False
        self.let_go, self.all_done = asyncio.Event(), asyncio.Event()

    def feeds_due(
        self, _now: datetime, *, limit: int, except_at: Collection[str]
    ) -> list[FeedState]:
        due = [
            each
            for each in self.states.values()
            if each.feed_id not in self.done and not each.url.startswith(tuple(except_at))
        ]
        return due[:limit]

    def stop(self) -> None:
        self.stopping = True

    async def poll(self, feed: FeedState) -> PollReport:
        self.polled.append(feed.feed_id)
        await self.let_go.wait()
        self.done.add(feed.feed_id)
        if len(self.done) == len(self.states):
            self.all_done.set()
        return PollReport(feed_id=feed.feed_id, result=PollResult.UNCHANGED)


def test_a_site_of_many_feeds_keeps_no_other_waiting() -> None:
    crowd = [state(f"c{n}", "https://crowd.example/") for n in range(2 * MAX_POLLS)]

    async def run() -> None:
        pipes = Pipes(*crowd, state("other", "https://other.example/"))
        with ThreadPoolExecutor() as writer:
            daemon = Daemon(
                cast(Pipeline, pipes),
                cast(Publisher, SimpleNamespace()),
                Metrics(NOON),
                writer=writer,
                config_changed=lambda: False,
            )
            most = MAX_WAITING_PER_SITE + pipes.settings.fetch.host_concurrency
            await daemon.tick()
            await daemon.tick()
            await asyncio.sleep(0)
            assert len(pipes.polled) == most + 1
            assert "other" in pipes.polled
            pipes.let_go.set()
            await asyncio.wait_for(pipes.all_done.wait(), 60)  # without a tick: who ends makes room
            await asyncio.sleep(0)
            assert sorted(pipes.polled) == sorted(pipes.states)
            assert not daemon.polls.per_site

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://a.example/rss/bg", "https://a.example/"),
        ("http://a.example:8080/rss", "http://a.example:8080/"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_the_site_of_an_address(url: str, site: str) -> None:
    assert site_of(url) == site


class FakePublisher:
    """A publisher that records what it is asked for, and takes as long for archives as is given."""

    def __init__(self, *, archives_take: float = 0.0) -> None:
        self.calls: list[bool] = []
        self.is_decision_missing = False
        self.archives_take = archives_take
        self.archiving, self.cancelled = threading.Event(), threading.Event()

    def publish(self, _now: datetime, *, archives: bool) -> list[str]:
        self.calls.append(archives)
        if archives:
            self.archiving.set()
            self.cancelled.wait(self.archives_take)
        return []

    def misses_decision(self) -> bool:
        return self.is_decision_missing

    def cancel_archives(self) -> None:
        self.cancelled.set()


def publishing_daemon(publisher: FakePublisher) -> Daemon:
    return Daemon(
        cast(Pipeline, Pipes()),
        cast(Publisher, publisher),
        Metrics(NOON),
        writer=ThreadPoolExecutor(1),
        config_changed=lambda: False,
    )


def changed(daemon: Daemon) -> None:
    daemon._report(PollReport(feed_id="a", result=PollResult.CHANGED))


def test_a_change_publishes_the_current_documents_then_archives_then_pauses() -> None:
    async def run() -> None:
        publisher = FakePublisher()
        daemon = publishing_daemon(publisher)
        daemon._current = Cooldown(least_seconds=math.inf, ratio=0)
        await daemon._publish_changes()
        assert publisher.calls == []

        changed(daemon)
        await daemon._publish_changes()
        assert publisher.calls == [False, True]

        changed(daemon)  # within the pause, which never ends here
        await daemon._publish_changes()
        assert publisher.calls == [False, True]

    asyncio.run(run())


def test_a_decision_made_elsewhere_is_published_although_the_pause_is_not_over() -> None:
    async def run() -> None:
        publisher = FakePublisher()
        daemon = publishing_daemon(publisher)
        daemon._current = Cooldown(least_seconds=math.inf, ratio=0)
        changed(daemon)
        await daemon._publish_changes()
        await daemon._publish_changes()
        assert publisher.calls == [False, True]

        publisher.is_decision_missing = True
        await daemon._publish_changes()
        assert publisher.calls[2] is False

    asyncio.run(run())


def test_polls_that_brought_nothing_publish_nothing() -> None:
    async def run() -> None:
        publisher = FakePublisher()
        daemon = publishing_daemon(publisher)
        daemon._report(PollReport(feed_id="a", result=PollResult.UNCHANGED))
        await daemon._publish_changes()
        assert publisher.calls == []

    asyncio.run(run())


def test_at_the_stop_everything_is_published_and_archives_at_hand_are_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aggregator.daemon.ARCHIVES_STOP_SECONDS", 0.0)

    async def run() -> None:
        publisher = FakePublisher(archives_take=60)
        daemon = publishing_daemon(publisher)
        changed(daemon)
        publishing = asyncio.create_task(daemon._publish_changes())
        await asyncio.to_thread(publisher.archiving.wait, 60)
        daemon.stop()
        await asyncio.wait_for(daemon._finish(), 30)
        await publishing
        assert publisher.calls == [False, True, True]

    asyncio.run(run())


def test_a_publication_that_waited_for_the_last_one_leaves_it_at_that() -> None:
    async def run() -> None:
        publisher = FakePublisher()
        daemon = publishing_daemon(publisher)
        changed(daemon)
        await daemon._publishing.acquire()
        publishing = asyncio.create_task(publish_supervised(daemon))
        daemon.stop(Ending.RELOAD)
        daemon._publisher_thread.shutdown()  # as `_finish` leaves it
        await asyncio.sleep(0)
        daemon._publishing.release()
        await publishing
        assert publisher.calls == []
        assert daemon.failure is None
        assert daemon.ending is Ending.RELOAD

    async def publish_supervised(daemon: Daemon) -> None:
        with daemon._supervise():
            await daemon._publish_changes()

    asyncio.run(run())


def test_a_stop_stays_one_when_the_configuration_changes_at_the_same_moment() -> None:
    async def run() -> None:
        daemon = publishing_daemon(FakePublisher())
        daemon.stop()
        daemon.stop(Ending.RELOAD)
        assert daemon.ending is Ending.STOPPED

    asyncio.run(run())


def test_a_stop_takes_the_place_of_a_reload() -> None:
    async def run() -> None:
        daemon = publishing_daemon(FakePublisher())
        daemon.stop(Ending.RELOAD)
        daemon.stop()
        assert daemon.ending is Ending.STOPPED

    asyncio.run(run())


def busy() -> None:
    raise StoreBusyError("aggregator.db is locked by another process. Try again.")


def cannot_write(number: int) -> None:
    raise OutputError("merged.rss") from OSError(number, "reason")


def test_a_locked_database_ends_the_daemon_only_when_patience_does() -> None:
    now = [0.0]

    async def run() -> None:
        daemon = publishing_daemon(FakePublisher())
        daemon.patience = Patience(120, clock=lambda: now[0])
        for now[0] in (0.0, 60.0, 119.0):
            with daemon._supervise():
                busy()
            assert daemon.failure is None
            assert daemon.patience.is_waiting
        now[0] = 121.0
        with daemon._supervise():
            busy()
        assert isinstance(daemon.failure, StoreBusyError)
        assert daemon._stop.is_set()

    asyncio.run(run())


def test_what_a_lock_keeps_from_a_stop_is_no_failure() -> None:
    async def run() -> None:
        daemon = publishing_daemon(FakePublisher())
        daemon.stop()
        with daemon._supervise():
            busy()
        assert daemon.failure is None
        assert daemon.ending is Ending.STOPPED

    asyncio.run(run())


def test_a_lack_of_descriptors_is_waited_out_as_a_lock_is() -> None:
    async def run() -> None:
        daemon = publishing_daemon(FakePublisher())
        daemon.patience = Patience(120)
        with daemon._supervise():
            cannot_write(errno.EMFILE)
        assert daemon.failure is None
        with daemon._supervise():
            cannot_write(errno.ENOSPC)
        assert isinstance(daemon.failure, OutputError)

    asyncio.run(run())


def test_while_the_database_is_locked_nothing_is_polled_and_the_lock_is_tried() -> None:
    tried = threading.Event()

    async def run() -> None:
        pipes = Pipes(state("a", "https://a.example/"))
        pipes.save_feed_states = lambda _states: tried.set()  # type: ignore[attr-defined]
        with ThreadPoolExecutor(1) as writer:
            daemon = Daemon(
                cast(Pipeline, pipes),
                cast(Publisher, SimpleNamespace()),
                Metrics(NOON),
                writer=writer,
                config_changed=lambda: False,
                patience=Patience(120),
            )
            daemon.patience.failed()
            await daemon.tick()
            await asyncio.to_thread(tried.wait, 60)
            await asyncio.sleep(0)
            assert pipes.polled == []
            daemon.patience.succeeded()
            await daemon.tick()
            await asyncio.sleep(0)
            assert pipes.polled == ["a"]
            pipes.let_go.set()

    asyncio.run(run())


def test_a_poll_postponed_holds_the_others_and_is_told_once() -> None:
    async def run() -> None:
        pipes = Pipes(state("a", "https://a.example/"))
        with ThreadPoolExecutor(1) as writer, structlog.testing.capture_logs() as told:
            daemon = Daemon(
                cast(Pipeline, pipes),
                cast(Publisher, SimpleNamespace()),
                Metrics(NOON),
                writer=writer,
                config_changed=lambda: False,
            )
            for _ in range(3):
                report = PollReport(feed_id="a", result=PollResult.POSTPONED, error="no descriptor")
                daemon._report(report)
            await daemon.tick()
            await asyncio.sleep(0)
            assert pipes.polled == []
        assert [event["event"] for event in told] == ["polls postponed"]

    asyncio.run(run())


def test_what_the_check_finds_ends_the_daemon() -> None:
    def check() -> None:
        raise OutputError("the database was deleted")

    async def run() -> None:
        daemon = publishing_daemon(FakePublisher())
        daemon.check = check
        with daemon._supervise():
            await daemon.tick()
        assert str(daemon.failure) == "the database was deleted"

    asyncio.run(run())


def raise_key_error() -> None:
    raise KeyError("guid")


def test_an_error_nobody_foresaw_stops_the_daemon_and_says_where_to_look() -> None:
    async def run() -> None:
        daemon = publishing_daemon(FakePublisher())
        with daemon._supervise():
            raise_key_error()
        assert cast(Pipes, daemon.pipeline).stopping
        assert str(daemon.failure).startswith(
            "Unexpected error while running the daemon: KeyError('guid'). Please report"
        )

    asyncio.run(run())
