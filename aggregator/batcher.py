"""Work handed in piece by piece and done in lots: what comes in during one lot is the next.

    done(task) --> waiting, waiting, … --> lot --> work(lot) on the worker --> each its own result

Where one piece comes at a time each is a lot of its own and waits for nothing; where a hundred come at
once, what the work costs once for a lot – a transaction, a question to the database – is paid once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
_Piece = tuple[Task, asyncio.Future[Result]]


class Lots(Generic[Task, Result]):
    """Does work in lots on an executor, one lot at a time; used from one event loop.

    `work` gives a result for each task of a lot, in order. A lot is closed when what its tasks weigh
    by `weight` reaches `most`. When `work` raises, the tasks of the lot are done again one by one, so
    that the others do not pay for the one that cannot be done; it must bear that.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Task]], Sequence[Result]],
        worker: Executor,
        *,
        weight: Callable[[Task], int],
        most: int,
    ) -> None:
        self._work = work
        self._worker = worker
        self._weight = weight
        self._most = most
        self._waiting: deque[_Piece[Task, Result]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def done(self, task: Task) -> Result:
        """The task's result. A task whose waiter is cancelled before its lot begins is left out."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((task, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while lot := self._lot():
                await self._do(lot)
        finally:
            self._running = None

    def _lot(self) -> list[_Piece[Task, Result]]:
        lot: list[_Piece[Task, Result]] = []
        weight = 0
        while self._waiting and weight < self._most:
            task, future = self._waiting.popleft()
            if not future.done():
                lot.append((task, future))
                weight += self._weight(task)
        return lot

    async def _do(self, lot: Sequence[_Piece[Task, Result]]) -> None:
        tasks = [task for task, _ in lot]
        loop = asyncio.get_running_loop()
        try:
            results = await loop.run_in_executor(self._worker, self._work, tasks)
        except Exception as error:  # noqa: BLE001  # whoever waits hears of it
            if len(lot) > 1:
                for piece in lot:
                    await self._do([piece])
            elif not lot[0][1].done():
                lot[0][1].set_exception(error)
            return
        for (_, future), result in zip(lot, results, strict=True):
            if not future.done():
                future.set_result(result)
