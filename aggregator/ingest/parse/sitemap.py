"""Google News sitemaps: for some editions (Kazinform's Chinese one) there is nothing else. Pure.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

from datetime import datetime
from xml.parsers import expat

from aggregator.errors import ParseError
from aggregator.ingest.parse import entry
from aggregator.ingest.parse.dates import read_date
from aggregator.ingest.parse.enclosures import RawEnclosure
from aggregator.ingest.parse.html import clean_line, clean_url
from aggregator.ingest.parse.newest import newest
from aggregator.ingest.parse.repair import is_well_formed, mend
from aggregator.model import LeftOut, ParsedFeed, ParsedItem

_OTHER_EXTENSIONS = {"image", "video", "xhtml", "mobile"}  # they too have a `loc` and a `title`
_FIELDS = {"loc", "lastmod", "title", "publication_date", "language", "keywords", "name"}


def parse(text: str, *, base: str) -> ParsedFeed:
    """The news of a sitemap whose root tag begins `text`; the newest of too many.

    Broken XML gives the entries before the break. Raises ParseError when there are no news in it.
    """
    well_formed = is_well_formed(text)
    urls, cut = _urls(text if well_formed else mend(text))
    news = [url for url in urls if url.get("title") or url.get("publication_date")]
    if not news:
        raise ParseError("the sitemap lists no news; only news sitemaps carry titles")
    kept = newest(news, _date)
    items = tuple(item for url in kept if (item := _item(url, base)) is not None)
    return ParsedFeed(
        format="sitemap",
        items=items,
        title=next((clean_line(url["name"]) for url in news if url.get("name")), None),
        language=next((entry.language(url["language"]) for url in news if "language" in url), None),
        left_out=LeftOut(
            broken=len(urls) + cut - len(news),
            over_limit=len(news) - len(kept),
            empty=len(kept) - len(items),
        ),
        problems=() if well_formed else ("the XML is not well-formed; whole entries were kept",),
    )


def _urls(text: str) -> tuple[list[dict[str, str]], int]:
    """The fields of every `url` element that has its end, and how many have none: one or none."""
    parser = expat.ParserCreate("utf-8")
    urls: list[dict[str, str]] = []
    fields: dict[str, str] = {}
    words: list[str] = []
    opened = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal opened
        words.clear()
        if _is_entry(name):
            opened += 1
            fields.clear()

    def end(name: str) -> None:
        prefix, _, local = name.rpartition(":")
        if local == "loc" and prefix == "image":
            fields.setdefault("image", "".join(words).strip())
        elif local in _FIELDS and prefix not in _OTHER_EXTENSIONS:
            fields.setdefault(local, "".join(words).strip())
        words.clear()
        if _is_entry(name):
            urls.append(dict(fields))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = words.append
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return urls, opened - len(urls)
    return urls, 0


def _is_entry(name: str) -> bool:
    prefix, _, local = name.rpartition(":")
    return local == "url" and prefix not in _OTHER_EXTENSIONS


def _date(url: dict[str, str]) -> datetime | None:
    return read_date(url.get("publication_date") or url.get("lastmod", ""))


def _item(url: dict[str, str], base: str) -> ParsedItem | None:
    return entry.parsed_item(
        entry.RawEntry(
            guid=None,
            link=clean_url(url.get("loc"), base=base),
            title=url.get("title", ""),
            bodies=(),
            published_at=read_date(url.get("publication_date", "")),
            updated_at=read_date(url.get("lastmod", "")),
            categories=url.get("keywords", "").split(","),
            language=entry.language(url.get("language")),
            enclosures=(RawEnclosure(url=url.get("image", "")),),
            base=base,
        )
    )
