"""Which entries of a body are items we hold, which are revisions of them, and which are new. Pure.

    entry -- identify --> Entry with keys and hash
    its keys --> known items it may be --+-- the same words --------------> nothing
                                         +-- the same guid and link ------> a revision
                                         +-- either, and words in common -> a revision
                                         +-- none of these ---------------> a new item

Feeds reuse guids, change them at every poll, put tracking into links and give many items one link.
So no key is believed alone where words contradict it: a doubled item is ugly, a lost one is lost.
Nor is an item revised by another entry while its own is in the same body.

The thresholds are set by hand, each between the two errors: a doubled item and a lost one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.ingest import versions
from aggregator.ingest.parse.dates import EARLIEST_YEAR
from aggregator.links import bounded, is_home, link_key, normal_link
from aggregator.model import Arrival, Change, Feed, Item, ParsedItem

_MIN_TEXT_LENGTH = 40  # characters that tell one item from another without guid or link
# Likeness (the share of the shorter text's words that the other has) from which other words under a
# known key are an edit: below it the key was reused, and a revision would overwrite another item.
_ONE_KEY_LIKENESS = 0.3  # guid or link is the same, and there is no other of them to contradict it
_CONTRADICTED_LIKENESS = 0.5  # one of the two is the same, the other is not
_REPEATED_AFTER = timedelta(hours=20)  # daily notices in the same words are items of their own
_FLAPPING = timedelta(hours=6)  # a text replaced so lately and back again comes from a stale cache
_CLOCK_SKEW = timedelta(minutes=10)  # how far ahead a server's clock may be and be believed
_EDITING_TIME = timedelta(hours=1)  # an item may appear so long after it says it was published
_COUNTER = re.compile(
    r"^\W*(?:views?|hits|reads|прегледи|прегледа|показвания|просмотр(?:ов|ы|а)?|прочтений|"
    r"қаралым|қаралды|оқылды)\W*[\d\s.,]*\W*$|^[\d\s.,]+(?:views?|прегледа|просмотр(?:ов|а)?|қаралым)$",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedEntry:
    """An entry of a body, with what it is recognised by: computed once, carried from then on.

    `keys` are all the identities it answers to in its feed, strongest first; none if it has none:
    "guid:…", "link:…" (without tracking, scheme and host normalised; never a home page), "text:…" (a
    digest of title and text: with the time of publication where no link tells items apart, without it
    where the words are long enough to do so).
    """

    item: ParsedItem
    keys: tuple[str, ...]
    content_hash: str

    @property
    def words(self) -> frozenset[str]:
        """The words that likeness is measured by."""
        return _words(self.item.title, self.item.text)


def identify(feed_id: str, item: ParsedItem) -> IdentifiedEntry:
    """The entry with its keys in this feed and its content hash."""
    digest = content_hash(item.title, item.text)
    return IdentifiedEntry(item=item, keys=tuple(_keys(feed_id, item, digest)), content_hash=digest)


def find_unchanged(entry: IdentifiedEntry, known: Mapping[str, Item]) -> Item | None:
    """The known item whose very words the entry has; None where it is new or changed."""
    found = (known.get(key) for key in entry.keys)
    return next((item for item in found if item and item.content_hash == entry.content_hash), None)


def content_hash(title: str, text: str) -> str:
    """Equal for texts whose difference is no revision: space, invisible characters, view counters."""
    normal = unicodedata.normalize("NFC", f"{title}\n{_COUNTER.sub('', text)}")
    return _digest(" ".join(normal.split()))


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

    `known` maps keys of the body's entries to the stored items that answer to them.
    `previous_poll_at` is when the feed's last poll succeeded; None before its first.
    `unread` are the ids of stored items whose entries are in the body unchanged, and not among
    `entries`.
    """
    comparison = _Comparison(
        feed=feed,
        language=language,
        now=now,
        previous_poll_at=previous_poll_at,
        known=dict(known),
        unread=frozenset(unread),
    )
    found: dict[str, Arrival] = {}
    for entry in _distinct(entries):
        arrival = comparison.arrival(entry)
        if arrival is not None:
            found[arrival.item.id] = _merged(found.get(arrival.item.id), arrival)
            comparison.learn(found[arrival.item.id])
    # Bodies have the newest first, and sorting keeps the order of equals: turn them round before.
    oldest_first = reversed(found.values())
    return tuple(sorted(oldest_first, key=lambda arrival: arrival.item.reported_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """One body being compared with what is known; `known` grows by the body's own items."""

    feed: Feed
    language: str | None
    now: datetime
    previous_poll_at: datetime | None
    known: dict[str, Item]
    unread: frozenset[str]

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
            return Arrival(item=self._new(entry), change=Change.NEW, keys=entry.keys)
        if same.content_hash == entry.content_hash or self._is_flapping(same, entry):
            return None
        revised = replace(
            same,
            title=entry.item.title,
            text=entry.item.text,
            html=entry.item.html,
            full_text=entry.item.full_text or same.full_text,
            is_whole=entry.item.is_whole,
            guid=entry.item.guid or same.guid,
            link=entry.item.link or same.link,
            revision=same.revision + 1,
            revised_at=self.now,
            content_hash=entry.content_hash,
        )
        return Arrival(item=revised, change=Change.REVISED, keys=entry.keys)

    def _version(self, held: Item, entry: IdentifiedEntry) -> Arrival | None:
        """The entry as a revision of the item that its agency says it is."""
        revised = versions.revision(held, entry.item, entry.content_hash, self.now)
        if revised is None:
            return None
        return Arrival(item=revised, change=Change.REVISED, keys=entry.keys)

    def learn(self, arrival: Arrival) -> None:
        self.known.update(dict.fromkeys(arrival.keys, arrival.item))

    def _same(self, entry: IdentifiedEntry) -> Item | None:
        """The stored item the entry is: the one with its very words, else the likeliest one."""
        hits = [(key, self.known[key]) for key in entry.keys if key in self.known]
        for key, item in hits:
            if item.content_hash == entry.content_hash and not _is_repeated(key, item, entry):
                return item
        return next(
            (
                item
                for key, item in hits
                if item.id not in self.unread and _is_edit(key, item, entry)
            ),
            None,
        )

    def _is_flapping(self, item: Item, entry: IdentifiedEntry) -> bool:
        """The item had these words before and lost them lately: some of the site's caches are old."""
        had_before = any(
            key.startswith("text:")
            and self.known.get(key, item).id == item.id
            and key in self.known
            for key in entry.keys
        )
        return had_before and item.revised_at is not None and self.now - item.revised_at < _FLAPPING

    def _new(self, entry: IdentifiedEntry) -> Item:
        published_at = self._plausible(entry.item.published_at)
        return Item(
            id=self._new_id(entry),
            feed_id=self.feed.id,
            agency_id=self.feed.agency_id,
            title=entry.item.title,
            text=entry.item.text,
            html=entry.item.html,
            full_text=entry.item.full_text,
            is_whole=entry.item.is_whole,
            guid=entry.item.guid,
            link=entry.item.link,
            language=entry.item.language or self.feed.language or self.language,
            published_at=published_at,
            seen_at=self.now,
            reported_at=self._reported_at(published_at),
            content_hash=entry.content_hash,
            versioned_at=entry.item.versioned_at,
            stated_notice=entry.item.notice,
        )

    def _new_id(self, entry: IdentifiedEntry) -> str:
        """From the strongest key that names no other item; a reused guid must not give a used id."""
        free = [key for key in entry.keys if key not in self.known]
        strongest = free[0] if free else "\n".join((*entry.keys, entry.content_hash))
        digest = hashlib.sha256(f"{self.feed.id}\n{strongest}".encode("utf-8", "replace")).digest()
        return b32encode(digest[:10]).decode().lower()

    def _plausible(self, published_at: datetime | None) -> datetime | None:
        if published_at is None or published_at.year < EARLIEST_YEAR:
            return None
        return published_at if published_at <= self.now + _CLOCK_SKEW else None

    def _reported_at(self, published_at: datetime | None) -> datetime:
        """When it was published; now, where a feed already polled shows an old date: that came late."""
        if published_at is None:
            return self.now
        if (
            self.previous_poll_at is not None
            and published_at < self.previous_poll_at - _EDITING_TIME
        ):
            return self.now
        return min(published_at, self.now)


def _distinct(entries: Sequence[IdentifiedEntry]) -> list[IdentifiedEntry]:
    """The body's entries without doubles, each with the keys that no different entry of it shares."""
    unique: dict[tuple[tuple[str, ...], str], IdentifiedEntry] = {}
    for entry in entries:
        unique.setdefault((entry.keys, entry.content_hash), entry)
    contents: dict[str, set[str]] = {}
    for keys, digest in unique:
        for key in keys:
            contents.setdefault(key, set()).add(digest)
    shared = {key for key, digests in contents.items() if len(digests) > 1}
    return [_without(shared, entry) for entry in unique.values()]


def _without(shared: Collection[str], entry: IdentifiedEntry) -> IdentifiedEntry:
    own = tuple(key for key in entry.keys if key not in shared)
    return replace(entry, keys=own or (_key("text", entry.content_hash),))


def _merged(before: Arrival | None, arrival: Arrival) -> Arrival:
    """Two entries of one body that are one item: it is new, or a revision, as the first said."""
    if before is None:
        return arrival
    both = tuple(dict.fromkeys((*before.keys, *arrival.keys)))
    revision = before.item.revision
    item = replace(arrival.item, revision=revision, revised_at=before.item.revised_at)
    return Arrival(item=item, change=before.change, keys=both)


def _is_repeated(key: str, item: Item, entry: IdentifiedEntry) -> bool:
    """The same words again a day later, under another guid or link.

    An entry that has neither is its words, whenever it was published.
    """
    then, again = item.published_at, entry.item.published_at
    return (
        key.startswith("text:")
        and any(not other.startswith("text:") for other in entry.keys)
        and not _same_guid(item, entry)
        and not _same_link(item, entry)
        and then is not None
        and again is not None
        and abs(again - then) > _REPEATED_AFTER
    )


def _is_edit(key: str, item: Item, entry: IdentifiedEntry) -> bool:
    """Whether other words under a key we know are an edit, and not another item."""
    if key.startswith("text:"):
        return False  # a former revision's words, and neither guid nor link
    if _same_guid(item, entry) and (_same_link(item, entry) or not (item.link or entry.item.link)):
        return bool(entry.item.link) or _likeness(item, entry) >= _ONE_KEY_LIKENESS
    another = entry.item.link if key.startswith("guid:") else entry.item.guid
    before = item.link if key.startswith("guid:") else item.guid
    contradicted = another and before
    return _likeness(item, entry) >= (_CONTRADICTED_LIKENESS if contradicted else _ONE_KEY_LIKENESS)


def _same_guid(item: Item, entry: IdentifiedEntry) -> bool:
    return bool(item.guid) and item.guid == entry.item.guid


def _same_link(item: Item, entry: IdentifiedEntry) -> bool:
    if not item.link or not entry.item.link:
        return False
    return normal_link(item.link) == normal_link(entry.item.link)


def _likeness(item: Item, entry: IdentifiedEntry) -> float:
    """The share of the shorter one's words that the other has too, in [0, 1]."""
    stored, present = _words(item.title, item.text), entry.words
    shorter = min(len(stored), len(present))
    return len(stored & present) / shorter if shorter else 0.0


def _words(title: str, text: str) -> frozenset[str]:
    """Words longer than two letters: the short ones any two texts share."""
    words = _WORD.findall(f"{title} {text}".lower())
    return frozenset(word for word in words if len(word) > 2 or word.isdecimal())


def _keys(feed_id: str, item: ParsedItem, digest: str) -> Iterator[str]:
    if item.guid and not is_home(item.guid):
        yield _key("guid", item.guid)
    if key := link_key(item.link):
        yield key
    if item.published_at and not item.link:
        yield _key("text", _digest(feed_id, digest, item.published_at.isoformat()))
    if len(item.title) + len(item.text) >= _MIN_TEXT_LENGTH:
        yield _key("text", _digest(feed_id, digest))


def _key(kind: str, value: str) -> str:
    return f"{kind}:{bounded(value)}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:40]
