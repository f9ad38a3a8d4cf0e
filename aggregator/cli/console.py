"""Tables for people, one JSON document for programs: all that commands print goes through here.

Tables fit 80 columns; what does not fit ends in "…". Colours only on a terminal, and not with NO_COLOR.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

_REDRAW_SECONDS = 0.1


def console() -> Console:
    """Standard output, for tables."""
    return Console(highlight=False, emoji=False, markup=False)


def as_json(value: object) -> None:
    """Print one JSON document."""
    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    json.dump(value, sys.stdout, ensure_ascii=ascii_only, indent=2)
    sys.stdout.write("\n")


def line(text: str) -> None:
    """Print a line as it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def paragraph(text: str) -> None:
    """Print a sentence or more, wrapped between words."""
    console().print(Text(text))


def note(text: str) -> None:
    """Tell a person something beside the output: on stderr."""
    sys.stderr.write(f"{text}\n")


def columns(*headings: str, right: Collection[str] = (), wide: str = "") -> Table:
    """A table whose cells do not wrap; `right` are flush right, `wide` takes the room that is left."""
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, expand=bool(wide)
    )
    for name in headings:
        table.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=True,
            overflow="ellipsis",
            ratio=1 if name == wide else None,
        )
    return table


def plain(value: object, style: str = "") -> Text:
    """A value as text, in which nothing is markup; None is a dash."""
    return Text("–" if value is None or value == "" else " ".join(str(value).split()), style=style)


def under(first: str, second: str) -> Text:
    """Two lines in one cell, the second dim."""
    return Text.assemble(plain(first), "\n", plain(second, "dim"))


def when(at: datetime | None) -> str:
    """A time for people, UTC: "24 Nov 05:10"."""
    return at.astimezone(UTC).strftime("%d %b %H:%M") if at else "–"


def span(length: timedelta | None) -> str:
    """A duration as the configuration writes it: "90s", "15m", "2h", "7d"."""
    if length is None:
        return "–"
    seconds = round(length.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size and (seconds % size == 0 or seconds >= 10 * size):
            return f"{round(seconds / size)}{unit}"
    return f"{round(seconds / 60)}m" if seconds >= 600 else f"{seconds}s"


def count(number: int, thing: str) -> str:
    """ "1 feed", "2 feeds", "3 stories"."""
    if number == 1:
        return f"1 {thing}"
    return f"{number} {thing[:-1]}ies" if thing.endswith("y") else f"{number} {thing}s"


def joined(words: Iterable[str]) -> str:
    """Different words in their first order."""
    return " ".join(dict.fromkeys(words))


class Bar:
    """Progress on stderr; `at` may be called as often as one likes, and does nothing unless `shown`."""

    def __init__(self, progress: Progress) -> None:
        self.shown = not progress.disable
        self._progress = progress
        self._task = progress.add_task("", total=None)
        self._next_at = 0.0

    def at(self, stage: str, done: int, total: int | None = None) -> None:
        """Say how much of a stage is done."""
        if self.shown and ((moment := time.monotonic()) >= self._next_at or done == total):
            self._next_at = moment + _REDRAW_SECONDS
            self._progress.update(self._task, description=stage, completed=done, total=total)


@contextmanager
def progress(*, beside_lines: bool = False) -> Iterator[Bar]:
    """A bar where stderr is a terminal. `beside_lines`: not if lines go to a terminal as well."""
    stderr = Console(stderr=True)
    wanted = stderr.is_terminal and not (beside_lines and sys.stdout.isatty())
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=stderr,
        transient=True,
        disable=not wanted,
    ) as bars:
        yield Bar(bars)
