"""`map` over every core, in forked processes; the results in the order of the values.

    values --batches--> +-- child --> results --+--> in order
                        +-- child --> results --+

The parent works on the first batch itself, so that a short input starts no process and the children,
which are forks, have at once all that the function loads. A child ends when its pipe is closed, which
happens however its parent dies: children of `multiprocessing.Pool` outlive a parent that is killed.
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

Value = TypeVar("Value")
Result = TypeVar("Result")

# Values; set by hand: large enough that a pipe costs little, small enough to share out.
BATCH_SIZE = 128
_MAX_CHILDREN = 8  # set by hand: the parent, which reads and cleans the values, cannot feed more


def useful_children() -> int:
    """How many child processes are worth having; 0 where there is one core, or forks are not safe."""
    if not sys.platform.startswith("linux"):
        return 0
    cores = len(os.sched_getaffinity(0))
    return min(cores, _MAX_CHILDREN) if cores > 1 else 0


def map_in_forks(
    function: Callable[[Value], Result], values: Iterable[Value], children: int
) -> Iterator[Result]:
    """`map(function, values)` with the help of so many child processes; `function` must not raise.

    Values and results are pickled. Values are read at most `children` + 1 batches ahead. What reading
    them raises is raised here. Raises ChildError when a child dies.
    """
    batches = _batches(values)
    yield from map(function, next(batches, ()))
    at_work: deque[_Child[Value, Result]] = deque()  # the one with the oldest batch first
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
                yield from child.receive()
                at_work.rotate(-1)
            child.send(batch)
        while at_work:
            yield from at_work[0].receive()
            at_work.popleft().close()
    finally:
        for child in at_work:
            child.close()


def _batches(values: Iterable[Value]) -> Iterator[Sequence[Value]]:
    rest = iter(values)
    while batch := list(islice(rest, BATCH_SIZE)):
        yield batch


class _Child(Generic[Value, Result]):
    """A forked process that has at most one batch: its results are received before the next is sent."""

    def __init__(self, function: Callable[[Value], Result], others: Sequence[Connection]) -> None:
        fork = multiprocessing.get_context("fork")
        self.pipe, child_end = fork.Pipe()
        self._process = fork.Process(
            target=_serve, args=(function, child_end, [self.pipe, *others]), daemon=True
        )
        with warnings.catch_warnings():
            # since 3.12 Python warns of threads whose locks a fork may find taken; a child computes,
            # and touches nothing that threads here hold (the progress bar's, say)
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        child_end.close()

    def send(self, batch: Sequence[Value]) -> None:
        with suppress(BrokenPipeError):  # `receive` raises what is to be said of it
            self.pipe.send(batch)

    def receive(self) -> list[Result]:
        try:
            results: list[Result] = self.pipe.recv()
        except (EOFError, ConnectionResetError) as error:
            self._process.join()
            raise ChildError(
                f"a process that reads items ended early (exit code {self._process.exitcode}); "
                "most often memory is short: close other programs, or give fewer items at a time"
            ) from error
        return results

    def close(self) -> None:
        self.pipe.close()
        self._process.kill()
        self._process.join()


def _serve(
    function: Callable[[Value], Result], pipe: Connection, others: Sequence[Connection]
) -> None:
    """What a child does until its parent is gone or closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal: the parent gets it too
    for other in others:  # inherited; held open here, they would outlive the parent
        other.close()
    with suppress(EOFError, OSError):
        while True:
            pipe.send([function(value) for value in pipe.recv()])
