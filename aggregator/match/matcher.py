"""Items become stories: the one object the pipeline speaks to, over the channels of this room.

    Item --read--> Text --fingerprint--> Fingerprint --place--> Placement
                         channel.features                 |
                                             channel.matches, compare -> assign

`place` decides and changes nothing; `add` makes an item known once the caller has stored it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from aggregator.config import MatchSettings
from aggregator.match.assign import assign
from aggregator.match.channel import (
    Channel,
    Fingerprints,
    OtherChannels,
    PrintedItem,
    ReadItem,
)
from aggregator.match.crosslang.channel import CrossLanguageChannel
from aggregator.match.crosslang.scoring import too_short
from aggregator.match.embedding.channel import EmbeddingChannel
from aggregator.match.embedding.model import load_model
from aggregator.match.registry import Registry
from aggregator.match.text.reader import Reader
from aggregator.match.words.channel import WordsChannel
from aggregator.model import (
    Agency,
    ChannelPrint,
    Fingerprint,
    Indexed,
    Item,
    Kind,
    Match,
    Placement,
    Text,
)

MEMBERS_INDEXED = 8  # of a story: one reprinted 300 times breaks a posting cap counted in items
LANGUAGE_INDEXED = 2  # of a story in each language, even beyond those; set by hand


class Matcher:
    """Reads, fingerprints and places items; knows those of the window.

    `fingerprints` gives the fingerprints of those of the item ids asked for that it has; what it
    gave is kept while it is often needed. `channels` are further ways of recognising copies, asked
    after the built-in ones. Nothing here reads a clock, a network or a database.
    """

    def __init__(
        self,
        settings: MatchSettings,
        agencies: Sequence[Agency],
        fingerprints: Fingerprints,
        channels: Sequence[Channel] = (),
    ) -> None:
        self._reader = Reader(agencies)
        self._fingerprints = fingerprints
        self.words = WordsChannel(fingerprints, window=settings.window, mode=settings.mode)
        self._registry: Registry = self.words
        self._channels: tuple[Channel, ...] = (
            self.words,
            *_across_languages(settings, fingerprints),
            *channels,
        )
        for channel in self._channels:
            channel.others = OtherChannels(c for c in self._channels if c is not channel)

    @property
    def schemes(self) -> dict[str, str]:
        """The scheme of each channel by its name: what a fingerprint must have to be compared."""
        return {channel.name: channel.scheme for channel in self._channels}

    def read(self, item: Item) -> Text:
        """The cleaned words of an item; pure but for the boilerplate learned of its feed."""
        return self._reader.read(item)

    def fingerprint(self, text: Text) -> Fingerprint:
        """What matching keeps of a text: a part for each channel."""
        return Fingerprint(
            language=text.language,
            parts=tuple(
                ChannelPrint(
                    channel=channel.name, scheme=channel.scheme, data=channel.features(text)
                )
                for channel in sorted(self._channels, key=lambda channel: channel.name)
            ),
        )

    def reads(self, fingerprint: Fingerprint) -> bool:
        """Whether a fingerprint has a part of each channel, under the scheme of today."""
        return self.schemes.items() <= fingerprint.schemes.items()

    def place(self, item: Item, fingerprint: Fingerprint, *, home: str | None = None) -> Placement:
        """Where an item belongs: with the story of the member it resembles most, or in a new one.

        `home` is the story of an item that is in one already, and has other words now: it stays there,
        and the placement says which stories become one with it.
        """
        return assign(item, fingerprint, self._channels, self._registry, home)

    def members(self, story_id: str) -> list[str]:
        """The ids of the known members of a story; at most some eight of each story are."""
        return [*dict.fromkeys(row.item_id for row in self._registry.members(story_id))]

    def add(self, entries: Iterable[Indexed]) -> None:
        """Make items known to `place`; also many at once, in the order of their time."""
        for entry in entries:
            for channel in self._channels:
                channel.invalidate(entry.item_id)
            if self._is_indexed(entry):
                for channel in self._channels:
                    channel.add(entry)

    def move(self, item_id: str, story_id: str) -> None:
        """An item came into another story, whoever moved it; one that is not indexed is left alone."""
        self._registry.move(item_id, story_id)

    def forget(self, before_at: datetime) -> None:
        """Let go of items reported before a time; in blocks, so that some stay a while longer."""
        for channel in self._channels:
            channel.forget(before_at)

    def judge(self, a: Item, b: Item) -> Match:
        """The verdict on two stored items by themselves, as of `explain`, without facts and passages."""
        known = self._fingerprints([a.id, b.id])
        if a.id not in known or b.id not in known:
            return _verdict(a, b, [])
        one, other = PrintedItem(a, known[a.id]), PrintedItem(b, known[b.id])
        return _verdict(a, b, [channel.judge(one, other) for channel in self._channels])

    def explain(self, a: Item, b: Item) -> Match:
        """Why two items are, or are not, one story, with facts and passages side by side.

        `RELATED` when the pair alone would not be merged; the score says how far it is from it. Of
        several channels that have an answer, the one that would merge the pair, else the first.
        """
        texts = self.read(a), self.read(b)
        one, other = (
            ReadItem(item, text, self.fingerprint(text))
            for item, text in zip((a, b), texts, strict=True)
        )
        return _verdict(a, b, [channel.explain(one, other) for channel in self._channels])

    def _is_indexed(self, entry: Indexed) -> bool:
        """Whether an item is among the members that its story is known by."""
        members = self._registry.members(entry.story_id)
        alike = [row for row in members if row.language == entry.fingerprint.language]
        return len(members) < MEMBERS_INDEXED or len(alike) < LANGUAGE_INDEXED


def _verdict(a: Item, b: Item, answers: Sequence[Match | None]) -> Match:
    """The first answer that would merge a pair, else the first there is."""
    matches = [match for match in answers if match] or [too_short(a.id, b.id)]
    return max(matches, key=lambda match: match.kind is not Kind.RELATED)


def _across_languages(settings: MatchSettings, fingerprints: Fingerprints) -> list[Channel]:
    """The channel for translations, and that of the embedding model, where the settings ask for it."""
    crosslang = CrossLanguageChannel(
        fingerprints, window=settings.window, strict=settings.mode == "strict"
    )
    model = load_model(settings.semantic)
    if model is None:
        return [crosslang]
    embedding = EmbeddingChannel(
        model,
        fingerprints,
        window=settings.window,
        says_enough=lambda text: bool(crosslang.features(text)),
    )
    return [crosslang, embedding]
