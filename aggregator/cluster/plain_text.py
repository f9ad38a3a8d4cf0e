"""Text that may be HTML becomes plain text, paragraphs apart by a blank line."""

from __future__ import annotations

import html
import re

import nh3

_BLOCKS = (
    r"p|div|br|li|ul|ol|h[1-6]|tr|td|table|blockquote|article|section|figure|figcaption|pre|hr"
)
_HTML_TAG = re.compile(
    rf"</?(?:{_BLOCKS}|a|b|i|em|strong|span|img|script|style)\b[^<>]{{0,2000}}>", re.IGNORECASE
)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS})\b[^<>]{{0,2000}}>", re.IGNORECASE)
_DROPPED_ELEMENTS = {"script", "style", "noscript", "iframe", "svg"}


def to_plain_text(text: str) -> str:
    """The words of a text. Only known tags make it HTML: `<AXP>` in plain text is a word."""
    if "<" not in text or not _HTML_TAG.search(text):
        return text
    separated = _BLOCK_TAG.sub("\n\n", text)
    return html.unescape(nh3.clean(separated, tags=set(), clean_content_tags=_DROPPED_ELEMENTS))
