"""What several commands share: the call they are part of, the panels of the help, and common options."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

import typer

DEFAULT_CONFIG = Path("config/feeds.yaml")
STORIES, DECISIONS = "Stories and copies", "Decisions"
POLL, FEEDS, MAINTENANCE = "Poll and publish", "Feeds and files", "Maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How the program was called. `named` says whether the configuration was named explicitly."""

    config: Path
    named: bool


def call(ctx: typer.Context) -> Call:
    """The call a command is part of."""
    return cast("Call", ctx.find_root().obj)


def config_in_environment() -> Path | None:
    """The configuration that $AGGREGATOR_CONFIG names, if any."""
    value = os.environ.get("AGGREGATOR_CONFIG")
    return Path(value) if value else None


def default_config() -> Path:
    """The configuration that is used when the command line names none."""
    return config_in_environment() or DEFAULT_CONFIG


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]
Host = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Listen on this address instead of server.host."),
]
Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        metavar="N",
        help="Listen on this port instead of server.port; 0 takes any free port.",
    ),
]
ItemArgument = Annotated[str, typer.Argument(metavar="ITEM", help="An item's id, link or guid.")]
