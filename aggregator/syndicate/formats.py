"""The formats of a merged document, by file extension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from aggregator.model import Agency
from aggregator.syndicate import atom, jsonfeed, rss
from aggregator.syndicate.document import Document, Frame, Rendered, seal
from aggregator.syndicate.entry import Entry


class Format(NamedTuple):
    """How a document is written, whole or piece by piece, and what HTTP calls the result."""

    render: Callable[[Document, Mapping[str, Agency]], bytes]
    frame: Callable[[Document], Frame]
    write: Callable[[Entry], str]
    media_type: str


FORMATS = MappingProxyType(
    {
        "rss": Format(rss.render, rss.frame, rss.write, rss.MEDIA_TYPE),
        "atom": Format(atom.render, atom.frame, atom.write, atom.MEDIA_TYPE),
        "json": Format(jsonfeed.render, jsonfeed.frame, jsonfeed.write, jsonfeed.MEDIA_TYPE),
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
