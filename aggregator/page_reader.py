"""Reads one article page and lets the items that wait for it be matched, with its text or without.

    stage  | takes                   | gives                                       | runs on
    await  | arrivals of a poll      | the same, those marked that wait            | writer
    decide | items that wait         | the items, the page as kept; or released    | a thread
    ask    | an address              | Page: its text, or why there is none        | event loop
    finish | Page, the items         | rows, in one transaction; then `placer`     | writer

The store has what waits, so a kill changes nothing: the next start asks again. An item is released as soon
as its page cannot be had; with the third page in a row that could not, or the first by the fault of the
whole site, all that wait for that site are.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from aggregator.errors import unexpected
from aggregator.ingest import wanted
from aggregator.ingest.articles import Articles, host_of, is_of_the_host, page_key
from aggregator.model import (
    Arrival,
    Change,
    Feed,
    Fingerprint,
    Fulltext,
    Item,
    Page,
    PageReport,
    PageResult,
)
from aggregator.placer import Placer
from aggregator.store.store import Store

_DAY = timedelta(days=1)
_NO_MORE = "says no more than the feed"  # no fault of the page: its text is kept
_ANOTHER = "is another page: it has few of the words of the item"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPage:
    """A page that items wait for: where it is, and the ids of the items."""

    url: str
    item_ids: tuple[str, ...]

    @property
    def host(self) -> str:
        """The host it is asked of."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What to do for a page: ask it, or take it as kept, for `items`; those `released` get none."""

    items: tuple[Item, ...] = ()
    released: tuple[str, ...] = ()
    kept: Page | None = None
    is_asked: bool = False
    reason: str = ""  # why nothing is asked


class PageReader:
    """Reads pages for the items of `feeds` (by id); `clock` gives aware UTC now."""

    def __init__(
        self,
        *,
        store: Store,
        placer: Placer,
        articles: Articles,
        feeds: Mapping[str, Feed],
        writer: Executor,
        clock: Callable[[], datetime],
    ) -> None:
        self.articles = articles
        self._store = store
        self._placer = placer
        self._feeds = feeds
        self._writer = writer
        self._clock = clock
        self._failures = Counter[str]()  # in a row, by host

    def awaiting(
        self,
        feed: Feed,
        arrivals: tuple[Arrival, ...],
        known: Mapping[str, Item],
        *,
        median_words: int | None,
        since_at: datetime,
        now: datetime,
    ) -> tuple[Arrival, ...]:
        """The arrivals of a body whose texts have so many words in the middle, those that wait marked."""
        if not arrivals or not wanted.reads_pages(feed, median_words):
            return arrivals
        resting = set[str]()
        if feed.fulltext is Fulltext.AUTO:
            hosts = {host_of(arrival.item.link) for arrival in arrivals if arrival.item.link}
            resting = {host for host in hosts if self._rests(host, now)}
        return wanted.awaiting(feed, arrivals, known, resting=resting, since_at=since_at, now=now)

    def _rests(self, host: str, now: datetime) -> bool:
        return wanted.rests(self._store.latest_pages(host, limit=wanted.FAILURES), now)

    def waiting(self) -> list[WantedPage]:
        """The pages that items wait for, the earliest reported first. Reads the store."""
        found: dict[str, WantedPage] = {}
        for one in self._store.waiting_for_pages():
            key = page_key(one.link)
            before = found.get(key, WantedPage(url=one.link, item_ids=()))
            found[key] = replace(before, item_ids=(*before.item_ids, one.item_id))
        return list(found.values())

    def count_waiting(self) -> Counter[str]:
        """How many items wait, by feed. Reads the store."""
        return Counter(one.feed_id for one in self._store.waiting_for_pages())

    async def read(self, page: WantedPage) -> PageReport:
        """Have what came of one page stored, and its items placed. Raises StoreError."""
        plan = await asyncio.to_thread(self._decide, page)
        asked = await self._ask(page.url, plan) if plan.is_asked else None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, self._finish, page, plan, asked)

    async def release_overdue(self) -> PageReport | None:
        """Place the items that waited as long as they may; None where there are none."""
        ids = await asyncio.to_thread(self._store.overdue_for_pages, self._clock())
        if not ids:
            return None
        loop = asyncio.get_running_loop()
        matched = await loop.run_in_executor(self._writer, self._place, None, (), ids)
        reason = "their time to wait was over"
        return PageReport(
            host="", result=PageResult.RELEASED, items=len(ids), refusal=reason, matched=matched
        )

    async def _ask(self, url: str, plan: _Plan) -> Page:
        now = self._clock()
        try:
            user_agent = self._feeds[plan.items[0].feed_id].user_agent
            return await self.articles.read(url, kept=plan.kept, now=now, user_agent=user_agent)
        except Exception as error:
            # an unforeseen error over what one server sent costs that page alone
            log.exception("page failed", url=url)
            refusal = unexpected(error, f"reading {url}", log_line="page failed")
            return Page(
                key=page_key(url), url=url, host=host_of(url), asked_at=now, refusal=refusal
            )

    # --------------------------------------------------------------------- in a thread: what to do

    def _decide(self, page: WantedPage) -> _Plan:
        items = [self._store.item(item_id) for item_id in page.item_ids]
        wished = tuple(item for item in items if self._is_wished(item))
        released = tuple(item.id for item in items if item not in wished)
        if not wished:
            return _Plan(released=released, reason="the feed asks for no pages")
        kept = self._store.page(page_key(page.url))
        if kept is not None and all(wanted.is_fresh(kept, item) for item in wished):
            return _Plan(items=wished, released=released, kept=kept)
        if self._store.count_pages(page.host, self._clock() - _DAY) >= wanted.PAGES_A_DAY:
            reason = f"{wanted.PAGES_A_DAY} pages of {page.host} were asked in a day"
            return _Plan(released=self._all_at(page.host), reason=reason)
        return _Plan(items=wished, released=released, kept=kept, is_asked=True)

    def _is_wished(self, item: Item) -> bool:
        feed = self._feeds.get(item.feed_id)
        return (
            feed is not None
            and feed.fulltext is not Fulltext.NEVER
            and item.awaits_page_until is not None
        )

    def _all_at(self, host: str) -> tuple[str, ...]:
        waiting = self._store.waiting_for_pages()
        return tuple(one.item_id for one in waiting if host_of(one.link) == host)

    # ------------------------------------------------------------------ on the writer: store, place

    def _finish(self, wished: WantedPage, plan: _Plan, asked: Page | None) -> PageReport:
        if asked is not None:
            asked = _judged(asked, plan.items)
            self._failures[asked.host] = self._failures[asked.host] + 1 if asked.refusal else 0
        page = asked or plan.kept
        read = _taken(plan.items, page)
        released = self._released(plan, asked, read)
        matched = self._place(asked, [self._as_read(*pair) for pair in read], released)
        return PageReport(
            host=wished.host,
            url=wished.url,
            result=_result(plan, asked, bool(read)),
            items=len(read) + len(released),
            refusal=None if read else plan.reason or (page and page.refusal) or _NO_MORE,
            matched=matched,
        )

    def _released(
        self, plan: _Plan, asked: Page | None, read: Sequence[tuple[Item, Item]]
    ) -> tuple[str, ...]:
        """The items that wait no longer, but for those that were `read`."""
        got = {item.id for _, item in read}
        released = {*plan.released, *(item.id for item in plan.items)}
        if asked is not None and asked.refusal:
            is_hopeless = self._failures[asked.host] >= wanted.FAILURES or is_of_the_host(asked)
            released.update(self._all_at(asked.host) if is_hopeless else ())
        return tuple(sorted(released - got))

    def _as_read(self, before: Item, item: Item) -> tuple[Item, Fingerprint]:
        """An item with the text of its page, and its fingerprint."""
        is_new_text = before.revision > 1 and before.full_text
        change = Change.REVISED if is_new_text else Change.NEW
        ((arrival, fingerprint),) = self._placer.fingerprints(
            [Arrival(item=item, change=change, keys=())]
        )
        return arrival.item, fingerprint

    def _place(
        self,
        asked: Page | None,
        read: Sequence[tuple[Item, Fingerprint]],
        released: Collection[str],
    ) -> Counter[str]:
        self._store.save_page(asked, read, released=released)
        return self._placer.place_waiting()


def _judged(page: Page, items: Iterable[Item]) -> Page:
    """A page that was asked, refused where its text is that of another one."""
    if page.refusal or any(wanted.is_of(item, page) for item in items):
        return page
    return replace(page, text="", refusal=_ANOTHER)


def _taken(items: Iterable[Item], page: Page | None) -> list[tuple[Item, Item]]:
    """The items that a page has the text of, as they were and with it."""
    if page is None or not page.text:
        return []
    pairs = ((item, wanted.taken(item, page)) for item in items)
    return [(before, item) for before, item in pairs if item is not None]


def _result(plan: _Plan, asked: Page | None, is_read: bool) -> PageResult:
    if not plan.items:
        return PageResult.RELEASED
    if not is_read:
        return PageResult.REFUSED
    return PageResult.READ if asked is not None and asked.status == 200 else PageResult.KEPT
