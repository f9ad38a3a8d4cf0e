"""Which of an entry's links is the page that a person can open. Pure.

    alternate, HTML, in the entry's language --> HTML, in no language said --> any HTML
        --> the guid, where it is an address --> a page of another type (PDF)
    and of each, one that names no picture, sound or film before one that does

Feeds put beside the page its JSON, its feed, its accelerated copy, its translations, its comments and its
files, in any order (RFC 4287, section 4.2.7; RFC 8288).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.ingest.parse.html import clean_url

_RELATIONS = "http://www.iana.org/assignments/relation/"  # the long form of registered names
_PAGE_RELATIONS = {"alternate", "canonical", "bookmark"}
_HTML = {"", "html", "text/html", "xhtml", "application/xhtml+xml", "application/xhtml"}
_DATA = re.compile(r"json|rss|atom|rdf|xml|javascript|^(?:image|audio|video)/", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|jfif|png|gif|webp|avif|svg|bmp|tiff?|heic|mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|wma|mp4|m4v"
    r"|mov|webm|avi|mkv|mpe?g|wmv|flv|3gp|m3u8)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as its format gave it: `relation` and `media_type` as written, in small letters."""

    address: str
    relation: str = "alternate"
    media_type: str = ""
    language: str = ""


def page_of(
    links: Sequence[Link], *, language: str | None, base: str, otherwise: Iterable[str] = ()
) -> str | None:
    """The page among an entry's links, absolute; None where there is none.

    `otherwise` are addresses to take before links of no HTML type, such as a guid.
    """
    pages = [link for link in links if _relations(link) & _PAGE_RELATIONS]
    html = [link for link in pages if _type(link) in _HTML]
    html.sort(key=lambda link: _strangeness(link, language))  # stable: equals stay in their order
    others = (link.address for link in pages if not (link in html or _DATA.search(_type(link))))
    return first_page((*(link.address for link in html), *otherwise, *others), base)


def first_page(addresses: Iterable[str], base: str) -> str | None:
    """The first address that names no picture, sound or film; without such the first; absolute."""
    first = None
    for address in _cleaned(addresses, base):
        if not _FILE.search(urlsplit(address).path):
            return address
        first = first or address
    return first


def _cleaned(addresses: Iterable[str], base: str) -> Iterator[str]:
    for address in addresses:
        if address and (absolute := clean_url(address, base=base)):
            yield absolute


def _relations(link: Link) -> set[str]:
    return {word.removeprefix(_RELATIONS) for word in link.relation.split()}


def _type(link: Link) -> str:
    return link.media_type.partition(";")[0].strip()


def _strangeness(link: Link, language: str | None) -> int:
    """0 for a page in the language, 1 for one in none that is said, 2 for one in another."""
    if not link.language:
        return 1
    own, wanted = (
        tag.replace("_", "-").partition("-")[0].lower() for tag in (link.language, language or "")
    )
    return 0 if own == wanted else 2
