"""Parsers in child processes that can be killed: the master's side of `child`.

    ParserPool.parse, .article -- request --> child -- reply --> a feed, or a text
       too slow, too large, dead --> the child is killed and replaced, the body is a ParseError

A child is replaced now and then; small bodies and proven feeds never wait for large ones of others.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from aggregator.errors import ParseError
from aggregator.ingest.http.throttle import ReservedSemaphore
from aggregator.ingest.parse import child as program
from aggregator.model import ParsedFeed

MIB = 1024 * 1024

# Set by hand; each balances what a good body needs against what a built one may cost.
_WRITE_BYTES = 64 * 1024  # what a pipe takes
_MAX_REPLY_BYTES = 40 * MIB
_PARSES_PER_CHILD = 300
_SMALL_BYTES = 128 * 1024  # a body of this size cannot occupy a parser for long
_NICENESS = 10  # of the low-priority children; the scale ends at 19
_CPU_SECONDS = 4  # for a small body, and two more for each MiB: many times what a good one takes
_DYING_SECONDS = 2  # from a closed pipe to the end of the process
_ROOT = str(Path(__file__).parents[3])
PARSED_FEED = TypeAdapter(ParsedFeed)  # reads what a child has `written`


class ParserPool:
    """Child processes that parse; an async context manager.

    The first is started on entry, so that it loads its libraries while others are busy, the rest when
    they are needed.

    `timeout` bounds one parse in wall time, `memory_bytes` the address space of each child. One of the
    `workers` is reserved for small bodies and for proven feeds, whose last poll succeeded; large bodies
    of others go to children of low priority.
    """

    def __init__(
        self,
        *,
        workers: int = 3,
        timeout: timedelta = timedelta(seconds=60),
        memory_bytes: int = 512 * MIB,
    ) -> None:
        self._timeout_seconds = timeout.total_seconds()
        self._memory_bytes = memory_bytes
        self._slots = ReservedSemaphore(workers, reserved=1)
        self._idle: list[_Process] = []
        self._ended: set[_Process] = set()

    async def __aenter__(self) -> Self:
        self._idle.append(await _Process.start(self._memory_bytes, low_priority=False))
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        while self._idle:
            self._end(self._idle.pop())
        for child in self._ended:
            await child.exit_status()
        self._ended.clear()

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        headers: Mapping[str, str],
        known: Collection[str] = (),
        proven: bool = False,
    ) -> ParsedFeed:
        """As `detect.parse`, in a child. One that fails in any way is a ParseError of this body."""
        task = {
            "url": url,
            "headers": dict(headers),
            "known": list(known),
            "cpu_seconds": self._cpu_seconds(body),
        }
        kind, payload = await self._ask(task, body, proven=proven or len(body) <= _SMALL_BYTES)
        if kind == program.ERROR:
            raise ParseError(payload.decode("utf-8", "replace"))
        try:
            if len(payload) <= _SMALL_BYTES:  # a millisecond: a thread's turn costs as much
                parsed = PARSED_FEED.validate_json(payload)
            else:
                parsed = await asyncio.to_thread(PARSED_FEED.validate_json, payload)
        except ValidationError as error:
            raise ParseError("the parser answered what cannot be read") from error
        if not set(parsed.unread) <= set(known):
            raise ParseError("the parser left out what nobody knows")
        return parsed

    async def article(self, page: bytes, *, url: str, content_type: str) -> str:
        """As `article.article_text`, in a child."""
        seconds = self._cpu_seconds(page) + _CPU_SECONDS
        task = {"url": url, "content_type": content_type, "cpu_seconds": seconds}
        kind, payload = await self._ask(task, page, proven=False)
        text = payload.decode("utf-8", "replace")
        if kind == program.ERROR:
            raise ParseError(text)
        return text

    async def _ask(
        self, task: Mapping[str, object], body: bytes, *, proven: bool
    ) -> tuple[bytes, bytes]:
        async with self._slots.slot(proven=proven):
            child = await self._acquire(low_priority=not proven)
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    kind, payload = await child.ask(task, body)
            except TimeoutError as error:
                self._end(child)
                seconds = f"{self._timeout_seconds:g}"
                raise ParseError(f"parsing took longer than {seconds} s") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                try:
                    await child.wait_while_dying()
                finally:
                    self._end(child)
                raise ParseError(f"the parser {await child.exit_status()} over the body") from error
            except BaseException:  # also a cancelled one has a reply under way
                self._end(child)
                raise
            self._release(child)
        return kind, payload

    def _cpu_seconds(self, body: bytes) -> int:
        return min(_CPU_SECONDS + 2 * len(body) // MIB, max(1, int(self._timeout_seconds)))

    async def _acquire(self, *, low_priority: bool) -> _Process:
        """A child of this priority, idle until now or new; the others stay for their own work."""
        while (child := self._idle_child(low_priority)) is not None:
            if child.is_alive():
                return child
            self._end(child)
        return await _Process.start(self._memory_bytes, low_priority=low_priority)

    def _idle_child(self, low_priority: bool) -> _Process | None:
        for child in reversed(self._idle):
            if child.low_priority is low_priority:
                self._idle.remove(child)
                return child
        return None

    def _release(self, child: _Process) -> None:
        if child.parses < _PARSES_PER_CHILD and child.memory_bytes < self._memory_bytes // 3:
            self._idle.append(child)
        else:
            self._end(child)

    def _end(self, child: _Process) -> None:
        child.kill()
        self._ended = {each for each in self._ended if each.is_alive()} | {child}


class _Process:
    """One child, seen from the master."""

    def __init__(self, process: asyncio.subprocess.Process, *, low_priority: bool) -> None:
        assert process.stdin is not None  # noqa: S101  # it was asked for
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self.low_priority = low_priority
        self._input, self._output = process.stdin, process.stdout
        self.parses = 0
        self.memory_bytes = 0

    @classmethod
    async def start(cls, memory_bytes: int, *, low_priority: bool) -> _Process:
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                program.__name__,
                str(memory_bytes),
                str(_NICENESS if low_priority else 0),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env={"PYTHONPATH": _ROOT, "PYTHONUTF8": "1"},
            ),
            low_priority=low_priority,
        )

    async def ask(self, task: Mapping[str, object], body: bytes) -> tuple[bytes, bytes]:
        """Kind and payload of the child's reply. Raises OSError or IncompleteReadError if it dies."""
        meta = json.dumps(task).encode()
        self._input.write(program.REQUEST.pack(len(meta), len(body)) + meta)
        # in pieces: a whole body would be copied, and moved up in the buffer at each write
        for start in range(0, len(body), _WRITE_BYTES):
            self._input.write(body[start : start + _WRITE_BYTES])
            await self._input.drain()
        kind, memory_kib, size = program.REPLY.unpack(
            await self._output.readexactly(program.REPLY.size)
        )
        if size > _MAX_REPLY_BYTES:
            raise OSError(f"the reply has {size} bytes")
        self.parses += 1
        self.memory_bytes = memory_kib * 1024
        return kind, await self._payload(size)

    async def _payload(self, size: int) -> bytes:
        """So many bytes; read piece by piece, they are nowhere held twice."""
        payload = BytesIO()
        while payload.tell() < size:
            piece = await self._output.read(size - payload.tell())
            if not piece:
                raise asyncio.IncompleteReadError(b"", size)
            payload.write(piece)
        return payload.getvalue()

    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def wait_while_dying(self) -> None:
        """Give a process that is dying a moment to be dead.

        Before it kills, `subprocess` looks whether there is still a process, and asyncio then no longer
        learns how it ended (https://github.com/python/cpython/issues/87744).
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_DYING_SECONDS):
                await self._process.wait()

    def kill(self) -> None:
        self._input.close()
        with suppress(ProcessLookupError):
            self._process.kill()

    async def exit_status(self) -> str:
        """Wait until the process has ended; how it did."""
        code = await self._process.wait()
        return f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
