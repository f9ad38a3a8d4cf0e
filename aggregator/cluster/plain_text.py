"""Text that may be markup becomes plain text, paragraphs apart by a blank line."""

from __future__ import annotations

import html
import re

import nh3

_BLOCK = r"p|div|br|li|ul|ol|h[1-6]|tr|td|table|blockquote|article|section|figure|figcaption|pre|hr"
_MARKUP = re.compile(
    rf"</?(?:{_BLOCK}|a|b|i|em|strong|span|img|script|style)\b[^<>]{{0,2000}}>", re.IGNORECASE
)
_BREAK = re.compile(rf"</?(?:{_BLOCK})\b[^<>]{{0,2000}}>", re.IGNORECASE)
_DROPPED = {"script", "style", "noscript", "iframe", "svg"}


def plain(text: str) -> str:
    """The words of a text; `<AXP>` in plain text is a word, known tags make it markup."""
    if "<" not in text or not _MARKUP.search(text):
        return text
    broken = _BREAK.sub("\n\n", text)
    return html.unescape(nh3.clean(broken, tags=set(), clean_content_tags=_DROPPED))
