"""Whether a text is an HTML page, and the feeds it names: `<link rel="alternate" type="application/rss+xml" href="…">`. Pure.

https://html.spec.whatwg.org/multipage/links.html#rel-alternate
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from aggregator.ingest.parse.html import clean_url

_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/rdf+xml",
}
_FIRST_OF_PAGES = {"!doctype", "html", "head", "body", "title", "meta", "script"}
_HEAD_LENGTH = 256 * 1024  # characters; the links are in the head
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FIRST_TAG = re.compile(r"<(!doctype\s+html|[a-z][\w.:-]*)", re.IGNORECASE)
_MAX_FEEDS = 20  # set by hand: a message that names more is not read


def is_page(text: str) -> bool:
    """Whether the first tag is one that an HTML page begins with."""
    first = _FIRST_TAG.search(_COMMENT.sub("", text[:_HEAD_LENGTH]))
    return first is not None and first[1].lower().split()[0] in _FIRST_OF_PAGES


def feeds_in(page: str, *, base: str) -> tuple[str, ...]:
    """Absolute addresses of the feeds the page offers, in its order; its `<base>` is respected."""
    links = _Links(base)
    # HTML takes `<![` for a comment; Python's parser raises AssertionError where no known word follows.
    links.feed(page[:_HEAD_LENGTH].replace("<![", "<! ["))
    found = (clean_url(href, base=links.base) for href in links.hrefs)
    return tuple(dict.fromkeys(url for url in found if url))[:_MAX_FEEDS]


class _Links(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "base" and values.get("href"):
            self.base = clean_url(values["href"], base=self.base) or self.base
        elif tag == "link" and "alternate" in values.get("rel", "").lower().split():
            kind = values.get("type", "").partition(";")[0].strip().lower()
            if kind in _TYPES and values.get("href"):
                self.hrefs.append(values["href"])
