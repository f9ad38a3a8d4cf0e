"""The most memory the main process has: one small feed, 60 large bodies at once, the hostile list.

What one small feed takes is the floor: the program, the matcher and the words of all languages. A large
body has 10 to 14 MiB when decoded; they come plain and compressed, as a few long texts or as many short
ones behind a comment. The parsers, and what compiles the matcher, are processes of their own and not counted.
"""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.benchmarks.machine import describe
from scripts.benchmarks.wire import text
from tests.acceptance.harness import Answer, FeedServer, rss
from tests.acceptance.hostile import HostileServer, all_behaviours, configuration

LARGE = 60
MIB = 1024 * 1024
_SAMPLE_WORDS = 60_000  # half a MiB: long texts begin at different places of it
_LONG = 4  # long texts in a body
LANGUAGES = {
    "bg": "Министърът на външните работи посрещна пратеника на съседната страна в двореца.",
    "ru": "Министр иностранных дел встретил посланника соседней страны во дворце в пятницу.",
    "kk": "Сыртқы істер министрі көрші елдің өкілін жұма күні сарайда қарсы алды.",
    "zh": "外交部长星期五在宫殿会见了邻国的特使，双方讨论了贸易和运输问题。",
    "en": "The foreign minister received the envoy of the neighbouring country in the palace.",
}


def main() -> None:
    """All three, one after the other."""
    print(describe("numba", "numpy", "sqlalchemy"))
    with feed_server({"/small": Answer(_in_all_languages())}) as server:
        _report("one small feed", _config([f"{server.url}/small"]))
    with feed_server({f"/{n}": _large(n) for n in range(LARGE)}) as server:
        _report(
            f"{LARGE} bodies of 10-14 MiB", _config([f"{server.url}/{n}" for n in range(LARGE)])
        )
    hostile = HostileServer(all_behaviours(), 5)
    with tempfile.TemporaryDirectory() as directory:
        _report("the hostile list", configuration(Path(directory), hostile, all_behaviours()))
    hostile.close()


@contextmanager
def feed_server(answers: Mapping[str, Answer]) -> Iterator[FeedServer]:
    """A server of these answers."""
    server = FeedServer()
    server.answers.update(answers)
    try:
        yield server
    finally:
        server.close()


def _in_all_languages() -> bytes:
    return rss(
        [
            {
                "guid": code,
                "link": f"https://agency.example/{code}",
                "title": said,
                "text": said * 5,
            }
            for code, said in LANGUAGES.items()
        ]
    )


def _large(number: int) -> Answer:
    body = _few_long(number) if number % 2 else _many_short(number)
    if number % 4 < 2:
        return Answer(body)
    return Answer(gzip.compress(body, 1), headers={"Content-Encoding": "gzip"})


def _few_long(number: int) -> bytes:
    sample, draw = text("sample", _SAMPLE_WORDS), random.Random(number)
    pieces = [sample[at:] + sample[:at] for at in draw.sample(range(len(sample)), _LONG)]
    return _padded([_item(f"{number}/{at}", piece) for at, piece in enumerate(pieces)], number)


def _many_short(number: int) -> bytes:
    items = [_item(f"{number}/{at}", text(f"{number}/{at}", 100)) for at in range(30)]
    return _padded(items, number)


def _padded(items: list[dict[str, str]], number: int) -> bytes:
    body = rss(items)
    missing = (10 + number % 5) * MIB - len(body)
    return body.replace(b"<channel>", b"<channel><!-- " + b"nothing " * (missing // 8) + b"-->")


def _item(name: str, words: str) -> dict[str, str]:
    link = f"https://agency.example/{name}"
    return {"guid": name, "link": link, "title": text(f"t{name}", 9), "text": words}


def _config(urls: list[str]) -> str:
    lines = [
        "fetch: {host_gap: 0s, host_concurrency: 64, allow_networks: [127.0.0.1/32]}",
        "agencies:",
    ]
    for at, url in enumerate(urls):
        feed = f'{{id: f{at}, url: "{url}"}}'
        lines.append(f"  - {{id: a{at}, name: Agency {at}, feeds: [{feed}]}}")
    return "\n".join(lines)


def _report(what: str, config: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "feeds.yaml")
        file.write_text(config, "utf-8")
        command = [sys.executable, "-m", "aggregator", "-c", str(file), "poll", "--all"]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=directory)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _peak_kib(process.pid))
            time.sleep(0.05)
    took = time.perf_counter() - started
    print(f"{what:24} {peak / 1024:6.0f} MiB at most, {took:5.0f} s", flush=True)


def _peak_kib(pid: int) -> int:
    """VmHWM, which the kernel keeps; 0 for a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


if __name__ == "__main__":
    main()
