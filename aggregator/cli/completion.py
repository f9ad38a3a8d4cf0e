"""Shell completion: feeds, agencies and languages, as the configuration has them, and the words of filters.

Each Tab starts a process, so nothing is loaded but the text of the file: neither the settings nor the database.
A configuration with mistakes still completes what can be read of it; one that is not YAML completes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from aggregator.cli.options import default_config


def complete_feed(ctx: typer.Context, incomplete: str) -> list[str]:
    """The ids of feeds that begin with what was typed, without those the command line has already."""
    given = {
        value for values in ctx.params.values() if isinstance(values, list) for value in values
    }
    return _matching((feed.get("id") for feed in _feeds(ctx)), incomplete, given)


def complete_agency(ctx: typer.Context, incomplete: str) -> list[str]:
    """The ids of agencies that begin with what was typed."""
    return _matching((agency.get("id") for agency in _agencies(ctx)), incomplete)


def complete_language(ctx: typer.Context, incomplete: str) -> list[str]:
    """The languages of feeds that begin with what was typed."""
    return _matching((feed.get("language") for feed in _feeds(ctx)), incomplete)


def complete_preferred(ctx: typer.Context, incomplete: str) -> list[str]:
    """Languages and agencies that begin with what was typed behind the last comma."""
    before, comma, last = incomplete.rpartition(",")
    given = before.split(",")
    names = [*complete_language(ctx, last), *complete_agency(ctx, last)]
    return [f"{before}{comma}{name}" for name in names if name not in given]


def complete_kind(incomplete: str) -> list[str]:
    """The kinds of a copy that begin with what was typed."""
    from aggregator.model import Kind

    return _matching((kind for kind in Kind if kind is not Kind.RELATED), incomplete)


def complete_credit(incomplete: str) -> list[str]:
    """What can be known of a copy's credit, as far as it begins with what was typed."""
    from aggregator.model import CreditState

    return _matching(CreditState, incomplete)


def _matching(values: Iterable[object], incomplete: str, given: Iterable[str] = ()) -> list[str]:
    texts = dict.fromkeys(str(value) for value in values if value is not None)
    return [text for text in texts if text.startswith(incomplete) and text not in given]


def _feeds(ctx: typer.Context) -> Iterator[dict[str, Any]]:
    for agency in _agencies(ctx):
        yield from _mappings(agency.get("feeds"))


def _agencies(ctx: typer.Context) -> Iterator[dict[str, Any]]:
    import yaml

    path = ctx.find_root().params.get("config") or default_config()
    # BaseLoader takes every scalar as text, as the configuration's own reader does: `no` is Norwegian.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        document = yaml.load(Path(path).read_text("utf-8-sig"), loader)  # noqa: S506 - makes texts only
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    if isinstance(document, dict):
        yield from _mappings(document.get("agencies"))


def _mappings(value: object) -> Iterator[dict[str, Any]]:
    entries = value if isinstance(value, list) else []
    return (entry for entry in entries if isinstance(entry, dict))
