"""Reading in processes that can be killed: bytes from the open web decide how long it takes.

    ParserPool.parse, .article -- request: lengths, JSON, body --> child: parse() under limits
                     <-- reply: kind, memory, length, JSON --
       too slow, too large, dead --> the child is killed and replaced, the feed gets a ParseError

A child has limits on memory and processor time, is replaced now and then, and ends when its standard
input does: however the master dies, no child is left running.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from aggregator.errors import ParseError
from aggregator.ingest.http.lanes import Lanes
from aggregator.ingest.parse import wire
from aggregator.model import ParsedFeed

MIB = 1024 * 1024

_REQUEST = struct.Struct(">II")  # bytes of JSON, bytes of body
_REPLY = struct.Struct(">cII")  # kind, the child's memory at its highest in KiB, bytes that follow
_FEED, _TEXT, _ERROR = b"F", b"T", b"E"
_PIECE_BYTES = 64 * 1024  # what a pipe takes
_MAX_REPLY_BYTES = 40 * MIB
_PARSES_PER_CHILD = 300
_SMALL_BYTES = 128 * 1024  # a body of this size cannot keep a parser long
_NICENESS = 10  # of those that give way; the scale ends at 19
_CPU_SECONDS = 4  # for a small body, and two more for each MiB: many times what a good one takes
_DYING_SECONDS = 2  # from a closed pipe to the end of the process
_ROOT = str(Path(__file__).parents[3])


class ParserPool:
    """Worker processes that parse; an async context manager.

    The first is started on entry, so that it loads its libraries while others are busy, the rest when
    they are needed.

    `timeout` bounds one parse in wall time, `memory_bytes` the address space of each child. One of the
    workers is kept for small bodies and for feeds that have proved harmless; large bodies of others are
    left to workers that give way to all else on the machine.
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
        self._lanes = Lanes(workers, kept=1)
        self._idle: list[_Child] = []
        self._ended: set[_Child] = set()

    async def __aenter__(self) -> Self:
        self._idle.append(await _Child.start(self._memory_bytes, gives_way=False))
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
            await child.gone()
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
        """As `parse.parse`, in a worker. A child that fails in any way is a ParseError of this body."""
        task = {
            "url": url,
            "headers": dict(headers),
            "known": list(known),
            "cpu_seconds": self._cpu_seconds(body),
        }
        kind, payload = await self._ask(task, body, proven=proven or len(body) <= _SMALL_BYTES)
        if kind == _ERROR:
            raise ParseError(payload.decode("utf-8", "replace"))
        try:
            parsed = await asyncio.to_thread(wire.decode, payload)
        except (ValueError, KeyError, TypeError) as error:
            raise ParseError("the parser answered what cannot be read") from error
        if not set(parsed.unread) <= set(known):
            raise ParseError("the parser left out what nobody knows")
        return parsed

    async def article(self, page: bytes, *, url: str, content_type: str) -> str:
        """As `fulltext.article_text`, in a worker."""
        seconds = self._cpu_seconds(page) + _CPU_SECONDS
        task = {"url": url, "content_type": content_type, "cpu_seconds": seconds}
        kind, payload = await self._ask(task, page, proven=False)
        text = payload.decode("utf-8", "replace")
        if kind == _ERROR:
            raise ParseError(text)
        return text

    async def _ask(
        self, task: Mapping[str, object], body: bytes, *, proven: bool
    ) -> tuple[bytes, bytes]:
        async with self._lanes.place(proven=proven):
            child = await self._child(gives_way=not proven)
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    kind, payload = await child.ask(task, body)
            except TimeoutError as error:
                self._end(child)
                seconds = f"{self._timeout_seconds:g}"
                raise ParseError(f"parsing took longer than {seconds} s") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                try:
                    await child.settle()
                finally:
                    self._end(child)
                raise ParseError(f"the parser {await child.gone()} over the body") from error
            except BaseException:  # also a cancelled one has a reply under way
                self._end(child)
                raise
            self._keep(child)
        return kind, payload

    def _cpu_seconds(self, body: bytes) -> int:
        return min(_CPU_SECONDS + 2 * len(body) // MIB, max(1, int(self._timeout_seconds)))

    async def _child(self, *, gives_way: bool) -> _Child:
        """A worker of this sort, idle until now or new; those of the other sort stay for their own work."""
        while (child := self._of_sort(gives_way)) is not None:
            if child.is_alive():
                return child
            self._end(child)
        return await _Child.start(self._memory_bytes, gives_way=gives_way)

    def _of_sort(self, gives_way: bool) -> _Child | None:
        for child in reversed(self._idle):
            if child.gives_way is gives_way:
                self._idle.remove(child)
                return child
        return None

    def _keep(self, child: _Child) -> None:
        if child.parses < _PARSES_PER_CHILD and child.memory_bytes < self._memory_bytes // 3:
            self._idle.append(child)
        else:
            self._end(child)

    def _end(self, child: _Child) -> None:
        child.kill()
        self._ended = {each for each in self._ended if each.is_alive()} | {child}


class _Child:
    """One worker process, seen from the master."""

    def __init__(self, process: asyncio.subprocess.Process, *, gives_way: bool) -> None:
        assert process.stdin is not None  # noqa: S101  # it was asked for
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self.gives_way = gives_way
        self._input, self._output = process.stdin, process.stdout
        self.parses = 0
        self.memory_bytes = 0

    @classmethod
    async def start(cls, memory_bytes: int, *, gives_way: bool) -> _Child:
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                __spec__.name if __name__ == "__main__" else __name__,
                str(memory_bytes),
                str(_NICENESS if gives_way else 0),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env={"PYTHONPATH": _ROOT, "PYTHONUTF8": "1"},
            ),
            gives_way=gives_way,
        )

    async def ask(self, task: Mapping[str, object], body: bytes) -> tuple[bytes, bytes]:
        """Kind and payload of the child's reply. Raises OSError or IncompleteReadError if it dies."""
        meta = json.dumps(task).encode()
        self._input.write(_REQUEST.pack(len(meta), len(body)) + meta)
        for start in range(
            0, len(body), _PIECE_BYTES
        ):  # a whole body would be copied, and moved up
            self._input.write(body[start : start + _PIECE_BYTES])
            await self._input.drain()
        kind, memory_kib, size = _REPLY.unpack(await self._output.readexactly(_REPLY.size))
        if size > _MAX_REPLY_BYTES:
            raise OSError(f"the reply has {size} bytes")
        self.parses += 1
        self.memory_bytes = memory_kib * 1024
        return kind, await self._output.readexactly(size)

    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def settle(self) -> None:
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

    async def gone(self) -> str:
        """Wait until the process has ended; how it did."""
        code = await self._process.wait()
        return f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


# Seen from the child


def main() -> None:
    """Answer requests on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the master, who ends us
    _limit(resource.RLIMIT_AS, int(sys.argv[1]))
    _limit(resource.RLIMIT_CORE, 0)
    os.nice(int(sys.argv[2]))
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up among the replies
    from aggregator.ingest.parse import detect  # noqa: F401  # feedparser, ready for the first request

    while True:
        head = requests.read(_REQUEST.size)
        if len(head) < _REQUEST.size:
            return
        meta_size, body_size = _REQUEST.unpack(head)
        meta, body = requests.read(meta_size), requests.read(body_size)
        if len(body) < body_size:
            return
        _reply(replies, *_answer(json.loads(meta), body))


def _answer(task: dict[str, object], body: bytes) -> tuple[bytes, bytes]:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu_seconds = int(spent.ru_utime + spent.ru_stime) + 1 + int(str(task["cpu_seconds"]))
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    try:
        return _read(task, body)
    except ParseError as error:
        return _ERROR, str(error).encode("utf-8", "replace")
    except MemoryError:
        return _ERROR, b"parsing needs more memory than a feed may take"
    except Exception as error:  # noqa: BLE001  # an unforeseen one costs this body alone
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return _ERROR, f"the body cannot be read ({reason})".encode("utf-8", "replace")


def _read(task: dict[str, object], body: bytes) -> tuple[bytes, bytes]:
    url, headers = str(task["url"]), task.get("headers")
    if isinstance(headers, dict):
        from aggregator.ingest.parse.detect import parse  # feedparser loads in children only

        known = frozenset(cast("list[str]", task["known"]))
        return _FEED, wire.encode(parse(body, url=url, headers=headers, known=known))
    from aggregator.ingest.parse.article import article_text  # trafilatura only where it is used

    text = article_text(body, url=url, content_type=str(task["content_type"]))
    return _TEXT, text.encode("utf-8", "replace")


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (ceiling, hard))


def _reply(replies: BinaryIO, kind: bytes, payload: bytes) -> None:
    replies.write(_REPLY.pack(kind, _most_memory_kib(), len(payload)))
    replies.write(payload)
    replies.flush()


def _most_memory_kib() -> int:
    """The memory we had at most.

    What `getrusage` tells was the master's before we became another program, and is kept across that
    (https://man7.org/linux/man-pages/man2/getrusage.2.html): by it a master of 300 MB would end every
    child after its first body.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
