"""`cluster`: stories for a file of items, without feeds or a database, by the matching of the daemon."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, TextIO

import typer

from aggregator.cli.options import SUBSCRIBE, Call, call
from aggregator.errors import UsageError
from aggregator.files import replacing_text

if TYPE_CHECKING:
    from aggregator.config import Settings

STDIN = Path("-")
commands = typer.Typer()


class Mode(StrEnum):
    """How sure a merge must be."""

    BALANCED = "balanced"
    STRICT = "strict"


@commands.command(
    rich_help_panel=SUBSCRIBE, epilog="Example: aggregator cluster items.jsonl -o stories.jsonl"
)
def cluster(
    ctx: typer.Context,
    items: Annotated[
        Path, typer.Argument(metavar="INPUT", help="Items as JSON lines; - reads standard input.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here, not to standard output."),
    ] = None,
    mode: Annotated[
        Mode | None, typer.Option(help="Strict finds fewer copies and merges fewer wrongly.")
    ] = None,
    window: Annotated[
        str | None, typer.Option(metavar="DURATION", help="How far apart copies may be: 36h, 7d …")
    ] = None,
) -> None:
    """Stories for a file of items; no feeds, no database.

    In: one JSON object a line with id, title, text, and optionally agency,
    language, published (RFC 3339), url. Out, a line for each in the same
    order: id, story, lead, matches. Two items are one story if their story
    is equal. Agencies' names, mode and window are those of the configuration,
    if there is one.
    """
    import json

    from aggregator.cli import console
    from aggregator.cli.wiring import announce_compilation
    from aggregator.cluster.local import cluster as clustered

    settings = _settings(call(ctx), mode, window)
    announce_compilation()
    with _lines_of(items) as lines, _writing_to(output) as out, console.progress() as bar:
        try:
            for line in clustered(
                lines,
                settings.match,
                agencies=settings.agencies,
                progress=bar.at if bar.shown else None,
            ):
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        except UsageError as error:
            raise UsageError(f"{items}: {error}") from error


def _settings(called: Call, mode: Mode | None, window: str | None) -> Settings:
    """The configuration where there is one, else the defaults; with what the call says of matching."""
    from aggregator.cli.wiring import settings_of
    from aggregator.config import Settings, duration

    settings = settings_of(called) if called.named or called.config.exists() else Settings()
    match = settings.match.model_dump()
    if mode:
        match["mode"] = mode.value
    if window:
        try:
            match["window"] = duration(window)
        except ValueError as error:
            raise UsageError(f"--window: {error}") from error
    return settings.model_copy(update={"match": type(settings.match)(**match)})


@contextmanager
def _lines_of(path: Path) -> Iterator[Iterator[str]]:
    if path == STDIN:
        yield _decoded(sys.stdin.buffer)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    with file:
        yield _decoded(file)


def _decoded(file: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(f"line {number}: is not UTF-8; save the file as UTF-8") from error


@contextmanager
def _writing_to(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    with replacing_text(path) as file:
        yield file
