"""An article's page becomes its text, for feeds that give a summary only. Pure.

trafilatura finds the text among menus and advertisements (https://trafilatura.readthedocs.io). It runs
in a child process that may be killed, as all reading of bytes from the open web does.
"""

from __future__ import annotations

import trafilatura

from aggregator.errors import ParseError
from aggregator.ingest.parse.characters import remove_invalid
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.html import plain_text

MAX_LENGTH = 200_000  # characters of text, set by hand; what is longer is no report


def article_text(page: bytes, *, url: str, content_type: str) -> str:
    """The text of the article on a page, paragraphs apart by a blank line.

    Raises ParseError when there is none.
    """
    markup = remove_invalid(to_text(page, content_type))
    found = trafilatura.extract(
        markup, url=url, include_comments=False, include_tables=False, favor_precision=True
    )
    paragraphs = (plain_text(line) for line in (found or "").split("\n"))
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if not text:
        raise ParseError("the page has no article")
    return text[:MAX_LENGTH]
