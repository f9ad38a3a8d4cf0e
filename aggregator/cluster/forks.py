"""One function over many values on every core; the results in the order of the values.

    values --batches--> +-- child --> results --+--> in order
                        +-- child --> results --+

The first batch is done here, so that a short input starts no process and the children, which are
forks, have at once all that the function loads. A child ends with its pipe, however its master dies.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from aggregator.errors import ChildError

Given = TypeVar("Given")
Made = TypeVar("Made")

BATCH = 128
_MOST_CHILDREN = 8  # beyond, this process cannot feed them


def children_of_this_machine() -> int:
    """How many processes are worth having; 0 where there is one core, or forks are not safe."""
    if not sys.platform.startswith("linux"):
        return 0
    cores = len(os.sched_getaffinity(0))
    return min(cores, _MOST_CHILDREN) if cores > 1 else 0


def spread(
    function: Callable[[Given], Made], values: Iterable[Given], children: int
) -> Iterator[Made]:
    """`map(function, values)` with the help of so many processes; `function` must not raise.

    Values are read at most `children` + 1 batches ahead. Raises ChildError when a process dies.
    """
    batches = _batches(values)
    yield from map(function, next(batches, ()))
    at_work: deque[_Child[Given, Made]] = deque()  # who has the oldest batch comes first
    try:
        for batch in batches:
            if not children:
                yield from map(function, batch)
                continue
            if len(at_work) < children:
                child = _Child(function, [other.pipe for other in at_work])
                at_work.append(child)
            else:
                child = at_work[0]
                yield from child.take()
                at_work.rotate(-1)
            child.give(batch)
        while at_work:
            yield from at_work[0].take()
            at_work.popleft().end()
    finally:
        for child in at_work:
            child.end()


def _batches(values: Iterable[Given]) -> Iterator[Sequence[Given]]:
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch


class _Child(Generic[Given, Made]):
    """A process that has at most one batch: what it was given is taken before it gets the next."""

    def __init__(self, function: Callable[[Given], Made], others: Sequence[Connection]) -> None:
        fork = multiprocessing.get_context("fork")
        self.pipe, its_end = fork.Pipe()
        self._process = fork.Process(
            target=_work, args=(function, its_end, [self.pipe, *others]), daemon=True
        )
        with warnings.catch_warnings():
            # since 3.12 Python warns of threads whose locks a fork may find taken; a child computes,
            # and touches nothing that threads here hold (the progress bar's, say)
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        its_end.close()

    def give(self, batch: Sequence[Given]) -> None:
        with suppress(BrokenPipeError):  # `take` says so
            self.pipe.send(batch)

    def take(self) -> list[Made]:
        try:
            made: list[Made] = self.pipe.recv()
        except (EOFError, ConnectionResetError) as error:
            self._process.join()
            raise ChildError(
                f"a process that reads items ended early (exit code {self._process.exitcode}); "
                "most often memory is short: close other programs, or give fewer items at a time"
            ) from error
        return made

    def end(self) -> None:
        self.pipe.close()
        self._process.kill()
        self._process.join()


def _work(
    function: Callable[[Given], Made], pipe: Connection, others: Sequence[Connection]
) -> None:
    """What a child does until its master is gone or closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the master hears it too
    for other in others:  # held open here, they would outlive the master
        other.close()
    with suppress(EOFError, OSError):
        while True:
            pipe.send([function(value) for value in pipe.recv()])
