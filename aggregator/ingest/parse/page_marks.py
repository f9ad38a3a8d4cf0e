"""What an article's page says, in its markup, of who may read it: a paywall, a reservation of rights. Pure.

    JSON-LD, microdata, RDFa   isAccessibleForFree: false, also of a part (https://schema.org/isAccessibleForFree,
                               https://developers.google.com/search/docs/appearance/structured-data/paywalled-content)
    <meta>                     robots, aggregator: noindex · tdm-reservation: 1 · article:content_tier: locked
    class, id                  "paywall" and the like

A page that says so has only a part of its text in it, or one that is not for us: neither is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain

from lxml.html import HtmlElement

from aggregator.ingest.http.reservations import ROBOT, denied_by_robots_tag

_FALSE = re.compile(r"(?:https?://schema\.org/)?false", re.IGNORECASE)
_FREE = "isaccessibleforfree"
# Where the node that describes the page itself may stand; lists of other articles are left aside.
_OF_THE_PAGE = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
_PAID_TIERS = {"locked", "metered"}  # of `article:content_tier`
_WALL = re.compile(
    r"(?:article|content|news|story|site|is|has)?[-_]*"
    r"(?:paywall(?:ed)?|(?:subscribers?|members?)[-_]only|(?:paid|premium|locked|metered)[-_](?:content|text|body))"
    r"(?:[-_](?:article|content|body|text|overlay|wrapper|container|message|box|block|active|on))*",
    re.IGNORECASE,
)
_UNSEEN = {"script", "style", "template", "noscript"}
_MOST_NODES = 2000  # of JSON-LD; set by hand against built pages
_DEEPEST = 8


def refusal(page: HtmlElement) -> str | None:
    """Why the page's text is not to be read, in one line; None where nothing keeps it from us."""
    return next(filter(None, chain(_metas(page), _structured(page), _walls(page))), None)


def _metas(page: HtmlElement) -> Iterator[str | None]:
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = (meta.get("content") or "").strip().lower()
        if name in {"robots", ROBOT}:
            yield denied_by_robots_tag(content, source=f'meta name="{name}"')
        elif name == "tdm-reservation" and content == "1":
            yield "TDM-Reservation: 1"
        elif name == "article:content_tier" and content in _PAID_TIERS:
            yield f"a paywall (content_tier: {content})"


def _structured(page: HtmlElement) -> Iterator[str | None]:
    """The marks of schema.org: JSON-LD, then microdata and RDFa."""
    for script in page.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        if kind == "application/ld+json" and _is_paid(script.text or ""):
            yield "a paywall (isAccessibleForFree: false)"
    for element in page.iter():
        if isinstance(element.tag, str) and _FREE in _properties(element):
            value = element.get("content") or element.get("href") or element.text or ""
            if _FALSE.fullmatch(value.strip()):
                yield "a paywall (isAccessibleForFree: false)"


def _properties(element: HtmlElement) -> list[str]:
    names = f"{element.get('itemprop') or ''} {element.get('property') or ''}"
    return [name.rpartition(":")[2] for name in names.lower().split()]


def _is_paid(script: str) -> bool:
    """Whether JSON-LD says of the page, or of a part of it, that it costs."""
    try:
        waiting = [(json.loads(script, strict=False), 0)]
    except (ValueError, RecursionError):
        # what cannot be read as JSON is often a page's mark all the same
        return re.search(rf'"{_FREE}"\s*:\s*"?{_FALSE.pattern}', script, re.IGNORECASE) is not None
    for _ in range(_MOST_NODES):
        if not waiting:
            return False
        node, depth = waiting.pop()
        if isinstance(node, dict):
            if any(name.lower() == _FREE and _is_false(value) for name, value in node.items()):
                return True
            inner = [node[name] for name in _OF_THE_PAGE if name in node]
        else:
            inner = node if isinstance(node, list) else []
        waiting += [(each, depth + 1) for each in inner if depth < _DEEPEST]
    return False


def _is_false(value: object) -> bool:
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id"))
    return value is False or (isinstance(value, str) and bool(_FALSE.fullmatch(value.strip())))


def _walls(page: HtmlElement) -> Iterator[str | None]:
    body = page.find("body")
    for element in body.iter() if body is not None else ():
        if not isinstance(element.tag, str) or element.tag in _UNSEEN or _is_hidden(element):
            continue
        for name in f"{element.get('class') or ''} {element.get('id') or ''}".split():
            if len(name) < 60 and _WALL.fullmatch(name):
                yield f"a paywall ({name})"


def _is_hidden(element: HtmlElement) -> bool:
    """Whether it waits to be shown by a script, as the walls of free pages do."""
    style = "".join((element.get("style") or "").lower().split())
    return element.get("hidden") is not None or "display:none" in style
