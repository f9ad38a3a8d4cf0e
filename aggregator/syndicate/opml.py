"""Subscriptions as OPML 2.0 (http://opml.org/spec2.opml): one outline for each agency, its feeds inside.

What OPML has no word for stands in attributes of a namespace of our own, named as in the configuration,
so that what is exported can be imported with nothing lost; other programs pass over them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from aggregator.config.entries import agency_entry, feed_entry
from aggregator.model import Agency, Feed
from aggregator.syndicate.opml_reader import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_OUTLINES,
    NAMESPACE,
    LeftOut,
    Subscription,
    Subscriptions,
    read,
)
from aggregator.syndicate.xmltree import Element, add, serialise_document

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_OUTLINES",
    "MEDIA_TYPE",
    "LeftOut",
    "Subscription",
    "Subscriptions",
    "read",
    "render",
]
MEDIA_TYPE = "text/x-opml; charset=utf-8"
_STANDARD = {"url", "language", "name"}  # what attributes of OPML itself say
_SEPARATORS = str.maketrans(",/", "  ")  # of categories


def render(title: str, agencies: Sequence[Agency], feeds: Sequence[Feed]) -> bytes:
    """All feeds, grouped by agency, in the order given; an agency without feeds is left out."""
    root = Element("opml", {"version": "2.0", "xmlns:agg": NAMESPACE})
    add(add(root, "head"), "title", title)
    body = add(root, "body")
    for agency in agencies:
        own = [feed for feed in feeds if feed.agency_id == agency.id]
        if not own:
            continue
        named = {"text": agency.name, "title": agency.name}
        group = _outline(body, named | _own_words(agency_entry(agency)))
        for feed in own:
            _outline(group, _feed_attributes(feed, agency) | _own_words(feed_entry(feed)))
    return serialise_document(root)


def _feed_attributes(feed: Feed, agency: Agency) -> dict[str, str | None]:
    return {
        "type": "rss",
        "text": feed.id,
        "title": feed.id,
        "xmlUrl": feed.url,
        "htmlUrl": agency.home,
        "language": feed.language,
        "category": f"/{' '.join(agency.name.translate(_SEPARATORS).split())}",
        "agg:agency": agency.id,
    }


def _own_words(entry: Mapping[str, object]) -> dict[str, str | None]:
    """What the configuration says besides; a list as JSON."""
    return {
        f"agg:{key}": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in entry.items()
        if key not in _STANDARD
    }


def _outline(parent: Element, attributes: Mapping[str, str | None]) -> Element:
    outline = Element(
        "outline", {name: value for name, value in attributes.items() if value is not None}
    )
    parent.append(outline)
    return outline
