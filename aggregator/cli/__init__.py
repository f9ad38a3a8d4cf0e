"""The command line: `aggregator`, also `python -m aggregator`. One small file per group of commands.

argv -> app (Typer) -> command -> wiring: settings, store, matcher … -> the rooms -> tables or JSON

A command's file declares it and prints its results; whatever is slow to import waits until the command runs.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper

from aggregator.allocation import collect_rarely
from aggregator.cli.app import app
from aggregator.errors import AggregatorError

_CONFIG_OPTIONS = ("-c", "--config")


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code: 0 done, 1 the work failed, 2 the call or the config is wrong."""
    collect_rarely()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Cyrillic is no reason to fail
    try:
        app(config_first(sys.argv[1:] if argv is None else argv), prog_name="aggregator")
    except AggregatorError as error:
        _print_error(str(error) or type(error).__name__)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of stdout has gone, as `head` does. stdout is redirected so that flushing it at exit does
        # not fail: https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
        _print_unexpected(error)
        sys.exit(1)


def config_first(args: Sequence[str]) -> list[str]:
    """The arguments with `-c FILE` in front of the command, where Typer looks for it."""
    options, rest = [], []
    remaining = iter(args)
    for arg in remaining:
        if arg == "--":
            rest += [arg, *remaining]
        elif arg in _CONFIG_OPTIONS:
            options += [arg, *([value] if (value := next(remaining, None)) is not None else [])]
        elif arg.startswith("--config="):
            options.append(arg)
        else:
            rest.append(arg)
    return options + rest


def _print_error(message: str) -> None:
    for line in message.splitlines():
        sys.stderr.write(f"aggregator: {line}\n")


def _print_unexpected(error: Exception) -> None:
    """One line; the traceback before it if $AGGREGATOR_TRACEBACK is set."""
    summary = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    if os.environ.get("AGGREGATOR_TRACEBACK"):
        traceback.print_exception(error)
        report = "Report it with the traceback above"
    else:
        report = "Set AGGREGATOR_TRACEBACK=1 to see the traceback, and report it with that"
    _print_error(f"unexpected error: {summary}. {report}")
