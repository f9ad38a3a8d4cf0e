"""The log: one line per event on stderr, coloured on a terminal, logfmt in a file or pipe.

structlog's events, and what libraries log and warn of (uvicorn, asyncio, Python itself), have one form.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from aggregator.cli import console

# Of these only errors are told: the rest is their users' faults, or intended (`jobs` says which).
_QUIET = {"uvicorn": logging.ERROR, "apscheduler": logging.CRITICAL}
# What ends a line for somebody: all controls but the newline, which the renderer writes as \\n.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
log = structlog.get_logger()


def configure(*, quiet: bool = False) -> None:
    """Log events of level "info" and above, and what libraries tell; `quiet` drops polls without news."""
    _configure_events(logging.INFO, [_drop_unchanged_polls] if quiet else [])
    _configure_libraries()
    threading.excepthook = _log_dead_thread
    sys.unraisablehook = _log_unraisable


def configure_for_one_command() -> None:
    """Log warnings and errors only: the command itself prints its results."""
    _configure_events(logging.WARNING, [])


def note(text: str) -> None:
    """Tell on stderr what takes long: as an event of the daemon, as a plain line of any other command."""
    if threading.excepthook is _log_dead_thread:  # `configure` was called
        log.info(text)
    else:
        console.print_note(f"aggregator: {text}")


def _stamps() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _configure_events(level: int, filters: list[Processor]) -> None:
    structlog.configure(
        processors=[*filters, *_stamps(), *_renderers()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def _configure_libraries() -> None:
    """Have what is logged with the standard library, Python's warnings too, rendered as our events are."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_stamps(), structlog.stdlib.add_logger_name, _strip_event],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers()],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)


def _renderers() -> list[Processor]:
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in os.environ)]
    return [
        structlog.processors.format_exc_info,
        _escape_controls,
        structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
        ),
    ]


def _drop_unchanged_polls(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if event.get("event") == "poll" and event.get("result") == "unchanged":
        raise structlog.DropEvent
    return event


def _strip_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Uvicorn ends its message of a traceback with a newline."""
    event["event"] = str(event["event"]).strip()
    return event


def _escape_controls(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What a server sent may hold what ends a line; one event stays one line."""
    return {
        key: _CONTROLS.sub(lambda found: repr(found[0])[1:-1], value)
        if isinstance(value, str)
        else value
        for key, value in event.items()
    }


def _log_dead_thread(args: threading.ExceptHookArgs) -> None:
    name = args.thread.name if args.thread else ""
    if args.exc_value is not None:
        log.error("thread failed", thread=name, exc_info=args.exc_value)


def _log_unraisable(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        log.error("error ignored", where=repr(args.object), exc_info=args.exc_value)
