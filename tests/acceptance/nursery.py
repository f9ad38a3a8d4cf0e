"""A process that has the aggregator loaded, and forks one that runs it whenever it is asked to.

    {"args", "directory", "environ", "out", "err"} --> fork: new session, its own streams, main(args)
    the same with "script" --> as above, but the text of a program instead of main
    {"ended": PID} --> its exit code, null while it runs

What a test starts is a process of its own, with the program's own signals and exit code, but does not
spend most of its life importing: of a suite's time that would be four fifths. One request a line.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any

WARM_UP = [
    (
        "en",
        "The ministry opened a railway of 412 kilometres near Astana on Monday, officials said.",
    ),
    ("ru", "Министерство открыло железную дорогу длиной 412 километров близ Астаны в понедельник."),
]

TIMES = (
    "2026-01-01T09:00:00Z",
    "2026-01-01T10:00:00Z",
    "2026-06-01T09:00:00Z",
)  # the window moves on


def load() -> None:
    """Import what commands import when they run, and have the compiled code loaded."""
    import aggregator.cli.console
    import aggregator.cli.serve
    import aggregator.store.migrate  # noqa: F401
    from aggregator.cluster.local import cluster
    from aggregator.config import MatchSettings

    items = [
        {
            "id": f"{language}{number}",
            "title": text[:30],
            "text": f"{text} " * 3,
            "language": language,
            "published": published,
        }
        for number, published in enumerate(TIMES)
        for language, text in WARM_UP
    ]
    assert len(list(cluster(map(json.dumps, items), MatchSettings()))) == len(items)


def serve() -> None:
    """Answer requests until standard input ends; whatever still runs then is ended as well."""
    load()
    gc.freeze()  # what is loaded stays shared: https://docs.python.org/3/library/gc.html#gc.freeze
    started: set[int] = set()
    try:
        while line := sys.stdin.readline():
            request = json.loads(line)
            if "ended" in request:
                answer(ended(request["ended"], started))
            elif pid := os.fork():
                started.add(pid)
                answer(pid)
            else:
                run(request)  # does not return
    finally:  # also where nobody reads an answer any more
        for pid in started:
            end(pid)


def answer(value: int | None) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def ended(pid: int, started: set[int]) -> int | None:
    """The exit code of a process that has ended; it is then forgotten, unless it left others behind."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        started.discard(pid)
    return os.waitstatus_to_exitcode(status)


def end(pid: int) -> None:
    """Kill a process and all it started; those we start lead groups of their own."""
    for kill in (os.killpg, os.kill):  # by its number where it has not made its group yet
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def run(request: dict[str, Any]) -> None:
    """Be the aggregator; ends the process."""
    from aggregator.cli import main

    os.setsid()
    os.chdir(request["directory"])
    os.environ.update(request["environ"])
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for descriptor, path in enumerate((os.devnull, request["out"], request["err"])):
        opened = os.open(path, append if descriptor else os.O_RDONLY, 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)
    code = 0
    try:
        if script := request.get("script"):
            sys.argv[1:] = request["args"]
            exec(script, {"__name__": "__main__"})
        else:
            main(request["args"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    os._exit(code)  # to take down all that was loaded costs as long as a command


if __name__ == "__main__":
    serve()
