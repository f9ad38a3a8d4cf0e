"""The vectors of the items of a window: the nearest of other languages, and how far ahead they are."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.channel import Suggestion
from aggregator.match.embedding.model import Vectors

# Thresholds set by hand on the development sets (docs/matching.md): they balance what the model adds in
# recall against pairs that are about the same thing and are not one report.
LEXICAL = 0.5  # the score without the model from which it may help a pair to be merged
_ALIKE = 0.5  # the cosine from which a pair is helped …
_AHEAD = 0.15  # … where it is, on both sides, so far ahead of the next
_GAIN = 2.0  # to the log odds
_COPY = 0.8  # the cosine of two items of one language from which they are one report
_ROWS = 8192  # multiplied at once: the window is kept in half precision


class Embedded(NamedTuple):
    """An item of a pair, with its vector, float32 (d,), of length 1."""

    item_id: str
    language: str
    vector: Vectors


class VectorWindow:
    """The vectors of the items of a window, in half precision. One writer."""

    def __init__(self) -> None:
        self._items: list[Suggestion] = []
        self._places: dict[str, int] = {}
        self._codes: dict[str, int] = {}  # of languages, in the order they were met
        self._vectors: NDArray[np.float16] = np.zeros((0, 0), dtype=np.float16)
        self._languages: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._times: NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # seconds since 1970, UTC

    def add(self, item: Suggestion, vector: Vectors) -> None:
        """Takes an item in, or in place of what was known of it."""
        at = self._places.setdefault(item.item_id, len(self._items))
        self._items[at : at + 1] = [item]
        if at == len(self._vectors):
            self._make_room(max(256, at), vector.size)
        self._vectors[at] = vector
        self._languages[at] = self._codes.setdefault(item.language, len(self._codes))
        self._times[at] = int(item.reported_at.timestamp())

    def get(self, item_id: str) -> Embedded | None:
        """An item of the window; None for one that is not there."""
        at = self._places.get(item_id)
        if at is None:
            return None
        vector = self._vectors[at].astype(np.float32)
        return Embedded(item_id, self._items[at].language, vector)

    def forget(self, before_at: datetime) -> None:
        """Lets go of what was reported earlier."""
        kept = [at for at, item in enumerate(self._items) if item.reported_at >= before_at]
        if len(kept) < len(self._items):
            self._vectors, self._times = self._vectors[kept], self._times[kept]
            self._languages = self._languages[kept]
            self._items = [self._items[at] for at in kept]
            self._places = {item.item_id: at for at, item in enumerate(self._items)}

    def nearest(
        self, vector: Vectors, language: str, since_at: datetime, until_at: datetime, most: int
    ) -> list[Suggestion]:
        """The items most alike, at most `most` of each language but the own."""
        size = len(self._items)
        languages, times = self._languages[:size], self._times[:size]
        in_time = (times >= int(since_at.timestamp())) & (times <= int(until_at.timestamp()))
        cosines = self._cosines(vector)
        found: list[Suggestion] = []
        for code in np.unique(languages[in_time]).tolist():
            if code == self._codes.get(language):
                continue
            places = np.flatnonzero(in_time & (languages == code))
            best = places[np.argsort(-cosines[places], kind="stable")[:most]]
            found += [self._items[at] for at in best.tolist()]
        return found

    def supported(self, score: float, a: Embedded, b: Embedded) -> float:
        """The lexical score of a pair, in [0, 1]: raised when each side is by far the other's nearest.

        Chunks of one article, or reports of one form, are as alike as translations; but then there are
        several of them. A score below `LEXICAL` is not raised, and none is lowered.
        """
        if not LEXICAL <= score < 1 or float(a.vector @ b.vector) < _ALIKE:
            return score
        if min(self._ahead(a, b), self._ahead(b, a)) < _AHEAD:
            return score
        return score / (score + (1 - score) * math.exp(-_GAIN))

    def _ahead(self, own: Embedded, other: Embedded) -> float:
        """By how much `other` is more like `own` than the next of its language; copies of it aside."""
        rivals = self._languages[: len(self._items)] == self._codes.get(other.language, -1)
        if other.item_id in self._places:
            rivals[self._places[other.item_id]] = False
        rivals &= self._cosines(other.vector) < _COPY
        cosines = self._cosines(own.vector)[rivals]
        return float(own.vector @ other.vector) - float(cosines.max(initial=0.0))

    def _cosines(self, vector: Vectors) -> Vectors:
        """The cosine with every item; blocks are widened one by one."""
        cosines = np.zeros(len(self._items), dtype=np.float32)
        for at in range(0, len(cosines), _ROWS):
            rows = self._vectors[at : min(at + _ROWS, len(cosines))].astype(np.float32)
            cosines[at : at + len(rows)] = rows @ vector
        return cosines

    def _make_room(self, rows: int, size: int) -> None:
        vectors = self._vectors.reshape(-1, size)
        self._vectors = np.concatenate((vectors, np.zeros((rows, size), np.float16)))
        self._languages = np.concatenate((self._languages, np.zeros(rows, np.int64)))
        self._times = np.concatenate((self._times, np.zeros(rows, np.int64)))
