"""The corridor: walks one feed through the rooms, in order. It carries; it decides nothing.

    fetch | parse | articles | identity.arrivals | matcher.read + fingerprint | store.save_polls
                                                                                        |
          store.place | story.summarise | matcher.place | store.unplaced   <------------+

Fetching and parsing run in parallel, all else on one thread, the writer: no decision needs a lock.
What comes in while the writer is busy goes on together, as one lot in one transaction.
What a server delivered is stored, with the validators that would hide it next time, before it is
matched; whatever a kill leaves unmatched is found by `store.unplaced` at the next start.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from aggregator.batcher import Lots
from aggregator.config import Settings
from aggregator.errors import AggregatorError, FetchError, ParseError
from aggregator.ingest import identity, schedule
from aggregator.ingest.articles import Articles
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.parse.pool import ParserPool
from aggregator.ingest.seen import Standing, Stood
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
    Member,
    Move,
    ParsedFeed,
    Placement,
    PollReport,
    PollResult,
    StoryChange,
    Text,
)
from aggregator.store.placement import Placed
from aggregator.store.store import Store

BATCH = 200  # items placed in one transaction
LOT = 100  # answers, and entries read in them, stored in one transaction: a second's work at most
PART = 50  # entries of a long body stored together, while others take their turns
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
        self.standing = Standing()
        self.clock = clock
        self.stopping = False  # set to leave long work after the batch at hand
        self._writer = writer
        self._lots = Lots(self._take, writer, weight=_weight, most=LOT)
        self._one_long_body = asyncio.Lock()
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
                report = await self._keep(await self._read(feed, state, fetched))
        except FetchError as error:
            report = await self._lots.done(_Answer(feed=feed, state=state, error=str(error)))
        except AggregatorError:
            raise
        except Exception as error:
            # what nobody foresaw in what one server sent must not stop the wire
            log.exception("poll failed", feed=feed.id)
            told = f"a fault of ours, please report it: {error!r}"
            report = await self._lots.done(_Answer(feed=feed, state=state, error=told))
        return replace(report, took=self.clock() - started_at)

    async def _read(self, feed: Feed, state: FeedState, fetched: Fetched) -> _Answer:
        answer = _Answer(feed=feed, state=state, fetched=fetched)
        try:
            parsed = await self._parse(state, fetched)
        except (FetchError, ParseError) as error:
            return replace(answer, error=str(error))
        if parsed and feed.fulltext:
            parsed = await self._with_articles(feed, parsed)
        return replace(answer, parsed=parsed)

    async def _with_articles(self, feed: Feed, parsed: ParsedFeed) -> ParsedFeed:
        """The feed with the texts of the article pages of what is new or changed in it."""
        known = await asyncio.to_thread(self._known, feed, parsed)
        wanted = [identity.held(feed.id, item, known) is None for item in parsed.items]
        return replace(parsed, items=await self.articles.filled(parsed.items, wanted))

    def _known(self, feed: Feed, parsed: ParsedFeed) -> dict[str, Item]:
        keys = {key for item in parsed.items for key in identity.keys(feed.id, item)}
        return self.store.known(feed.id, keys) if keys else {}

    async def _parse(self, state: FeedState, fetched: Fetched) -> ParsedFeed | None:
        """The body as a feed, without what stood in it before; None when it is the one we had."""
        if fetched.status == 304 and not schedule.validators(state):
            raise FetchError(f"{fetched.url} answered 304 to an unconditional request")
        if schedule.is_unchanged(state, fetched):
            return None
        if not 200 <= fetched.status < 300:
            raise FetchError(f"{fetched.url} answered {fetched.status}")
        parsed = await self.parser.parse(
            fetched.body,
            url=fetched.url,
            headers=fetched.headers,
            known=self.standing.of(state.feed_id).keys(),
            proven=schedule.is_proven(state),
        )
        if not parsed.items and not parsed.unread:
            raise ParseError(f"{fetched.url} is a feed without items")
        return parsed

    # ----------------------------------------------------------------------------- answers are kept

    async def _keep(self, answer: _Answer) -> PollReport:
        """Store an answer with the others of its lot; one of many entries in parts, between lots.

        So a feed of three never waits for one of three thousand, which has its validators stored last.
        """
        if _weight(answer) <= LOT:
            return await self._lots.done(answer)
        async with self._one_long_body:
            loop = asyncio.get_running_loop()
            whole = await loop.run_in_executor(self._writer, self._taken, answer, self.clock())
            reports = [await self._lots.done(part) for part in _parts(whole)]
        return _report(whole, sum(report.matched for report in reports))

    def _take(self, answers: Sequence[_Answer | _Taken]) -> list[PollReport]:
        """Store what bodies hold, with the validators they came with; then place what is new."""
        now = self.clock()
        taken = [
            self._taken(answer, now) if isinstance(answer, _Answer) else answer
            for answer in answers
        ]
        states = [each.after for each in taken]
        filed = [self._file(arrival) for each in taken for arrival in each.news.arrivals]
        matched = Counter[str]()
        if filed:
            self.store.save_polls(states, filed)
            self._index_revisions(filed)
            matched = self.place_waiting()
        else:
            self.store.save_feed_states(states)
        for each in taken:
            if each.news.standing is not None:
                self.standing.renew(each.after.feed_id, each.news.standing)
        return [_report(each, matched[each.after.feed_id]) for each in taken]

    def _taken(self, answer: _Answer, now: datetime) -> _Taken:
        if answer.fetched is None or answer.error:
            after = schedule.after_failure(
                answer.state,
                answer.feed,
                self.settings.fetch,
                error=answer.error,
                now=now,
                fetched=answer.fetched,
            )
            return _Taken(answer=answer, after=after)
        news = self._news(answer, answer.parsed, now) if answer.parsed else _News()
        after = schedule.after_answer(
            answer.state,
            answer.feed,
            self.settings.fetch,
            fetched=answer.fetched,
            parsed=answer.parsed,
            known=news.known,
            now=now,
        )
        return _Taken(answer=answer, after=after, news=news)

    def _news(self, answer: _Answer, parsed: ParsedFeed, now: datetime) -> _News:
        """What is new or revised in a body, and the share of its items we knew."""
        feed = answer.feed
        before, known = self.standing.of(feed.id), self._known(feed, parsed)
        unread = {mark: before[mark] for mark in parsed.unread}
        arrivals = identity.arrivals(
            feed,
            parsed.items,
            known,
            language=feed.language or parsed.language,
            now=now,
            previous_poll_at=answer.state.succeeded_at,
            unread=[entry.item_id for entry in unread.values()],
        )
        new = sum(arrival.change is Change.NEW for arrival in arrivals)
        return _News(
            arrivals=arrivals,
            standing=unread | _standing(feed, parsed, known, arrivals),
            known=schedule.Known(
                share=1 - new / (len(parsed.items) + len(parsed.unread)),
                unread=tuple(entry.published_at for entry in unread.values()),
            ),
        )

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
            Indexed.of(arrival.item, self.store.story_of(arrival.item.id).id, fingerprint)
            for arrival, fingerprint in revised
        )

    # ------------------------------------------------------------------------------ items to stories

    def place_waiting(self) -> Counter[str]:
        """Give every stored item without a story its story; how many joined one, by feed."""
        self._learn_decisions()
        self.matcher.forget(self.clock() - self.settings.match.window)
        joined, more = Counter[str](), True
        while more and not self.stopping:
            waiting = self.store.unplaced(limit=BATCH)
            placed = list(self._placements(waiting))
            self.store.place(placed)
            joined.update(
                item.feed_id
                for (item, _), (move, _, _) in zip(waiting, placed, strict=False)
                if move.match is not None
            )
            more = len(waiting) == BATCH
        return joined

    def _placements(self, waiting: Iterable[tuple[Item, Fingerprint]]) -> Iterator[Placed]:
        """Where each item goes; those that a stop overtakes wait for the next start."""
        drafts = _Drafts(self.store)
        for item, fingerprint in waiting:
            if self.stopping:
                return
            yield self._place(item, fingerprint, drafts)

    def _place(self, item: Item, fingerprint: Fingerprint, drafts: _Drafts) -> Placed:
        placement = self._decide(item, fingerprint)
        story_id = placement.story_id or story.story_id_started_by(item)
        change = drafts.put(story_id, Member(item=item, match=placement.match))
        self.matcher.add([Indexed.of(item, story_id, fingerprint)])
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What asking a feed came to: a body read, None for one we had, or an error."""

    feed: Feed
    state: FeedState
    fetched: Fetched | None = None
    parsed: ParsedFeed | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """What a body says that we did not know; nothing, of one we had."""

    arrivals: tuple[Arrival, ...] = ()
    standing: Mapping[str, Stood] | None = None  # what stands in the body from now on
    known: schedule.Known = field(default_factory=schedule.Known)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """An answer, with what it brought and what the feed becomes by it."""

    answer: _Answer
    after: FeedState
    news: _News = _News()


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
        schedule.reconcile(states[feed.id], feed, now)
        if feed.id in states
        else schedule.first_state(feed, now)
        for feed in wanted.values()
    )


def _weight(answer: _Answer | _Taken) -> int:
    if isinstance(answer, _Taken):
        return 1 + len(answer.news.arrivals)
    return 1 + len(answer.parsed.items) if answer.parsed else 1


def _parts(taken: _Taken) -> Iterator[_Taken]:
    """An answer in parts; the last alone has what the feed becomes by it."""
    arrivals = taken.news.arrivals
    starts = range(0, max(len(arrivals), 1), PART)
    for start in starts[:-1]:
        part = _News(arrivals=arrivals[start : start + PART])
        yield replace(taken, after=taken.answer.state, news=part)
    yield replace(taken, news=replace(taken.news, arrivals=arrivals[starts[-1] :]))


def _standing(
    feed: Feed, parsed: ParsedFeed, known: Mapping[str, Item], arrivals: Iterable[Arrival]
) -> dict[str, Stood]:
    """The marked entries of a body that are stored as they stand, once its arrivals are."""
    arrived = {key: arrival.item for arrival in arrivals for key in arrival.keys}
    latest = {item.id: item for item in arrived.values()}
    stored = {key: latest.get(item.id, item) for key, item in {**known, **arrived}.items()}
    standing = {}
    for entry in parsed.items:
        item = identity.held(feed.id, entry, stored)
        if item and entry.mark:
            standing[entry.mark] = Stood(item.id, entry.published_at)
    return standing


def _report(taken: _Taken, matched: int) -> PollReport:
    """What is told of a poll, but for how long it took."""
    answer, after, arrivals = taken.answer, taken.after, taken.news.arrivals
    report = PollReport(
        feed_id=after.feed_id,
        result=PollResult.CHANGED if arrivals else PollResult.UNCHANGED,
        http_status=answer.fetched.status if answer.fetched else None,
        next_due_at=after.next_due_at,
    )
    if answer.error:
        results = {FeedStatus.GONE: PollResult.GONE, FeedStatus.STALE: PollResult.STALE}
        result = results.get(after.status, PollResult.FAILED)
        return replace(report, result=result, error=answer.error)
    new = sum(arrival.change is Change.NEW for arrival in arrivals)
    items = len(answer.parsed.items) + len(answer.parsed.unread) if answer.parsed else 0
    return replace(report, items=items, new=new, revised=len(arrivals) - new, matched=matched)
