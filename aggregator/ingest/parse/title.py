"""A title as its format writes it becomes one line of plain text, read once. Pure.

    Atom text --------------------------> as it stands (RFC 4287, section 3.1.1.1)
    Atom html, xhtml, RSS, sitemaps ----> HTML: tags that mark up go, references are read once
    JSON Feed --------------------------> as it stands, unless some of it is marked up

RSS does not say whether a title is text or HTML, and titles speak of tags: "How should <select> work?". So a
tag is markup where it has a part in the title, by its end, its attributes or its place, and otherwise a word.
What looks like a tag in the outcome is text: whoever writes a title into markup escapes it.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Collection, Iterator
from enum import Enum

from aggregator.ingest.parse.html import (
    CDATA_MARK,
    ENTITY,
    MAX_TITLE_LENGTH,
    clean_html,
    html_to_text,
    tidy,
)

_VOID = "br hr wbr".split()
_VOID_WITH_ATTRIBUTES = "img input".split()
_MARKING = (
    "a abbr acronym b bdi bdo big blink center cite code data del dfn div em font h1 h2 h3 h4 h5 h6 i ins kbd"
    " label mark nobr p q s samp small span strike strong sub sup time tt u var".split()
)
_WITHOUT_WORDS = "script style svg".split()  # between whose tags no words of the title are
_PAIRED = frozenset((*_MARKING, *_WITHOUT_WORDS))
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:-]*)((?:\s[^<>]*)?/?)>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^>]{0,1000}-->")
_ANGLE = re.compile("<")
_BARE_AMPERSAND = re.compile(rf"&(?!{ENTITY.pattern[1:]})")


class Writing(Enum):
    """How a format writes titles."""

    TEXT = "text"  # nothing in it is markup
    MOSTLY_TEXT = "mostly text"  # by its format nothing is, but some write HTML
    HTML = "html"


def clean_title(raw: str, writing: Writing) -> str:
    """The title as one line of plain text; "" when it has no words."""
    if writing is Writing.TEXT:
        return tidy(raw)[:MAX_TITLE_LENGTH].strip()
    raw = _COMMENT.sub("", CDATA_MARK.sub("", raw))
    marking = _marking(raw) if "<" in raw else set()
    if marking:
        raw = html_to_text(clean_html("".join(_words_escaped(raw, marking)), base=""))
    elif writing is Writing.HTML:
        raw = ENTITY.sub(lambda found: entities.unescape(found[0]), raw)
    return tidy(raw)[:MAX_TITLE_LENGTH].strip()


def _marking(raw: str) -> set[int]:
    """Where the tags begin that mark up something."""
    found = set[int]()
    opened: dict[str, list[re.Match[str]]] = {}
    for tag in _TAG.finditer(raw):
        name = tag[2].lower()
        if not tag[1]:
            opened.setdefault(name, []).append(tag)
        elif name in _VOID:  # XHTML, as feedparser writes it
            found.add(tag.start())
        elif name in _PAIRED:
            if opened.get(name):
                found |= {opened[name].pop().start(), tag.start()}
            elif not raw[tag.end() :].strip():
                found.add(tag.start())
        if not tag[1] and _is_marking_alone(tag):
            found.add(tag.start())
    return found


def _is_marking_alone(tag: re.Match[str]) -> bool:
    """Whether an opening tag needs no end to be one."""
    name, has_attributes = tag[2].lower(), "=" in tag[3]
    if name in _VOID:
        return True
    if name in (*_VOID_WITH_ATTRIBUTES, *_MARKING) and has_attributes:
        return True
    return name in _MARKING and not tag.string[: tag.start()].strip()


def _words_escaped(raw: str, marking: Collection[int]) -> Iterator[str]:
    """`raw` as HTML in which only the tags at `marking` are tags, in pieces."""
    position = 0
    for found in _ANGLE.finditer(raw):
        yield _BARE_AMPERSAND.sub("&amp;", raw[position : found.start()])
        yield "<" if found.start() in marking else "&lt;"
        position = found.end()
    yield _BARE_AMPERSAND.sub("&amp;", raw[position:])
