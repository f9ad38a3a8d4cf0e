"""The corridor: walks one feed through the rooms, in order. It carries; it decides nothing.

    fetch | parse | articles | identity.arrivals | matcher.read + fingerprint | store.save_poll
                                                                                        |
          store.place | story.summarise | matcher.place | store.unplaced   <------------+

Fetching and parsing run in parallel, all else on one thread, the writer: no decision needs a lock.
What a server delivered is stored, with the validators that would hide it next time, before it is
matched; whatever a kill leaves unmatched is found by `store.unplaced` at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import structlog

from aggregator.config import Settings
from aggregator.errors import AggregatorError, FetchError, ParseError
from aggregator.ingest import due, identity
from aggregator.ingest.articles import Articles
from aggregator.ingest.fetch import Fetcher
from aggregator.ingest.worker import ParserPool
from aggregator.match import story
from aggregator.match.matcher import Matcher
from aggregator.model import (
    Arrival,
    Change,
    Feed,
    FeedState,
    FeedStatus,
    Fetched,
    Fingerprint,
    Indexed,
    Item,
    Match,
    Member,
    Move,
    ParsedFeed,
    Placement,
    PollReport,
    PollResult,
    StoryChange,
    Text,
)
from aggregator.store.store import Store

BATCH = 200  # items placed in one transaction
Result = TypeVar("Result")
log = structlog.get_logger()


class Pipeline:
    """One feed at a time through fetch and parse, then through the writer thread.

    `clock` gives aware UTC now. Every method without `async` must run on the writer's thread.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store,
        matcher: Matcher,
        fetcher: Fetcher,
        parser: ParserPool,
        writer: Executor,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.feeds = {feed.id: feed for feed in settings.feeds}
        self.store = store
        self.matcher = matcher
        self.fetcher = fetcher
        self.parser = parser
        self.articles = Articles(fetcher, parser)
        self.writer = writer
        self.clock = clock
        self.stopping = False  # set to leave long work after the batch at hand
        self._version = 0  # of the stories, when decisions were last asked for

    # ------------------------------------------------------------------------------------ the start

    def start(self) -> None:
        """Learn the subscriptions, rebuild the index from the store, place what a kill left over."""
        now = self.clock()
        subscribe(self.store, self.settings.feeds, now)
        since_at = now - self.settings.match.window
        self._version = self.store.version()
        self._renew_fingerprints(since_at)
        self.matcher.add(self.store.indexed(since_at))
        self.place_waiting()

    def _renew_fingerprints(self, since_at: datetime) -> None:
        """Fingerprints of another scheme cannot be compared: make them anew from the kept texts."""
        while items := self.store.items_with_other_scheme(
            self.matcher.scheme, since_at, limit=BATCH
        ):
            self.store.save_fingerprints(
                {item.id: self.matcher.fingerprint(self.matcher.read(item)) for item in items}
            )
            since_at = items[-1].reported_at

    # ------------------------------------------------------------------------------------- one feed

    async def poll(self, state: FeedState) -> PollReport:
        """Poll one feed and store what came; its own failures are told in the report.

        Raises StoreError when the database fails: that is everybody's failure.
        """
        feed = self.feeds[state.feed_id]
        started_at = self.clock()
        try:
            async with self.fetcher.get(feed, state) as fetched:
                report = await self._read(feed, state, fetched)
        except FetchError as error:
            report = await self._write(self._fail, feed, state, None, str(error))
        return replace(report, took=self.clock() - started_at)

    async def _read(self, feed: Feed, state: FeedState, fetched: Fetched) -> PollReport:
        try:
            parsed = await self._parse(state, fetched)
        except (FetchError, ParseError) as error:
            return await self._write(self._fail, feed, state, fetched, str(error))
        if parsed and feed.fulltext:
            parsed = await self._with_articles(feed, parsed)
        return await self._write(self._take, feed, state, fetched, parsed)

    async def _with_articles(self, feed: Feed, parsed: ParsedFeed) -> ParsedFeed:
        """The feed with the texts of the article pages of what is new or changed in it."""
        known = await asyncio.to_thread(self._known, feed, parsed)
        wanted = [not identity.holds(feed.id, item, known) for item in parsed.items]
        return replace(parsed, items=await self.articles.filled(parsed.items, wanted))

    def _known(self, feed: Feed, parsed: ParsedFeed) -> dict[str, Item]:
        keys = {key for item in parsed.items for key in identity.keys(feed.id, item)}
        return self.store.known(feed.id, keys)

    async def _write(self, work: Callable[..., Result], *args: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.writer, work, *args)

    async def _parse(self, state: FeedState, fetched: Fetched) -> ParsedFeed | None:
        """The body as a feed; None when it is the one we had."""
        if fetched.status == 304 and not due.validators(state):
            raise FetchError(f"{fetched.url} answered 304 to an unconditional request")
        if due.is_unchanged(state, fetched):
            return None
        if not 200 <= fetched.status < 300:
            raise FetchError(f"{fetched.url} answered {fetched.status}")
        parsed = await self.parser.parse(
            fetched.body, url=fetched.url, headers=fetched.headers, proven=due.is_proven(state)
        )
        if not parsed.items:
            raise ParseError(f"{fetched.url} is a feed without items")
        return parsed

    def _fail(
        self, feed: Feed, state: FeedState, fetched: Fetched | None, error: str
    ) -> PollReport:
        after = due.after_failure(
            state, feed, self.settings.fetch, error=error, now=self.clock(), fetched=fetched
        )
        self.store.save_feed_states([after])
        results = {FeedStatus.GONE: PollResult.GONE, FeedStatus.STALE: PollResult.STALE}
        return PollReport(
            feed_id=feed.id,
            result=results.get(after.status, PollResult.FAILED),
            http_status=fetched.status if fetched else None,
            next_due_at=after.next_due_at,
            error=error,
        )

    def _take(
        self, feed: Feed, state: FeedState, fetched: Fetched, parsed: ParsedFeed | None
    ) -> PollReport:
        """Store what a body holds, with the validators it came with; then place what is new."""
        now = self.clock()
        arrivals, known_share = self._arrivals(feed, state, parsed, now)
        after = due.after_answer(
            state,
            feed,
            self.settings.fetch,
            fetched=fetched,
            parsed=parsed,
            known_share=known_share,
            now=now,
        )
        report = PollReport(
            feed_id=feed.id,
            result=PollResult.CHANGED if arrivals else PollResult.UNCHANGED,
            http_status=fetched.status,
            items=len(parsed.items) if parsed else 0,
            new=sum(arrival.change is Change.NEW for arrival in arrivals),
            revised=sum(arrival.change is Change.REVISED for arrival in arrivals),
            next_due_at=after.next_due_at,
        )
        if not arrivals:
            self.store.save_feed_states([after])
            return report
        filed = [self._file(arrival) for arrival in arrivals]
        self.store.save_poll(after, filed)
        self._index_revisions(filed)
        return replace(report, matched=self.place_waiting())

    def _arrivals(
        self, feed: Feed, state: FeedState, parsed: ParsedFeed | None, now: datetime
    ) -> tuple[tuple[Arrival, ...], float | None]:
        """What is new or revised in a body, and the share of its items we knew."""
        if parsed is None:
            return (), None
        arrivals = identity.arrivals(
            feed,
            parsed.items,
            self._known(feed, parsed),
            language=feed.language or parsed.language,
            now=now,
            previous_poll_at=state.succeeded_at,
        )
        new = sum(arrival.change is Change.NEW for arrival in arrivals)
        return arrivals, 1 - new / len(parsed.items)

    def _file(self, arrival: Arrival) -> tuple[Arrival, Fingerprint]:
        """An arrival with what its text says of itself, and its fingerprint.

        An item that cannot be read is kept as a text without words: it stands alone, but it stands.
        """
        try:
            text = self.matcher.read(arrival.item)
            fingerprint = self.matcher.fingerprint(text)
        except Exception:
            # one unreadable text must not stop the wire
            log.exception("reading failed", item=arrival.item.id, feed=arrival.item.feed_id)
            return arrival, self.matcher.fingerprint(Text(title="", body="", language="und"))
        item = replace(arrival.item, language=text.language, credits=text.credits)
        return replace(arrival, item=item), fingerprint

    def _index_revisions(self, filed: Sequence[tuple[Arrival, Fingerprint]]) -> None:
        """Copies of a corrected text shall find it: index its new words."""
        revised = [pair for pair in filed if pair[0].change is Change.REVISED]
        self.matcher.add(
            _indexed(arrival.item, self.store.story_of(arrival.item.id).id, fingerprint)
            for arrival, fingerprint in revised
        )

    # ------------------------------------------------------------------------------ items to stories

    def place_waiting(self) -> int:
        """Give every stored item without a story its story; how many joined one that was there."""
        self._learn_decisions()
        self.matcher.forget(self.clock() - self.settings.match.window)
        joined = 0
        while not self.stopping and (waiting := self.store.unplaced(limit=BATCH)):
            drafts = _Drafts(self.store)
            placed = [self._place(item, fingerprint, drafts) for item, fingerprint in waiting]
            self.store.place(placed)
            joined += sum(move.match is not None for move, _, _ in placed)
        return joined

    def _place(
        self, item: Item, fingerprint: Fingerprint, drafts: _Drafts
    ) -> tuple[Move, StoryChange, tuple[Match, ...]]:
        placement = self._decide(item, fingerprint)
        story_id = placement.story_id or story.found(item)
        change = drafts.put(story_id, Member(item=item, match=placement.match))
        self.matcher.add([_indexed(item, story_id, fingerprint)])
        move = Move(item_id=item.id, story_id=story_id, match=placement.match)
        return move, change, placement.related

    def _decide(self, item: Item, fingerprint: Fingerprint) -> Placement:
        """The matcher's placement; an item it cannot read stands alone rather than be lost."""
        try:
            return self.matcher.place(item, fingerprint)
        except AggregatorError:
            raise
        except Exception:
            # one unreadable text must not stop the wire
            log.exception("match failed", item=item.id, feed=item.feed_id)
            return Placement(item_id=item.id, story_id=None, match=None)

    def _learn_decisions(self) -> None:
        """People decide in other processes (`aggregator join`): see where items are now."""
        version = self.store.version()
        for item_id, story_id in self.store.moves_since(self._version):
            self.matcher.move(item_id, story_id)
        self._version = version


class _Drafts:
    """Stories as they become within one batch, before the store has them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._members: dict[str, list[Member]] = {}

    def put(self, story_id: str, member: Member) -> StoryChange:
        """Add a member; what the story becomes by it."""
        if story_id not in self._members:
            joins = member.match is not None
            self._members[story_id] = list(self._store.story(story_id).members) if joins else []
        self._members[story_id].append(member)
        return story.summarise(self._members[story_id], story_id=story_id)


def subscribe(store: Store, feeds: Iterable[Feed], now: datetime) -> None:
    """Make the store poll exactly the configured feeds; new ones are due at once."""
    states = store.feed_states()
    wanted = {feed.id: feed for feed in feeds}
    store.retire_feeds(wanted.keys())
    store.save_feed_states(
        due.reconcile(states[feed.id], feed, now)
        if feed.id in states
        else due.first_state(feed, now)
        for feed in wanted.values()
    )


def _indexed(item: Item, story_id: str, fingerprint: Fingerprint) -> Indexed:
    return Indexed(
        item_id=item.id,
        story_id=story_id,
        agency_id=item.agency_id,
        reported_at=item.reported_at,
        fingerprint=fingerprint,
        credits=item.credits,
    )
