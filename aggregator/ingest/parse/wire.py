"""A parsed feed as lines of JSON, the way between a parser process and its master. Pure.

The feed is the first line, each item one more: reading many items leaves room for others in between.
JSON and not pickle: what comes out of a process that read hostile bytes must not be able to run.
"""

from __future__ import annotations

import io
import json
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, cast

from aggregator.model import ParsedFeed, ParsedItem

_ITEM_FIELDS = tuple(field.name for field in fields(ParsedItem))
_TIMES = ("published_at", "updated_at")


def encode(feed: ParsedFeed) -> bytes:
    """`feed` as lines of UTF-8 JSON that `decode` reads back equal."""
    document = {field.name: getattr(feed, field.name) for field in fields(feed)}
    document |= {
        "items": len(feed.items),
        "ttl": feed.ttl.total_seconds() if feed.ttl is not None else None,
        "skip_hours": sorted(feed.skip_hours),
        "skip_days": sorted(feed.skip_days),
    }
    items = ([_plain(getattr(item, name)) for name in _ITEM_FIELDS] for item in feed.items)
    lines = (json.dumps(line, ensure_ascii=False) for line in chain((document,), items))
    return b"".join(f"{line}\n".encode("utf-8", "replace") for line in lines)


def decode(data: bytes) -> ParsedFeed:
    """The feed `encode` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    lines = io.BytesIO(data)
    document = cast("dict[str, Any]", json.loads(lines.readline()))
    ttl, count = document.pop("ttl"), document.pop("items")
    return ParsedFeed(
        items=tuple(_item(json.loads(lines.readline())) for _ in range(count)),
        ttl=timedelta(seconds=ttl) if ttl is not None else None,
        skip_hours=frozenset(document.pop("skip_hours")),
        skip_days=frozenset(document.pop("skip_days")),
        problems=tuple(document.pop("problems")),
        unread=tuple(document.pop("unread")),
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
