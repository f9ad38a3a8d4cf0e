"""The options that narrow stories, declared once for every command that lists them.

--carried-by bta … --with_filters--> FilterOptions --parse--> Filter     the one that pages and feeds have
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, get_type_hints

import typer

from aggregator.cli.completion import (
    complete_agency,
    complete_credit,
    complete_kind,
    complete_language,
    complete_preferred,
)
from aggregator.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from aggregator.config import Settings
    from aggregator.filters import Filter

_NAMES = {"q": "--search", "stale": "--stale-copies"}  # of options not called as the parameter is
_PARAMETER = re.compile(r'"([a-z_]+)(?:=([^"]*))?"')


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOptions:
    """The options as they were given, by the names of the parameters; `filters` says what each may be."""

    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="First seen since: 90m, 24h, 7d ago, or 2026-11-24 (UTC)."
        ),
    ] = None
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="First seen before: 24h ago, or 2026-12-01 (UTC). Default: now."
        ),
    ] = None
    q: Annotated[
        str | None,
        typer.Option(_NAMES["q"], metavar="WORDS", help="With an item that has all these words."),
    ] = None
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="With an item in this language: bg, en …",
            autocompletion=complete_language,
        ),
    ] = None
    agency: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="With an item of this agency.", autocompletion=complete_agency
        ),
    ] = None
    origin: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="That come from this agency.", autocompletion=complete_agency
        ),
    ] = None
    carried_by: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="With a copy of this agency, which is not the origin.",
            autocompletion=complete_agency,
        ),
    ] = None
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="With such a copy: identical, near, translation …",
            autocompletion=complete_kind,
        ),
    ] = None
    credit: Annotated[
        str | None,
        typer.Option(
            metavar="CREDIT",
            help="With a copy that credits: origin, other, none, or unknown.",
            autocompletion=complete_credit,
        ),
    ] = None
    stale: Annotated[
        bool,
        typer.Option(
            _NAMES["stale"],
            help="With a copy that still has what was corrected or withdrawn; with --agency, one of its.",
        ),
    ] = False
    killed: Annotated[
        bool, typer.Option("--killed", help="Withdrawn by their agency; else these are left out.")
    ] = False
    min_items: Annotated[
        int | None, typer.Option(metavar="N", help="With N items or more.", show_default=False)
    ] = None
    prefer: Annotated[
        str | None,
        typer.Option(
            metavar="LIST",
            help="Show each in the first of these languages, or by the first of these agencies: bg,en,bta. "
            "Default: output.languages and output.prefer.",
            autocompletion=complete_preferred,
        ),
    ] = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Those that were given, as parameters of an address."""
        texts = {
            name: ("1" if value else "") if isinstance(value, bool) else value
            for name, value in asdict(self).items()
        }
        return [(name, str(value)) for name, value in texts.items() if value not in (None, "")]


Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="At most N stories.")]


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each field of `FilterOptions`, which it gets as `given`.

    Typer reads the options of a command from its signature.
    """
    hints = get_type_hints(FilterOptions, include_extras=True)
    options = {
        each.name: Parameter(
            each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name]
        )
        for each in fields(FilterOptions)
    }
    own = signature(command, eval_str=True)

    @wraps(command)
    def wrapped(*args: object, **values: object) -> None:
        given = FilterOptions(**{name: values.pop(name) for name in options})  # type: ignore[arg-type]
        command(*args, given=given, **values)

    parameters: list[Parameter] = []
    for parameter in own.parameters.values():
        parameters += options.values() if parameter.name == "given" else [parameter]
    wrapped.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    return wrapped


def parse(given: FilterOptions, settings: Settings, now: datetime) -> Filter:
    """The filter that options mean, with what is preferred by default. Raises UsageError, which names options."""
    from dataclasses import replace

    from aggregator import filters

    try:
        found, _ = filters.parse(given.pairs, known=filters.Known.of(settings))
        found.query(now)  # whether it contradicts itself may depend on the time
    except UsageError as error:
        raise UsageError(_PARAMETER.sub(_as_option, str(error))) from error
    return replace(found, prefer=found.prefer or filters.default_preference(settings))


def _as_option(found: re.Match[str]) -> str:
    """A parameter that a message names, "carried_by" or "agency=bta", as its option."""
    name, value = found.groups()
    if name not in FilterOptions.__dataclass_fields__:
        return found[0]
    option = _NAMES.get(name, f"--{name.replace('_', '-')}")
    return f"{option} {value}" if value else option
