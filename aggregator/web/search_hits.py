"""The hits of a search, marked in the texts that a page shows."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from aggregator.search_words import Search, Span, marks

ELLIPSIS = "…"
_SEEK = 40  # characters within which the end of a word is looked for: unspaced scripts have none
_SCREENED = 6000  # characters; looking through a longer text costs more than its passage is worth


def hits(text: str, search: Search | None) -> list[Span]:
    """Where a search stands in a text; nowhere without a search."""
    return marks(text[:_SCREENED], search) if search else []


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """The text escaped, each of the spans, which rise and do not overlap, in a `<mark>`."""
    if not spans:
        return escape(text)
    parts, at = [], 0
    for start, end in spans:
        parts.append(
            Markup("{}<mark>{}</mark>").format(text[at:start], text[start:end])  # escapes both
        )
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def passage(text: str, search: Search | None, characters: int) -> Markup:
    """A part of the text of about so many characters, cut between words, its hits marked.

    It begins where the text does, or, if no hit would be seen there, shortly before the first.
    """
    begin, end = 0, _word_end(text, characters)
    spans = hits(text[:end], search)
    if not spans and (found := hits(text, search)):
        begin = _word_start(text, max(found[0].start - characters // 4, 0))
        end = _word_end(text, begin + characters)
        spans = hits(text[begin:end], search)
    head = f"{ELLIPSIS} " if begin else ""
    tail = f" {ELLIPSIS}" if end < len(text) else ""
    return Markup("{}{}{}").format(head, marked(text[begin:end], spans), tail)


def has_hit(html: Markup) -> bool:
    """Whether something is marked: of what is escaped, only a hit is."""
    return "<mark>" in html


def _word_start(text: str, at: int) -> int:
    """The beginning of the next word; the place itself where words are not spaced."""
    found = text.find(" ", at, at + _SEEK) if at else -1
    return found + 1 if found >= 0 else at


def _word_end(text: str, at: int) -> int:
    """The end of the last whole word before a place; the place itself where words are not spaced."""
    if at >= len(text):
        return len(text)
    found = text.rfind(" ", at - _SEEK, at + 1)
    return found if found > 0 else at
