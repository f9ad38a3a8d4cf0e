"""`/merged.rss` of 200 entries from the real daemon, while it polls: whole, compressed, and 304.

The daemon and the feed server are processes of their own; this one asks over a few open connections.
What an answer costs is told in processor time as well, the server's polling included: on a machine
with other work that is the figure to compare. "bare" is a server that does nothing but send.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from scripts.benchmarks.machine import describe
from scripts.benchmarks.polling import feed_server

FEEDS = 20  # of 30 items: 600 stories, of which the feed holds the newest 200
CONNECTIONS = 8
SECONDS = 5.0
SETTLING_SECONDS = 5.0  # a document that is the same after these has all of the first bodies
CONFIG = """\
store: sqlite:///{directory}/aggregator.db
output: {{directory: {directory}/feeds, items: 200}}
fetch: {{interval: 5s, host_gap: 0s, host_concurrency: 8, allow_networks: [127.0.0.1/32]}}
agencies:
  - id: wire
    name: Wire
    feeds:
"""
WAYS = {
    "200": "",
    "200, gzip": "Accept-Encoding: gzip\r\n",
    "304": "If-None-Match: {etag}\r\n",
}


class Daemon(NamedTuple):
    """A daemon that runs, and where it listens."""

    pid: int
    port: int


@contextmanager
def daemon(directory: Path, url: str) -> Iterator[Daemon]:
    """`aggregator run` over the wire's feeds, once the merged feed is full."""
    config, log = directory / "feeds.yaml", directory / "log"
    lines = (f"      - {{id: f{n}, url: '{url}/{n}.rss', language: en}}\n" for n in range(FEEDS))
    config.write_text(CONFIG.format(directory=directory) + "".join(lines), "utf-8")
    command = [sys.executable, "-m", "aggregator", "-c", str(config), "run", "--port", "0"]
    with log.open("w") as file:
        process = subprocess.Popen(command, stderr=file)
    try:
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text("utf-8"))):
            if process.poll() is not None:
                raise SystemExit(log.read_text("utf-8"))
            time.sleep(0.1)
        port = int(found[1])
        while ask(connect(port), request("")).count(b"<item>") < 200:
            time.sleep(0.2)
        yield Daemon(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def connect(port: int) -> socket.socket:
    """An open connection, without Nagle's waiting."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def request(header: str) -> bytes:
    """What a reader sends."""
    return f"GET /merged.rss HTTP/1.1\r\nHost: bench\r\n{header}\r\n".encode()


def ask(connection: socket.socket, asked: bytes) -> bytes:
    """Head and body of one answer."""
    connection.sendall(asked)
    answer = bytearray()
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(1 << 20)
    head = bytes(answer[: answer.index(b"\r\n\r\n") + 4])
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    size = len(head) + (int(length[1]) if length and b" 304 " not in head[:20] else 0)
    while len(answer) < size:
        answer += connection.recv(1 << 20)
    return bytes(answer)


class Client:
    """Asks over several connections at once, on one thread, and looks at no more than each head.

    All bodies are received into one buffer: a load generator in C costs its machine hardly less.
    """

    def __init__(self, port: int, asked: bytes) -> None:
        self._asked = asked
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray(1 << 20)
        self._left: dict[socket.socket, int] = {}  # bytes to come of the answer under way
        self.answers = 0
        self.size = 0  # of the last answer
        for _ in range(CONNECTIONS):
            connection = connect(port)
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ)

    def ask(self, seconds: float) -> None:
        """Keep every connection asking, and then hang up."""
        connections = [key.fileobj for key in self._selector.get_map().values()]
        for connection in connections:
            assert isinstance(connection, socket.socket)
            connection.sendall(self._asked)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for key, _ in self._selector.select(timeout=1):
                assert isinstance(key.fileobj, socket.socket)
                self._receive(key.fileobj)
        for connection in connections:
            assert isinstance(connection, socket.socket)
            connection.close()
        self._selector.close()

    def _receive(self, connection: socket.socket) -> None:
        count = connection.recv_into(self._buffer)
        left = self._left.pop(connection, None)
        if left is None:
            self.size = left = self._size_of(bytes(self._buffer[: min(count, 1024)]))
        if left > count:
            self._left[connection] = left - count
            return
        self.answers += 1
        connection.sendall(self._asked)

    def _size_of(self, start: bytes) -> int:
        head = start[: start.index(b"\r\n\r\n") + 4]
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        return len(head) + (int(length[1]) if length and b" 304 " not in head[:20] else 0)


def measure(name: str, served: Daemon, asked: bytes) -> int:
    """Ask for some seconds over all connections, and print what came of it; the answer's bytes."""
    client = Client(served.port, asked)
    cpu, own = cpu_of(served.pid), time.process_time()
    wall = time.perf_counter()
    client.ask(SECONDS)
    wall = time.perf_counter() - wall
    cpu, own = cpu_of(served.pid) - cpu, time.process_time() - own
    each = 1_000_000 / max(client.answers, 1)
    print(
        f"{name:10} {client.answers / wall:7.0f} req/s   CPU-µs an answer: server {cpu * each:5.0f}, "
        f"client {own * each:5.0f}   {client.size:9,} bytes",
        flush=True,
    )
    return client.size


def measure_bare(name: str, size: int) -> None:
    """The same from a server that only sends: what the loopback allows."""
    command = [sys.executable, "-m", "scripts.benchmarks.bare", str(size)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        measure(name, Daemon(process.pid, int(process.stdout.readline())), request(""))
    finally:
        process.kill()
        process.wait()


def cpu_of(pid: int) -> float:
    """Processor time of one process, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def etag_of(port: int) -> str:
    """The document's tag, once it has not changed for a while: the first bodies are all placed."""
    before = ""
    while True:
        head = ask(connect(port), request("")).partition(b"\r\n\r\n")[0].decode()
        etag = re.search(r"etag: (\S+)", head, re.IGNORECASE)
        assert etag
        if etag[1] == before:
            return before
        before = etag[1]
        time.sleep(SETTLING_SECONDS)


def main() -> None:
    """All ways to ask, one after the other."""
    print(f"/merged.rss of 200 entries, {CONNECTIONS} connections, {FEEDS} feeds polled every 5 s")
    print(describe("uvicorn", "starlette", "uvloop", "httptools"))
    with (
        tempfile.TemporaryDirectory() as directory,
        feed_server() as (url, _),
        daemon(Path(directory), url) as served,
    ):
        sizes = {
            name: measure(name, served, request(header.format(etag=etag_of(served.port))))
            for name, header in WAYS.items()
        }
    for name in ("200", "200, gzip"):
        measure_bare(f"bare {name[5:]}".strip(), sizes[name])


if __name__ == "__main__":
    main()
