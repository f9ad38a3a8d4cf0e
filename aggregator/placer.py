"""Waiting items get their stories; what matching must know beyond them is learned here.

    stage       | takes                           | gives                        | runs on
    fingerprint | Arrival                         | Arrival, Fingerprint         | writer
    index       | revised arrivals, stored        | their new words in the index | writer
    learn       | people's decisions              | items moved in the index     | writer
    place       | Item, Fingerprint without story | Placement (`match` decides)  | writer
    summarise   | members of each changed story   | StoryChange                  | writer
    save        | the placements of a batch       | rows, in one transaction     | writer

Whatever a kill leaves without a story is found by `store.unplaced` at the next start. An item that
cannot be read or matched gets a story of its own: one bad text must not stop the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from aggregator.errors import AggregatorError
from aggregator.match import story
from aggregator.match.matcher import Matcher
from aggregator.model import (
    Arrival,
    Change,
    Fingerprint,
    Indexed,
    Item,
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

    `window` is how far back items are matched, `clock` gives aware UTC now. Every method but `stop`
    must run on the writer's thread.
    """

    def __init__(
        self,
        store: Store,
        matcher: Matcher,
        *,
        window: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.matcher = matcher
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
        item = replace(arrival.item, language=text.language, credits=text.credits)
        return replace(arrival, item=item), fingerprint

    def index_revisions(self, stored: Iterable[tuple[Arrival, Fingerprint]]) -> None:
        """Index the new words of corrected texts, so that copies of those find them."""
        self.matcher.add(
            Indexed.of(arrival.item, self.store.story_of(arrival.item.id).id, fingerprint)
            for arrival, fingerprint in stored
            if arrival.change is Change.REVISED
        )

    def place_waiting(self) -> Counter[str]:
        """Give every stored item without a story its story; how many joined one, by feed."""
        self._learn_decisions()
        self.matcher.forget(self._clock() - self._window)
        joined, more = Counter[str](), True
        while more and not self._stopping:
            waiting = self.store.unplaced(limit=BATCH)
            placed = list(self._place_each(waiting))
            self.store.place(placed)
            joined.update(
                item.feed_id
                for (item, _), (move, _, _) in zip(waiting, placed, strict=False)
                if move.match is not None
            )
            more = len(waiting) == BATCH
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
        for item_id, story_id in self.store.moves_since(self._version):
            self.matcher.move(item_id, story_id)
        self._version = version

    def _place_each(self, waiting: Sequence[tuple[Item, Fingerprint]]) -> Iterator[Placed]:
        drafts = _Drafts(self.store)
        for item, fingerprint in waiting:
            if self._stopping:
                return
            yield self._place(item, fingerprint, drafts)

    def _place(self, item: Item, fingerprint: Fingerprint, drafts: _Drafts) -> Placed:
        placement = self._match(item, fingerprint)
        story_id = placement.story_id or story.story_id_started_by(item)
        change = drafts.add(story_id, Member(item=item, match=placement.match))
        self.matcher.add([Indexed.of(item, story_id, fingerprint)])
        move = Move(item_id=item.id, story_id=story_id, match=placement.match)
        return move, change, placement.related

    def _match(self, item: Item, fingerprint: Fingerprint) -> Placement:
        try:
            return self.matcher.place(item, fingerprint)
        except AggregatorError:
            raise
        except Exception:
            log.exception("match failed", item=item.id, feed=item.feed_id)
            return Placement(item_id=item.id, story_id=None, match=None)


class _Drafts:
    """Stories as they become within one batch, before the store has them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._members: dict[str, list[Member]] = {}

    def add(self, story_id: str, member: Member) -> StoryChange:
        """Add a member; what the story becomes by it."""
        if story_id not in self._members:
            joins = member.match is not None
            self._members[story_id] = list(self._store.story(story_id).members) if joins else []
        self._members[story_id].append(member)
        return story.summarise(self._members[story_id], story_id=story_id)
