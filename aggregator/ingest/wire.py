"""A parsed feed as JSON, the way between a parser process and its master. Pure.

JSON and not pickle: what comes out of a process that read hostile bytes must not be able to run.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, cast

from aggregator.model import ParsedFeed, ParsedItem

_ITEM_FIELDS = tuple(field.name for field in fields(ParsedItem))
_TIMES = ("published_at", "updated_at")


def encode(feed: ParsedFeed) -> bytes:
    """`feed` as UTF-8 JSON that `decode` reads back equal."""
    document = {field.name: getattr(feed, field.name) for field in fields(feed)}
    document |= {
        "items": [[_plain(getattr(item, name)) for name in _ITEM_FIELDS] for item in feed.items],
        "ttl": feed.ttl.total_seconds() if feed.ttl is not None else None,
        "skip_hours": sorted(feed.skip_hours),
        "skip_days": sorted(feed.skip_days),
    }
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def decode(data: bytes) -> ParsedFeed:
    """The feed `encode` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    document = cast("dict[str, Any]", json.loads(data))
    ttl = document.pop("ttl")
    return ParsedFeed(
        items=tuple(_item(values) for values in document.pop("items")),
        ttl=timedelta(seconds=ttl) if ttl is not None else None,
        skip_hours=frozenset(document.pop("skip_hours")),
        skip_days=frozenset(document.pop("skip_days")),
        problems=tuple(document.pop("problems")),
        **document,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _item(values: list[Any]) -> ParsedItem:
    named = dict(zip(_ITEM_FIELDS, values, strict=True))
    for name in _TIMES:
        named[name] = datetime.fromisoformat(named[name]) if named[name] else None
    named["authors"], named["categories"] = tuple(named["authors"]), tuple(named["categories"])
    return ParsedItem(**named)
