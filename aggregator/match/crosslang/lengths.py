"""Candidates by length: a summary is compared with the leads of reports, a report with whole reports.

    item -- of a lead's length --> summaries
        \\-- longer --> leads (what its lead says) and reports (all of it)

    a summary asks summaries and leads; a report asks reports and, by its lead, summaries

Beside a whole report a summary of the same has little in common with it, and its beginnings of a few words
are not among those that the index keeps of a long text.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from aggregator.match.crosslang.idf import Weights
from aggregator.match.crosslang.index import (
    Entry,
    InvertedIndex,
    Near,
    Query,
    first_of_each_language,
    likeness,
    query,
)
from aggregator.match.crosslang.packed import LEAD, Features


class Keys(NamedTuple):
    """What an item is found by: all it says, and what the lead of a longer one says, else None."""

    whole: Query
    of_lead: Query | None

    @classmethod
    def of(cls, features: Features, weights: Weights) -> Keys:
        """From features and the weight of each."""
        in_lead = (features.marks & LEAD) != 0
        whole = query(features.ids, weights)
        if in_lead.all():
            return cls(whole, None)
        return cls(whole, query(features.ids[in_lead], weights[in_lead]))

    @property
    def lead(self) -> Query:
        """What the lead says."""
        return self.of_lead or self.whole

    def likeness(self, other: Keys) -> float:
        """The cosine of two items as `Candidates.nearest` has it: of leads where one has no more."""
        if self.of_lead and other.of_lead:
            return likeness(self.whole, other.whole)
        return likeness(self.lead, other.lead)


class Candidates:
    """The items of a window by what they are found by. One writer at a time."""

    def __init__(self) -> None:
        self._summaries, self._leads, self._reports = (InvertedIndex() for _ in range(3))

    def __len__(self) -> int:
        return len(self._summaries) + len(self._reports)

    def add(self, entry: Entry, keys: Keys) -> None:
        """Takes an item in."""
        if keys.of_lead is None:
            self._summaries.add(entry, keys.whole)
        else:
            self._leads.add(entry, keys.of_lead)
            self._reports.add(entry, keys.whole)

    def nearest(
        self,
        own: Keys,
        language: int,
        since_at: datetime,
        until_at: datetime,
        most: int,
        least: float = 0.0,
    ) -> list[Near]:
        """The items of each other language that are most alike, at most `most` a language, best first.

        Of those whose cosine is below `least` only such as cite an agency.
        """
        longer = self._leads if own.of_lead is None else self._reports
        asked = language, since_at, until_at, most, least
        found = [*self._summaries.nearest(own.lead, *asked), *longer.nearest(own.whole, *asked)]
        return first_of_each_language(sorted(found, key=lambda one: -one.cosine), most)

    def forget(self, before_at: datetime) -> None:
        """Drops what is all older, in blocks."""
        for index in (self._summaries, self._leads, self._reports):
            index.forget(before_at)
