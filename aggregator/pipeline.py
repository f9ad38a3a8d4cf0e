"""One poll: a feed is fetched and parsed, what is new in it is stored, and then placed in stories.

    stage       | takes                  | gives                               | runs on
    fetch       | FeedState              | Fetched                             | event loop
    parse       | Fetched, known digests | ParsedFeed                          | a parser process
    or read     | a folder               | ParsedFeed (`ingest.drop`)          | threads, parsers
    identify    | ParsedItem             | IdentifiedEntry: keys, content hash | a thread
    compare     | entries, known items   | Arrival, the next FeedState         | writer
    fingerprint | Arrival                | Arrival, Fingerprint (`placer`)     | writer
    save        | a batch of these       | rows, in one transaction            | writer
    place       | rows without a story   | stories (`placer`)                  | writer

The writer is one thread: no decision needs a lock. What comes in while it is busy is its next batch.
What a server delivered is stored, with the validators that would hide it next time, before it is
matched; whatever a kill leaves unmatched is placed at the next start. An item whose article page is
wanted is placed by `page_reader`, once that was read.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from aggregator import descriptors
from aggregator.allocation import keep_what_is_loaded
from aggregator.batcher import Batcher
from aggregator.config import Settings
from aggregator.errors import (
    AggregatorError,
    FetchError,
    ParseError,
    ShortageError,
    unexpected,
)
from aggregator.folders import is_folder
from aggregator.ingest import clock_faults, identity, schedule, seen
from aggregator.ingest.articles import Articles
from aggregator.ingest.drop import Drops
from aggregator.ingest.http import refusal
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.identity import IdentifiedEntry
from aggregator.ingest.parse.pool import ParserPool
from aggregator.lengths import median_words
from aggregator.model import (
    Arrival,
    Change,
    Feed,
    FeedState,
    FeedStatus,
    Fetched,
    Item,
    LeftOut,
    ParsedFeed,
    ParsedItem,
    PollReport,
    PollResult,
    SeenEntry,
)
from aggregator.page_reader import PageReader
from aggregator.placer import Placer
from aggregator.store.store import Store

MAX_WEIGHT = 100  # polls, and entries read in them, in one transaction: a second's work at most
PART = 50  # entries of a long body stored together, while others take their turns; set by hand
log = structlog.get_logger()


class Pipeline:
    """Polls feeds: many at once through fetch and parse, then through the writer's thread.

    `clock` gives aware UTC now.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store,
        placer: Placer,
        fetcher: Fetcher,
        parser: ParserPool,
        writer: Executor,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.feeds = {feed.id: feed for feed in settings.feeds}
        self.store = store
        self.placer = placer
        self.fetcher = fetcher
        self.parser = parser
        self.pages = PageReader(
            store=store,
            placer=placer,
            articles=Articles(fetcher, parser, gap=settings.fetch.host_gap),
            feeds=self.feeds,
            writer=writer,
            clock=clock,
        )
        self.drops = Drops(settings.fetch, parser, agencies=settings.agencies)
        self.clock = clock
        self._writer = writer
        self._batcher = Batcher(self._save, writer, weight=_weight, max_weight=MAX_WEIGHT)
        self._one_long_body = asyncio.Lock()

    def start(self) -> None:
        """Learn the subscriptions, then start the placer. On the writer's thread."""
        _subscribe(self.store, self.settings.feeds, self.clock())
        self.placer.start()
        keep_what_is_loaded()

    def set_clock_back(self, by: timedelta) -> None:
        """Have every feed wait as long as it would, though the clock was set back. On the writer's thread."""
        states = self.store.feed_states()
        self.store.save_feed_states(
            clock_faults.set_back(states[feed_id], by)
            for feed_id in self.feeds.keys() & states.keys()
        )

    def stop(self) -> None:
        """Leave long work after the item at hand."""
        self.placer.stop()

    async def poll(self, state: FeedState) -> PollReport:
        """Poll one feed and store what came; its own failures are in the report, as is our own shortage.

        Raises StoreError when the database fails: that is everybody's failure.
        """
        feed = self.feeds[state.feed_id]
        now = asyncio.get_running_loop().time  # the clock may be set meanwhile
        started = now()
        try:
            poll = self._poll_folder if is_folder(feed.url) else self._poll_server
            report = await poll(feed, state)
        except ShortageError as error:
            report = _postponed(feed, str(error))
        except FetchError as error:
            report = await self._batcher.submit(_Outcome(feed=feed, state=state, error=str(error)))
        except AggregatorError:
            raise
        except Exception as error:
            if descriptors.is_short(error):
                return _postponed(feed, descriptors.SHORTAGE)
            # an unforeseen error over what one server sent must not stop the others
            log.exception("poll failed", feed=feed.id)
            message = unexpected(error, f"polling {feed.id}", log_line="poll failed")
            report = await self._batcher.submit(_Outcome(feed=feed, state=state, error=message))
        return replace(report, took=timedelta(seconds=now() - started))

    # ------------------------------------------------------------------ on the event loop: fetch, parse

    async def _poll_server(self, feed: Feed, state: FeedState) -> PollReport:
        async with self.fetcher.get(feed, state) as fetched:
            outcome = await self._read(feed, state, fetched)
            del fetched  # its body was read
            return await self._store(outcome)

    async def _poll_folder(self, feed: Feed, state: FeedState) -> PollReport:
        """Files leave their folder only once what they hold is stored: a kill before costs nothing."""
        batch = await self.drops.read(feed, self.clock())
        outcome = _Outcome(feed=feed, state=state, fetched=batch.fetched)
        if batch.parsed is not None:
            entries = await asyncio.to_thread(_identified, feed.id, batch.parsed.items)
            outcome = replace(outcome, parsed=batch.parsed, entries=entries)
        report = await self._store(outcome)
        await self.drops.put_away(batch, self.clock())
        return replace(report, http_status=None, files=batch.files, files_failed=batch.failed)

    async def _read(self, feed: Feed, state: FeedState, fetched: Fetched) -> _Outcome:
        digest = schedule.body_hash(fetched.body)
        answer = replace(fetched, body=b"")  # what is stored needs no more
        outcome = _Outcome(feed=feed, state=state, fetched=answer, digest=digest)
        try:
            if _is_had(state, fetched, digest):
                return outcome
            before = await asyncio.to_thread(self.store.seen_entries, feed.id, seen.scheme())
            parsed = await self._parse(state, fetched, known=before.keys())
        except (FetchError, ParseError) as error:
            return replace(outcome, error=str(error))
        entries = await asyncio.to_thread(_identified, feed.id, parsed.items)
        return replace(outcome, parsed=parsed, entries=entries, seen=before)

    async def _parse(
        self, state: FeedState, fetched: Fetched, *, known: Collection[str]
    ) -> ParsedFeed:
        """The body as a feed, without the entries seen before."""
        parsed = await self.parser.parse(
            fetched.body,
            url=fetched.url,
            headers=fetched.headers,
            known=known,
            proven=schedule.is_proven(state),
        )
        if not parsed.items and not parsed.unread:
            raise ParseError(_without_items(fetched.url, parsed.left_out))
        return parsed

    def _known(self, feed: Feed, entries: Iterable[IdentifiedEntry]) -> dict[str, Item]:
        keys = {key for entry in entries for key in entry.lookups}
        return self.store.known(feed.id, keys) if keys else {}

    async def _store(self, outcome: _Outcome) -> PollReport:
        """Save an outcome in a batch with others; one of many entries in parts, between batches.

        So a feed of three never waits for one of three thousand, whose validators are saved last.
        """
        if _weight(outcome) <= MAX_WEIGHT:
            return await self._batcher.submit(outcome)
        async with self._one_long_body:
            loop = asyncio.get_running_loop()
            update = await loop.run_in_executor(self._writer, self._update, outcome, self.clock())
            reports = [await self._batcher.submit(part) for part in _parts(update)]
        return _report(update, matched=sum(report.matched for report in reports))

    # ------------------------------------------------------------- on the writer: compare, save, place

    def _save(self, batch: Sequence[_Outcome | _Update]) -> list[PollReport]:
        """Store what bodies hold, with the validators they came with; then place what is new."""
        now = self.clock()
        updates = [
            self._update(each, now) if isinstance(each, _Outcome) else each for each in batch
        ]
        states = [update.state for update in updates]
        arrivals = self.placer.fingerprints(
            [each for update in updates for each in update.arrivals]
        )
        remembered = [
            seen.remembered(update.state.feed_id, update.seen)
            for update in updates
            if update.seen is not None
        ]
        matched = Counter[str]()
        if arrivals:
            self.store.save_polls(states, arrivals, seen=remembered)
            matched = self.placer.place_waiting()
        else:
            self.store.save_feed_states(states, seen=remembered)
        return [_report(each, matched=matched[each.state.feed_id]) for each in updates]

    def _update(self, outcome: _Outcome, now: datetime) -> _Update:
        """What an outcome changes."""
        if outcome.fetched is None or outcome.error:
            state = schedule.after_failure(
                outcome.state,
                outcome.feed,
                self.settings.fetch,
                error=outcome.error,
                now=now,
                fetched=outcome.fetched,
            )
            return _Update(outcome=outcome, state=state)
        body, update = schedule.Body(outcome.digest), _Update(outcome=outcome, state=outcome.state)
        if outcome.parsed is not None:
            body, update = self._compare(outcome, outcome.parsed, now)
        state = schedule.after_success(
            outcome.state,
            outcome.feed,
            self.settings.fetch,
            fetched=outcome.fetched,
            body=body,
            now=now,
        )
        return replace(update, state=state)

    def _compare(
        self, outcome: _Outcome, parsed: ParsedFeed, now: datetime
    ) -> tuple[schedule.Body, _Update]:
        """What is new or revised in a body, and what the schedule must know of it."""
        feed = outcome.feed
        known = self._known(feed, outcome.entries)
        unread = {digest: outcome.seen[digest] for digest in parsed.unread}
        arrivals = identity.arrivals(
            feed,
            outcome.entries,
            known,
            language=parsed.language,
            now=now,
            # A folder is no list: what comes late was not hidden, and its agency says when it wrote it.
            previous_poll_at=None if is_folder(feed.url) else _last_whole_poll_at(outcome.state),
            unread=[entry.item_id for entry in unread.values()],
        )
        new = sum(arrival.change is Change.NEW for arrival in arrivals)
        lengths = [entry.words for entry in outcome.entries]
        body = schedule.Body(
            outcome.digest,
            parsed,
            known_share=1 - new / max(1, len(parsed.items) + len(parsed.unread)),
            unread_published_at=tuple(entry.published_at for entry in unread.values()),
            median_words=median_words([*lengths, *(entry.words for entry in unread.values())]),
        )
        since_at = now - self.settings.match.window
        arrivals = self.pages.awaiting(
            feed, arrivals, known, median_words=body.median_words, since_at=since_at, now=now
        )
        now_seen = unread | _stored_entries(outcome.entries, known, arrivals)
        update = _Update(
            outcome=outcome,
            state=outcome.state,
            arrivals=arrivals,
            seen=None if now_seen == outcome.seen else now_seen,
        )
        return body, update


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What polling a feed came to: a body parsed, None for one we had, or an error."""

    feed: Feed
    state: FeedState  # before the poll
    fetched: Fetched | None = None
    digest: str = ""  # of the body
    parsed: ParsedFeed | None = None
    entries: tuple[IdentifiedEntry, ...] = ()  # those of `parsed`
    seen: Mapping[str, SeenEntry] = field(default_factory=dict)  # in the body before
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Update:
    """What an outcome changes: the feed's state, items, and the entries seen (None: as they were)."""

    outcome: _Outcome
    state: FeedState  # after the poll
    arrivals: tuple[Arrival, ...] = ()
    seen: Mapping[str, SeenEntry] | None = None


def _subscribe(store: Store, feeds: Iterable[Feed], now: datetime) -> None:
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


def _is_had(state: FeedState, fetched: Fetched, digest: str) -> bool:
    """Whether the body is the one we had. Raises FetchError where the answer is neither that nor a new one."""
    if fetched.status == 304 and not schedule.validators(state):
        raise FetchError(f"{fetched.url} answered 304 to an unconditional request")
    if schedule.is_unchanged(state, fetched, digest):
        return True
    if not refusal.is_success(fetched):
        raise FetchError(f"{fetched.url} {refusal.told(fetched)}")
    return False


def _without_items(url: str, left_out: LeftOut) -> str:
    said = f"{url} is a feed without items"
    return f"{said}: all {left_out.total} are empty or broken" if left_out.total else said


def _last_whole_poll_at(state: FeedState) -> datetime | None:
    """When all that the feed had was seen; None where its last body was cut: the rest may come now."""
    was_cut = state.left_out.broken or state.left_out.over_limit
    return None if was_cut else state.succeeded_at


def _identified(feed_id: str, items: Iterable[ParsedItem]) -> tuple[IdentifiedEntry, ...]:
    return tuple(identity.identify(feed_id, item) for item in items)


def _weight(task: _Outcome | _Update) -> int:
    return 1 + len(task.arrivals if isinstance(task, _Update) else task.entries)


def _parts(update: _Update) -> Iterator[_Update]:
    """An update in parts; the last alone has the feed's new state."""
    arrivals, before = update.arrivals, update.outcome.state
    starts = range(0, max(len(arrivals), 1), PART)
    for start in starts[:-1]:
        yield replace(update, state=before, arrivals=arrivals[start : start + PART], seen=None)
    yield replace(update, arrivals=arrivals[starts[-1] :])


def _stored_entries(
    entries: Iterable[IdentifiedEntry], known: Mapping[str, Item], arrivals: Iterable[Arrival]
) -> dict[str, SeenEntry]:
    """The entries whose present text is stored once the arrivals are, by their digests."""
    arrived = {key: arrival.item for arrival in arrivals for key in arrival.keys}
    latest = {item.id: item for item in arrived.values()}
    stored = {key: latest.get(item.id, item) for key, item in {**known, **arrived}.items()}
    found = {}
    for entry in entries:
        item = identity.find_unchanged(entry, stored)
        if item and entry.item.digest:
            found[entry.item.digest] = SeenEntry(
                item_id=item.id, published_at=entry.item.published_at, words=entry.words
            )
    return found


def _postponed(feed: Feed, reason: str) -> PollReport:
    """The report of a poll that could not be made, and that says nothing of the feed."""
    return PollReport(feed_id=feed.id, result=PollResult.POSTPONED, error=reason)


def _report(update: _Update, *, matched: int) -> PollReport:
    """The report of a poll, but for how long it took."""
    outcome, state, arrivals = update.outcome, update.state, update.arrivals
    report = PollReport(
        feed_id=state.feed_id,
        result=PollResult.CHANGED if arrivals else PollResult.UNCHANGED,
        http_status=outcome.fetched.status if outcome.fetched else None,
        next_due_at=state.next_due_at,
        left_out=state.left_out if outcome.parsed else LeftOut(),
        has_more=outcome.parsed is not None and outcome.parsed.has_more,
    )
    if outcome.error:
        results = {FeedStatus.GONE: PollResult.GONE, FeedStatus.STALE: PollResult.STALE}
        result = results.get(state.status, PollResult.FAILED)
        return replace(report, result=result, error=outcome.error)
    new = sum(arrival.change is Change.NEW for arrival in arrivals)
    items = len(outcome.parsed.items) + len(outcome.parsed.unread) if outcome.parsed else 0
    return replace(
        report,
        items=items,
        new=new,
        revised=len(arrivals) - new,
        matched=matched,
        waiting=sum(arrival.item.awaits_page_until is not None for arrival in arrivals),
    )
