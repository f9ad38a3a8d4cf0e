"""Waiting items get their stories; what matching must know beyond them is learned here.

    stage       | takes                           | gives                        | runs on
    fingerprint | Arrival                         | Arrival, Fingerprint         | writer
    look again  | revised arrivals, stored        | stories that become one      | writer
    learn       | people's decisions              | items moved in the index     | writer
    place       | Item, Fingerprint without story | Placement (`match` decides)  | writer
    summarise   | members of each changed story   | StoryChange                  | writer
    save        | the placements of a batch       | rows, in one transaction     | writer

A batch ends with an item by which stories become one: what comes next meets one story. Whatever a kill leaves without a story is found by `store.unplaced` at the next start. An item that
cannot be read or matched gets a story of its own: one bad text must not stop the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from aggregator.errors import AggregatorError, NotFoundError
from aggregator.ingest.identity import link_key
from aggregator.match import story
from aggregator.match.addresses import match_at_address
from aggregator.match.matcher import Matcher
from aggregator.model import (
    Arrival,
    Change,
    Feed,
    Fingerprint,
    Indexed,
    Item,
    Match,
    Member,
    Move,
    Placement,
    StoryChange,
    Text,
)
from aggregator.store.placement import Placed
from aggregator.store.store import Store

BATCH = 200  # items in one transaction; set by hand: what a kill undoes against what commits cost
_UNREADABLE = Text(title="", body="", language="und")
log = structlog.get_logger()


class Placer:
    """Keeps the matcher's index in step with the store, and places what waits.

    `feeds` are those whose items it places, `window` is how far back items are matched, `clock` gives
    aware UTC now. Every method but `stop` must run on the writer's thread.
    """

    def __init__(
        self,
        store: Store,
        matcher: Matcher,
        *,
        feeds: Iterable[Feed],
        window: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.matcher = matcher
        self._feeds: dict[str, list[str]] = {}  # by agency
        for feed in feeds:
            self._feeds.setdefault(feed.agency_id, []).append(feed.id)
        self._window = window
        self._clock = clock
        self._stopping = False
        self._version = 0  # of the stories, when decisions were last learned

    def start(self) -> None:
        """Rebuild the index from the store, and place what a kill left waiting."""
        since_at = self._clock() - self._window
        self._version = self.store.version()
        self._renew_fingerprints(since_at)
        self.matcher.add(self.store.indexed(since_at))
        self.place_waiting()

    def stop(self) -> None:
        """Place nothing more than the item at hand; the rest waits for the next start."""
        self._stopping = True

    def fingerprint(self, arrival: Arrival) -> tuple[Arrival, Fingerprint]:
        """An arrival with its language and credits, as its text shows them, and its fingerprint."""
        text, fingerprint = self._read(arrival.item)
        if text is None:
            return arrival, fingerprint
        item = replace(
            arrival.item,
            language=text.language,
            credits=text.credits,
            names_source=text.names_source,
        )
        return replace(arrival, item=item), fingerprint

    def look_again(self, stored: Iterable[tuple[Arrival, Fingerprint]]) -> None:
        """Match revised texts anew, once copies of them can find their new words.

        A report that was too short to be told from others may have become a copy of one.
        """
        revised = [
            (arrival.item, fingerprint, self.store.story_of(arrival.item.id).id)
            for arrival, fingerprint in stored
            if arrival.change is Change.REVISED
        ]
        self.matcher.add(
            Indexed.of(item, story_id, fingerprint) for item, fingerprint, story_id in revised
        )
        for item, fingerprint, _ in revised:
            if self._stopping:
                return
            home = self.store.story_of(item.id).id  # another of them may have united it
            placement = self._match(item, fingerprint, home)
            self._learn_moves(
                self.store.place_again(placement.united, placement.related, summarise=_summarise)
            )

    def place_waiting(self) -> Counter[str]:
        """Give every stored item without a story its story; how many joined one, by feed."""
        self._learn_decisions()
        self.matcher.forget(self._clock() - self._window)
        joined, more = Counter[str](), True
        while more and not self._stopping:
            waiting = self.store.unplaced(limit=BATCH)
            placed, united = self._place_batch(waiting)
            self._learn_moves(self.store.place(placed, united=united, summarise=_summarise))
            joined.update(
                item.feed_id
                for (item, _), (move, _, _) in zip(waiting, placed, strict=False)
                if move.match is not None
            )
            more = len(waiting) == BATCH or len(placed) < len(waiting)
        return joined

    def _renew_fingerprints(self, since_at: datetime) -> None:
        """Fingerprints of another scheme cannot be compared: make them anew from the stored texts."""
        while items := self.store.items_with_other_scheme(
            self.matcher.schemes, since_at, limit=BATCH
        ):
            self.store.save_fingerprints({item.id: self._read(item)[1] for item in items})
            since_at = items[-1].reported_at

    def _read(self, item: Item) -> tuple[Text | None, Fingerprint]:
        """An item's text and fingerprint; no text, and the fingerprint of none, where it cannot be read."""
        try:
            text = self.matcher.read(item)
            return text, self.matcher.fingerprint(text)
        except Exception:
            log.exception("reading failed", item=item.id, feed=item.feed_id)
            return None, self.matcher.fingerprint(_UNREADABLE)

    def _learn_decisions(self) -> None:
        """People decide in other processes (`aggregator join`): see where items are now."""
        version = self.store.version()
        self._learn_moves(self.store.moves_since(self._version))
        self._version = version

    def _learn_moves(self, moved: Iterable[tuple[str, str]]) -> None:
        for item_id, story_id in moved:
            self.matcher.move(item_id, story_id)

    def _place_batch(
        self, waiting: Sequence[tuple[Item, Fingerprint]]
    ) -> tuple[list[Placed], tuple[Match, ...]]:
        """The placements of items until one makes stories one, and the pairs by which it does."""
        drafts, placed = _Drafts(self.store), list[Placed]()
        for item, fingerprint in waiting:
            if self._stopping:
                break
            one, united = self._place(item, fingerprint, drafts)
            placed.append(one)
            if united:
                return placed, united
        return placed, ()

    def _place(
        self, item: Item, fingerprint: Fingerprint, drafts: _Drafts
    ) -> tuple[Placed, tuple[Match, ...]]:
        match = self._match_at_address(item)
        home = drafts.story_of(match.b) if match else None
        placement = self._match(item, fingerprint, home)
        if home is None:
            match = placement.match
        story_id = placement.story_id or story.story_id_started_by(item)
        change = drafts.add(story_id, Member(item=item, match=match))
        self.matcher.add([Indexed.of(item, story_id, fingerprint)])
        move = Move(item_id=item.id, story_id=story_id, match=match)
        return (move, change, placement.related), placement.united

    def _match(self, item: Item, fingerprint: Fingerprint, home: str | None) -> Placement:
        try:
            return self.matcher.place(item, fingerprint, home=home)
        except AggregatorError:
            raise
        except Exception:
            log.exception("match failed", item=item.id, feed=item.feed_id)
            return Placement(item_id=item.id, story_id=home, match=None)

    def _match_at_address(self, item: Item) -> Match | None:
        """The match with what another feed of the agency has at the item's address."""
        feeds, key = self._feeds.get(item.agency_id, ()), link_key(item.link)
        if len(feeds) < 2 or key is None:
            return None
        return match_at_address(item, self.store.at_address(feeds, key), self._window)


class _Drafts:
    """Stories as they become within one batch, before the store has them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._members: dict[str, list[Member]] = {}
        self._stories: dict[str, str] = {}  # by item

    def add(self, story_id: str, member: Member) -> StoryChange:
        """Add a member; what the story becomes by it."""
        if story_id not in self._members:
            joins = member.match is not None
            self._members[story_id] = list(self._store.story(story_id).members) if joins else []
        self._members[story_id].append(member)
        self._stories[member.item.id] = story_id
        return _summarise(self._members[story_id], story_id)

    def story_of(self, item_id: str) -> str | None:
        """The story of an item; None where it waits for one."""
        with suppress(NotFoundError):
            return self._stories.get(item_id) or self._store.story_of(item_id).id
        return None


def _summarise(members: Sequence[Member], story_id: str) -> StoryChange:
    return story.summarise(members, story_id=story_id)
