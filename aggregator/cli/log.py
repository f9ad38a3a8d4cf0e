"""The log: one line per event on stderr, coloured on a terminal, logfmt in a file or pipe."""

from __future__ import annotations

import logging
import os
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure(*, quiet: bool = False) -> None:
    """Log events of level "info" and above; `quiet` drops polls without news."""
    processors: list[Processor] = [
        *([_drop_unchanged_polls] if quiet else []),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *_renderers(),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def configure_for_one_command() -> None:
    """Log warnings and errors only: the command itself prints its results."""
    configure()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _renderers() -> list[Processor]:
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in os.environ)]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
        ),
    ]


def _drop_unchanged_polls(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if event.get("event") == "poll" and event.get("result") == "unchanged":
        raise structlog.DropEvent
    return event
