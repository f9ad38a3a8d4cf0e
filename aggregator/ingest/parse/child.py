"""The program that parses in a child process: `python -m aggregator.ingest.parse.child`.

    request: lengths, JSON, body     --> parse() or article_text() under limits
    reply:   kind, memory, length, payload <--

Bytes from the open web decide how long reading them takes, so it is done here, in a process with limits
on memory and processor time that `pool` may kill. It ends when its standard input does: however the
master dies, no child is left running. What it replies is JSON and not pickle: what comes out of a
process that read hostile bytes must not be able to run.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

from aggregator.allocation import collect_rarely
from aggregator.errors import ParseError
from aggregator.model import ParsedFeed

# The protocol, which `pool` speaks from the other side.
REQUEST = struct.Struct(">II")  # bytes of JSON, bytes of body
REPLY = struct.Struct(">cII")  # kind, the child's peak memory in KiB, bytes of payload
FEED, TEXT, ERROR = b"F", b"T", b"E"  # the payload: a ParsedFeed as JSON, plain text, a message


def main() -> None:
    """Reply to requests on standard input until it ends; arguments: bytes of memory, niceness."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the master, who ends us
    _limit(resource.RLIMIT_AS, int(sys.argv[1]))
    _limit(resource.RLIMIT_CORE, 0)
    os.nice(int(sys.argv[2]))
    collect_rarely()
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up among the replies
    from aggregator.ingest.parse import detect  # noqa: F401  # feedparser, ready for the first request

    while True:
        head = requests.read(REQUEST.size)
        if len(head) < REQUEST.size:
            return
        meta_size, body_size = REQUEST.unpack(head)
        meta, body = requests.read(meta_size), requests.read(body_size)
        if len(body) < body_size:
            return
        _send(replies, *_reply(json.loads(meta), body))


def _reply(task: dict[str, object], body: bytes) -> tuple[bytes, bytes]:
    """Kind and payload."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu_seconds = int(spent.ru_utime + spent.ru_stime) + 1 + int(str(task["cpu_seconds"]))
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    try:
        return _read(task, body)
    except ParseError as error:
        return ERROR, str(error).encode("utf-8", "replace")
    except MemoryError:
        return ERROR, b"parsing needs more memory than a feed may take"
    except Exception as error:  # noqa: BLE001  # an unforeseen one costs this body alone
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return ERROR, f"the body cannot be read ({reason})".encode("utf-8", "replace")


def _read(task: dict[str, object], body: bytes) -> tuple[bytes, bytes]:
    url, headers = str(task["url"]), task.get("headers")
    if isinstance(headers, dict):
        from aggregator.ingest.parse.detect import parse  # feedparser loads in children only

        known = frozenset(cast("list[str]", task["known"]))
        feed = parse(body, url=url, headers=headers, known=known)
        return FEED, written(feed)
    from aggregator.ingest.parse.article import article_text  # trafilatura only where it is used

    text = article_text(body, url=url, content_type=str(task["content_type"]))
    return TEXT, text.encode("utf-8", "replace")


def written(feed: ParsedFeed) -> bytes:
    """A feed as JSON that pydantic reads on the other side.

    It would write it as well, but to import it takes a third of the time in which a child starts.
    """
    return json.dumps(feed, default=_plain, ensure_ascii=False).encode()


def _plain(value: Any) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Collection):
        return list(value)
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (ceiling, hard))


def _send(replies: BinaryIO, kind: bytes, payload: bytes) -> None:
    replies.write(REPLY.pack(kind, _peak_memory_kib(), len(payload)))
    replies.write(payload)
    replies.flush()


def _peak_memory_kib() -> int:
    """The memory this process had at most.

    What `getrusage` says was the master's before we became another program, and stays across that
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
