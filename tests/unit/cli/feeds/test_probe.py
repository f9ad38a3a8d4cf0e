"""`feeds check`: refusals, dead feeds and pages are told apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aggregator import __version__
from tests.unit.cli.conftest import Run

RSS = (
    b"<rss version='2.0'><channel><title>T</title><item><title>Bridge open</title>"
    b"<link>https://wire.example/1</link></item></channel></rss>"
)
HTML = b"<!DOCTYPE html>\n<html><head><title>%s</title></head><body>%s</body></html>"
USUAL = f"Mozilla/5.0 (compatible; aggregator/{__version__})"


@dataclass
class Answer:
    """What a path answers: to all, or only to names that do not contain `refused`."""

    status: int
    body: bytes = RSS
    headers: dict[str, str] = field(default_factory=dict)
    refused: str = ""


CHALLENGE = HTML % (b"Just a moment...", b"<script>window._cf_chl_opt={}</script>")
ANSWERS = {
    "fine": Answer(200),
    "empty": Answer(200, b"<rss version='2.0'><channel><title>T</title></channel></rss>"),
    "by-name": Answer(403, refused="desk/"),
    "bad-request": Answer(400, refused="desk/"),
    "not-acceptable": Answer(406, refused="desk/"),
    "to-all": Answer(403, b"no"),
    "login": Answer(401, b"no"),
    "busy": Answer(429, b"no"),
    "challenged": Answer(503, CHALLENGE),
    "challenged-200": Answer(200, CHALLENGE),
    "waf": Answer(202, b"", {"x-amzn-waf-action": "challenge"}),
    "mitigated": Answer(403, b"no", {"cf-mitigated": "challenge"}),
    "not-found": Answer(404, HTML % (b"Not found", b"")),
    "gone": Answer(410, b""),
    "page": Answer(200, HTML % ("Новини".encode(), b"<p>Captcha, a film</p>")),
    "page-utf16": Answer(200, ("\ufeff" + (HTML % (b"News", b"")).decode()).encode("utf-16-le")),
    "page-form": Answer(200, HTML % (b"Contact", b"<div class='g-recaptcha'></div>")),
    "page-bare": Answer(200, b"<!-- cached --><title>Moved</title><p>Elsewhere"),
    "json": Answer(200, b'{"error": "no such feed"}'),
    "text": Answer(200, b"service unavailable"),
    "broken": Answer(200, b"<rss><channel><title>cut"),
    "error": Answer(500, b"oops"),
    "unavailable": Answer(503, b"busy"),
}
EXPECTED = {
    "fine": "ok",
    "empty": "empty",
    **dict.fromkeys(("by-name", "bad-request", "not-acceptable", "to-all", "login"), "refused"),
    **dict.fromkeys(("busy", "challenged", "challenged-200", "waf", "mitigated"), "refused"),
    **dict.fromkeys(("not-found", "gone", "nowhere"), "dead"),
    **dict.fromkeys(("page", "page-utf16", "page-form", "page-bare"), "page"),
    **dict.fromkeys(("json", "text", "broken"), "not-a-feed"),
    **dict.fromkeys(("error", "unavailable", "closed"), "failing"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[str]]]:
    """A server of all the answers, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").partition("?")[0]
            answer = ANSWERS[name]
            asked.append(name)
            lets_in = answer.refused and answer.refused not in self.headers["User-Agent"]
            body = RSS if lets_in else answer.body
            self.send_response(200 if lets_in else answer.status)
            for header, value in answer.headers.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}", asked
        httpd.shutdown()
        thread.join()


def write_config(config: Path, base: str) -> None:
    urls = {name: f"{base}/{name}" for name in ANSWERS}
    urls |= {"nowhere": "https://wire.invalid/rss", "closed": "http://127.0.0.1:1/rss"}
    feeds = "".join(f"      - {{id: {name}, url: '{url}'}}\n" for name, url in urls.items())
    config.write_text(
        "fetch: {allow_networks: [127.0.0.1/32], host_gap: 0s, host_concurrency: 4, user_agent: desk/1}\n"
        f"agencies:\n  - id: e\n    name: E\n    feeds:\n{feeds}",
        "utf-8",
    )


def test_every_answer_has_its_verdict_and_every_problem_an_advice(
    aggregator: Run, config: Path, server: tuple[str, list[str]]
) -> None:
    base, asked = server
    write_config(config, base)
    asked.clear()

    found: dict[str, Any] = {
        feed["id"]: feed for feed in aggregator("feeds", "check", "--json").json()["feeds"]
    }

    assert {name: feed["verdict"] for name, feed in found.items()} == EXPECTED
    assert all(bool(feed["problems"]) == (name != "fine") for name, feed in found.items())
    assert all(bool(feed["advice"]) == (name != "fine") for name, feed in found.items())
    answering = {name for name, feed in found.items() if feed["answers_to"] == USUAL}
    assert answering == {"by-name", "bad-request", "not-acceptable"}
    assert found["by-name"]["advice"] == (
        f"it refuses the name 'desk/1' and answers to '{USUAL}': write that as this feed's `user_agent`"
    )
    assert found["challenged"]["problems"] == ["answered 503 with a test for browsers"]
    assert "`interval`" in found["busy"]["advice"]
    assert "https://NAME:PASSWORD@" in found["login"]["advice"]


def test_only_who_may_refuse_our_name_is_asked_twice(
    aggregator: Run, config: Path, server: tuple[str, list[str]]
) -> None:
    base, asked = server
    write_config(config, base)
    asked.clear()

    aggregator("feeds", "check", "by-name", "to-all", "login", "busy", "not-found", "page", "error")

    assert sorted(asked) == sorted(
        ["by-name", "by-name", "to-all", "to-all", "login", "busy", "not-found", "page", "error"]
    )


def test_the_lines_tell_the_verdict_the_reason_and_the_mend(
    aggregator: Run, config: Path, server: tuple[str, list[str]]
) -> None:
    write_config(config, server[0])

    lines = aggregator("feeds", "check", "to-all").out.splitlines()

    assert lines[0].split() == ["to-all", "refused", "HTTP", "403"]
    assert lines[1] == "  answered 403"
    assert lines[2].startswith("  What to do: it refuses programs")


def test_a_refusal_is_told_when_a_feed_is_added(
    aggregator: Run, config: Path, server: tuple[str, list[str]]
) -> None:
    base, _ = server
    write_config(config, base)

    added = aggregator("feeds", "add", f"{base}/by-name?new")

    assert added.code == 1
    assert "answered 403: it refuses the name 'desk/1' and answers to" in added.err
