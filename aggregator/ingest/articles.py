"""Asks for the article pages of items, as politely as for the feeds, and says why there is no text.

    address -- robots.txt allows, denies no use? -- GET, conditional where asked before -- headers, parser --> Page
                  ^                                  |                     |
                  +------------- redirect -----------+                     +-- 304 --> the text as kept

Pages of a host are asked one at a time, twice as far apart as its feeds or as its Crawl-delay says. Which
pages are asked at all `wanted` decides; the pages asked before, and so the budget of a day, are the caller's.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aggregator.errors import FetchError, ParseError, TooLargeError
from aggregator.ingest.http import robots
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.http.reservations import ROBOT, denied_by_headers
from aggregator.ingest.http.validators import conditional
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.pool import ParserPool
from aggregator.links import digest_of, is_home, normal_link
from aggregator.model import Fetched, Page

_GAPS = 2  # a page follows another after so many of the gaps between feeds
_MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, section 2.5
_ROBOTS_SECONDS = 24 * 3600.0  # RFC 9309, section 2.4
_SILENT_SECONDS = 600.0  # a robots.txt that could not be had is asked again; set by hand
_MAX_HOSTS = 1000  # whose robots.txt is remembered; set by hand
_LONGEST_DELAY_SECONDS = 60.0  # set by hand; a host that wants pages further apart is left alone
# How the reasons begin that speak of all pages of a host, not of one.
SILENT, CLOSED = "no answer", "the site is closed to us"
_TOO_MUCH = {429, 503}  # whoever answers so wants to be asked less
_HTML = ("html", "text/plain")  # of media types; a missing one is taken for HTML


def is_of_the_host(page: Page) -> bool:
    """Whether what kept a page from us keeps all others of its host from us too."""
    return (page.refusal or "").startswith((SILENT, CLOSED))


@dataclass(frozen=True, slots=True, kw_only=True)
class _HostRules:
    """What a host's robots.txt says until the event loop's time `expires`; `failure` says why it cannot be had."""

    rules: robots.Rules
    expires: float
    failure: str = ""

    def forbid(self, url: str) -> str | None:
        """Why `url` may not be asked, or its text not be used; None where it may."""
        if self.failure:
            return self.failure
        if not self.rules.allow(url):
            everything = not self.rules.allow(urlsplit(url)._replace(path="/", query="").geturl())
            return f"{CLOSED}: robots.txt forbids it" if everything else "robots.txt forbids it"
        if self.rules.delay_seconds > _LONGEST_DELAY_SECONDS:
            return f"{CLOSED}: its Crawl-delay is {self.rules.delay_seconds:g} s"
        denied = self.rules.denied(url)
        return f"robots.txt has {denied}" if denied else None


class Articles:
    """Asks through `fetcher`, reads through `parser`; `gap` is that between two polls of a host."""

    def __init__(self, fetcher: Fetcher, parser: ParserPool, *, gap: timedelta) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._gap = gap * _GAPS
        self._rules: dict[str, _HostRules] = {}
        self._ready: dict[str, float] = {}  # when a host may be asked again, in the loop's time

    def seconds_until_ready(self, host: str) -> float:
        """How long to wait before another page of a host may be asked for; 0 for none."""
        return max(0.0, self._ready.get(host, 0.0) - asyncio.get_running_loop().time())

    async def read(
        self, url: str, *, kept: Page | None, now: datetime, user_agent: str = ""
    ) -> Page:
        """The page at `url`, with its text or the reason why there is none; `kept` is what we had of it.

        It never fails: what goes wrong is the page's `refusal`.
        """
        asking = _Asking(self, url, user_agent)
        validators = _validators(kept)
        page = Page(key=page_key(url), url=url, host=host_of(url), asked_at=now)
        try:
            async with self._fetcher.page(
                url, gap_at=asking.gap_at, user_agent=user_agent, headers=validators
            ) as fetched:
                return await self._read(page, fetched, kept)
        except TooLargeError as error:
            return replace(page, refusal=_line(error))
        except FetchError as error:
            return replace(page, refusal=asking.refusal or f"{SILENT}: {_line(error)}")

    async def _read(self, page: Page, fetched: Fetched, kept: Page | None) -> Page:
        etag, modified = fetched.headers.get("etag"), fetched.headers.get("last-modified")
        page = replace(page, status=fetched.status, etag=etag, last_modified=modified)
        if fetched.status == 304 and kept is not None:
            return replace(
                page,
                etag=etag or kept.etag,
                last_modified=modified or kept.last_modified,
                text=kept.text,
                refusal=kept.refusal,
            )
        if refusal := _refusal(page.url, fetched):
            return replace(page, refusal=refusal)
        try:
            kind = fetched.headers.get("content-type", "text/html")
            text = await self._parser.article(fetched.body, url=fetched.url, content_type=kind)
        except ParseError as error:
            return replace(page, refusal=_line(error))
        return replace(page, text=text)

    async def rules_of(self, url: str, user_agent: str) -> _HostRules:
        """What the host of an address asks of us."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        now = asyncio.get_running_loop().time()
        known = self._rules.get(origin)
        if known is None or known.expires < now:
            if len(self._rules) >= _MAX_HOSTS:
                self._rules.clear()
            known = self._rules[origin] = await self._fetch_rules(origin, now, user_agent)
        return known

    async def _fetch_rules(self, origin: str, now: float, user_agent: str) -> _HostRules:
        """The rules of a host: none where it has no file, everything forbidden where it fails (section 2.3.1)."""
        try:
            async with self._fetcher.page(
                f"{origin}/robots.txt", gap_at=_at_once, user_agent=user_agent
            ) as page:
                if page.status >= 500 or page.status == 429:
                    failure = f"{CLOSED}: its robots.txt answered {page.status}"
                    return _HostRules(
                        rules=robots.Rules(), expires=now + _SILENT_SECONDS, failure=failure
                    )
                text = to_text(page.body[:_MAX_ROBOTS_BYTES]) if page.status == 200 else ""
        except FetchError as error:
            failure = f"{SILENT}: {_line(error)}"
            return _HostRules(rules=robots.Rules(), expires=now + _SILENT_SECONDS, failure=failure)
        return _HostRules(rules=robots.read(text, robot=ROBOT), expires=now + _ROBOTS_SECONDS)

    def ask(self, url: str, rules: _HostRules) -> timedelta:
        """How far from the last exchange a page is asked for; the next of its host waits as long."""
        gap = max(self._gap, timedelta(seconds=rules.rules.delay_seconds))
        if len(self._ready) >= _MAX_HOSTS:
            self._ready.clear()
        self._ready[host_of(url)] = asyncio.get_running_loop().time() + gap.total_seconds()
        return gap


class _Asking:
    """One page being asked for, redirects included: each address of it by the rules of its host."""

    def __init__(self, articles: Articles, url: str, user_agent: str) -> None:
        self._articles = articles
        self._url = url
        self._user_agent = user_agent
        self.refusal: str | None = None

    async def gap_at(self, url: str) -> timedelta | None:
        """How far apart pages of this host are asked; None when this one may not be."""
        rules = await self._articles.rules_of(url, self._user_agent)
        self.refusal = rules.forbid(url)
        if self.refusal is not None and host_of(url) != host_of(self._url):
            self.refusal = f"leads to {host_of(url)}: {self.refusal}"
        return None if self.refusal else self._articles.ask(url, rules)


def page_key(url: str) -> str:
    """What the page at an address is known by, whichever feed names it and however."""
    return digest_of(normal_link(url.partition("#")[0]))


def host_of(url: str) -> str:
    """The host of an address as its site is known by: in lower case, without "www.", with a port if named."""
    try:
        netloc = urlsplit(url).netloc
    except ValueError:  # an address that is none
        return url
    return netloc.rpartition("@")[2].lower().removeprefix("www.")


def _refusal(url: str, fetched: Fetched) -> str | None:
    """Why the answer to `url` has no text for us, as far as its status and headers tell."""
    if fetched.status in _TOO_MUCH:
        return f"{CLOSED}: it answered {fetched.status}"
    if fetched.status != 200:
        return f"answered {fetched.status}"
    if is_home(fetched.url) and not is_home(url):
        return f"leads to the home page {fetched.url}"
    kind = fetched.headers.get("content-type", "text/html").lower()
    if not any(known in kind for known in _HTML):
        return f"is no web page ({kind.partition(';')[0].strip()[:60]})"
    return denied_by_headers(fetched.headers)


def _validators(kept: Page | None) -> dict[bytes, bytes]:
    """The conditional headers for a page we had an answer of."""
    if kept is None or not (kept.text or kept.refusal):
        return {}
    return conditional(kept.etag, kept.last_modified)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


async def _at_once(_url: str) -> timedelta:
    """For robots.txt itself, which everybody may ask (RFC 9309, section 2.2.2)."""
    return timedelta(0)
