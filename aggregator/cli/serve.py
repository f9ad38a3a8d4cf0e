"""The daemon is built and run here, and built anew whenever the configuration has changed.

settings -> store, pipeline, publisher, metrics, web -> daemon -> stopped, or reload: the same again
"""

from __future__ import annotations

import asyncio
import math
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import structlog
from starlette.applications import Starlette

from aggregator import descriptors
from aggregator.cli.compiling import prepare_matcher
from aggregator.cli.page_decisions import PageDecisions
from aggregator.cli.signals import Signals
from aggregator.cli.wiring import claim_store, loop_factory, machine_user, open_pipeline
from aggregator.clock import utc_now
from aggregator.config import Settings
from aggregator.daemon import Daemon, Ending
from aggregator.errors import ListenError, StoreBusyError, UsageError
from aggregator.http_server import HttpServer, listen
from aggregator.metrics import Metrics
from aggregator.model import Match
from aggregator.patience import Patience
from aggregator.pipeline import Pipeline
from aggregator.publisher import Publisher
from aggregator.store.store import Store
from aggregator.web.app import create_app
from aggregator.web.health import Health

# How long the writer thread may hold the interpreter while the event loop has requests to answer. With
# Python's default of 5 ms, a busy writer leaves the loop 200 turns a second, and a response may take several:
# beside a busy writer the web answered 1.5 to 4 times as often with 0.2 ms (docs/decisions.md).
SWITCH_INTERVAL_SECONDS = 0.0002
LOCKED_SECONDS = 120.0  # a vacuum or a copy of a large database against a poll that is late
EXPLAIN_SECONDS = 5.0  # for the writer's turn; a page then shows what is stored of the comparison
log = structlog.get_logger()


def run_daemon(
    current_settings: Callable[[], Settings],
    config_changed: Callable[[], bool],
    *,
    listener: socket.socket | None = None,
) -> None:
    """Run the daemon until SIGTERM or SIGINT; whenever `config_changed`, restart it with the current settings.

    The listening socket outlives a restart, so no request is refused meanwhile. `listener` is a socket that
    listens already, at the address of the settings; it is closed at the end.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    signals = Signals()
    with signals.handled():
        _run_again_and_again(current_settings, config_changed, listener, signals)


def _run_again_and_again(
    current_settings: Callable[[], Settings],
    config_changed: Callable[[], bool],
    listener: socket.socket | None,
    signals: Signals,
) -> None:
    address = _address(current_settings()) if listener else None
    ending = Ending.RELOAD
    while ending is Ending.RELOAD and signals.pending is not Ending.STOPPED:
        settings = current_settings()
        patience = _patience(settings)
        with claim_store(settings, patience=patience) as (store, writer):
            if listener is None or _address(settings) != address:
                if listener:
                    listener.close()
                address = _address(settings)
                listener = listen(*address)
            log.info("listening", url=url_of(listener))
            prepare_matcher()
            parts = _Parts(settings, store, writer, patience)
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                ending = runner.run(_run_once(parts, listener.dup(), config_changed, signals))
    if listener:
        listener.close()


def _address(settings: Settings) -> tuple[str, int]:
    return settings.server.host, settings.server.port


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a run stands on."""

    settings: Settings
    store: Store
    writer: Executor
    patience: Patience


async def _run_once(
    parts: _Parts, listener: socket.socket, config_changed: Callable[[], bool], signals: Signals
) -> Ending:
    async with open_pipeline(parts.settings, parts.store, parts.writer) as pipeline:
        publisher, metrics = Publisher(parts.store, parts.settings), Metrics(utc_now())
        daemon = Daemon(
            pipeline,
            publisher,
            metrics,
            writer=parts.writer,
            config_changed=config_changed,
            check=parts.store.must_be_in_place,
            patience=parts.patience,
        )
        app = _create_web_app(parts, pipeline, publisher, metrics)
        sockets = descriptors.shares(descriptors.raise_limit()).connections
        loop = asyncio.get_running_loop()
        with signals.sent_to(partial(loop.call_soon_threadsafe, daemon.stop)):
            return await daemon.run(HttpServer(app, listener, sockets=sockets))


def _patience(settings: Settings) -> Patience:
    """How long the daemon waits for a locked database; it says so in the log."""
    return Patience(
        LOCKED_SECONDS,
        on_wait=lambda: log.warning(
            "the database is locked by another program; waiting", store=settings.store
        ),
        on_end=lambda seconds: log.info("the database is free again", after_s=round(seconds, 1)),
    )


def _create_web_app(
    parts: _Parts, pipeline: Pipeline, publisher: Publisher, metrics: Metrics
) -> Starlette:
    def health() -> Health:
        waited = parts.patience.announced_seconds
        return Health(
            started_at=metrics.started_at,
            ticked_at=metrics.ticked_at(utc_now()),
            published_at=metrics.published_at,
            problems=(_locked(waited),) if waited is not None else (),
        )

    return create_app(
        parts.store,
        parts.settings,
        documents=publisher.documents,
        clock=utc_now,
        explain=_Comparer(parts, pipeline),
        decide=PageDecisions(
            parts.store,
            parts.writer,
            judge=pipeline.placer.matcher.judge,
            local_user=machine_user(),
        ),
        metrics=metrics.render,
        health=health,
    )


class _Comparer:
    """Compares two items, by id, on the writer's thread, which has what all other comparisons are made with.

    Raises StoreBusyError where that has no time: a page then shows what is stored of the comparison.
    """

    def __init__(self, parts: _Parts, pipeline: Pipeline) -> None:
        self._parts = parts
        self._pipeline = pipeline
        self._again_at = -math.inf  # monotonic seconds

    def __call__(self, a: str, b: str) -> Match:
        if self._parts.patience.is_waiting or time.monotonic() < self._again_at:
            raise StoreBusyError("The writer is busy.")
        items = self._parts.store.item(a), self._parts.store.item(b)
        explain = self._pipeline.placer.matcher.explain
        compared = self._parts.writer.submit(explain, *items)
        try:
            return compared.result(timeout=EXPLAIN_SECONDS)
        except TimeoutError as error:
            compared.cancel()
            self._again_at = time.monotonic() + EXPLAIN_SECONDS  # a page has many comparisons
            raise StoreBusyError("The writer is busy.") from error


def _locked(seconds: float) -> str:
    return f"the database has been locked by another program for {seconds:.0f} s; nothing is polled"


def with_address(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings, with `host` and `port` of the command line where they were given."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    server = settings.server.model_copy(update=given)
    return settings.model_copy(update={"server": server})


def listen_with_fallback(host: str, port: int, *, any_port: bool) -> socket.socket:
    """A listening socket; with `any_port`, at a free port if this one is taken. Raises as `listen` does."""
    try:
        return listen(host, port)
    except (ListenError, UsageError):
        if not any_port:
            raise
        return listen(host, 0)


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket, as in "http://127.0.0.1:8000"; IPv6 in brackets."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
