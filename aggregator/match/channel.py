"""What a channel is: one way of recognising copies, and the seam where another is added.

    text ----- features ------> bytes, stored with the item under the channel's name and scheme
    new item - matches -------> pairs with known items, scored   --+
    a story -- compare -------> pairs with its other members       +--> `assign` arbitrates
    a pair --- forbids, denies  what speaks against joining      --+
    stories -- scores --------> whether their members contradict each other
    a pair --- suggest, support what helps another channel to find and to score it
           --- judge, explain   the verdict on two given items, and all that can be shown for it

Three channels are built in: `words` (edited copies), `crosslang` (translations) and, where
`match.semantic` asks for it, `embedding` (which only suggests and supports). Another one is a class
derived from `Channel`, given to the `Matcher`. A channel knows neither clock, network nor database,
and equal calls in equal order give equal answers. Only `add`, `invalidate` and `forget` change what
it knows. One thread at a time calls a matcher and its channels.
"""

# ruff: noqa: ARG002 - a channel that takes no part in a question does not look at it

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, NamedTuple

from aggregator.match.registry import IndexRow
from aggregator.model import Credit, Fingerprint, Indexed, Item, Match, Text

# The score from which what differs between two texts does not forbid that they are one report, unless a
# rule says it whatever the score: set by hand, above the 0.95 of two texts whose numbers and names all
# agree (`words.classifier`), below equal words.
BEYOND_DOUBT = 0.96
Fingerprints = Callable[[Sequence[str]], Mapping[str, Fingerprint]]  # those there are, by item id


class Thresholds(NamedTuple):
    """The scores, in [0, 1], from which an item joins a story.

    `best` is what its best pair with the story must reach. `mean` is what the mean over the story's
    members must reach; None for a channel that does not compare an item with every member.
    """

    best: float
    mean: float | None = None


class Pair(NamedTuple):
    """A new item and a known one, as a channel verified them."""

    item_id: str  # of the known item
    # In [0, 1]; below the channel's `Thresholds.best` for a pair that must not be merged.
    score: float
    match: Callable[[bool], Match]  # the match with its evidence, for a pair that joined or did not
    story_id: str | None = None  # of the known item, when at hand; else the registry is asked
    is_certain: bool = False  # whether two stories that an item is so like become one by it


class Suggestion(NamedTuple):
    """A known item that a channel holds to be worth another channel's look."""

    item_id: str
    language: str
    reported_at: datetime
    agency_id: str = ""
    credits: tuple[Credit, ...] = ()

    @classmethod
    def of(cls, entry: Indexed) -> Suggestion:
        """The suggestion to look at an indexed item."""
        return cls(
            entry.item_id,
            entry.fingerprint.language,
            entry.reported_at,
            entry.agency_id,
            entry.credits,
        )


class Side(NamedTuple):
    """One item of a pair; without a fingerprint it is one that the channel knows by its id."""

    item_id: str
    fingerprint: Fingerprint | None = None


class PrintedItem(NamedTuple):
    """An item with its fingerprint at hand."""

    item: Item
    fingerprint: Fingerprint


class ReadItem(NamedTuple):
    """An item with its text and fingerprint at hand, as `explain` has it."""

    item: Item
    text: Text
    fingerprint: Fingerprint

    @property
    def printed(self) -> PrintedItem:
        """The item with what its text says of it, without the text."""
        return PrintedItem(replace(self.item, credits=self.text.credits), self.fingerprint)


class Support(NamedTuple):
    """A pair's score after another channel was heard, and what that channel measured, by name."""

    score: float
    features: Mapping[str, float]


class OtherChannels:
    """All channels of a matcher but one, as that one and the arbitration ask them."""

    def __init__(self, channels: Iterable[Channel] = ()) -> None:
        self._channels = tuple(channels)

    def suggest(self, item: Item, fingerprint: Fingerprint) -> list[Suggestion]:
        """The known items that any of them holds to be worth a look, in the order of the channels."""
        return [
            suggestion
            for channel in self._channels
            for suggestion in channel.suggest(item, fingerprint)
        ]

    def support(self, score: float, own: Side, other: Side) -> Support:
        """A pair's score, in [0, 1], after all were heard in their order, and what they measured."""
        features: dict[str, float] = {}
        for channel in self._channels:
            score, measured = channel.support(score, own, other)
            features.update(measured)
        return Support(score, features)

    def forbid(self, fingerprint: Fingerprint, pair: Pair) -> bool:
        """Whether any of them forbids a pair."""
        return any(channel.forbids(fingerprint, pair) for channel in self._channels)


class Channel(ABC):
    """One way of recognising copies. What is not overridden takes no part.

    Of an item only `id`, `agency_id`, `language`, `reported_at` and `credits` are sure to be filled: its
    words are in the fingerprint.
    """

    name: ClassVar[str]  # what its bytes are stored under: a short word, never changed
    scheme: str  # what its bytes are comparable under; changed with whatever changes them
    thresholds: Thresholds = Thresholds(best=1.0)
    others: OtherChannels = OtherChannels()  # the matcher sets it before the first call

    @abstractmethod
    def features(self, text: Text) -> bytes:
        """What the channel keeps of a text: all that it will ever see of it. Pure; b"" for too little."""

    @abstractmethod
    def add(self, entry: Indexed) -> None:
        """Make an item known, or the present revision of one that is."""

    def invalidate(self, item_id: str) -> None:  # noqa: B027 - most channels cache nothing
        """Drop what is cached of an item: its fingerprint has changed, whether or not it is added."""

    @abstractmethod
    def forget(self, before_at: datetime) -> None:
        """Let go of the items reported before a time; some may stay for a while."""

    def matches(self, item: Item, fingerprint: Fingerprint) -> Sequence[Pair]:
        """The pairs of an item with known ones of the window, the likeliest first. Changes nothing."""
        return ()

    def compare(
        self, item: Item, fingerprint: Fingerprint, members: Sequence[IndexRow]
    ) -> Sequence[Pair]:
        """The pairs of an item with given members of a story; asked where `thresholds.mean` is set."""
        return ()

    def forbids(self, fingerprint: Fingerprint, pair: Pair) -> bool:
        """Whether a pair of an item that another channel found must not be merged.

        Asked of every choice, whatever its score: a channel that only doubts does not forbid a pair
        whose score is `BEYOND_DOUBT`.
        """
        return False

    def denies(self, fingerprint: Fingerprint, member_ids: Sequence[str]) -> bool:
        """Whether the other members of a story speak against an item that this channel would join to it.

        Asked where `thresholds.mean` is None.
        """
        return False

    def scores(self, own: Side, members: Sequence[IndexRow]) -> Sequence[float]:
        """How like an item is to those of these known ones that it can be compared with, in [0, 1].

        They tell whether members of stories contradict each other, so only pairs certainly of one
        language are of use, and those that say enough. The order is that of `members`.
        """
        return ()

    def suggest(self, item: Item, fingerprint: Fingerprint) -> Sequence[Suggestion]:
        """The known items that a channel which scores pairs should look at."""
        return ()

    def support(self, score: float, own: Side, other: Side) -> Support:
        """The score, in [0, 1], that another channel gave a pair, raised where this one finds reason to."""
        return Support(score, {})

    def judge(self, a: PrintedItem, b: PrintedItem) -> Match | None:
        """The verdict on a pair by itself; None for a pair that is none of the channel's business.

        `Kind.RELATED` when the pair alone would not be merged. Facts and passages are not filled.
        """
        return None

    def explain(self, a: ReadItem, b: ReadItem) -> Match | None:
        """Why two items are, or are not, one report; None for a pair that is none of its business.

        `Kind.RELATED` when the pair alone would not be merged. Facts and passages are filled.
        """
        return None


def may_share_language(a: str, b: str) -> bool:
    """Whether two texts are, or may be, of one language (ISO 639-1, "und" when unknown)."""
    return a == b or "und" in {a, b}
