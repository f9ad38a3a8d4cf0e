"""The daemon is built and run here, and the next one when the configuration has changed.

settings -> machine: store, pipeline --+--> daemon --> ending: stopped, or the same again
            publisher, metrics, web ---+
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Executor

import structlog
from starlette.applications import Starlette

from aggregator.cli.cycle import claimed, pipeline_of
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

# How long the writer may keep the interpreter while the loop has answers to give. With Python's own
# 5 ms a busy writer leaves the loop two hundred turns a second, and an answer may take several.
SWITCH_SECONDS = 0.0002
log = structlog.get_logger()


def live(
    settings_now: Callable[[], Settings],
    changed: Callable[[], bool],
    *,
    listener: socket.socket | None = None,
) -> None:
    """Run the daemon until it is told to stop, each time `changed` anew with the settings there are then.

    The socket outlives a restart, so nobody who asks meanwhile is turned away. `listener` is one that
    is open already, at the address of the settings; it is closed at the end.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    address = settings_now().server if listener else None
    ending = Ending.RELOAD
    while ending is Ending.RELOAD:
        settings = settings_now()
        with claimed(settings) as (store, writer):
            if listener is None or settings.server != address:
                if listener:
                    listener.close()
                address = settings.server
                listener = listen(address.host, address.port)
            log.info("listening", url=url_of(listener))
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                work = _live_once(settings, store, writer, listener.dup(), changed)
                ending = runner.run(work)
    if listener:
        listener.close()


async def _live_once(
    settings: Settings,
    store: Store,
    writer: Executor,
    listener: socket.socket,
    changed: Callable[[], bool],
) -> Ending:
    async with pipeline_of(settings, store, writer) as pipeline:
        publisher, metrics = Publisher(store, settings), Metrics(utc_now())
        daemon = Daemon(pipeline, publisher, metrics, writer=writer, config_changed=changed)
        app = _web(settings, pipeline, publisher, metrics, writer)
        return await daemon.run(app, listener)


def _web(
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
        shelf=publisher.documents,
        clock=utc_now,
        explain=explain,
        metrics=metrics.render,
        health=health,
    )


def served_at(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings with the address a person gave in the call."""
    server = ServerSettings(
        host=host or settings.server.host, port=settings.server.port if port is None else port
    )
    return settings.model_copy(update={"server": server})


def listen_somewhere(host: str, port: int, *, any_port: bool) -> socket.socket:
    """A listening socket; with `any_port` at another port where this one is taken. Raises UsageError."""
    try:
        return listen(host, port)
    except UsageError:
        if not any_port:
            raise
        return listen(host, 0)


def url_of(listener: socket.socket) -> str:
    """Where a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
