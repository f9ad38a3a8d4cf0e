"""How many stories use a shingle: what tells rare words, which copies share, from common ones.

A table of small counts under hashed keys; it doubles as stories come, so that two shingles seldom
share a cell, and every count is at worst too high. When the window moves on, all counts shrink by
the share of stories that left it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.positions import profile

Counts = NDArray[np.uint16]
Logs = NDArray[np.float32]
LOGS: Logs = np.log(np.arange(1, (1 << 16) + 1)).astype(np.float32)
_FEWEST_CELLS, _MOST_CELLS = 1 << 18, 1 << 25
PRIOR = 20.0  # stories assumed before any was seen, so that the first are weighed with care


class Frequency:
    """Counts of shingles (uint32 hashes) over the stories of the window."""

    def __init__(self) -> None:
        self.counts: Counts = np.zeros(_FEWEST_CELLS, dtype=np.uint16)
        self.stories = 0.0
        self._added = 0

    def add(self, tokens: Hashes) -> None:
        """Count the shingles of a story (the tokens of its first item); each counts once."""
        self.stories += 1
        self._added += tokens.size
        if self._added > 2 * self.counts.size and self.counts.size < _MOST_CELLS:
            self.counts = np.concatenate((self.counts, self.counts))
        _count(self.counts, tokens)

    def age(self, staying: float) -> None:
        """Let `staying`, a share in [0, 1], remain of every count."""
        if staying < 1.0:
            self.counts = (self.counts * staying).astype(np.uint16)
            self.stories *= staying
            self._added = int(self._added * staying)


@jit
def _count(counts: Counts, tokens: Hashes) -> None:
    mask = np.uint32(counts.size - 1)
    text = profile(tokens)
    for place in text.heads:
        if place >= 0:
            cell = text.grams[place] & mask
            if counts[cell] < 65535:
                counts[cell] += 1


@jit
def weight(counts: Counts, logs: Logs, top: float, shingle: np.uint32) -> float:
    """The inverse document frequency of a shingle: log((stories + prior) / (count + 1)), at least 0.

    `top` is log(stories + prior); `logs` has those of 1, 2, …, for computing one for each shingle
    costs more than all else that is done to it.
    """
    return float(max(top - logs[counts[shingle & np.uint32(counts.size - 1)]], 0.0))
