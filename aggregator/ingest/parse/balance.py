"""A fragment of broken XML becomes one in which every element that begins also ends. Pure.

    </b>                 that never began             --> left out
    <title>A<guid>1…     a field within a plain field --> the plain one ends first
    <b><i>x</b>          what is open inside          --> ends with it
    <p>x                 open at the end              --> ends there

So an element without its end costs the item it is in, not those that follow: a parser that forgives
would read on for that end through all of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_TOKEN = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<(/?)([A-Za-z_][\w:.-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>", re.DOTALL
)
# What holds words only in every version of RSS and Atom, and what may be its sibling.
_PLAIN = {"title", "link", "guid", "id", "pubdate", "category", "comments", "published", "updated"}
_FIELDS = _PLAIN | {
    "author", "content", "creator", "date", "description", "enclosure", "encoded", "source", "summary",
}  # fmt: skip
_EMPTY = {"br", "hr", "img", "input"}  # HTML's, which people write without an end


def balanced(text: str, *, left_open: Collection[str] = ()) -> str:
    """`text` with its elements in balance; those `left_open` (local names, lower case) need no end."""
    pieces, position, opened = list[str](), 0, list[str]()
    for token in _TOKEN.finditer(text):
        slash, name, rest = token[1], token[2], token[3]
        if name is None or rest.endswith("/"):
            continue
        pieces.append(text[position : token.start()])
        position = token.end()
        if slash:
            pieces += _ended(opened, name)
        elif _local(name) in _EMPTY:
            pieces.append(f"<{name}{rest}/>")
        else:
            if opened and _local(opened[-1]) in _PLAIN and _local(name) in _FIELDS:
                pieces.append(f"</{opened.pop()}>")
            opened.append(name)
            pieces.append(token[0])
    pieces.append(text[position:])
    pieces += (f"</{name}>" for name in reversed(opened) if _local(name) not in left_open)
    return "".join(pieces)


def _ended(opened: list[str], name: str) -> list[str]:
    """The end tags that end `name`, innermost first; none where it is not open."""
    if name not in opened:
        return []
    ended = list[str]()
    while not ended or ended[-1] != f"</{name}>":
        ended.append(f"</{opened.pop()}>")
    return ended


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
