"""An article's page becomes its text, for feeds that give a summary only. Pure.

    page -- marks of a paywall or a reservation (`page_marks`)? --> no text
         -- trafilatura --> paragraphs; the lines that name the source, which it takes for no text --> text

trafilatura finds the text among menus and advertisements (https://trafilatura.readthedocs.io). It runs
in a child process that may be killed, as all reading of bytes from the open web does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import trafilatura
from lxml.html import HtmlElement

from aggregator.errors import ParseError
from aggregator.ingest.parse import page_marks
from aggregator.ingest.parse.characters import remove_invalid
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.html import plain_text

MAX_LENGTH = 200_000  # characters of text, set by hand; what is longer is no report
_MOST_SOURCES, _LONGEST_SOURCE = 4, 120  # lines, characters; set by hand
# Classes of what names the source of a report. Without these lines a text that says where it is from would
# look as if it did not.
_SOURCE = re.compile(
    r"\b(?:sources?|credits?|byline|author|agency|origin|istochnik|iztochnik|quelle)\b",
    re.IGNORECASE,
)
_NOT_OF_THE_TEXT = {"figure", "figcaption", "aside", "nav", "form", "script", "style"}


def article_text(page: bytes, *, url: str, content_type: str) -> str:
    """The text of the article on a page, paragraphs apart by a blank line.

    Raises ParseError when there is none, or none that may be read; the message says why.
    """
    markup = remove_invalid(to_text(page, content_type))
    tree = trafilatura.load_html(markup)
    if tree is not None and (refusal := page_marks.refusal(tree)):
        raise ParseError(refusal)
    found = trafilatura.extract(
        markup, url=url, include_comments=False, include_tables=False, favor_precision=True
    )
    paragraphs = [line for line in map(plain_text, (found or "").split("\n")) if line]
    if not paragraphs:
        raise ParseError("the page has no article")
    text = "\n\n".join(paragraphs)
    sources = [line for line in _sources(tree) if line not in text] if tree is not None else []
    return "\n\n".join([text[:MAX_LENGTH], *sources[:_MOST_SOURCES]])


def _sources(page: HtmlElement) -> Iterator[str]:
    """The short lines of an article that are marked as naming its source."""
    for article in page.iter("article", "main"):
        for element in article.iter():
            if not isinstance(element.tag, str) or not _SOURCE.search(_names(element)):
                continue
            line = plain_text(element.text_content())
            if 0 < len(line) <= _LONGEST_SOURCE and not _is_apart(element):
                yield line
        return


def _names(element: HtmlElement) -> str:
    names = (element.get(name) or "" for name in ("class", "itemprop", "rel"))
    return re.sub(r"[-_]|(?<=[a-z])(?=[A-Z])", " ", " ".join(names))


def _is_apart(element: HtmlElement) -> bool:
    around = (element.tag, *(each.tag for each in element.iterancestors()))
    return any(tag in _NOT_OF_THE_TEXT for tag in around)
