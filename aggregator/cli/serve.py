"""The daemon is built and run here, and built anew whenever the configuration has changed.

settings -> store, pipeline, publisher, metrics, web -> daemon -> stopped, or reload: the same again
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Executor

import structlog
from starlette.applications import Starlette

from aggregator.cli.wiring import claim_store, loop_factory, open_pipeline
from aggregator.clock import utc_now
from aggregator.config import ServerSettings, Settings
from aggregator.daemon import Daemon, Ending, listen
from aggregator.errors import UsageError
from aggregator.metrics import Metrics
from aggregator.model import Match
from aggregator.pipeline import Pipeline
from aggregator.publisher import Publisher
from aggregator.store.store import Store
from aggregator.web.app import create_app
from aggregator.web.health import Health

# How long the writer thread may hold the interpreter while the event loop has requests to answer. With
# Python's default of 5 ms, a busy writer leaves the loop 200 turns a second, and a response may take several:
# beside a busy writer the web answered 1.5 to 4 times as often with 0.2 ms (docs/decisions.md).
SWITCH_INTERVAL_SECONDS = 0.0002
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
    address = current_settings().server if listener else None
    ending = Ending.RELOAD
    while ending is Ending.RELOAD:
        settings = current_settings()
        with claim_store(settings) as (store, writer):
            if listener is None or settings.server != address:
                if listener:
                    listener.close()
                address = settings.server
                listener = listen(address.host, address.port)
            log.info("listening", url=url_of(listener))
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                ending = runner.run(
                    _run_once(settings, store, writer, listener.dup(), config_changed)
                )
    if listener:
        listener.close()


async def _run_once(
    settings: Settings,
    store: Store,
    writer: Executor,
    listener: socket.socket,
    config_changed: Callable[[], bool],
) -> Ending:
    async with open_pipeline(settings, store, writer) as pipeline:
        publisher, metrics = Publisher(store, settings), Metrics(utc_now())
        daemon = Daemon(pipeline, publisher, metrics, writer=writer, config_changed=config_changed)
        app = _create_web_app(settings, pipeline, publisher, metrics, writer)
        return await daemon.run(app, listener)


def _create_web_app(
    settings: Settings,
    pipeline: Pipeline,
    publisher: Publisher,
    metrics: Metrics,
    writer: Executor,
) -> Starlette:
    def explain(a: str, b: str) -> Match:
        items = pipeline.store.item(a), pipeline.store.item(b)
        return writer.submit(pipeline.placer.matcher.explain, *items).result()

    def health() -> Health:
        return Health(
            started_at=metrics.started_at,
            ticked_at=metrics.ticked_at,
            published_at=metrics.published_at,
        )

    return create_app(
        pipeline.store,
        settings,
        documents=publisher.documents,
        clock=utc_now,
        explain=explain,
        metrics=metrics.render,
        health=health,
    )


def with_address(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings, with `host` and `port` of the command line where they were given."""
    server = ServerSettings(
        host=host or settings.server.host, port=settings.server.port if port is None else port
    )
    return settings.model_copy(update={"server": server})


def listen_with_fallback(host: str, port: int, *, any_port: bool) -> socket.socket:
    """A listening socket; with `any_port`, at a free port if this one is taken. Raises UsageError."""
    try:
        return listen(host, port)
    except UsageError:
        if not any_port:
            raise
        return listen(host, 0)


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket, as in "http://127.0.0.1:8000"; IPv6 in brackets."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
