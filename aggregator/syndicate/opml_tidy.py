"""A broken OPML file is written anew from its outlines, so that it can be read. Pure.

    text="He said "so"", text=News, text="a < b", one attribute twice  --> quoted, escaped, the first of two
    a feed's outline without an end                                    --> ends at once
    a folder without an end, an end too many                           --> ends with the body; left out

An outline's tag has all there is to say of it, so nothing else of the file is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

_OPML = re.compile(r"<(?:[\w.-]+:)?opml(?=[\s/>])", re.IGNORECASE)
_TAG_BEGINS = re.compile(r"<(?=/?(?:[\w.-]+:)?(?:outline|body|head|opml)(?=[\s/>]))", re.IGNORECASE)
_OUTLINE = re.compile(r"(/?)(?:[\w.-]+:)?outline", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:.-])([A-Za-z_][\w:.-]{0,60})\s{0,5}=")
_KNOWN = {
    "category", "created", "description", "htmlurl", "language", "text", "title", "type", "url", "version", "xmlurl",
}  # fmt: skip
_ADDRESSES = {"url", "xmlurl"}
_QUOTES = "\"'"


def tidied(text: str) -> str:
    """`text` with nothing but its outlines, in balance; as it is where it is no OPML.

    Stray `&` are no concern of this file: those that `text` has stay.
    """
    if not _OPML.search(text):
        return text
    tags = _TAG_BEGINS.split(text)[1:]
    return f'<opml version="2.0"><head/><body>{"".join(_balanced(tags))}</body></opml>'


def _balanced(tags: list[str]) -> Iterator[str]:
    depth = 0
    for tag, following in zip(tags, [*tags[1:], ""], strict=True):
        found = _OUTLINE.match(tag)
        if found is None:
            continue
        if found[1]:
            yield "</outline>" if depth else ""
            depth -= 1 if depth else 0
            continue
        inner, end, _ = tag[found.end() :].rpartition(">")
        if not end:  # cut within
            continue
        attributes = _attributes(inner.removesuffix("/"))
        is_feed = not _ADDRESSES.isdisjoint(attributes)
        has_end = following.startswith("/") and _OUTLINE.match(following)
        is_empty = inner.endswith("/") or (is_feed and not has_end)
        written = "".join(f' {name}="{_escaped(value)}"' for name, value in attributes.items())
        yield f"<outline{written}{'/' if is_empty else ''}>"
        depth += 0 if is_empty else 1
    yield "</outline>" * depth


def _attributes(inner: str) -> dict[str, str]:
    """The attributes of a tag by lower-case name; a value reaches to the next name, whatever quotes it holds."""
    names = [found for found in _NAME.finditer(inner) if _is_name(inner, found)]
    values: dict[str, str] = {}
    for found, following in zip_longest(names, names[1:]):
        value = inner[found.end() : following.start() if following else len(inner)]
        values.setdefault(found[1].lower(), _unquoted(value.strip()))
    return values


def _is_name(inner: str, found: re.Match[str]) -> bool:
    """Whether an attribute begins there: after a value's quote, or after a space if we know its name."""
    before = inner[max(0, found.start() - 200) : found.start()]
    bare = before.rstrip()
    if not bare or bare[-1] in _QUOTES:
        return True
    return bare != before and found[1].lower() in _KNOWN


def _unquoted(value: str) -> str:
    if value[:1] not in _QUOTES:
        return value
    return value[1:-1] if value[-1:] == value[:1] and len(value) > 1 else value[1:]


def _escaped(value: str) -> str:
    return value.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
