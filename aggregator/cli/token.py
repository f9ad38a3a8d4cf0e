"""`token`: a token for a person who reads or decides on the pages from elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.options import MAINTENANCE

commands = typer.Typer()


@commands.command(rich_help_panel=MAINTENANCE, epilog="Example: aggregator token nadia")
def token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")],
) -> None:
    """Make a token for a user of the web pages.

    Prints the token, which is stored nowhere, and the line for the
    configuration, which has its hash. Browsers ask for name and token.
    """
    import secrets
    from hashlib import sha256

    from aggregator.cli import console
    from aggregator.config.values import checked_id
    from aggregator.errors import UsageError

    try:
        checked_id(name)
    except ValueError as error:
        raise UsageError(str(error)) from error
    made = secrets.token_urlsafe(24)
    digest = sha256(made.encode()).hexdigest()
    console.print_line(
        f"The token of {name}, shown this once:\n\n"
        f"  {made}\n\n"
        "For the configuration:\n\n"
        "server:\n"
        "  users:\n"
        f'    - {{name: "{name}", token: "sha256:{digest}"}}'
    )
