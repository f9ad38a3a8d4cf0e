"""Whatever is logged, and by whom, is one line of logfmt."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

LOGS = """
import asyncio, logging, sys, threading, warnings
import structlog
from aggregator.cli import log
log.configure()
error = ValueError("two\\nlines = \\"quoted\\"")

def fail():
    raise error

class Fails:
    def __del__(self):
        fail()

async def forgotten():
    asyncio.get_running_loop().create_future().set_exception(error)

"""


def lines_of(program: str) -> list[dict[str, str]]:
    """Each line of the log, as a program that reads logfmt has it."""
    done = subprocess.run(
        [sys.executable, "-c", LOGS + program], capture_output=True, text=True, check=True
    )
    return [
        dict(pair.split("=", 1) for pair in shlex.split(line)) for line in done.stderr.splitlines()
    ]


@pytest.mark.parametrize(
    ("program", "level", "event"),
    [
        ("structlog.get_logger().info('poll', feed='a')", "info", "poll"),
        ("logging.getLogger('uvicorn.error').error('Exception in ASGI application\\n', exc_info=error)",
         "error", "Exception in ASGI application"),
        ("logging.getLogger('asyncio').error('Task exception', exc_info=error)", "error", "Task exception"),
        ("logging.getLogger('a.library').warning('%s = %d', 'x', 1)", "warning", "x = 1"),
        ("warnings.warn('an old name', stacklevel=1)", "warning", "an old name"),
        ("thread = threading.Thread(target=fail); thread.start(); thread.join()", "error", "thread failed"),
        ("Fails()", "error", "error ignored"),
        ("asyncio.run(forgotten())", "error", "Future exception was never retrieved"),
        ("log.note('compiling')", "info", "compiling"),
        ("structlog.get_logger().error('failed', error='\\u0442\\u0435\\u043a\\u0441\\u0442 a\\r\\x0b\\u2028b\\x85=\\tc')",
         "error", "failed"),
    ],
)  # fmt: skip
def test_one_event_is_one_line(program: str, level: str, event: str) -> None:
    (line,) = lines_of(program)
    assert list(line)[:3] == ["timestamp", "level", "event"]
    assert line["level"] == level
    assert event in line["event"]


def test_a_traceback_is_in_its_line() -> None:
    program = "try: fail()\nexcept ValueError: logging.getLogger('uvicorn.error').exception('x')"
    (line,) = lines_of(program)
    assert line["exception"].startswith("Traceback (most recent call last):\\n")
    assert line["exception"].endswith('ValueError: two\\nlines = "quoted"')
    assert line["logger"] == "uvicorn.error"


@pytest.mark.parametrize(
    "program",
    [
        "logging.getLogger('uvicorn.error').warning('Invalid HTTP request received.')",
        "logging.getLogger('uvicorn.error').info('Started server process')",
        "logging.getLogger('apscheduler.scheduler').warning('skipped')",
        "logging.getLogger('a.library').info('chatter')",
    ],
)
def test_what_is_nobodys_business_is_not_told(program: str) -> None:
    assert lines_of(program) == []


def test_a_command_tells_what_takes_long_in_plain_words() -> None:
    program = "from aggregator.cli import log; log.note('compiling')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == "aggregator: compiling\n"
