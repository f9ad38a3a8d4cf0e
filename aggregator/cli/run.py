"""`run`: the daemon."""

from __future__ import annotations

import typer

from aggregator.cli.options import POLL, Host, Port, call

commands = typer.Typer()


@commands.command(rich_help_panel=POLL, epilog="Example: aggregator run --host 0.0.0.0 --port 8080")
def run(ctx: typer.Context, host: Host = None, port: Port = None) -> None:
    """Poll on schedule, match, publish and serve, until stopped.

    The log goes to stderr. SIGTERM or Ctrl-C stops the daemon within ten
    seconds, and nothing is lost. A changed configuration takes effect when
    it is saved; an invalid one is logged and ignored.
    """
    from aggregator.cli import log, serve
    from aggregator.cli.config_watch import ConfigWatch

    log.configure()
    watch = ConfigWatch(call(ctx), lambda settings: serve.with_address(settings, host, port))
    serve.run_daemon(lambda: watch.settings, watch.reload)
