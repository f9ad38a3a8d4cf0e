"""Tasks submitted one by one and worked on in batches: those that come in during one are the next.

    submit(task) --> waiting, waiting, … --> batch --> work(batch) on the executor --> each its own result

Micro-batching, or group commit as databases call it: a task that comes alone waits for nothing; of a
hundred that come at once each pays a hundredth of what the work costs per batch, such as a transaction.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
_Submitted = tuple[Task, asyncio.Future[Result]]


class Batcher(Generic[Task, Result]):
    """Works on one batch at a time on `executor`; used from one event loop.

    `work` gives a result for each task of a batch, in order, and must be idempotent: when it raises,
    its tasks are done again one by one, so that a task that cannot be done fails alone. A batch is
    full when the sum of its tasks' `weight` reaches `max_weight`.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Task]], Sequence[Result]],
        executor: Executor,
        *,
        weight: Callable[[Task], int],
        max_weight: int,
    ) -> None:
        self._work = work
        self._executor = executor
        self._weight = weight
        self._max_weight = max_weight
        self._waiting: deque[_Submitted[Task, Result]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def submit(self, task: Task) -> Result:
        """The task's result, or what `work` raised for it.

        A task whose caller is cancelled before its batch begins is left out.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((task, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while batch := self._next_batch():
                await self._do(batch)
        finally:
            self._running = None

    def _next_batch(self) -> list[_Submitted[Task, Result]]:
        batch: list[_Submitted[Task, Result]] = []
        weight = 0
        while self._waiting and weight < self._max_weight:
            task, future = self._waiting.popleft()
            if not future.done():
                batch.append((task, future))
                weight += self._weight(task)
        return batch

    async def _do(self, batch: Sequence[_Submitted[Task, Result]]) -> None:
        tasks = [task for task, _ in batch]
        loop = asyncio.get_running_loop()
        try:
            results = await loop.run_in_executor(self._executor, self._work, tasks)
        except Exception as error:  # noqa: BLE001  # its caller gets it
            if len(batch) > 1:
                for submitted in batch:
                    if not submitted[1].done():  # else its caller has gone
                        await self._do([submitted])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
