"""A document of XML becomes a tree, within bounds; what is easily mended is mended, as in feeds. Pure.

A document type is refused: no format read here has one, and its entities are how XML is built to exhaust
its reader (https://github.com/tiran/defusedxml#attack-vectors).
"""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from aggregator.errors import ParseError
from aggregator.ingest.parse.repair import MAX_DEPTH, MAX_PARTS, mend


def tree(text: str) -> tuple[Element, str]:
    """The root, names as ElementTree writes them but for the first brace, and what was mended.

    Raises ParseError for what is no XML, or is built to cost.
    """
    try:
        return _Reader().read(text), ""
    except expat.ExpatError as error:
        try:
            mended = _Reader().read(mend(text, every_section_ends=True))
        except expat.ExpatError:
            raise ParseError(f"the XML is not well-formed ({error})") from error
        return mended, f"the XML was mended: it is not well-formed ({error})"


class _Reader:
    """Builds a tree within bounds. Raises ParseError beyond them, ExpatError where it is no XML."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = self._parts = 0

    def read(self, text: str) -> Element:
        parser = expat.ParserCreate("utf-8", "}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.Parse(text.encode("utf-8", "replace"), True)
        return self._builder.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._parts += 1 + len(attributes)
        if self._depth > MAX_DEPTH or self._parts > MAX_PARTS:
            raise ParseError(
                f"the XML nests deeper than {MAX_DEPTH} elements, "
                f"or has more than {MAX_PARTS} elements and attributes"
            )
        self._builder.start(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(name)

    def _refuse_doctype(self, *_: object) -> NoReturn:
        raise ParseError("the XML declares a document type (DTD), which may not be read")
