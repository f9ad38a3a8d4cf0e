"""The pair of an item and its parent, as it is stated: kind, score and evidence.

The pair may be weaker than the one by which the item came into the story (a summary of the agency it
credits, beside the full text of another): then its kind is what the two are to each other within the
story, the score says how alike they are, and the reason what joins them. Where only a person's
decision joins them, that is what is stated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from aggregator.match.story.versions import are_versions
from aggregator.model import Evidence, Item, Kind, Match, Member
from aggregator.provenance import sources_of, turned

Relate = Callable[
    [Item, Item], Match
]  # the verdict on a pair by itself; RELATED where it would not be joined
LINKED = "linked"  # the rule of a pair that is in one story by way of others
_EXCERPT = 0.6  # length of the shorter text over the longer, below which one is a part of the other
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")


class StatedPairs:
    """Gives the pair of an item of a story and its parent.

    `members` are all of the story's; `relate` judges a pair that none of them came by.
    """

    def __init__(self, members: Sequence[Member], relate: Relate) -> None:
        self._came_by = {member.item.id: member.match for member in members if member.match}
        self._relate = relate
        self._decisions = [m for m in self._came_by.values() if m.kind is Kind.MANUAL]
        self._groups = _Groups(
            (item_id, match.b)
            for item_id, match in self._came_by.items()
            if match.kind is not Kind.MANUAL
        )

    def alone(self, item: Item, other: Item) -> Match:
        """The verdict on a pair by itself."""
        came_by = self._came_by.get(item.id)
        if came_by and came_by.b == other.id:
            return came_by
        reverse = self._came_by.get(other.id)
        if reverse and reverse.b == item.id:
            return turned(reverse)
        return self._relate(item, other)

    def likeness(self, item: Item, other: Item) -> float:
        """How alike two items are, in [0, 1]."""
        return self.alone(item, other).score

    def of(self, item: Item, parent: Item) -> Match:
        """The pair as it is stated."""
        if self._decisions and not self._groups.are_one(item.id, parent.id):
            return replace(self._decisions[0], a=item.id, b=parent.id)
        pair = self.alone(item, parent)
        if are_versions(item, parent):
            kind = Kind.REVISION
        elif pair.kind is not Kind.RELATED:
            kind = pair.kind
        elif item.language != parent.language:
            kind = Kind.TRANSLATION
        else:
            kind = Kind.EXCERPT if _length_ratio(item, parent) < _EXCERPT else Kind.NEAR
        evidence = pair.evidence if pair.kind is not Kind.RELATED else _linked(item, parent, pair)
        return replace(pair, kind=kind, evidence=evidence)


class _Groups:
    """Which ids are connected by pairs (union-find, Tarjan 1975)."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._above: dict[str, str] = {}
        for a, b in pairs:
            self._above[self._top(a)] = self._top(b)

    def are_one(self, a: str, b: str) -> bool:
        return self._top(a) == self._top(b)

    def _top(self, item_id: str) -> str:
        while (above := self._above.get(item_id, item_id)) != item_id:
            item_id = above
        return item_id


def _linked(item: Item, parent: Item, pair: Match) -> Evidence:
    """The evidence of a pair that other items of the story join."""
    if parent.agency_id in sources_of(item):
        reason = "The text names the agency as its source; other items of the story join the two."
    else:
        reason = (
            "Other items of the story join the two; they are too unlike to be joined by themselves."
        )
    return replace(pair.evidence, rule=LINKED, reason=reason)


def _length_ratio(item: Item, other: Item) -> float:
    lengths = sorted(
        len(_WORD.findall(f"{each.title} {each.longest_text}")) for each in (item, other)
    )
    return lengths[0] / max(lengths[1], 1)
