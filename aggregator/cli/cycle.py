"""One poll cycle: poll the feeds that are due, store and match what they bring, publish.

poll --> nothing waits for its article page ------------------------------> reported
     --> waits --> pages whose turn comes within `PAGES_SECONDS` are read --> reported, with what joined by then
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace

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
# Called after each poll: its report, how many polls are done, how many there are in this cycle.
OnReport = Callable[[PollReport, int, int], None]


def poll_once(
    settings: Settings, *, feed_ids: Collection[str], everything: bool, on_report: OnReport
) -> list[str]:
    """Poll the feeds that are due, or with `everything` all of them, and publish.

    `feed_ids` selects feeds, due or not; empty means no selection. Returns the names of the files written.
    Raises AggregatorError when the database or the outputs fail; a feed's own failure is in its report.
    """
    with claim_store(settings) as (store, writer):
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_poll(settings, store, writer, feed_ids, everything, on_report))
        return Publisher(store, settings).publish(utc_now())


async def _poll(
    settings: Settings,
    store: Store,
    writer: Executor,
    feed_ids: Collection[str],
    everything: bool,
    on_report: OnReport,
) -> None:
    async with open_pipeline(settings, store, writer) as pipeline:
        await asyncio.get_running_loop().run_in_executor(writer, pipeline.start)
        states = _feeds_to_poll(pipeline, feed_ids, everything=everything)
        polls = [asyncio.ensure_future(_poll_all_of(pipeline, state)) for state in states]
        pages, done = _Pages(pipeline), 0
        try:
            for poll in asyncio.as_completed(polls):
                report = await poll
                if not pages.hold(report):
                    done += 1
                    on_report(report, done, len(polls))
            for report in await pages.finish():
                done += 1
                on_report(report, done, len(polls))
        finally:
            for task in polls:
                task.cancel()
            await asyncio.gather(*polls, return_exceptions=True)
            await pages.close()


class _Pages:
    """The article pages of one cycle, and the reports of the polls whose items wait for them."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._reader = pipeline.pages
        self._dispatcher = PageDispatcher(
            pipeline.pages, report=self._count, supervise=self._supervise
        )
        self._held: list[PollReport] = []
        self._matched = Counter[str]()
        self._failure: Exception | None = None

    def hold(self, report: PollReport) -> bool:
        """Whether some of a poll's items wait: then their pages begin to be read, and the report waits too."""
        if report.waiting:
            self._held.append(report)
            self._dispatcher.wake()
        return bool(report.waiting)

    async def finish(self) -> list[PollReport]:
        """Read the pages whose turn comes soon; the reports that waited, with what joined a story since."""
        await self._dispatcher.drain(seconds=PAGES_SECONDS)
        if self._failure:
            raise self._failure
        waiting = await asyncio.to_thread(self._reader.count_waiting)
        return [
            replace(
                report,
                matched=report.matched + self._matched[report.feed_id],
                waiting=waiting[report.feed_id],
            )
            for report in self._held
        ]

    async def close(self) -> None:
        """Read no more."""
        await self._dispatcher.close(timeout_seconds=1)

    @contextmanager
    def _supervise(self) -> Iterator[None]:
        """Read no more where the block fails; `finish` raises what it failed of."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # it is raised by `finish`
            self._failure = self._failure or error
            self._dispatcher.stop()

    def _count(self, report: PageReport) -> None:
        self._matched.update(report.matched)


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
        matched=first.matched + then.matched,
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
