"""What several commands share: the call they are part of, and the options they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

import typer

ASK, DECIDE = "Ask", "Decide"
POLL, SUBSCRIBE, CARE = "Poll and publish", "Subscriptions and files", "Care"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How the program was called. `named` says whether somebody named the configuration."""

    config: Path
    named: bool


def call(ctx: typer.Context) -> Call:
    """The call a command is part of."""
    return cast("Call", ctx.find_root().obj)


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document in place of a table.")]
Host = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Listen here in place of the configured server.host."),
]
Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        metavar="N",
        help="Listen here in place of server.port; 0 takes any free port.",
    ),
]
ItemArgument = Annotated[str, typer.Argument(metavar="ITEM", help="An item's id, link or guid.")]
