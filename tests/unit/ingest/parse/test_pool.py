"""Parsers that can be killed: whatever happens to one is an error of the body it read."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.ingest.parse.pool import ParserPool
from aggregator.model import ParsedFeed

ROOT = Path(__file__).parents[4]
MIB = 1024 * 1024
SOUND = "<rss version='2.0'><channel><item><title>Добър ден</title></item></channel></rss>".encode()
HEAVY = (
    b"<rss version='2.0'><channel><item><title>t</title>"
    + b"<description>x</description>" * 140_000
    + b"</item></channel></rss>"
)
LARGE = SOUND.replace("Добър ден".encode(), "жаба ".encode() * 2 * MIB)


async def parse(pool: ParserPool, body: bytes) -> ParsedFeed:
    return await pool.parse(body, url="https://bta.example/rss", headers={})


def parsers() -> list[int]:
    """The parsers this process has started."""
    tasks = Path("/proc/self/task").iterdir()
    children = [pid for task in tasks for pid in of_the_living(task / "children").split()]
    return [
        pid
        for pid in map(int, children)
        if b"ingest.parse.child" in of_the_living(Path(f"/proc/{pid}/cmdline"))
    ]


def of_the_living(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # the thread or process has ended
        return b""


def test_large_bodies_of_the_unproven_are_left_to_a_worker_that_gives_way() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)

    async def workers(*niceness: int) -> None:
        """Wait until there are just these; one that is ended takes a moment to go."""
        while sorted(os.getpriority(os.PRIO_PROCESS, pid) for pid in parsers()) != list(niceness):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def run() -> None:
        async with ParserPool(workers=2) as pool:
            await parse(pool, SOUND + b" " * MIB)
            await workers(own, min(own + 10, 19))
            await asyncio.gather(parse(pool, SOUND), parse(pool, SOUND))
            await parse(pool, SOUND + b" " * MIB)
            await workers(own, own, min(own + 10, 19))

    asyncio.run(run())


def test_gives_what_parse_gives_and_its_errors() -> None:
    async def run() -> None:
        async with ParserPool(workers=2) as pool:
            assert (await parse(pool, SOUND)).items[0].title == "Добър ден"
            with pytest.raises(ParseError, match="no feed"):
                await parse(pool, b"secret.txt")
            assert (await parse(pool, SOUND)).format == "rss20"

    before = set(parsers())
    asyncio.run(run())
    assert set(parsers()) <= before


@pytest.mark.parametrize(
    ("memory_bytes", "body", "error"),
    [(512 * MIB, HEAVY, "died of SIGXCPU"), (110 * MIB, LARGE, "more memory|died|ended")],
    ids=["time", "memory"],
)
def test_a_body_that_costs_too_much_is_an_error_and_the_next_is_read(
    memory_bytes: int, body: bytes, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with ParserPool(workers=2, memory_bytes=memory_bytes) as pool:
            with monkeypatch.context() as patch:
                patch.setattr(pool, "_cpu_seconds", lambda _: 0)  # of which one second comes
                with pytest.raises(ParseError, match=error):
                    await parse(pool, body)
            assert (await parse(pool, SOUND)).items

    asyncio.run(run())


def test_a_parser_that_does_not_answer_is_given_up_and_the_next_body_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        async with ParserPool(workers=2) as pool:
            await parse(pool, SOUND)
            for pid in parsers():
                os.kill(pid, signal.SIGSTOP)
            with monkeypatch.context() as patch:
                patch.setattr(pool, "_timeout_seconds", 0.1)
                with pytest.raises(ParseError, match=r"longer than 0\.1 s"):
                    await parse(pool, SOUND)
            assert (await parse(pool, SOUND)).items

    asyncio.run(run())


def test_a_parse_may_take_no_more_than_its_time_of_the_processor_either() -> None:
    pool = ParserPool(timeout=timedelta(seconds=2))

    assert pool._cpu_seconds(HEAVY) == 2


def test_a_killed_parser_costs_one_body() -> None:
    async def run() -> None:
        async with ParserPool(workers=2) as pool:
            await parse(pool, SOUND)
            idle = parsers()
            heavy = asyncio.create_task(parse(pool, HEAVY))
            while not (busy := set(parsers()) - set(idle)):  # noqa: ASYNC110  # one is started
                await asyncio.sleep(0.01)
            os.kill(busy.pop(), signal.SIGKILL)
            with pytest.raises(ParseError, match=r"(died of SIGKILL|ended with 255) over the body"):
                await heavy
            assert (await parse(pool, SOUND)).items

    asyncio.run(run())


def test_a_parse_given_up_leaves_no_answer_behind() -> None:
    async def run() -> None:
        async with ParserPool(workers=2) as pool:
            heavy = asyncio.create_task(parse(pool, HEAVY))
            await asyncio.sleep(0.2)
            heavy.cancel()
            assert (await parse(pool, SOUND)).items[0].title == "Добър ден"

    asyncio.run(run())


def test_a_parser_lasts_however_large_its_master_is() -> None:
    async def run() -> None:
        async with ParserPool(workers=1, memory_bytes=192 * MIB) as pool:
            await parse(pool, SOUND)
            first = parsers()
            await parse(pool, SOUND)
            assert parsers() == first

    before = parsers()
    large = b"x" * (100 * MIB)
    asyncio.run(run())
    assert len(large) == 100 * MIB
    assert parsers() == before


def test_entries_that_are_known_are_left_unread() -> None:
    async def run() -> None:
        async with ParserPool(workers=1) as pool:
            (item,) = (await parse(pool, SOUND)).items
            assert item.digest
            again = await pool.parse(
                SOUND, url="https://bta.example/rss", headers={}, known={item.digest, "other"}
            )
            assert (again.items, again.unread) == ((), (item.digest,))

    asyncio.run(run())


def test_a_parser_starts_without_what_parsing_does_not_need() -> None:
    """Three start in each cycle of `poll`: each of these takes as long to load as all it needs."""
    code = (
        "import sys, aggregator.ingest.parse.child, aggregator.ingest.parse.detect;"
        "print(*sorted({'pydantic', 'numpy', 'numba', 'sqlalchemy', 'httpx'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.split() == []
