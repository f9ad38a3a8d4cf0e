"""Verified pairs become a choice of story: here, and nowhere else, the channels are weighed.

1. Each channel gives its pairs. Where it compares an item with all members of a story, the pairs are
   ranked by story, and the mean over the members counts, never a single link; else each pair counts
   for itself, and the story's other members may deny it.
2. A ranking passes when its best pair and its mean reach the channel's thresholds.
3. Of a channel's passing rankings the one with the highest mean is its choice. Where another channel
   forbids the choice's best pair, the first channel has no choice at all: an item that repeats a form
   with other names is no copy of any filling of it. A score beyond doubt is not forbidden. Where the
   story's other members deny the choice, the next is tried.
4. Of the channels' choices the one with the highest mean is the item's story; of equal ones that of
   the earlier channel. Without any the item founds a story.
5. The best pairs with other stories are shown as related.

One strong resemblance is not enough to join a story: the others of its members must not speak
against it, or two stories chain together through an item that has something of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aggregator.match.channel import Channel, Pair, Thresholds
from aggregator.match.registry import Registry
from aggregator.model import Fingerprint, Item, Placement

# The score from which no other channel is asked: set by hand, above the 0.95 of two texts whose numbers
# and names all agree (`words.classifier`), below equal words.
BEYOND_DOUBT = 0.96
_LIKELY = 3  # stories of a channel whose other members are compared, set by hand: bounds the work
_RELATED = 5  # pairs shown, at most: set by hand, what a person will read
_RELATED_SCORE = 0.3  # set by hand: below it a pair has only common words to show


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

    def passes(self, thresholds: Thresholds) -> bool:
        """Whether best pair and mean are sure enough to join."""
        is_known = self.story_id is not None
        return (
            is_known
            and self.best.score >= thresholds.best
            and (thresholds.mean is None or self.mean >= thresholds.mean)
        )


def assign(
    item: Item, fingerprint: Fingerprint, channels: Sequence[Channel], registry: Registry
) -> Placement:
    """Where an item belongs: with a story the channels choose, or in a new one. Changes nothing."""
    rankings: list[Ranking] = []
    choices: list[Ranking] = []
    for channel in channels:
        ranked = _ranked(channel, item, fingerprint, registry)
        choice = _choice(channel, item, fingerprint, registry, ranked)
        rankings += ranked
        choices += [choice] if choice else []
    chosen = max(choices, key=lambda ranking: ranking.mean, default=None)
    story_id = chosen.story_id if chosen else None
    unchosen = [ranking.best for ranking in rankings if ranking.story_id != story_id]
    related = [pair for pair in unchosen if pair.score >= _RELATED_SCORE]
    related.sort(key=lambda pair: -round(pair.score, 4))
    return Placement(
        item_id=item.id,
        story_id=story_id,
        match=chosen.best.match(True) if chosen else None,
        related=tuple(pair.match(False) for pair in related[:_RELATED]),
    )


def rank(pairs: Iterable[Pair], registry: Registry) -> list[Ranking]:
    """The pairs by story, the story with the strongest single resemblance first."""
    stories: dict[str | None, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        stories.setdefault(_story_of(pair, registry), []).append(pair)
    return [Ranking(story_id, tuple(members)) for story_id, members in stories.items()]


def by_preference(rankings: Iterable[Ranking], thresholds: Thresholds) -> list[Ranking]:
    """The stories an item might join: of those that pass, the one with the best mean first."""
    passing = [ranking for ranking in rankings if ranking.passes(thresholds)]
    return sorted(passing, key=lambda ranking: -ranking.mean)


def _ranked(
    channel: Channel, item: Item, fingerprint: Fingerprint, registry: Registry
) -> list[Ranking]:
    """How the item stands to the stories that a channel has pairs with."""
    pairs = [*channel.matches(item, fingerprint)]
    if channel.thresholds.mean is None:
        return [Ranking(_story_of(pair, registry), (pair,)) for pair in pairs]
    ranked = rank(pairs, registry)
    compared = {pair.item_id for pair in pairs}
    rest = [
        row
        for ranking in ranked[:_LIKELY]
        if ranking.best.score >= channel.thresholds.best and ranking.story_id is not None
        for row in registry.members(ranking.story_id)
        if row.item_id not in compared
    ]
    return rank([*pairs, *channel.compare(item, fingerprint, rest)], registry) if rest else ranked


def _choice(
    channel: Channel,
    item: Item,
    fingerprint: Fingerprint,
    registry: Registry,
    ranked: Sequence[Ranking],
) -> Ranking | None:
    """The story that a channel would have the item join."""
    for ranking in by_preference(ranked, channel.thresholds):
        best = ranking.best
        if best.score < BEYOND_DOUBT and channel.others.forbid(fingerprint, best):
            return None
        if channel.thresholds.mean is not None or ranking.story_id is None:
            return ranking
        members = [row.item_id for row in registry.members(ranking.story_id)]
        rest = [member for member in members if member not in {item.id, best.item_id}]
        if not channel.denies(fingerprint, rest):
            return ranking
    return None


def _story_of(pair: Pair, registry: Registry) -> str | None:
    return registry.story_of(pair.item_id) if pair.story_id is None else pair.story_id
