"""`/merged.rss` of 200 entries from the real daemon, while it polls: whole, compressed, and 304.

The daemon and the feed server are processes of their own; this one asks over a few open connections.
What a response costs is given in CPU time as well, the server's polling included: on a machine
with other work that is the figure to compare. "bare" is a server that does nothing but send.

Then how long /health takes while 600 readers, a process of their own, ask for the page of stories without a pause.
"""

from __future__ import annotations

import multiprocessing
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
READERS = 600
READING_SECONDS = 15.0
SECONDS = 5.0
SETTLE_SECONDS = 5.0  # a document unchanged for so long holds all items of the first poll
CONFIG = """\
store: sqlite:///{directory}/aggregator.db
output: {{directory: {directory}/feeds, items: 200}}
fetch: {{interval: 5s, host_gap: 0s, host_concurrency: 8, allow_networks: [127.0.0.1/32]}}
agencies:
  - id: wire
    name: Wire
    feeds:
"""
REQUEST_HEADERS = {
    "200": "",
    "200, gzip": "Accept-Encoding: gzip\r\n",
    "304": "If-None-Match: {etag}\r\n",
}


class RunningDaemon(NamedTuple):
    """A daemon that runs, and where it listens."""

    pid: int
    port: int


@contextmanager
def daemon(directory: Path, url: str) -> Iterator[RunningDaemon]:
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
        while fetch(connect(port), request("")).count(b"<item>") < 200:
            time.sleep(0.2)
        yield RunningDaemon(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def connect(port: int) -> socket.socket:
    """An open connection, without Nagle's waiting."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def request(header: str, path: str = "/merged.rss") -> bytes:
    """What a reader sends."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n".encode()


def fetch(connection: socket.socket, message: bytes) -> bytes:
    """Head and body of one response."""
    connection.sendall(message)
    response = bytearray()
    while b"\r\n\r\n" not in response:
        response += connection.recv(1 << 20)
    head = bytes(response[: response.index(b"\r\n\r\n") + 4])
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    size = len(head) + (int(length[1]) if length and b" 304 " not in head[:20] else 0)
    while len(response) < size:
        response += connection.recv(1 << 20)
    return bytes(response)


class Client:
    """Asks over several connections at once, on one thread, and looks at no more than each head.

    All bodies are received into one buffer: a load generator in C costs its machine hardly less.
    """

    def __init__(self, port: int, message: bytes, *, connections: int = CONNECTIONS) -> None:
        self._message = message
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray(1 << 20)
        self._left: dict[socket.socket, int] = {}  # bytes to come of the response under way
        self.responses = 0
        self.size = 0  # of the last response
        for _ in range(connections):
            connection = connect(port)
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ)

    def run(self, seconds: float) -> None:
        """Keep every connection asking, and then hang up."""
        connections = [key.fileobj for key in self._selector.get_map().values()]
        for connection in connections:
            assert isinstance(connection, socket.socket)
            connection.sendall(self._message)
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
        self.responses += 1
        connection.sendall(self._message)

    def _size_of(self, start: bytes) -> int:
        head = start[: start.index(b"\r\n\r\n") + 4]
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        return len(head) + (int(length[1]) if length and b" 304 " not in head[:20] else 0)


def measure(name: str, served: RunningDaemon, message: bytes) -> int:
    """Ask for some seconds over all connections, and print what came of it; the response's bytes."""
    client = Client(served.port, message)
    cpu, own = cpu_of(served.pid), time.process_time()
    wall = time.perf_counter()
    client.run(SECONDS)
    wall = time.perf_counter() - wall
    cpu, own = cpu_of(served.pid) - cpu, time.process_time() - own
    each = 1_000_000 / max(client.responses, 1)
    print(
        f"{name:10} {client.responses / wall:7.0f} req/s   CPU-µs an answer: server {cpu * each:5.0f}, "
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
        measure(name, RunningDaemon(process.pid, int(process.stdout.readline())), request(""))
    finally:
        process.kill()
        process.wait()


def measure_health_beside_readers(port: int) -> None:
    """How long /health takes, asked ten times a second beside many readers of pages."""
    readers = multiprocessing.get_context("fork").Process(target=read_pages, args=(port,))
    readers.start()
    time.sleep(1)
    seconds = []
    while readers.is_alive():
        started = time.perf_counter()
        fetch(connect(port), request("", "/health"))
        seconds.append(time.perf_counter() - started)
        time.sleep(0.1)
    *_, last = seconds = sorted(seconds)
    middle, most = (seconds[int(len(seconds) * share)] for share in (0.5, 0.99))
    print(
        f"/health beside {READERS} readers of /: half within {middle * 1000:.0f} ms, "
        f"99 % within {most * 1000:.0f} ms, all within {last * 1000:.0f} ms"
    )


def read_pages(port: int) -> None:
    """Many readers of the page of stories."""
    client = Client(port, request("", "/"), connections=READERS)
    client.run(READING_SECONDS)
    print(f"{'/':10} {client.responses / READING_SECONDS:7.0f} req/s", flush=True)


def cpu_of(pid: int) -> float:
    """Processor time of one process, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def etag_of(port: int) -> str:
    """The document's ETag, once it has not changed for a while: the first items are all placed."""
    before = ""
    while True:
        head = fetch(connect(port), request("")).partition(b"\r\n\r\n")[0].decode()
        etag = re.search(r"etag: (\S+)", head, re.IGNORECASE)
        assert etag
        if etag[1] == before:
            return before
        before = etag[1]
        time.sleep(SETTLE_SECONDS)


def main() -> None:
    """All kinds of request, one after the other."""
    print(f"/merged.rss of 200 entries, {CONNECTIONS} connections, {FEEDS} feeds polled every 5 s")
    print(describe("uvicorn", "starlette", "uvloop", "httptools"))
    with (
        tempfile.TemporaryDirectory() as directory,
        feed_server() as (url, _),
        daemon(Path(directory), url) as served,
    ):
        sizes = {
            name: measure(name, served, request(header.format(etag=etag_of(served.port))))
            for name, header in REQUEST_HEADERS.items()
        }
    for name in ("200", "200, gzip"):
        measure_bare(f"bare {name[5:]}".strip(), sizes[name])


if __name__ == "__main__":
    main()
