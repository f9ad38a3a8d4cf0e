"""Verified pairs become a choice of story: the best mean over its members, never a single link.

One strong resemblance is not enough to join a story: the others of its members must not speak
against it, or two stories chain together through an item that has something of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.words.classifier import Verdict
from aggregator.match.words.lsh import Row


class Bar(NamedTuple):
    """What a story's members must score for an item to join: the best of them, and their mean."""

    best: float
    mean: float


BARS = {"balanced": Bar(0.7, 0.35), "strict": Bar(0.9, 0.5)}


class Pair(NamedTuple):
    """An item against an indexed one."""

    row: Row
    features: NDArray[np.float64]
    verdict: Verdict


class Standing(NamedTuple):
    """An item against the members of a story that were examined, best first."""

    story_id: str
    pairs: tuple[Pair, ...]

    @property
    def best(self) -> Pair:
        """The member it resembles most."""
        return self.pairs[0]

    @property
    def mean(self) -> float:
        """The mean score over the members."""
        return sum(pair.verdict.score for pair in self.pairs) / len(self.pairs)


def standings(pairs: Iterable[Pair]) -> list[Standing]:
    """The pairs by story, the story with the strongest single resemblance first."""
    stories: dict[str, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: -pair.verdict.score):
        stories.setdefault(pair.row.story_id, []).append(pair)
    return [Standing(story_id, tuple(members)) for story_id, members in stories.items()]


def choose(ranked: Sequence[Standing], bar: Bar) -> Standing | None:
    """The story to join: of those that pass the bar, the one with the best mean."""
    passing = [s for s in ranked if s.best.verdict.score >= bar.best and s.mean >= bar.mean]
    return max(passing, key=lambda standing: standing.mean, default=None)
