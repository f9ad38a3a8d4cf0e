"""How matching does on pairs that a person decided: each joined is one report, each split two. Pure.

    DecisionRecord --pairs--> Pair --judge--> Case --> Scores

Only what still stands is counted: a decision undone, or reversed by a later one, says nothing. People
decide where matching was wrong, so the scores are of its hard cases, not of all news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.model import Action, Decision, DecisionRecord, Item, Kind, Match

ENOUGH = 20  # pairs; with fewer, one more moves a share by over five points


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two items, and whether a person said that they are one report."""

    decision: Decision
    item: Item
    other: Item

    @property
    def is_one(self) -> bool:
        """What the person said."""
        return self.decision.action is Action.JOIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A pair with the verdict of matching on it by itself."""

    pair: Pair
    verdict: Match

    @property
    def is_joined(self) -> bool:
        """Whether matching by itself makes one story of the two."""
        return self.verdict.kind is not Kind.RELATED

    @property
    def is_right(self) -> bool:
        """Whether matching says what the person said."""
        return self.is_joined == self.pair.is_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How many pairs a person joined or split, and which of them matching joins by itself."""

    joined: int  # pairs
    found: int  # of those joined, the pairs that matching joins too
    split: int  # pairs
    merged: int  # of those split, the pairs that matching joins nevertheless

    @property
    def pairs(self) -> int:
        """All pairs."""
        return self.joined + self.split

    @property
    def precision(self) -> float | None:
        """The share of one report among the pairs matching joins, in [0, 1]; None where it joins none."""
        both = self.found + self.merged
        return self.found / both if both else None

    @property
    def recall(self) -> float | None:
        """The share that matching joins of the pairs of one report, in [0, 1]; None without any."""
        return self.found / self.joined if self.joined else None

    @property
    def are_enough(self) -> bool:
        """Whether there are enough pairs to conclude anything from."""
        return self.pairs >= ENOUGH


def pairs(records: Iterable[DecisionRecord]) -> list[Pair]:
    """The pairs that decisions are about, as far as those still stand; each pair once, in their order."""
    found: dict[frozenset[str], Pair] = {}
    for record in records:
        if record.other is not None and _stands(record):
            pair = Pair(decision=record.decision, item=record.item, other=record.other)
            found.setdefault(frozenset((pair.item.id, pair.other.id)), pair)
    return [*found.values()]


def scores(cases: Sequence[Case]) -> Scores:
    """The counts of these cases."""
    joined = [case for case in cases if case.pair.is_one]
    split = [case for case in cases if not case.pair.is_one]
    return Scores(
        joined=len(joined),
        found=sum(case.is_joined for case in joined),
        split=len(split),
        merged=sum(case.is_joined for case in split),
    )


def _stands(record: DecisionRecord) -> bool:
    """Whether a decision about two items is in force, and the stories are as it says."""
    are_together = record.story_id == record.other_story_id
    says_together = record.decision.action is Action.JOIN
    return record.undone_at is None and are_together == says_together
