"""Everything commands print: tables and lines for people, one JSON document for programs.

Tables fit 80 columns; a cell that does not fit ends in "…". Colours appear on a terminal only, and never
with NO_COLOR (https://no-color.org).
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


def stdout() -> Console:
    """Standard output as Rich prints to it; texts are printed as they are, without markup."""
    return Console(highlight=False, emoji=False, markup=False)


def print_json(value: object) -> None:
    """Print one JSON document."""
    json.dump(value, sys.stdout, ensure_ascii=_is_ascii_only(), indent=2)
    sys.stdout.write("\n")


def print_json_list(key: str, values: Iterable[object]) -> None:
    """Print one JSON document that holds nothing but a list, each of its values as soon as there is one."""
    encoder = json.JSONEncoder(ensure_ascii=_is_ascii_only(), indent=2)
    separator = ""
    sys.stdout.write(f'{{\n  "{key}": [')
    for value in values:
        indented = encoder.encode(value).replace(
            "\n", "\n    "
        )  # a text has no line ends of its own
        sys.stdout.write(f"{separator}\n    {indented}")
        separator = ","
    sys.stdout.write("\n  ]\n}\n" if separator else "]\n}\n")


def _is_ascii_only() -> bool:
    return "utf" not in (sys.stdout.encoding or "").lower()


def print_line(text: str) -> None:
    """Print a line as it is, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_bytes(data: bytes) -> None:
    """Print a file as it is, whatever the encoding of the terminal."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def print_wrapped(text: str) -> None:
    """Print sentences, wrapped between words at the width of the terminal."""
    stdout().print(Text(text))


def print_note(text: str) -> None:
    """Print a remark that is not part of the output: on stderr."""
    sys.stderr.write(f"{text}\n")


def new_table(*headings: str, right: Collection[str] = (), wide: str = "") -> Table:
    """A table whose cells do not wrap; `right` columns are right-aligned, `wide` takes the width that is left."""
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


def cell(value: object, style: str = "") -> Text:
    """A value as the text of a cell, on one line and without markup; None and "" are a dash."""
    return Text("–" if value is None or value == "" else " ".join(str(value).split()), style=style)


def stacked_cell(first: str, second: str) -> Text:
    """Two lines in one cell, the second dim."""
    return Text.assemble(cell(first), "\n", cell(second, "dim"))


def format_time(at: datetime | None) -> str:
    """A time for people, in UTC: "24 Nov 05:10"; None is a dash."""
    return at.astimezone(UTC).strftime("%d %b %H:%M") if at else "–"


def format_duration(length: timedelta | None) -> str:
    """A duration as the configuration writes it: "90s", "15m", "2h", "7d"; None is a dash."""
    if length is None:
        return "–"
    seconds = round(length.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size and (seconds % size == 0 or seconds >= 10 * size):
            return f"{round(seconds / size)}{unit}"
    return f"{round(seconds / 60)}m" if seconds >= 600 else f"{seconds}s"


def pluralize(number: int, noun: str) -> str:
    """A number with its noun: "1 feed", "2 feeds", "3 stories"."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"


def join_unique(words: Iterable[str]) -> str:
    """Words with a space between them, each once, in the order of their first appearance."""
    return " ".join(dict.fromkeys(words))


class ProgressBar:
    """Progress on stderr. `update` is cheap enough for every item, and does nothing unless `visible`."""

    def __init__(self, progress: Progress) -> None:
        self.visible = not progress.disable
        self._progress = progress
        self._stage = ""
        self._task = progress.add_task("", total=None)
        self._next_at = 0.0

    def update(self, stage: str, done: int, total: int | None = None) -> None:
        """Show that `done` of `total` are done in a stage; None is an unknown total."""
        if not self.visible:
            return
        now, is_new = time.monotonic(), stage != self._stage
        if not is_new and done != total and now < self._next_at:
            return
        if is_new:  # a task of its own: that of the stage before keeps its total
            self._progress.remove_task(self._task)
            self._stage, self._task = stage, self._progress.add_task(stage, total=None)
        self._next_at = now + _REDRAW_SECONDS
        self._progress.update(self._task, completed=done, total=total)


@contextmanager
def progress_bar(*, beside_lines: bool = False) -> Iterator[ProgressBar]:
    """A progress bar where stderr is a terminal.

    With `beside_lines` there is none when stdout is a terminal too: its lines would tear the bar.
    """
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
        yield ProgressBar(bars)
