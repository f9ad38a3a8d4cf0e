"""A fuzz target for atheris: any bytes give safe items, or a ParseError, and nothing else.

The first byte chooses the content type, and a server's address or a folder's, or an article page; the rest is the body.
`scripts/fuzz` runs it.
"""

from __future__ import annotations

import re
import sys

import atheris

with atheris.instrument_imports(include=["aggregator.ingest"]):
    from aggregator.errors import ParseError
    from aggregator.ingest.parse.article import article_text
    from aggregator.ingest.parse.characters import remove_invalid
    from aggregator.ingest.parse.child import written
    from aggregator.ingest.parse.detect import parse
    from aggregator.ingest.parse.html import clean_html
    from aggregator.ingest.parse.pool import PARSED_FEED

TYPES = ("", "text/xml", "text/html; charset=koi8-r", "application/json; charset=utf-16")
ACTIVE = re.compile(
    r"<\s*/?(?:script|style|svg|iframe|form|object|base|meta)\b|<[a-z][^<>]*\son\w+\s*=",
    re.IGNORECASE,
)
PAGES = 128  # first bytes from here on
URL = "https://agency.example/rss"
FILE = "file:///wire/1"


def one_input(data: bytes) -> None:
    """Parse one input and look at what came out."""
    choice = data[0] if data else 0
    if choice >= PAGES:
        read_page(data[1:], TYPES[choice % len(TYPES)])
        return
    url = FILE if choice // len(TYPES) % 2 else URL
    try:
        feed = parse(data[1:], url=url, headers={"content-type": TYPES[choice % len(TYPES)]})
    except ParseError:
        return
    if PARSED_FEED.validate_json(written(feed)) != feed:
        raise RuntimeError("the feed does not survive its way from child to master")
    for item in feed.items:
        is_bare = not item.title and item.notice is None
        if is_bare or (item.link and not item.link.startswith(("http://", "https://"))):
            raise RuntimeError(f"a title or link that may not be: {item}")
        for text in (item.title, item.html, item.text, item.guid or "", *item.authors):
            if text != remove_invalid(text):
                raise RuntimeError(f"characters XML may not hold: {text!r}")
        if ACTIVE.search(item.html) or clean_html(item.html, base=URL) != item.html:
            raise RuntimeError(f"markup that is not clean: {item.html!r}")


def read_page(page: bytes, content_type: str) -> None:
    """Read an article page: its text, of characters that may be stored, or a ParseError."""
    try:
        text = article_text(page, url=URL, content_type=content_type)
    except ParseError:
        return
    if not text.strip() or text != remove_invalid(text):
        raise RuntimeError(f"a text that may not be: {text!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
