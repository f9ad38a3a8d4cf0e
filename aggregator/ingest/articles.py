"""The article pages of feeds that ask for their full text, fetched as politely as the feeds.

    new or changed item -- robots.txt allows? -- page, 10 s after the last -- parser --> its text
                             ^                     |
                             +----- redirect ------+
                             no, or anything goes wrong --> the item stays as it is

Pages are fetched before the poll is stored: the item is matched once, by all we know of it. So the
number of pages a poll may wait for is bounded; items beyond it have their summary only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from aggregator.errors import FetchError, ParseError
from aggregator.ingest.http import robots
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.pool import ParserPool
from aggregator.model import ParsedItem

# Set by hand: politeness, and the time until a poll is stored, against items without their text.
GAP = timedelta(seconds=10)  # between two pages of a host
MAX_PAGES = 30  # of one poll: the length of an agency's feed
_ROBOT = "aggregator"  # the name robots.txt may address us by
_MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, section 2.5
_ROBOTS_SECONDS = 24 * 3600.0  # RFC 9309, section 2.4
_MAX_HOSTS = 1000  # whose robots.txt is remembered; set by hand
_LONGEST_DELAY_SECONDS = 60.0  # set by hand; a host that wants pages further apart is left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class _HostRules:
    """What a host's robots.txt says, until the event loop's time `expires`; None forbids everything."""

    rules: robots.Rules | None
    expires: float


class Articles:
    """Fetches article texts through `fetcher`, reads them through `parser`."""

    def __init__(self, fetcher: Fetcher, parser: ParserPool, *, gap: timedelta = GAP) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._gap = gap
        self._rules: dict[str, _HostRules] = {}

    async def with_full_texts(
        self, items: Sequence[ParsedItem], wanted: Sequence[bool]
    ) -> tuple[ParsedItem, ...]:
        """`items`, those `wanted` with their article's text where it is longer than the feed's."""
        result, pages = list[ParsedItem](), 0
        for item, want in zip(items, wanted, strict=True):
            text = ""
            if want and item.link and pages < MAX_PAGES:
                pages += 1
                text = await self._text(item.link)
            longer = len(text) > len(item.text)
            result.append(replace(item, full_text=text, is_whole=True) if longer else item)
        return tuple(result)

    async def _text(self, url: str) -> str:
        """The article's text, "" where it may not be fetched or has none: that costs the feed nothing."""
        with suppress(FetchError, ParseError):
            async with self._fetcher.page(url, gap_at=self._gap_at) as page:
                kind = page.headers.get("content-type", "text/html")
                if page.status == 200 and "html" in kind.lower():
                    return await self._parser.article(page.body, url=page.url, content_type=kind)
        return ""

    async def _gap_at(self, url: str) -> timedelta | None:
        """How far apart pages of this host are asked; None when this one may not be."""
        rules = await self._rules_of(url)
        if rules is None or not rules.allow(url):
            return None
        if rules.delay_seconds > _LONGEST_DELAY_SECONDS:
            return None
        return max(self._gap, timedelta(seconds=rules.delay_seconds))

    async def _rules_of(self, url: str) -> robots.Rules | None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        now = asyncio.get_running_loop().time()
        known = self._rules.get(origin)
        if known is None or known.expires < now:
            rules = await self._fetch_rules(origin)
            if len(self._rules) >= _MAX_HOSTS:
                self._rules.clear()
            known = self._rules[origin] = _HostRules(rules=rules, expires=now + _ROBOTS_SECONDS)
        return known.rules

    async def _fetch_rules(self, origin: str) -> robots.Rules | None:
        """The rules of a host: none where it has no file, everything forbidden where it fails."""
        try:
            async with self._fetcher.page(f"{origin}/robots.txt", gap_at=_at_once) as page:
                if page.status >= 500 or page.status == 429:
                    return None
                text = to_text(page.body[:_MAX_ROBOTS_BYTES]) if page.status == 200 else ""
        except FetchError:
            return None
        return robots.read(text, robot=_ROBOT)


async def _at_once(_url: str) -> timedelta:
    """For robots.txt itself, which everybody may ask (RFC 9309, section 2.2.2)."""
    return timedelta(0)
