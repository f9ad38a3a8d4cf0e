"""Rows become values and values rows. The columns of a table are named as the fields of its class.

A reader takes the first columns of a row, in the order of `schema.ITEM` and its like; what follows
them belongs to the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Row

from aggregator.model import ChannelPrint, FeedState, Fingerprint, Item, Lineage, Match

_ITEM = tuple(field.name for field in fields(Item))
_FEED_STATE = tuple(field.name for field in fields(FeedState))
_MATCH = ("a", "b", "kind", "score", "evidence")
_LINEAGE = tuple(field.name for field in fields(Lineage) if field.name != "parent")


def read_item(row: Sequence[Any]) -> Item:
    """Read the item of a row that begins with `schema.ITEM`."""
    return Item(**dict(zip(_ITEM, row, strict=False)))


def read_fingerprint(rows: Sequence[Row[Any]]) -> Fingerprint:
    """Read the fingerprint of an item's rows of `fingerprints`: one for each channel, in their order."""
    return Fingerprint(
        language=rows[0].language,
        parts=tuple(
            ChannelPrint(channel=row.channel, scheme=row.scheme, data=row.data) for row in rows
        ),
    )


def read_feed_state(row: Sequence[Any]) -> FeedState:
    """Read the state of a row that begins with `schema.FEED_STATE`."""
    return FeedState(**dict(zip(_FEED_STATE, row, strict=False)))


def read_match(row: Sequence[Any]) -> Match | None:
    """Read the match of a row that begins with the five columns of one; None where they are null."""
    return None if row[0] is None else Match(**dict(zip(_MATCH, row, strict=False)))


def read_lineage(row: Sequence[Any]) -> Lineage:
    """Read the lineage of a row that begins with `schema.LINEAGE`."""
    rest = row[len(_MATCH) :]
    return Lineage(parent=read_match(row), **dict(zip(_LINEAGE, rest, strict=False)))


def lineage_values(lineage: Lineage) -> dict[str, Any]:
    """Return the columns of an item that keep its lineage."""
    pair = {f"parent_{name}": getattr(lineage.parent, name, None) for name in _MATCH}
    rest = {name: getattr(lineage, name) for name in _LINEAGE if name != "corrects"}
    return pair | rest | {"replaced": lineage.corrects}
