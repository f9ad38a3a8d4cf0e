"""`/merged.rss` of 200 entries from the real daemon, while it polls: whole, compressed, and 304.

The daemon and the feed server are processes of their own; this one asks over a few open connections.
What a request costs the server is told in its own processor time as well, its polling included: on
a machine with other work that is the figure to compare.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
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


def measure(name: str, served: Daemon, asked: bytes) -> None:
    """Ask for some seconds over all connections, and print what came of it."""
    counts = [0] * CONNECTIONS
    sizes = [0] * CONNECTIONS
    end = time.monotonic() + SECONDS

    def client(number: int) -> None:
        with connect(served.port) as connection:
            while time.monotonic() < end:
                sizes[number] = len(ask(connection, asked))
                counts[number] += 1

    cpu, wall = cpu_of(served.pid), time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu, wall = cpu_of(served.pid) - cpu, time.perf_counter() - wall
    total = sum(counts)
    print(
        f"{name:10} {total / wall:7.0f} req/s   {total / cpu:7.0f} a second of the server's CPU   "
        f"{sizes[0]:9,} bytes"
    )


def cpu_of(pid: int) -> float:
    """Processor time of one process, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """All ways to ask, one after the other."""
    print(f"/merged.rss of 200 entries, {CONNECTIONS} connections, {FEEDS} feeds polled every 5 s")
    print(describe("uvicorn", "starlette", "uvloop", "httptools"))
    with (
        tempfile.TemporaryDirectory() as directory,
        feed_server() as (url, _),
        daemon(Path(directory), url) as served,
    ):
        head = ask(connect(served.port), request("")).partition(b"\r\n\r\n")[0].decode()
        etag = re.search(r"etag: (\S+)", head, re.IGNORECASE)
        assert etag
        for name, header in WAYS.items():
            measure(name, served, request(header.format(etag=etag[1])))


if __name__ == "__main__":
    main()
