"""`cluster`: stories for a file of items, found as the daemon finds them, without feeds or a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, TextIO

import typer

from aggregator.cli.options import FEEDS, Call, call
from aggregator.errors import UsageError
from aggregator.files import replacing_text

if TYPE_CHECKING:
    from aggregator.config import Settings

STDIN = Path("-")
commands = typer.Typer()


class MatchMode(StrEnum):
    """How certain a merge must be; the values of `match.mode` in the configuration."""

    BALANCED = "balanced"
    STRICT = "strict"


@commands.command(
    rich_help_panel=FEEDS, epilog="Example: aggregator cluster items.jsonl -o stories.jsonl"
)
def cluster(
    ctx: typer.Context,
    items: Annotated[
        Path, typer.Argument(metavar="INPUT", help="Items as JSON Lines; - reads standard input.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to FILE instead of standard output."
        ),
    ] = None,
    mode: Annotated[
        MatchMode | None,
        typer.Option(help="strict merges fewer stories wrongly and finds fewer copies."),
    ] = None,
    window: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="The longest time between copies: 36h, 7d …"),
    ] = None,
) -> None:
    """Find the stories in a file of items: no feeds, no database.

    Reads one JSON object per line: id, title, text, and optionally agency,
    language, published (RFC 3339), url. Writes one line per item in the same
    order: id, story, lead, matches. Two items are one story if their story
    is equal. Agency names, mode and window come from the configuration, if
    there is one.
    """
    import json

    from aggregator.cli import console
    from aggregator.cli.compiling import prepare_matcher
    from aggregator.cluster import local

    settings = _settings(call(ctx), mode, window)
    prepare_matcher()
    with _open_lines(items) as lines, _open_output(output) as out, console.progress_bar() as bar:
        try:
            for line in local.cluster(
                lines,
                settings.match,
                agencies=settings.agencies,
                progress=bar.update if bar.visible else None,
            ):
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        except UsageError as error:
            raise UsageError(f"{items}: {error}") from error


def _settings(called: Call, mode: MatchMode | None, window: str | None) -> Settings:
    """The configuration or, where there is none, the defaults; `mode` and `window` override it."""
    from aggregator.cli.wiring import load_settings
    from aggregator.config import Settings, duration

    settings = load_settings(called) if called.named or called.config.exists() else Settings()
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
def _open_lines(path: Path) -> Iterator[Iterator[str]]:
    if path == STDIN:
        yield _decode_lines(sys.stdin.buffer)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    with file:
        yield _decode_lines(file)


def _decode_lines(file: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(f"line {number}: is not UTF-8; save the file as UTF-8") from error


@contextmanager
def _open_output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    with replacing_text(path) as file:
        yield file
