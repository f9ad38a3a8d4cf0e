"""The real process, run as a user would, against a real feed server on loopback."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from xml.sax.saxutils import escape

import pytest

T = TypeVar("T")
ROOT = Path(__file__).parents[2]


@dataclass
class Answer:
    """What the server says at one path."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0


class FeedServer:
    """Serves whatever the test puts at a path, with ETag and 304, and counts what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, int]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.serve(self)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                """Killed clients leave broken pipes; that is what these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        answer = self.answers.get(handler.path, Answer(b"not here", status=404))
        time.sleep(answer.delay_seconds)
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        status, body = answer.status, answer.body
        if status == 200 and handler.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.requests.append((handler.path, status))
        handler.send_response(status)
        for name, value in {"ETag": etag, **answer.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def put_rss(self, path: str, items: list[dict[str, str]]) -> None:
        """A plain RSS feed, the last item first."""
        self.answers[path] = Answer(rss(items), headers={"Content-Type": "application/rss+xml"})

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def rss(items: list[dict[str, str]]) -> bytes:
    now = format_datetime(datetime.now(UTC))
    entries = "".join(
        f"<item><guid isPermaLink='false'>{escape(item['guid'])}</guid>"
        f"<link>{escape(item['link'])}</link><title>{escape(item['title'])}</title>"
        f"<description>{escape(item['text'])}</description>"
        f"<pubDate>{item.get('date', now)}</pubDate></item>"
        for item in reversed(items)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>Sample</title>"
        f"<link>https://agency.example/</link><description>Invented</description>{entries}"
        "</channel></rss>"
    ).encode()


@dataclass(frozen=True)
class Done:
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str


class Nursery:
    """The process of `tests.acceptance.nursery`, from which the aggregator is started."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,  # a signal to all of the run would leave nobody to end daemons
        )

    def launch(
        self, args: Sequence[str], *, directory: Path, out: Path, err: Path, script: str = ""
    ) -> Running:
        """Start the aggregator with these arguments, or a program given as its text."""
        request = {
            "script": script,
            "args": args,
            "directory": str(directory),
            "environ": {"NO_COLOR": "1", "COLUMNS": "100"},
            "out": str(out),
            "err": str(err),
        }
        return Running(self, int(self.ask(request)))

    def ask(self, request: Mapping[str, object]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()  # ends its input, which ends it


@cache
def nursery() -> Nursery:
    """One for each process that runs tests, ended with it."""
    started = Nursery()
    atexit.register(started.close)
    return started


class Running:
    """An aggregator that was started, as `subprocess.Popen` shows one."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self._code: int | None = None
        self.pid = pid

    def poll(self) -> int | None:
        if self._code is None:
            self._code = self._nursery.ask({"ended": self.pid})
        return self._code

    def wait(self, timeout: float = 60) -> int:
        wait_for(lambda: self.poll() is not None, seconds=timeout)
        assert self._code is not None
        return self._code

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL for it and whatever it started, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has not made its session yet
                os.killpg(self.pid, signal.SIGKILL)
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


class House:
    """A directory with a configuration, and the aggregator run in it as a user would."""

    def __init__(self, directory: Path, server: FeedServer) -> None:
        self.directory = directory
        self.server = server
        self.config = directory / "feeds.yaml"
        self.daemon_log = directory / "daemon.log"
        self.processes: list[Running] = []

    def write_config(self, feeds: dict[str, str], *, interval: str = "1s", more: str = "") -> None:
        """One agency a feed; `feeds` maps an id to a path on the server or to a whole URL."""
        agencies = "\n".join(
            f"  - id: {name}\n    name: Agency {name}\n    feeds:\n"
            f'      - {{id: {name}-en, url: "{self._url(path)}", language: en}}'
            for name, path in feeds.items()
        )
        self.configure(
            f"store: sqlite:///{self.directory}/aggregator.db\n"
            f"output: {{directory: {self.directory}/feeds}}\n"
            f"fetch: {{interval: {interval}, host_gap: 0s, host_concurrency: 8,"
            f" timeout: 30s, allow_networks: [127.0.0.1/32]}}\n"
            f"{more}agencies:\n{agencies}\n"
        )

    def configure(self, text: str) -> None:
        """Put a configuration there at once: a daemon that looks meanwhile sees no half of it."""
        new = self.directory / "feeds.yaml.new"
        new.write_text(text, "utf-8")
        new.replace(self.config)

    def _url(self, path: str) -> str:
        return path if "://" in path else self.server.url + path

    def run(self, *args: str, timeout_seconds: float = 60) -> Done:
        """One command to its end."""
        out, err = self.directory / ".out", self.directory / ".err"
        for path in (out, err):
            path.unlink(missing_ok=True)
        code = self._launch(args, out=out, err=err).wait(timeout_seconds)
        return Done(code, out.read_text("utf-8"), err.read_text("utf-8"))

    def json(self, *args: str) -> Any:
        done = self.run(*args, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, *args: str) -> Running:
        """The daemon on a free port; its output goes to `daemon_log`."""
        self.daemon_log.touch()
        return self._launch(("run", "--port", "0", *args), out=self.daemon_log, err=self.daemon_log)

    def _launch(self, args: Sequence[str], *, out: Path, err: Path) -> Running:
        process = nursery().launch(
            ["-c", str(self.config), *args], directory=self.directory, out=out, err=err
        )
        self.processes.append(process)
        return process

    @property
    def log(self) -> str:
        return self.daemon_log.read_text("utf-8")

    def wait_for_change(self, feed: str, times: int = 1) -> None:
        """Until the log has told of so many polls of a feed that brought items: they are in stories."""
        wait_for(lambda: len(re.findall(rf"feed={feed} .*result=changed", self.log)) >= times)

    def address(self) -> str:
        """Where the daemon started last listens, by its own log."""
        found = wait_for(
            lambda: re.findall(r"http://127\.0\.0\.1:\d+", self.log.rpartition("listening")[2])
        )
        return str(found[0])

    def close(self) -> None:
        for process in self.processes:
            process.kill()


def wait_for(question: Callable[[], T], *, seconds: float = 60) -> T:
    """Ask until the answer is true; the answer. Fails when it never is."""
    end, pause = time.monotonic() + seconds, 0.01
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(pause)
        pause = min(0.1, pause * 1.2)  # what is asked has to work as well
    pytest.fail(f"waited {seconds} s in vain")


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (lower-case names) and body; an error status is an answer."""
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, _lower(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _lower(error.headers), error.read()


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
