"""An OPML file, however it was written, becomes subscriptions: mended as feeds are mended, then read.

bytes -- charset, characters --> text -- well-formed ----------------------------> read
                                      -- stray `&` and `<`, HTML's entities -----> read
                                      -- still broken: its outlines, written anew --> read
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from aggregator.errors import ParseError
from aggregator.ingest.parse.characters import remove_invalid, repair_references
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.repair import mend
from aggregator.syndicate import opml
from aggregator.syndicate.opml_tidy import tidied

_DECLARATION = re.compile(r"<\?xml[^>]*\?>")  # its charset no longer holds


def read(body: bytes) -> opml.Subscriptions:
    """The subscriptions of a file. Raises ParseError when it is no OPML, or beyond what OPML files have."""
    if len(body) > opml.MAX_BYTES:
        return opml.read(body)  # says so
    text = repair_references(remove_invalid(to_text(body)))
    document = _DECLARATION.sub("", text, count=1).lstrip("\ufeff \t\n")
    document = document[max(document.find("<"), 0) :]
    for mended in _mended(document):
        if _is_well_formed(mended):
            return opml.read(mended.encode())
    try:
        return opml.read(document.encode())
    except ParseError as error:
        raise ParseError(f"{error}; it could not be mended") from error


def _mended(document: str) -> Iterator[str]:
    """The document, and what it may have been meant to be, the likeliest first."""
    yield document
    mended = mend(document, every_section_ends=True)
    yield mended
    yield tidied(mended)


def _is_well_formed(document: str) -> bool:
    try:
        expat.ParserCreate().Parse(document.encode(), True)
    except expat.ExpatError:
        return False
    return True
