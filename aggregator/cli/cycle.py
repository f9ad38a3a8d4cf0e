"""One poll cycle: poll the feeds that are due, store what they bring, match it, publish.

polls --> stored --> all polls done: placed in the order of their dates --------------------> reports
              `----> wait for article pages --> those whose turn comes within `PAGES_SECONDS` --^

What a cycle brings is matched once it is there: stories must not depend on which server answers first.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from aggregator.cli.compiling import prepare_matcher
from aggregator.cli.wiring import claim_store, loop_factory, open_pipeline
from aggregator.clock import utc_now
from aggregator.config import Settings
from aggregator.model import FeedState, PageReport, PollReport, PollResult
from aggregator.page_dispatcher import PageDispatcher
from aggregator.pipeline import Pipeline
from aggregator.publisher import Publisher
from aggregator.store.store import Store

# For article pages, after the last poll: about ten of a site at the usual gap. The next cycle goes on. Set by
# hand, cron's next start against texts.
PAGES_SECONDS = 90.0
# Called with the stage, how much of it is done, and of how much; None where that is not known.
OnProgress = Callable[[str, int, int | None], None]


class Cycle(NamedTuple):
    """What a cycle did: a report of each feed, in the order of the configuration, and the files written."""

    reports: list[PollReport]
    written: list[str]


def poll_once(
    settings: Settings, *, feed_ids: Collection[str], everything: bool, on_progress: OnProgress
) -> Cycle:
    """Poll the feeds that are due, or with `everything` all of them, and publish.

    `feed_ids` selects feeds, due or not; empty means no selection. Raises AggregatorError when the database
    or the outputs fail; a feed's own failure is in its report.
    """
    with claim_store(settings) as (store, writer):
        prepare_matcher()
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            reports = runner.run(_poll(settings, store, writer, feed_ids, everything, on_progress))
        return Cycle(reports, Publisher(store, settings).publish(utc_now()))


async def _poll(
    settings: Settings,
    store: Store,
    writer: Executor,
    feed_ids: Collection[str],
    everything: bool,
    on_progress: OnProgress,
) -> list[PollReport]:
    async with open_pipeline(settings, store, writer) as pipeline:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(writer, pipeline.start)
        pipeline.placer.hold()
        states = _feeds_to_poll(pipeline, feed_ids, everything=everything)
        polls = [asyncio.ensure_future(_poll_all_of(pipeline, state)) for state in states]
        pages = _Pages(pipeline)
        try:
            for done, poll in enumerate(asyncio.as_completed(polls), start=1):
                if (await poll).waiting:
                    pages.wake()
                on_progress("polling", done, len(polls))
            on_progress("matching", 0, None)
            matched = await loop.run_in_executor(writer, pipeline.placer.release)
            on_progress("reading article pages", 0, None)
            matched += await pages.read()
            waiting = await asyncio.to_thread(pipeline.pages.count_waiting)
            return [_placed(poll.result(), matched, waiting) for poll in polls]
        finally:
            pipeline.stop()
            for task in polls:
                task.cancel()
            await asyncio.gather(*polls, return_exceptions=True)
            await pages.close()


class _Pages:
    """The article pages of one cycle."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._dispatcher = PageDispatcher(
            pipeline.pages, report=self._count, supervise=self._supervise
        )
        self._matched = Counter[str]()
        self._failure: Exception | None = None

    def wake(self) -> None:
        """Items wait: begin to read their pages."""
        self._dispatcher.wake()

    async def read(self) -> Counter[str]:
        """Read the pages whose turn comes soon; how many items joined a story with theirs, by feed."""
        await self._dispatcher.drain(seconds=PAGES_SECONDS)
        if self._failure:
            raise self._failure
        return self._matched

    async def close(self) -> None:
        """Read no more."""
        await self._dispatcher.close(timeout_seconds=1)

    @contextmanager
    def _supervise(self) -> Iterator[None]:
        """Read no more where the block fails; `read` raises what it failed of."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # it is raised by `read`
            self._failure = self._failure or error
            self._dispatcher.stop()

    def _count(self, report: PageReport) -> None:
        self._matched.update(report.matched)


def _placed(report: PollReport, matched: Counter[str], waiting: Counter[str]) -> PollReport:
    """The report of a poll, once what it brought was placed or waits for its page."""
    return replace(report, matched=matched[report.feed_id], waiting=waiting[report.feed_id])


async def _poll_all_of(pipeline: Pipeline, state: FeedState) -> PollReport:
    """Poll a feed until it holds no more; the figures of all polls in one report."""
    report = await pipeline.poll(state)
    while report.has_more:
        state = (await asyncio.to_thread(pipeline.store.feed_states))[state.feed_id]
        report = _both(report, await pipeline.poll(state))
    return report


def _both(first: PollReport, then: PollReport) -> PollReport:
    """What came of two polls of one feed, one after the other."""
    is_news = then.error is None and first.result is PollResult.CHANGED
    return replace(
        then,
        result=PollResult.CHANGED if is_news else then.result,
        items=first.items + then.items,
        new=first.new + then.new,
        revised=first.revised + then.revised,
        waiting=first.waiting + then.waiting,
        files=first.files + then.files,
        files_failed=first.files_failed + then.files_failed,
        took=first.took + then.took,
    )


def _feeds_to_poll(
    pipeline: Pipeline, feed_ids: Collection[str], *, everything: bool
) -> list[FeedState]:
    if feed_ids or everything:
        states = pipeline.store.feed_states()
        return [states[id_] for id_ in pipeline.feeds if not feed_ids or id_ in feed_ids]
    return [s for s in pipeline.store.feeds_due(utc_now()) if s.feed_id in pipeline.feeds]
