"""Which entries of a body are items we hold, which are revisions of them, and which are new. Pure.

    its keys --> known items it may be --+-- the same words, and no other of them --> nothing
                                         +-- the same guid and link ---------------> a revision
                                         +-- either, and words in common ----------> a revision
                                         +-- none of these ------------------------> a new item

Feeds reuse guids, change them at every poll, put tracking into links and give many items one link.
So no key is believed alone where words contradict it: a doubled item is ugly, a lost one is lost.
Nor is an item revised by another entry while its own is in the same body.

Nor are words believed alone: those of a daily programme never change. An entry with the words of an
item is another item

- where the item has an entry of its own in the body, or where the key they share has stood for several
  items before (`shared_mark`): unless date and files agree; and without dates, unless guid or link do,
  as long as the feed's guids last from poll to poll;
- elsewhere, when it brings other sound, film or documents at another time, or when it has the words
  alone in common and came twenty hours later.

So one entry at a time that has a new guid and date, but the link and the words of the last one, is that
one: some feeds change both at every poll.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.ingest import versions
from aggregator.ingest.compare import (
    brings_other_files,
    differ,
    has_same_guid,
    have_other_names,
    is_edit,
    is_other_programme,
    is_repeated,
)
from aggregator.ingest.keys import (
    IdentifiedEntry,
    content_hash,
    content_key,
    identify,
    shared_mark,
)
from aggregator.ingest.parse.dates import EARLIEST_YEAR
from aggregator.model import Arrival, Change, Feed, Item, ParsedItem

__all__ = [
    "IdentifiedEntry",
    "arrivals",
    "content_hash",
    "find_unchanged",
    "identify",
]

_FLAPPING = timedelta(hours=6)  # a text replaced so lately and back again comes from a stale cache
_CLOCK_SKEW = timedelta(minutes=10)  # how far ahead a server's clock may be and be believed
_EDITING_TIME = timedelta(hours=1)  # an item may appear so long after it says it was published


def find_unchanged(entry: IdentifiedEntry, known: Mapping[str, Item]) -> Item | None:
    """The known item whose very words the entry has; None where it is new or changed."""
    hits = [item for _, item in _hits(entry, known) if item.content_hash == entry.content_hash]
    own = (item for item in hits if has_same_guid(item, entry.item) or not differ(item, entry.item))
    return next(own, hits[0] if hits else None)


def arrivals(
    feed: Feed,
    entries: Sequence[IdentifiedEntry],
    known: Mapping[str, Item],
    *,
    language: str | None,
    now: datetime,
    previous_poll_at: datetime | None,
    unread: Collection[str] = (),
) -> tuple[Arrival, ...]:
    """What of a body is new or revised, the oldest first.

    `language` is the body's, as it says itself.
    `known` maps the entries' `lookups` to the stored items that answer to them.
    `previous_poll_at` is when the feed's last poll succeeded; None before its first, and where the last
    body was cut, so that what it lacked may come now.
    `unread` are the ids of stored items whose entries are in the body unchanged, and not among
    `entries`.
    """
    distinct = _distinct(entries)
    comparison = _Comparison(
        feed=feed,
        language=language,
        now=now,
        late_before=previous_poll_at - _EDITING_TIME if previous_poll_at else None,
        known=dict(known),
        unread=frozenset(unread),
        guids_last=bool(unread) or not known or any(_own(entry, known) for entry in distinct),
        holders={item.id: entry for entry in distinct if (item := _own(entry, known))},
    )
    comparison.mark_shared(distinct)
    found: dict[str, Arrival] = {}
    for entry in distinct:
        arrival = comparison.arrival(entry)
        if arrival is not None:
            found[arrival.item.id] = _merged(found.get(arrival.item.id), arrival)
            comparison.learn(found[arrival.item.id])
    # Bodies have the newest first, and sorting keeps the order of equals: turn them round before.
    oldest_first = reversed(found.values())
    return tuple(sorted(oldest_first, key=lambda arrival: arrival.item.reported_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """One body being compared with what is known; `known` grows by the body's own items.

    `holders` are the entries that items have of their own in the body, by the items' ids. `shared` are
    keys that entries of the body have in common though they differ. Reports dated before `late_before`
    came late.
    """

    feed: Feed
    language: str | None
    now: datetime
    late_before: datetime | None
    known: dict[str, Item]
    unread: frozenset[str]
    guids_last: bool
    holders: dict[str, IdentifiedEntry]
    shared: set[str] = field(default_factory=set)

    def mark_shared(self, entries: Iterable[IdentifiedEntry]) -> None:
        """Find the keys by which entries with the same words would be one though they differ."""
        first: dict[tuple[str, str], IdentifiedEntry] = {}
        for entry in entries:
            for key in entry.keys:
                other = first.setdefault((key, entry.content_hash), entry)
                if other is not entry and self._stand_apart(other.item, entry.item):
                    self.shared.add(key)

    def arrival(self, entry: IdentifiedEntry) -> Arrival | None:
        """The entry as a new item or a revision; None when it is nothing new, or not to be shown yet."""
        if versions.is_embargoed(entry.item, self.now):
            return None
        held = versions.held(entry.item, entry.keys, self.known)
        if held is not None:
            return self._version(held, entry)
        if not versions.may_found(entry.item):
            return None
        same = None if versions.is_withdrawal(entry.item) else self._same(entry)
        if same is None:
            return self._new(entry)
        self.holders.setdefault(same.id, entry)
        return self._revision(same, entry)

    def _revision(self, same: Item, entry: IdentifiedEntry) -> Arrival | None:
        """What the entry changes of the item it is; None for nothing."""
        has_same_words = same.content_hash == entry.content_hash
        if has_same_words and not brings_other_files(same, entry.item):
            return None
        if self._is_flapping(same, entry):
            return None
        revised = versions.with_words(
            replace(same, revision=same.revision + 1, revised_at=self.now),
            entry.item,
            entry.content_hash,
            feed=self.feed,
        )
        return Arrival(item=revised, change=Change.REVISED, keys=entry.keys)

    def _version(self, held: Item, entry: IdentifiedEntry) -> Arrival | None:
        """The entry as a revision of the item that its agency says it is."""
        revised = versions.revision(
            held, entry.item, entry.content_hash, feed=self.feed, now=self.now
        )
        if revised is None:
            return None
        return Arrival(item=revised, change=Change.REVISED, keys=entry.keys)

    def learn(self, arrival: Arrival) -> None:
        """Know the arrival by its keys, but for those that are another's: so does the store."""
        for key in arrival.keys:
            if self.known.setdefault(key, arrival.item).id == arrival.item.id:
                self.known[key] = arrival.item

    def _same(self, entry: IdentifiedEntry) -> Item | None:
        """The stored item the entry is: the one with its very words, else the likeliest one."""
        hits = _hits(entry, self.known)
        for key, item in hits:
            if item.content_hash == entry.content_hash and self._is_itself(key, item, entry):
                return item
        return next((item for key, item in hits if self._is_edited(key, item, entry)), None)

    def _is_itself(self, key: str, item: Item, entry: IdentifiedEntry) -> bool:
        """Whether an item with the entry's very words is the entry's, and not another of them."""
        has_own_entry = item.id in self.unread or self.holders.get(item.id, entry) is not entry
        if has_own_entry or self._is_shared(key):
            return not self._stand_apart(item, entry.item)
        if key.startswith("guid:"):
            return True
        return not (is_other_programme(item, entry.item) or is_repeated(key, item, entry))

    def _is_edited(self, key: str, item: Item, entry: IdentifiedEntry) -> bool:
        """Whether the entry has other words of an item that has no entry of its own in the body."""
        if item.id in self.unread or item.content_hash == entry.content_hash:
            return False
        if self._is_shared(key) and self._stand_apart(item, entry.item):
            return False
        return is_edit(key, item, entry)

    def _is_shared(self, key: str) -> bool:
        return key in self.shared or shared_mark(key) in self.known

    def _stand_apart(self, one: Item | ParsedItem, other: ParsedItem) -> bool:
        """Whether two of the same words, each in the body or under a shared key, are two reports."""
        if (one.published_at and other.published_at) or not self.guids_last:
            return differ(one, other)
        return differ(one, other) or have_other_names(one, other)

    def _is_flapping(self, item: Item, entry: IdentifiedEntry) -> bool:
        """The item had these words before and lost them lately: some of the site's caches are old."""
        had_before = any(
            key.startswith("text:")
            and self.known.get(key, item).id == item.id
            and key in self.known
            for key in entry.keys
        )
        return had_before and item.revised_at is not None and self.now - item.revised_at < _FLAPPING

    def _new(self, entry: IdentifiedEntry) -> Arrival:
        """A new item; the keys that were another's already are marked as shared by both."""
        published_at = self._plausible(entry.item.published_at)
        taken = [key for key in (*entry.keys, *entry.common) if key in self.known]
        marked = [*taken, *(key for key in entry.common if key.startswith("link:"))]
        is_one_of_several = taken or not self.shared.isdisjoint(entry.keys)
        keys = (*entry.keys, entry.occasion) if entry.occasion and is_one_of_several else entry.keys
        item = Item(
            id=self._new_id(keys, entry),
            feed_id=self.feed.id,
            agency_id=self.feed.agency_id,
            title=entry.item.title,
            text=entry.item.text,
            html=entry.item.html,
            full_text=entry.item.full_text,
            is_whole=versions.is_whole(entry.item, self.feed),
            guid=entry.item.guid,
            link=entry.item.link,
            language=self._language(entry.item),
            published_at=published_at,
            seen_at=self.now,
            reported_at=self._reported_at(published_at),
            content_hash=entry.content_hash,
            enclosures=entry.item.enclosures,
            versioned_at=entry.item.versioned_at,
            stated_notice=entry.item.notice,
        )
        self.holders[item.id] = entry
        keys = tuple(dict.fromkeys((*keys, *map(shared_mark, marked))))
        return Arrival(item=item, change=Change.NEW, keys=keys)

    def _language(self, entry: ParsedItem) -> str | None:
        """The entry's own, unless it is what all of the feed says: a person's word goes before that."""
        own = entry.language if entry.language != self.language else None
        return own or self.feed.language or self.language

    def _new_id(self, keys: Sequence[str], entry: IdentifiedEntry) -> str:
        """From the strongest key that names no other item; a reused guid must not give a used id."""
        free = [key for key in keys if key not in self.known]
        strongest = free[0] if free else "\n".join((*entry.keys, entry.content_hash))
        digest = hashlib.sha256(f"{self.feed.id}\n{strongest}".encode("utf-8", "replace")).digest()
        return b32encode(digest[:10]).decode().lower()

    def _plausible(self, published_at: datetime | None) -> datetime | None:
        if published_at is None or published_at.year < EARLIEST_YEAR:
            return None
        return published_at if published_at <= self.now + _CLOCK_SKEW else None

    def _reported_at(self, published_at: datetime | None) -> datetime:
        """When it was published; now, where a feed already polled shows an old date: that came late."""
        if published_at is None or (self.late_before and published_at < self.late_before):
            return self.now
        return min(published_at, self.now)


def _hits(entry: IdentifiedEntry, known: Mapping[str, Item]) -> list[tuple[str, Item]]:
    """The items an entry may be, by its keys, the surest first."""
    return [(key, known[key]) for key in (entry.occasion, *entry.keys) if key in known]


def _own(entry: IdentifiedEntry, known: Mapping[str, Item]) -> Item | None:
    """The known item that has the entry's guid, where the guid tells entries of the body apart."""
    guids = (known.get(key) for key in entry.keys if key.startswith("guid:"))
    return next((item for item in guids if item and has_same_guid(item, entry.item)), None)


def _distinct(entries: Sequence[IdentifiedEntry]) -> list[IdentifiedEntry]:
    """The body's entries without doubles, each with the keys that no entry of other words shares."""
    unique: dict[tuple[tuple[str, ...], str, str], IdentifiedEntry] = {}
    for entry in entries:
        unique.setdefault((entry.keys, entry.content_hash, entry.occasion), entry)
    contents: dict[str, set[str]] = {}
    for keys, digest, _ in unique:
        for key in keys:
            contents.setdefault(key, set()).add(digest)
    shared = {key for key, digests in contents.items() if len(digests) > 1}
    return [_without(shared, entry) for entry in unique.values()]


def _without(shared: Collection[str], entry: IdentifiedEntry) -> IdentifiedEntry:
    own = tuple(key for key in entry.keys if key not in shared)
    common = tuple(key for key in entry.keys if key in shared)
    return replace(entry, keys=own or (content_key(entry.content_hash),), common=common)


def _merged(before: Arrival | None, arrival: Arrival) -> Arrival:
    """Two entries of one body that are one item: it is new, or a revision, as the first said."""
    if before is None:
        return arrival
    both = tuple(dict.fromkeys((*before.keys, *arrival.keys)))
    revision = before.item.revision
    item = replace(arrival.item, revision=revision, revised_at=before.item.revised_at)
    return Arrival(item=item, change=before.change, keys=both)
