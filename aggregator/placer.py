"""Waiting items get their stories; what matching must know beyond them is learned here.

    stage       | takes                           | gives                        | runs on
    fingerprint | Arrival                         | Arrival, Fingerprint         | writer
    learn       | people's decisions              | items moved in the index     | writer
    read anew   | items with a placeholder's text | items moved, read without it | writer
    look again  | revised items                   | stories that become one      | writer
    place       | Item, Fingerprint without story | Placement (`match` decides)  | writer
    summarise   | members of each changed story   | StoryChange                  | writer
    save        | the placements of a batch       | rows, in one transaction     | writer

A batch ends with an item by which stories become one: what comes next meets one story. What a kill leaves
undone is found by `store.unplaced` and `store.awaited` at the next start. An item that cannot be read or
matched gets a story of its own: one bad text must not stop the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from aggregator.errors import AggregatorError, NotFoundError
from aggregator.links import link_key
from aggregator.match import story
from aggregator.match.addresses import match_at_address
from aggregator.match.matcher import Matcher
from aggregator.match.notices import match_of_notice
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
from aggregator.placeholders import Placeholders
from aggregator.store.placement import Placed
from aggregator.store.store import Store

BATCH = 200  # items in one transaction; set by hand: what a kill undoes against what commits cost
MOST_HELD = 1000  # items, set by hand: those of a first poll of thirty feeds
FIRST_BATCH = 25  # of a run of batches: it tells how large the items are
# Of texts and markup, were all as long as the longest: those of half a million are few at once.
BATCH_CHARACTERS = 4 * 1024 * 1024
_UNREADABLE = Text(title="", body="", language="und")
_JUDGED = 512  # pairs whose verdict is at hand: a story is summarised with each copy
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
        self._stopping = self._is_held = False
        self._joined = Counter[str]()  # since `hold`
        self._version = 0  # of the stories, when decisions were last learned
        self._placeholders = Placeholders(store)
        self._judged: dict[tuple[str, int, str, int], Match] = {}

    def start(self) -> None:
        """Rebuild the index from the store, and place what a kill left waiting."""
        since_at = self._clock() - self._window
        self._version = self.store.version()
        self._renew_fingerprints(since_at)
        self.matcher.add(self.store.indexed(since_at))
        self._renew_summaries(since_at)
        self.place_waiting()

    def stop(self) -> None:
        """Place nothing more than the item at hand; the rest waits for the next start."""
        self._stopping = True

    def hold(self) -> None:
        """Place nothing until `release`: what comes meanwhile is then placed by its dates, all at once.

        No more than `MOST_HELD` items wait for that: of a whole archive the rest comes while they are placed.
        """
        self._is_held = True

    def release(self) -> Counter[str]:
        """Place what waits; how many of all that came since `hold` joined a story, by feed."""
        self._is_held = False
        joined, self._joined = self._joined + self.place_waiting(), Counter()
        return joined

    def fingerprints(self, arrivals: Sequence[Arrival]) -> list[tuple[Arrival, Fingerprint]]:
        """Arrivals as `fingerprint` gives them, those read without their text whose text stands in for a report."""
        return [self.fingerprint(arrival) for arrival in self._placeholders.mark(arrivals)]

    def fingerprint(self, arrival: Arrival) -> tuple[Arrival, Fingerprint]:
        """An arrival with its language and credits, as its text shows them, and its fingerprint.

        A revision that corrects or withdraws its own report waits for no page: it is known what it is about.
        """
        text, fingerprint = self._read(arrival.item)
        item = _as_read(arrival.item, text) if text else arrival.item
        if arrival.change is Change.REVISED:
            if item.notice is not None:
                item = replace(item, awaits_page_until=None)
            item = self._with_replaced(item)
        return replace(arrival, item=item), fingerprint

    def summarise(self, members: Sequence[Member], story_id: str) -> StoryChange:
        """What a story of these members is."""
        return story.summarise(members, story_id, relate=self._judge)

    def _judge(self, a: Item, b: Item) -> Match:
        """The verdict on two stored items; by their ids, for a cache of items would hold their texts."""
        key = (a.id, a.revision, b.id, b.revision)
        if key not in self._judged:
            while len(self._judged) >= _JUDGED:
                del self._judged[next(iter(self._judged))]
            self._judged[key] = self.matcher.judge(a, b)
        return self._judged[key]

    def place_waiting(self) -> Counter[str]:
        """Give every stored item without a story its story; how many joined one, by feed.

        While items are held none are, for `release` counts them.
        """
        if not self._is_held:
            return self._place_all()
        if self.store.count_unplaced(limit=MOST_HELD + 1) > MOST_HELD:
            self._joined += self._place_all()
        return Counter()

    def _place_all(self) -> Counter[str]:
        """Place what waits. Before, revised items are looked at again, so that copies of their new words find them."""
        self._learn_decisions()
        self._learn_moves(self._placeholders.read_anew(self._read_anew, self.summarise))
        self.matcher.forget(self._clock() - self._window)
        self._look_again()
        joined, more, limit = Counter[str](), True, FIRST_BATCH
        while more and not self._stopping:
            waiting = self.store.unplaced(limit=limit)
            placed, united = self._place_batch(waiting)
            self._learn_moves(self.store.place(placed, united=united, summarise=self.summarise))
            joined.update(
                item.feed_id
                for (item, _), (move, _) in zip(waiting, placed, strict=False)
                if move.match is not None
            )
            more = len(waiting) == limit or len(placed) < len(waiting)
            limit = min(2 * limit, _batch_size(item for item, _ in waiting))
        return joined

    def _look_again(self) -> None:
        """Match revised items anew, once copies of them can find their new words.

        A report that was too short to be told from others may have become a copy of one.
        """
        while awaited := self.store.awaited(limit=BATCH):
            self.matcher.add(
                Indexed.of(item, story_id, fingerprint) for item, fingerprint, story_id in awaited
            )
            for item, fingerprint, _ in awaited:
                if self._stopping:
                    return
                home = self.store.story_of(item.id).id  # another of them may have united it
                placement = self._match(item, fingerprint, home)
                moved = self.store.place_again(
                    item, placement.united, placement.related, summarise=self.summarise
                )
                self._learn_moves(moved)

    def _renew_summaries(self, since_at: datetime) -> None:
        """Stories of the window that were summarised by other rules: read and summarise them anew."""
        while stories := self.store.stories_with_other_scheme(story.SCHEME, since_at, limit=BATCH):
            members = [member.item for one in stories for member in one.members]
            texts = [(item, self._read(item)[0]) for item in members]
            self.store.save_readings([_as_read(item, text) for item, text in texts if text])
            self.store.summarise_again([one.id for one in stories], summarise=self.summarise)

    def _with_replaced(self, revised: Item) -> Item:
        """A revised item with the facts that its revisions have replaced."""
        try:
            former = self.store.item(revised.id)
        except NotFoundError:  # revised within one body
            return revised
        return replace(
            revised, corrects=(*former.corrects, *story.replaced_by_revision(former, revised))
        )

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

    def _read_anew(self, item: Item) -> tuple[Item, Fingerprint]:
        text, fingerprint = self._read(item)
        self._judged.clear()
        return _as_read(item, text) if text else item, fingerprint

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
        placed, stories = list[Placed](), dict[str, str]()  # the stories by item
        for item, fingerprint in waiting:
            if self._stopping:
                break
            one, united = self._place(item, fingerprint, stories)
            placed.append(one)
            stories[item.id] = one[0].story_id
            if united:
                return placed, united
        return placed, ()

    def _place(
        self, item: Item, fingerprint: Fingerprint, stories: Mapping[str, str]
    ) -> tuple[Placed, tuple[Match, ...]]:
        match = self._match_by_agency(item)
        home = (stories.get(match.b) or self._story_of(match.b)) if match else None
        placement = self._match(item, fingerprint, home)
        if home is None:
            match = placement.match
        story_id = placement.story_id or story.story_id_started_by(item)
        self.matcher.add([Indexed.of(item, story_id, fingerprint)])
        move = Move(item_id=item.id, story_id=story_id, match=match)
        return (move, placement.related), placement.united

    def _story_of(self, item_id: str) -> str | None:
        """The story of a stored item; None where it waits for one."""
        with suppress(NotFoundError):
            return self.store.story_of(item_id).id
        return None

    def _match(self, item: Item, fingerprint: Fingerprint, home: str | None) -> Placement:
        try:
            return self.matcher.place(item, fingerprint, home=home)
        except AggregatorError:
            raise
        except Exception:
            log.exception("match failed", item=item.id, feed=item.feed_id)
            return Placement(item_id=item.id, story_id=home, match=None)

    def _match_by_agency(self, item: Item) -> Match | None:
        """The match with the item that the agency itself says is the same report."""
        return self._match_of_notice(item) if item.notice else self._match_at_address(item)

    def _match_of_notice(self, notice: Item) -> Match | None:
        """The match with the item that a correction or a kill is about."""
        reported = self.store.of_agency(
            notice.agency_id, notice.reported_at - self._window, notice.reported_at
        )
        return match_of_notice(notice, reported)

    def _match_at_address(self, item: Item) -> Match | None:
        """The match with what another feed of the agency has at the item's address."""
        feeds, key = self._feeds.get(item.agency_id, ()), link_key(item.link)
        if len(feeds) < 2 or key is None:
            return None
        return match_at_address(item, self.store.at_address(feeds, key), self._window)


def _batch_size(items: Iterable[Item]) -> int:
    """How many items as long as the longest of these are read at once: all are in memory until all are placed."""
    sizes = (len(item.text) + len(item.html) + len(item.full_text) for item in items)
    return min(BATCH, max(1, BATCH_CHARACTERS // max(1, max(sizes, default=0))))


def _as_read(item: Item, text: Text) -> Item:
    """An item with its language, its credits, and what it says it is, as its text shows them."""
    return replace(
        item,
        language=text.language,
        credits=text.credits,
        names_source=text.names_source,
        notice=item.stated_notice or text.notice,
    )
