"""The formats of a merged document, by file extension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from aggregator.model import Agency
from aggregator.syndicate import atom, jsonfeed, rss
from aggregator.syndicate.document import Envelope, MergedDocument, Rendered
from aggregator.syndicate.entry import StoryEntry


class Format(NamedTuple):
    """How a document is written, whole or entry by entry, and its media type in HTTP."""

    render: Callable[[MergedDocument, Mapping[str, Agency]], bytes]
    envelope: Callable[[MergedDocument], Envelope]
    write: Callable[[StoryEntry], str]
    media_type: str


FORMATS = MappingProxyType(
    {
        "rss": Format(rss.render, rss.envelope, rss.write, rss.MEDIA_TYPE),
        "atom": Format(atom.render, atom.envelope, atom.write, atom.MEDIA_TYPE),
        "json": Format(jsonfeed.render, jsonfeed.envelope, jsonfeed.write, jsonfeed.MEDIA_TYPE),
    }
)


def render(
    document: MergedDocument,
    extension: str,
    agencies: Mapping[str, Agency],
    *,
    last_modified_at: datetime | None = None,
) -> Rendered:
    """The document in one format, as it is served to who asks for it. `extension` is a key of FORMATS."""
    form = FORMATS[extension]
    return Rendered.of(
        f"{document.plan.name}.{extension}",
        form.render(document, agencies),
        media_type=form.media_type,
        last_modified_at=last_modified_at,
        is_made_on_request=True,
    )
