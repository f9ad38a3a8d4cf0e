"""The matcher is compiled in a process of its own, once after an installation or an update.

    compiled of these sources? -- no --> python -m aggregator.cli.compiling: all of it is compiled, and
             | yes                       kept in numba's cache --> the process ends
             v                                          |
    this process loads what it needs <------------------+

A process that compiles stays twice as large for its whole life, as LLVM gives little back. Where nothing can
be kept, or the other process fails, a function is compiled by the process that first calls it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

_PROGRAM = ("-m", "aggregator.cli.compiling")
_COMPLETE = "complete"  # a file in the cache: all that was to be compiled is there


@cache
def prepare_matcher() -> None:
    """Have the matcher compiled if it is not: once a process, before it is built, while signals end the process."""
    from aggregator.match.jit import CACHE, is_enabled

    if is_enabled() and not (CACHE / _COMPLETE).exists() and _is_writable(CACHE):
        _compile_apart()
    announce_compilation()


def announce_compilation() -> None:
    """Say so on stderr if this process has to compile the matcher."""
    from aggregator.match.jit import on_first_compilation

    on_first_compilation(_announce)


def _announce() -> None:
    """Say that the matcher is compiled, and remove what an update left of what was compiled before."""
    from aggregator.cli import log
    from aggregator.match.jit import CACHE, outdated_caches

    log.note("compiling the matcher, once, a minute or two")
    for folder in outdated_caches(CACHE):
        shutil.rmtree(folder, ignore_errors=True)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _compile_apart(program: Sequence[str] = _PROGRAM) -> None:
    """Wait for a process that compiles; it says so in a line as soon as it has to, and ends when this one does."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(  # noqa: S603  # a program of ours
        [sys.executable, "-P", *program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    ) as child:  # fmt: skip
        assert child.stdout is not None  # noqa: S101  # it was asked for
        try:
            if child.stdout.readline():
                _announce()
            child.wait()
        finally:
            child.kill()


# ------------------------------------------------------------------------- in the process that compiles


def main() -> None:
    """Compile all of the matcher, keep it, and say in a line on stdout if that takes long."""
    # Ctrl-C is for the other process, whose end ends us
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    from aggregator.match.jit import CACHE, on_first_compilation

    on_first_compilation(_tell)
    compile_matcher()
    (CACHE / _COMPLETE).touch()


def _tell() -> None:
    sys.stdout.write("compiling\n")
    sys.stdout.flush()


def _end_with_the_other() -> None:
    # not `sys.stdin.read`, whose lock is not to be held when Python ends
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)  # each file of the cache is whole or not there: numba renames it into place


def compile_matcher() -> None:
    """Call what there is to compile: the sample news of the demonstration are read, placed and explained."""
    from aggregator.config import MatchSettings
    from aggregator.demo import samples
    from aggregator.match.matcher import Matcher
    from aggregator.model import Fingerprint, Indexed, Item

    wire, known = samples.load(), dict[str, Fingerprint]()
    matcher = Matcher(
        MatchSettings(), wire.agencies, lambda ids: {id_: known[id_] for id_ in ids if id_ in known}
    )
    feeds, items = {feed.id: feed for feed in wire.feeds}, dict[str, list[Item]]()
    for number, sample in enumerate(wire.items):
        feed, at = feeds[sample.feed_id], datetime(2026, 1, 8, tzinfo=UTC) + sample.after
        item = Item(
            id=str(number),
            feed_id=feed.id,
            agency_id=feed.agency_id,
            title=sample.title,
            text="\n\n".join(sample.paragraphs),
            seen_at=at,
            reported_at=at,
            language=feed.language,
        )
        known[item.id] = matcher.fingerprint(matcher.read(item))
        story_id = matcher.place(item, known[item.id]).story_id or item.id
        matcher.add([Indexed.of(item, story_id, known[item.id])])
        items.setdefault(sample.story, []).append(item)
    for one, *others in items.values():
        for other in others:
            matcher.explain(one, other)
            matcher.judge(one, other)
    matcher.forget(datetime(2026, 2, 1, tzinfo=UTC))


if __name__ == "__main__":
    main()
