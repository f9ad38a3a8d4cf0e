"""An article's page becomes its text, for feeds that give a summary only. Pure.

    page -- marks of a paywall or a reservation (`page_marks`)? --> no text
         -- without what stands around the article (`surroundings`) -- trafilatura --> paragraphs --+
         -- the lines that name its source, marked so or in its own footer -------------------------+--> text

trafilatura finds the text among menus and advertisements (https://trafilatura.readthedocs.io). It runs
in a child process that may be killed, as all reading of bytes from the open web does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile

import trafilatura
from lxml.html import HtmlElement, tostring

from aggregator.errors import ParseError
from aggregator.ingest.parse import page_marks
from aggregator.ingest.parse.characters import remove_invalid
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.html import clean_html, html_to_text, plain_text
from aggregator.ingest.parse.surroundings import is_marked, role, without_surroundings

MAX_LENGTH = 200_000  # characters of text, set by hand; what is longer is no report
_MOST_SOURCES, _LONGEST_SOURCE = 4, 120  # lines, characters; set by hand
# Classes of what names the source of a report. Without these lines a text that says where it is from would
# look as if it did not.
_SOURCE = re.compile(
    r"\b(?:sources?|credits?|byline|author|agency|origin|istochnik|iztochnik|quelle)\b",
    re.IGNORECASE,
)
_OPENING = 40  # characters by which a paragraph is found again, set by hand
_WITH_FOOTERS = {"article", "blockquote", "figure"}
_NOT_OF_THE_TEXT = {"figure", "figcaption", "aside", "nav", "form", "script", "style"}


def article_text(page: bytes, *, url: str, content_type: str) -> str:
    """The text of the article on a page, paragraphs apart by a blank line.

    Raises ParseError when there is none, or none that may be read; the message says why.
    """
    markup = remove_invalid(to_text(page, content_type))
    tree = trafilatura.load_html(markup)
    if tree is not None and (refusal := page_marks.refusal(tree)):
        raise ParseError(refusal)
    if tree is None or not (paragraphs := _paragraphs(tree, url)):
        raise ParseError("the page has no article")
    text = "\n\n".join(paragraphs)
    lines = chain(_sources(tree), _footer(tree, max(paragraphs, key=len)))
    sources = dict.fromkeys(line for line in lines if line not in text)
    return "\n\n".join([text[:MAX_LENGTH], *islice(sources, _MOST_SOURCES)])


def _paragraphs(page: HtmlElement, url: str) -> list[str]:
    """The article's; of the page as it is, where nothing is left without its surroundings."""
    found = _extracted(without_surroundings(page), url) or _extracted(page, url)
    return [line for line in map(plain_text, found.split("\n")) if line]


def _extracted(page: HtmlElement, url: str) -> str:
    found = trafilatura.extract(
        page, url=url, include_comments=False, include_tables=False, favor_precision=True
    )
    return found or ""


def _sources(page: HtmlElement) -> Iterator[str]:
    """The short lines of an article that are marked as naming its source."""
    for article in page.iter("article", "main"):
        for element in article.iter():
            if not isinstance(element.tag, str) or not _SOURCE.search(_names(element)):
                continue
            line = " ".join(_lines(element))
            if 0 < len(line) <= _LONGEST_SOURCE and not _is_apart(element):
                yield line
        return


def _footer(page: HtmlElement, paragraph: str) -> Iterator[str]:
    """The short lines of the footers that an article has of its own, in which this paragraph stands.

    There it may say who wrote it; lines of links alone are its tags, or buttons to share it.
    """
    article = _article_of(page, paragraph)
    for footer in article.iterdescendants() if article is not None else ():
        if (footer.tag == "footer" or role(footer) == "contentinfo") and _is_own(footer, article):
            links = [plain_text(link.text_content()) for link in footer.iter("a")]
            for line in _lines(without_surroundings(footer)):
                if len(line) <= _LONGEST_SOURCE and _says_more(line, links):
                    yield line


def _lines(element: HtmlElement) -> list[str]:
    """The words of an element, those of two blocks apart."""
    markup = tostring(element, encoding="unicode", with_tail=False)
    return list(filter(None, html_to_text(clean_html(markup, base="")).splitlines()))


def _article_of(page: HtmlElement, paragraph: str) -> HtmlElement | None:
    """The innermost article with this paragraph, else the main part of the page that has it."""
    opening = " ".join(paragraph[:_OPENING].split())
    holding = [
        place
        for tag in ("main", "article")
        for place in page.iter(tag)
        if opening in " ".join(place.text_content().split())
    ]
    return holding[-1] if holding else None


def _is_own(footer: HtmlElement, article: HtmlElement) -> bool:
    """Whether a footer is the article's, not that of a quotation, a comment, or what else stands in it."""
    around = takewhile(lambda each: each is not article, footer.iterancestors())
    return not any(each.tag in _WITH_FOOTERS or is_marked(each) for each in around)


def _says_more(line: str, links: Iterable[str]) -> bool:
    for link in links:
        line = line.replace(link, "") if link else line
    return any(map(str.isalpha, line))


def _names(element: HtmlElement) -> str:
    names = (element.get(name) or "" for name in ("class", "itemprop", "rel"))
    return re.sub(r"[-_]|(?<=[a-z])(?=[A-Z])", " ", " ".join(names))


def _is_apart(element: HtmlElement) -> bool:
    around = (element.tag, *(each.tag for each in element.iterancestors()))
    return any(tag in _NOT_OF_THE_TEXT for tag in around)
