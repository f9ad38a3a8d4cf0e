"""The front door for people: `aggregator`, also `python -m aggregator`. One small file per group of commands.

argv -> app (Typer) -> a command -> parts: settings, store, matcher … -> the rooms -> tables or JSON

A command's file declares it and prints what came of it; whatever is slow to import waits until it runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from aggregator.cli.app import app
from aggregator.errors import AggregatorError

_CONFIG = ("-c", "--config")


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code: 0 done, 1 the work failed, 2 the call or the config is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Cyrillic is no reason to fail
    try:
        app(config_first(sys.argv[1:] if argv is None else argv), prog_name="aggregator")
    except AggregatorError as error:
        _tell(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # the reader has gone, as `head` does: nothing to tell, and nothing to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def config_first(args: Sequence[str]) -> list[str]:
    """The arguments with `-c FILE` in front of the command, where Typer looks for it."""
    options, rest = [], []
    remaining = iter(args)
    for arg in remaining:
        if arg == "--":
            rest += [arg, *remaining]
        elif arg in _CONFIG:
            options += [arg, *([value] if (value := next(remaining, None)) is not None else [])]
        elif arg.startswith("--config="):
            options.append(arg)
        else:
            rest.append(arg)
    return options + rest


def _tell(error: AggregatorError) -> None:
    for line in str(error).splitlines() or [type(error).__name__]:
        sys.stderr.write(f"aggregator: {line}\n")
