"""The hits of a search, marked in the texts that a page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

ELLIPSIS = "…"

Span = tuple[int, int]  # from a character, before another

_WORD = re.compile(r"(?<![\w-])\w+")


def hits(text: str, search: str) -> list[Span]:
    """Where the words of a search begin a word of the text, whatever their case."""
    words = _WORD.findall(search)
    if not words:
        return []
    pattern = rf"\b(?:{'|'.join(words)})\w*"
    return [found.span() for found in re.finditer(pattern, text, re.IGNORECASE)]


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """The text escaped, each of the spans, which rise and do not overlap, in a `<mark>`."""
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def passage(text: str, spans: Sequence[Span], characters: int) -> tuple[str, list[Span]]:
    """A part of the text of about so many characters, cut between words, and the spans within it.

    It begins where the text does, or, if no span would be seen there, shortly before the first.
    """
    begin = 0
    if spans and spans[0][1] > characters:
        begin = _word_start(text, spans[0][0] - characters // 4)
    end = _word_end(text, begin + characters)
    head = f"{ELLIPSIS} " if begin else ""
    tail = f" {ELLIPSIS}" if end < len(text) else ""
    moved = len(head) - begin
    inside = [(a + moved, b + moved) for a, b in spans if begin <= a and b <= end]
    return f"{head}{text[begin:end]}{tail}", inside


def _word_start(text: str, at: int) -> int:
    """The beginning of the word behind a place; the place itself where words are not spaced."""
    found = text.find(" ", at, at + 40)
    return found + 1 if found >= 0 else at


def _word_end(text: str, at: int) -> int:
    """The end of the last whole word before a place; the place itself where words are not spaced."""
    if at >= len(text):
        return len(text)
    found = text.rfind(" ", at - 40, at + 1)
    return found if found > 0 else at
