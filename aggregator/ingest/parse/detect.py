"""A body becomes a feed: what it is shows in its bytes, not in its content type. Pure.

    bytes -- charset --> text -- characters --> clean text -- first tag --> RSS, RDF, Atom
                                                                        --> news sitemap
                                                            `{` ---------> JSON Feed
                    of a folder's files also: NewsML-G2, ninjs, plain JSON <-- either
                                                            HTML --------> ParseError, with its feeds

It runs in a child process that may be killed (`child`): bytes from the open web decide how long it takes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import urljoin

from aggregator.errors import ParseError
from aggregator.folders import is_folder
from aggregator.ingest.parse import (
    discover,
    jsonfeed,
    jsonl,
    newsml,
    sitemap,
    xml,
)
from aggregator.ingest.parse.characters import remove_invalid, repair_references
from aggregator.ingest.parse.charset import to_text
from aggregator.model import ParsedFeed

_HEAD_LENGTH = 16 * 1024  # characters in which the root is looked for, comments left out
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(
    r"<(?:[\w.-]+:)?(rss|feed|rdf|urlset|sitemapindex|opml|html|head|body)(?=[\s/>])", re.IGNORECASE
)
_XML_ROOTS = {"rss", "feed", "rdf"}
_NEWS_ROOT = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(newsml.ROOTS.split())})(?=[\s/>])")
_OTHER_NEWS = re.compile(r"<(?:[\w.-]+:)?(NewsML|nitf)(?=[\s/>])")


def parse(
    body: bytes, *, url: str, headers: Mapping[str, str], known: Collection[str] = ()
) -> ParsedFeed:
    """`body` as a feed; `headers` have lower-case names, `url` is where the body came from.

    Entries whose digests are `known` may be left unread: they mean what they meant.

    Raises ParseError, and nothing else, for bytes that are no feed we know; for an HTML page the
    message names the feeds it offers.
    """
    text = repair_references(remove_invalid(to_text(body, headers.get("content-type", "")))).lstrip(
        "\ufeff \t\n"
    )
    base = _base(url, headers)
    if not text:
        raise ParseError("the body is empty")
    if is_folder(url) and (found := _news(text)) is not None:
        return found
    if text.startswith(("{", "[")):
        return jsonfeed.parse(text, base=base)
    root = _root(text)
    if root is None:
        raise ParseError(f"the body is no feed; it begins {text[:40]!r}")
    name, document = root[1].lower(), text[root.start() :]
    if name in _XML_ROOTS:
        return xml.parse(document, base=base, known=known)
    if name == "urlset":
        return sitemap.parse(document, base=base)
    raise ParseError(_refusal(name, text, base))


def _news(text: str) -> ParsedFeed | None:
    """A file as agencies exchange them; None where it is a feed, if anything.

    Only a folder's: what is embargoed waits there, and a server's answer does not wait.
    """
    if text.startswith(("{", "[")):
        return jsonl.parse(text, base="")
    head = _without_comments(text[:_HEAD_LENGTH])
    found = [root.search(head) for root in (_NEWS_ROOT, _OTHER_NEWS, _ROOT)]
    first = min((root for root in found if root), key=lambda root: root.start(), default=None)
    if first is None:
        return jsonl.parse(text, base="") if "\n{" in text else None  # its first line is bad
    if first is found[1]:
        raise ParseError(f"the file is {first[1]}; ask for NewsML-G2 or ninjs")
    return newsml.parse(text) if first is found[0] else None


def _base(url: str, headers: Mapping[str, str]) -> str:
    """What relative addresses are relative to (RFC 9110, section 8.7)."""
    try:
        return urljoin(url, headers.get("content-location", ""))
    except ValueError:
        return url


def _root(text: str) -> re.Match[str] | None:
    """The tag that says what the document is; warnings and declarations may come before it."""
    head = _without_comments(text[:_HEAD_LENGTH])
    found = _ROOT.search(head)
    return _ROOT.search(text, found.start()) if found else _ROOT.search(text, len(head))


def _without_comments(head: str) -> str:
    """The same text, comments blank, every place as it was."""
    return _COMMENT.sub(lambda comment: " " * len(comment[0]), head)


def _refusal(root: str, text: str, base: str) -> str:
    if root == "sitemapindex":
        return "the body is an index of sitemaps; take the news sitemap it names"
    if root == "opml":
        return "the body is OPML, a list of feeds; `aggregator feeds import` takes it"
    feeds = discover.feeds_in(text, base=base)
    offered = f"; it offers {' '.join(feeds)}" if feeds else " and names no feed"
    return f"the body is an HTML page, not a feed{offered}"
