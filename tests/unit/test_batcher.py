"""What comes in during a batch is the next batch; each caller gets the result of its own task."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from aggregator.batcher import Batcher


class Worker:
    """Doubles numbers, batch by batch, each once `go` is set."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go = Event(), Event()

    def work(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.begun.set()
        assert self.go.wait(60)
        if 13 in numbers:
            raise ValueError("thirteen")
        return [2 * number for number in numbers]


async def begun(worker: Worker) -> None:
    assert await asyncio.to_thread(worker.begun.wait, 60)


def test_what_comes_meanwhile_is_one_batch_up_to_its_weight() -> None:
    worker = Worker()

    async def run(thread: ThreadPoolExecutor) -> list[int]:
        batcher = Batcher(worker.work, thread, weight=lambda number: number, max_weight=10)
        first = asyncio.create_task(batcher.submit(1))
        await begun(worker)
        rest = [asyncio.create_task(batcher.submit(number)) for number in (4, 5, 6, 7)]
        await asyncio.sleep(0)
        worker.go.set()
        return await asyncio.gather(first, *rest)

    with ThreadPoolExecutor(1) as thread:
        assert asyncio.run(run(thread)) == [2, 8, 10, 12, 14]
    assert worker.batches == [[1], [4, 5, 6], [7]]


def test_who_no_longer_waits_is_left_out() -> None:
    worker = Worker()

    async def run(thread: ThreadPoolExecutor) -> int:
        batcher = Batcher(worker.work, thread, weight=lambda _: 1, max_weight=10)
        under_way = asyncio.create_task(batcher.submit(1))
        await begun(worker)
        given_up, waiting = (
            asyncio.create_task(batcher.submit(2)),
            asyncio.create_task(batcher.submit(3)),
        )
        await asyncio.sleep(0)
        under_way.cancel()
        given_up.cancel()
        await asyncio.sleep(0)
        worker.go.set()
        return await waiting

    with ThreadPoolExecutor(1) as thread:
        assert asyncio.run(run(thread)) == 6
    assert worker.batches == [[1], [3]]


def test_what_fails_fails_alone() -> None:
    worker = Worker()
    worker.go.set()

    async def run(thread: ThreadPoolExecutor) -> list[object]:
        batcher = Batcher(worker.work, thread, weight=lambda _: 1, max_weight=10)
        tasks = map(batcher.submit, (2, 13, 4))
        return [*await asyncio.gather(*tasks, return_exceptions=True), await batcher.submit(5)]

    with ThreadPoolExecutor(1) as thread:
        two, failed, four, five = asyncio.run(run(thread))
    assert (two, four, five) == (4, 8, 10)
    assert isinstance(failed, ValueError)
    assert worker.batches == [[2, 13, 4], [2], [13], [4], [5]]
