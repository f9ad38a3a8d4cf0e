"""The structure of an XML feed as feedparser reads it, held to what is an entry's own. Pure.

    <item> -- <title>, <link>, <description> … -----------------> the entry's
           -- <media:description>, <media:title> ---------------> a picture's: under names of their own
           -- <image>, <related> … -- <description>, <link> ----> nobody's here

feedparser takes a picture's caption for the description (https://github.com/kurtmckee/feedparser/issues/53),
and a link of anything within an entry for the entry's. So its parsers are driven from here and are told
other names for those elements. Its `parse` would also look for files and charsets, which are settled before.
"""

from __future__ import annotations

import io
import xml.sax
from dataclasses import dataclass
from typing import Any, cast
from xml.sax.handler import feature_external_ges, feature_namespaces

from feedparser.api import LooseFeedParser, StrictFeedParser

from aggregator.errors import ParseError

# Under these an entry has what feedparser has no names for.
CAPTION, CAPTION_TITLE = "caption", "caption_title"  # of the last picture or film in it
LANGUAGE_AROUND, LANGUAGE_DECLARED = "language_around", "language_declared"  # `xml:lang`

_NESTED = "nested"
_PICTURES = {"description": CAPTION, "title": CAPTION_TITLE}
_OWN = frozenset(
    (
        "title link guid id language description abstract summary content encoded fullitem body date"
        " published issued pubdate updated modified created"
    ).split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A feed as feedparser names its parts; `version` is "" for XML of no format it knows."""

    version: str
    feed: dict[str, object]
    entries: list[dict[str, object]]


def structure(text: str) -> Structure:
    """The structure of well-formed XML that begins with its root's tag. Raises ParseError.

    Relative addresses stay so: with a base feedparser would make addresses of guids.
    """
    try:
        parser = _parsed(text.encode("utf-8", "replace"))
    except MemoryError:
        raise  # `child` replies to it
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ParseError(f"the feed cannot be read ({reason})") from error
    return Structure(version=str(parser.version), feed=parser.feeddata, entries=parser.entries)


def _parsed(document: bytes) -> Any:
    strict = _of_clean_text(_Strict("", None, "utf-8"))
    reader = xml.sax.make_parser()  # noqa: S317  # there is no DTD before the root's tag
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(strict)
    reader.setErrorHandler(strict)
    try:
        reader.parse(io.BytesIO(document))
    except xml.sax.SAXException:  # such as a prefix that is declared nowhere
        loose = _of_clean_text(_Loose("", None, "utf-8", {}))
        loose.feed(document.decode())
        return loose
    return strict


def _of_clean_text(parser: Any) -> Any:
    parser.resolve_relative_uris = parser.sanitize_html = False
    return parser


class _Owned:
    """Mixed into feedparser's parsers: what belongs to something within an entry is not the entry's."""

    _entry_depth = 0

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        """An element begins."""
        name = self._owned_name(tag, self.depth + 1)
        super().unknown_starttag(name, attributes)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        """An element ends."""
        super().unknown_endtag(self._owned_name(tag, self.depth))  # type: ignore[misc]

    def _owned_name(self: Any, tag: str, depth: int) -> str:
        if not self.inentry or self.incontent:
            return tag
        prefix, _, local = tag.rpartition(":")
        if self.namespacemap.get(prefix, prefix) == "media":
            return _PICTURES.get(local, tag)
        is_nested = depth > self._entry_depth + 1 and not self.insource
        return _NESTED if is_nested and local in _OWN else tag

    def _start_item(self: Any, attributes: dict[str, str]) -> None:
        super()._start_item(attributes)  # type: ignore[misc]
        self._entry_depth = self.depth
        self.entries[-1][LANGUAGE_AROUND] = self.langstack[-2] if len(self.langstack) > 1 else None
        self.entries[-1][LANGUAGE_DECLARED] = attributes.get("xml:lang", attributes.get("lang"))

    _start_entry = _start_item


_Strict = cast("Any", type("_Strict", (_Owned, StrictFeedParser), {}))
_Loose = cast("Any", type("_Loose", (_Owned, LooseFeedParser), {}))
