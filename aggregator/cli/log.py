"""What the program says of its work goes to stderr: coloured for a person, logfmt for a file."""

from __future__ import annotations

import logging
import os
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure(*, quiet: bool = False) -> None:
    """Say everything from "info" on; `quiet`: polls that brought nothing are not worth a line."""
    processors: list[Processor] = [
        *([_drop_idle_polls] if quiet else []),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *_rendering(),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def configure_for_one_command() -> None:
    """Say only what went wrong: the command itself prints what came of it."""
    configure()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _rendering() -> list[Processor]:
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in os.environ)]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
        ),
    ]


def _drop_idle_polls(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if event.get("event") == "poll" and event.get("result") == "unchanged":
        raise structlog.DropEvent
    return event
