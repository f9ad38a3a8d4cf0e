"""Stories for a file of items, with the daemon's matcher and without holding the texts.

    lines -> read -> fingerprint (on every core) -> spill -> in the order of time: place, add -+
                                                                         in the file's order <-+
Within a run an item's id is its number in the file, so that memory holds numbers, not strings.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypedDict

import numpy as np

from aggregator.cluster.forks import map_in_forks, useful_children
from aggregator.cluster.jsonl import EPOCH, read_item
from aggregator.cluster.placeholders import Placeholders
from aggregator.cluster.spill import SpillFile
from aggregator.config import MatchSettings
from aggregator.errors import UsageError
from aggregator.match.matcher import Matcher
from aggregator.match.story import lead_of
from aggregator.model import (
    Agency,
    ChannelPrint,
    Credit,
    Fingerprint,
    Indexed,
    Item,
    Placement,
    Text,
)

Progress = Callable[[str, int, int | None], None]  # stage, items done, items in all if known
_FORGETS_PER_WINDOW = 16  # how often within a window old items are forgotten; set by hand


class OutputMatch(TypedDict):
    """A match in a line of the output."""

    id: str
    kind: str
    score: float


class OutputLine(TypedDict):
    """A line of the output, as the contract of `cluster` has it."""

    id: str
    story: str
    lead: bool
    matches: list[OutputMatch]


def cluster(
    lines: Iterable[str],
    settings: MatchSettings,
    *,
    agencies: Sequence[Agency] = (),
    progress: Progress | None = None,
) -> Iterator[OutputLine]:
    """The stories of items given as lines of JSON, a line for each item in the same order.

    An item has `id`, `title`, `text`, and optionally `agency`, `language`, `published`, `url`.
    Raises UsageError, naming the line, before anything is yielded when a line is not such an item.
    """
    work = _Clustering(settings, agencies, progress or (lambda _stage, _done, _total: None))
    try:
        work.read(lines)
        work.place()
        yield from work.lines()
    finally:
        work.close()


class _ReadItem(NamedTuple):
    """What a child process needs of an item: a whole one takes longer to send than its text."""

    id: str
    agency_id: str
    reported_at: float
    text: Text


class _SpilledItem(NamedTuple):
    """An item as it is spilled: plain values, no text."""

    agency_id: str
    reported_at: float
    credits: list[tuple[str, str, bool, bool]]  # agency, phrase, agreement, background
    language: str
    parts: list[tuple[str, str, bytes]]  # channel, scheme, data

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(
            language=self.language,
            parts=tuple(
                ChannelPrint(channel=channel, scheme=scheme, data=data)
                for channel, scheme, data in self.parts
            ),
        )

    def item(self, number: int) -> Item:
        at = datetime.fromtimestamp(self.reported_at, UTC)
        return Item(
            id=str(number),
            feed_id=self.agency_id,
            agency_id=self.agency_id,
            title="",
            text="",
            seen_at=at,
            reported_at=at,
            language=self.language,
            credits=tuple(
                Credit(
                    agency_id=agency_id, phrase=phrase, agreement=agreement, background=background
                )
                for agency_id, phrase, agreement, background in self.credits
            ),
        )


class _Clustering:
    """One run over one file."""

    def __init__(
        self, settings: MatchSettings, agencies: Sequence[Agency], progress: Progress
    ) -> None:
        self._ids = SpillFile()  # (id,) by item
        self._items = SpillFile()  # _SpilledItem by item
        self._matches = SpillFile()  # ((item, kind, score), …) by rank in time
        self._times = array("d")
        self._id_hashes = array("Q")  # by item
        self._lengths = array("L")  # by item: characters of title and text
        self._stories = array("q")  # by item: the number of the item that founded its story
        self._united: dict[int, int] = {}  # by story: the older one that it became one with
        self._time_ranks = array("q")  # by item: its rank in time, the order of placing
        self._placeholders = Placeholders()
        self._read_anew: dict[int, _SpilledItem] = {}  # by item: what stands for that of `_items`
        self._window = settings.window
        self._progress = progress
        # a model has threads of its own, which no fork survives
        self._children = 0 if settings.semantic else useful_children()
        self._matcher = Matcher(settings, agencies, self._fingerprints)

    def close(self) -> None:
        for spill in (self._ids, self._items, self._matches):
            spill.close()

    def read(self, lines: Iterable[str]) -> None:
        """Read and fingerprint every line. Raises UsageError."""
        for item_id, length, spilled in map_in_forks(
            self._fingerprinted, self._read_texts(lines), self._children
        ):
            self._lengths.append(length)
            self._ids.append((item_id,))
            self._id_hashes.append(_id_hash(item_id))
            self._times.append(spilled.reported_at)
            self._items.append(spilled)
            self._progress("read", len(self._items), None)
        self._refuse_duplicate_ids()
        for number, item in self._placeholders.earlier:
            _, _, spilled = self._fingerprinted(self._read(item))
            self._read_anew[number] = spilled

    def place(self) -> None:
        """Give every item its story, in the order of time; of one time the longest text first."""
        count = len(self._items)
        self._stories = array("q", bytes(8 * count))
        self._time_ranks = array("q", bytes(8 * count))
        next_forget_at = -np.inf
        lengths = np.array(self._lengths, dtype=np.int64)
        # whatever the order of the file, so that it does not decide which story an item joins
        order = np.lexsort((np.array(self._id_hashes), -lengths, np.array(self._times)))
        for rank, number in enumerate(order.tolist()):
            if self._times[number] >= next_forget_at:
                next_forget_at = self._forget(self._times[number])
            self._time_ranks[number] = rank
            self._place(number)
            self._progress("match", rank + 1, count)
        self._stories = array("q", map(self._present, self._stories))

    def lines(self) -> Iterator[OutputLine]:
        """The output, in the order of the file."""
        leads = self._leads()
        for number in range(len(self._items)):
            yield OutputLine(
                id=self._id_of(number),
                story=f"s{self._stories[number]}",
                lead=bool(leads[number]),
                matches=[
                    OutputMatch(id=self._id_of(other), kind=kind, score=score)
                    for other, kind, score in self._matches[self._time_ranks[number]]
                ],
            )
            self._progress("write", number + 1, len(self._items))

    def _read_texts(self, lines: Iterable[str]) -> Iterator[_ReadItem]:
        """What the lines say, in their order: boilerplate is learned from what came before."""
        before_at, count = EPOCH, 0
        for number, line in enumerate(lines, start=1):
            if line.strip():
                item = read_item(line, number, before_at)
                before_at = item.reported_at
                yield self._read(self._placeholders.mark(count, item))
                count += 1

    def _read(self, item: Item) -> _ReadItem:
        text = self._matcher.read(item)
        return _ReadItem(item.id, item.agency_id, item.reported_at.timestamp(), text)

    def _fingerprinted(self, read: _ReadItem) -> tuple[str, int, _SpilledItem]:
        text = read.text
        fingerprint = self._matcher.fingerprint(text)
        spilled = _SpilledItem(
            agency_id=read.agency_id,
            reported_at=read.reported_at,
            credits=[(c.agency_id, c.phrase, c.agreement, c.background) for c in text.credits],
            language=fingerprint.language,
            parts=[(part.channel, part.scheme, part.data) for part in fingerprint.parts],
        )
        return read.id, len(text.title) + len(text.body), spilled

    def _place(self, number: int) -> None:
        spilled = self._of(number)
        item, fingerprint = spilled.item(number), spilled.fingerprint()
        placement = self._matcher.place(item, fingerprint)
        founder = int(placement.story_id.removeprefix("s")) if placement.story_id else number
        for match in placement.united:
            founder = self._unite(founder, self._present(self._stories[int(match.b)]))
        self._stories[number] = founder
        self._matches.append(_matches(placement))
        self._matcher.add([Indexed.of(item, f"s{founder}", fingerprint)])

    def _unite(self, one: int, other: int) -> int:
        """Make two stories one; which of them, the older, it is from now on."""
        survivor, absorbed = sorted((one, other), key=self._time_ranks.__getitem__)
        if survivor != absorbed:
            self._united[absorbed] = survivor
            for item_id in self._matcher.members(f"s{absorbed}"):
                self._matcher.move(item_id, f"s{survivor}")
        return survivor

    def _present(self, founder: int) -> int:
        """The story that one is part of now."""
        while founder in self._united:
            founder = self._united[founder]
        return founder

    def _forget(self, now: float) -> float:
        """Let the matcher forget what no item from `now` on can be a copy of; when to do so next."""
        window = self._window.total_seconds()
        before_at = EPOCH + timedelta(seconds=now - window - EPOCH.timestamp())
        self._matcher.forget(before_at)
        return now + window / _FORGETS_PER_WINDOW

    def _of(self, number: int) -> _SpilledItem:
        return self._read_anew.get(number) or _SpilledItem(*self._items[number])

    def _id_of(self, number: int) -> str:
        (item_id,) = self._ids[number]
        return str(item_id)

    def _fingerprints(self, item_ids: Sequence[str]) -> Mapping[str, Fingerprint]:
        return {item_id: self._of(int(item_id)).fingerprint() for item_id in item_ids}

    def _leads(self) -> bytearray:
        """For each item whether it leads its story."""
        leads = bytearray(len(self._items))
        stories = np.array(self._stories, dtype=np.int64)
        order = np.argsort(stories, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(stories[order])) + 1):
            if group.size:
                leads[self._lead(group.tolist())] = 1
        return leads

    def _lead(self, numbers: Sequence[int]) -> int:
        if len(numbers) == 1:
            return numbers[0]
        return int(lead_of([self._of(number).item(number) for number in numbers]).id)

    def _refuse_duplicate_ids(self) -> None:
        unique, counts = np.unique(np.array(self._id_hashes, dtype=np.uint64), return_counts=True)
        if unique.size < len(self._id_hashes):
            twice = int(unique[counts > 1][0])
            again = self._id_hashes.index(twice, self._id_hashes.index(twice) + 1)
            raise UsageError(
                f"item {again + 1}: the id {self._id_of(again)!r} was given before; make ids unique"
            )


def _matches(placement: Placement) -> tuple[tuple[int, str, float], ...]:
    """The match to the story first, then those with stories that became one with it, then the related."""
    joined = (*((placement.match,) if placement.match else ()), *placement.united)
    known = {match.b for match in joined}
    matches = (*joined, *(match for match in placement.related if match.b not in known))
    return tuple((int(match.b), str(match.kind), round(match.score, 4)) for match in matches)


def _id_hash(item_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(item_id.encode(), digest_size=8).digest(), "little")
