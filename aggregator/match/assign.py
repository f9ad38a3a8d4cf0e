"""Verified pairs become a choice of story: here, and nowhere else, the channels are weighed.

1. Each channel gives its pairs. Where it compares an item with all members of a story, the pairs are
   ranked by story, and the mean over the members counts as well as the best; else each pair counts
   for itself, and the story's other members may deny it.
2. A ranking passes when its best pair and its mean reach the channel's thresholds.
3. Of a channel's passing rankings the one with the best pair is its choice. Where another channel
   forbids the choice's best pair, the first channel has no choice at all: an item that repeats a form
   with other names is no copy of any filling of it. Where the story's other members deny the choice,
   or one of the item's own language contradicts it, the next is tried.
4. Of the channels' choices the one with the best pair is the item's story; of equal ones that of the
   earlier channel. Without any the item founds a story.
5. Where the item is certainly one report with members of a second story as well, and no two members
   of one language contradict each other, the stories become one: which was first, and which an item
   joins, must not depend on what came when. Pairs across languages are never so certain.
6. The best pairs with other stories are shown as related.

One strong resemblance is not enough to join a story: the others of its members must not speak
against it, or two stories chain together through an item that has something of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

from aggregator.match.channel import BEYOND_DOUBT, Channel, Pair, Side, Thresholds
from aggregator.match.registry import IndexRow, Registry, cites_another
from aggregator.model import Fingerprint, Item, Placement
from aggregator.provenance import sources_of

_LIKELY = 3  # stories of a channel whose other members are compared, set by hand: bounds the work
_RELATED = 5  # pairs shown, at most: set by hand, what a person will read
_RELATED_SCORE = 0.3  # set by hand: below it a pair has only common words to show
# The score below which two items of one language contradict each other. Two translations into one language
# by different hands score as little (0 to .02 for 10 of 13 invented ones), but credit where they are from;
# of 43 such pairs of real items that have names and figures in common 23 are of two reports, 20 are not labelled.
_CONTRADICTORY = 0.02


class Ranking(NamedTuple):
    """An item against the members of a story that it was compared with, the best first."""

    story_id: str | None  # None for a known item whose story is not known any more
    pairs: tuple[Pair, ...]

    @property
    def best(self) -> Pair:
        """The member it resembles most."""
        return self.pairs[0]

    @property
    def mean(self) -> float:
        """The mean score over the members."""
        return sum(pair.score for pair in self.pairs) / len(self.pairs)

    @property
    def preference(self) -> tuple[float, float]:
        """How it ranks among those that pass: the greater the better."""
        return self.best.score, self.mean

    def passes(self, thresholds: Thresholds) -> bool:
        """Whether best pair and mean are sure enough to join."""
        is_known = self.story_id is not None
        return (
            is_known
            and self.best.score >= thresholds.best
            and (thresholds.mean is None or self.mean >= thresholds.mean)
        )


def assign(
    item: Item,
    fingerprint: Fingerprint,
    channels: Sequence[Channel],
    registry: Registry,
    home: str | None = None,
) -> Placement:
    """Where an item belongs: with a story the channels choose, or in a new one. Changes nothing.

    `home` is the story that the item is in already. It stays there, and the placement says which
    stories become one with it: by what is certain, or, where it is alone in its story, by what it would
    join as a new item.
    """
    return _Assignment(item, fingerprint, channels, registry).placement(home)


def rank(pairs: Iterable[Pair], registry: Registry) -> list[Ranking]:
    """The pairs by story, the story with the strongest single resemblance first."""
    stories: dict[str | None, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        stories.setdefault(_story_of(pair, registry), []).append(pair)
    return [Ranking(story_id, tuple(members)) for story_id, members in stories.items()]


def by_preference(rankings: Iterable[Ranking], thresholds: Thresholds) -> list[Ranking]:
    """The stories an item might join: of those that pass, the one with the best member first."""
    passing = [ranking for ranking in rankings if ranking.passes(thresholds)]
    return sorted(passing, key=lambda ranking: ranking.preference, reverse=True)


class _Assignment:
    """One item, weighed once by every channel."""

    def __init__(
        self,
        item: Item,
        fingerprint: Fingerprint,
        channels: Sequence[Channel],
        registry: Registry,
    ) -> None:
        self._item = item
        self._fingerprint = fingerprint
        self._side = Side(item.id, fingerprint)
        self._registry = registry
        self._ranked = {channel: self._rankings(channel) for channel in channels}

    def placement(self, home: str | None) -> Placement:
        """The item's story, which stories become one with it, and which pairs are only related."""
        is_alone = home is None or not self._others(home)
        chosen = self._choice(home) if is_alone else self._at(home)
        joined = chosen.story_id if chosen else None
        united = [*self._certain(chosen, {home, joined})] if chosen else []
        if home is not None and chosen and joined != home:
            united.insert(0, chosen.best)
        story_id = home or joined
        return Placement(
            item_id=self._item.id,
            story_id=story_id,
            match=chosen.best.match(True) if chosen and home is None else None,
            united=tuple(pair.match(True) for pair in united),
            related=tuple(pair.match(False) for pair in self._related(story_id)),
        )

    def _rankings(self, channel: Channel) -> list[Ranking]:
        """How the item stands to the stories that a channel has pairs with."""
        pairs = [*channel.matches(self._item, self._fingerprint)]
        if channel.thresholds.mean is None:
            return [Ranking(_story_of(pair, self._registry), (pair,)) for pair in pairs]
        ranked = rank(pairs, self._registry)
        compared = {pair.item_id for pair in pairs}
        rest = [
            row
            for ranking in ranked[:_LIKELY]
            if ranking.best.score >= channel.thresholds.best and ranking.story_id is not None
            for row in self._registry.members(ranking.story_id)
            if row.item_id not in compared
        ]
        if not rest:
            return ranked
        more = channel.compare(self._item, self._fingerprint, rest)
        return rank([*pairs, *more], self._registry)

    def _choice(self, home: str | None) -> Ranking | None:
        """The story that the item would join; not the one it is in."""
        choices = [
            choice
            for channel, ranked in self._ranked.items()
            if (choice := self._choice_of(channel, ranked, home))
        ]
        return max(choices, key=lambda ranking: ranking.preference, default=None)

    def _choice_of(
        self, channel: Channel, ranked: Sequence[Ranking], home: str | None
    ) -> Ranking | None:
        """The story that a channel would have the item join."""
        for ranking in by_preference(ranked, channel.thresholds):
            if home is not None and ranking.story_id == home:
                continue
            if channel.others.forbid(self._fingerprint, ranking.best):
                return None
            if self._is_corroborated(ranking) or not self._is_denied(channel, ranking):
                return ranking
        return None

    def _is_corroborated(self, ranking: Ranking) -> bool:
        """Whether the item names the agency of its best pair as its source, and the two are alike beyond doubt.

        Then it need not be like the others: it may be a brief of the one that it was taken from.
        """
        if ranking.best.score < BEYOND_DOUBT or ranking.story_id is None:
            return False
        named = sources_of(self._item)
        return any(
            row.item_id == ranking.best.item_id and row.agency_id in named
            for row in self._registry.members(ranking.story_id)
        )

    def _is_denied(self, channel: Channel, ranking: Ranking) -> bool:
        """Whether the story's other members speak against joining it by its best pair."""
        if channel.thresholds.mean is not None or ranking.story_id is None:
            return False
        rows = self._others(ranking.story_id)
        rest = [row for row in rows if row.item_id != ranking.best.item_id]
        if channel.denies(self._fingerprint, [row.item_id for row in rest]):
            return True
        return self._is_contradicted(rest)

    def _is_contradicted(self, rows: Sequence[IndexRow]) -> bool:
        """Whether a member of the item's own language has next to nothing in common with it.

        A text that credits another agency does not contradict: it may be a translation of its own.
        """
        if cites_another(self._item.credits, self._item.agency_id):
            return False
        original = [row for row in rows if not self._registry.cites(row.item_id)]
        return any(
            score < _CONTRADICTORY
            for channel in self._ranked
            for score in channel.scores(self._side, original)
        )

    def _at(self, story_id: str | None) -> Ranking | None:
        """How the item certainly stands to the story it is in."""
        for ranked in self._ranked.values():
            for ranking in ranked:
                if ranking.story_id == story_id and ranking.best.is_certain:
                    return ranking
        return None

    def _certain(self, chosen: Ranking, joined: set[str | None]) -> Iterator[Pair]:
        """The best pairs with further stories that become one with the chosen."""
        if not chosen.best.is_certain:
            return
        members = [row for story_id in joined if story_id for row in self._others(story_id)]
        for channel, ranked in self._ranked.items():
            for ranking in by_preference(ranked, channel.thresholds):
                if not ranking.best.is_certain or ranking.story_id in {None, *joined}:
                    continue
                rows = self._others(ranking.story_id or "")
                is_forbidden = channel.others.forbid(self._fingerprint, ranking.best)
                if not is_forbidden and _are_alike(channel, rows, members):
                    members += rows
                    yield ranking.best

    def _related(self, story_id: str | None) -> list[Pair]:
        unchosen = [
            ranking.best
            for ranked in self._ranked.values()
            for ranking in ranked
            if ranking.story_id != story_id or story_id is None
        ]
        related = [pair for pair in unchosen if pair.score >= _RELATED_SCORE]
        return sorted(related, key=lambda pair: -round(pair.score, 4))[:_RELATED]

    def _others(self, story_id: str) -> list[IndexRow]:
        """The known members of a story but the item itself."""
        rows = self._registry.members(story_id)
        return [row for row in rows if row.item_id != self._item.id]


def _are_alike(channel: Channel, some: Sequence[IndexRow], others: Sequence[IndexRow]) -> bool:
    """Whether the members of two stories are as alike as those of one, and none contradict each other."""
    scores = [score for row in some for score in channel.scores(Side(row.item_id), others)]
    least_mean = channel.thresholds.mean or 0.0
    return bool(scores) and min(scores) >= _CONTRADICTORY and fmean(scores) >= least_mean


def _story_of(pair: Pair, registry: Registry) -> str | None:
    return registry.story_of(pair.item_id) if pair.story_id is None else pair.story_id
