"""The formats of a merged document, by file extension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from aggregator.model import Agency
from aggregator.syndicate import atom, jsonfeed, rss
from aggregator.syndicate.document import Document, Rendered, seal


class Format(NamedTuple):
    """How a document is written, and what HTTP calls the result."""

    render: Callable[[Document, Mapping[str, Agency]], bytes]
    media_type: str


FORMATS = MappingProxyType(
    {
        "rss": Format(rss.render, rss.MEDIA_TYPE),
        "atom": Format(atom.render, atom.MEDIA_TYPE),
        "json": Format(jsonfeed.render, jsonfeed.MEDIA_TYPE),
    }
)


def render(
    document: Document,
    extension: str,
    agencies: Mapping[str, Agency],
    *,
    last_modified_at: datetime | None = None,
) -> Rendered:
    """The document in one format, ready to be served. `extension` is a key of FORMATS."""
    written = FORMATS[extension]
    return seal(
        f"{document.plan.name}.{extension}",
        written.render(document, agencies),
        media_type=written.media_type,
        last_modified_at=last_modified_at,
    )
