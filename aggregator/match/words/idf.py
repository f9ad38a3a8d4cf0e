"""How many stories use a shingle: what tells rare words, which copies share, from common ones.

Inverse document frequency (Spärck Jones, 1972), where a document is a story: counted by items, a
report reprinted 300 times would make its own words common. The counts lie in one hashed table
without collision handling; it doubles as stories come, so that two shingles seldom share a cell, and
a count is at worst too high. When the window moves on, all counts shrink by the share of stories
that left it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.positions import positional_index

Counts = NDArray[np.uint16]
Logs = NDArray[np.float32]
LOGS: Logs = np.log(np.arange(1, (1 << 16) + 1)).astype(np.float32)  # at i: log(i + 1)
PRIOR_STORIES = 20.0  # assumed before any was seen; set by hand: the first are weighed with care
_INITIAL_CELLS, _MAX_CELLS = 1 << 18, 1 << 25  # 0.5 MB to 64 MB
_MAX_COUNT = (1 << 16) - 1


class DocumentFrequency:
    """Counts of shingles (uint32 hashes) over the stories of the window."""

    def __init__(self) -> None:
        self.counts: Counts = np.zeros(_INITIAL_CELLS, dtype=np.uint16)
        self.stories = 0.0
        self._added_tokens = 0

    def add(self, tokens: Hashes) -> None:
        """Count the shingles of a story (the unpacked tokens of its first item); each counts once."""
        self.stories += 1
        self._added_tokens += tokens.size
        if self._added_tokens > 2 * self.counts.size and self.counts.size < _MAX_CELLS:
            self.counts = np.concatenate((self.counts, self.counts))
        _count(self.counts, tokens)

    def shrink(self, remaining: float) -> None:
        """Let `remaining`, a share in [0, 1], be left of every count."""
        if remaining < 1.0:
            self.counts = (self.counts * remaining).astype(np.uint16)
            self.stories *= remaining
            self._added_tokens = int(self._added_tokens * remaining)


@jit
def _count(counts: Counts, tokens: Hashes) -> None:
    mask = np.uint32(counts.size - 1)
    index = positional_index(tokens)
    for at in index.heads:
        if at >= 0:
            cell = index.shingles[at] & mask
            if counts[cell] < _MAX_COUNT:
                counts[cell] += 1


@jit
def idf(counts: Counts, logs: Logs, log_stories: float, shingle: np.uint32) -> float:
    """The inverse document frequency of a shingle: log((stories + prior) / (count + 1)), at least 0.

    `log_stories` is log(stories + prior); `logs` is `LOGS`, for computing a logarithm for each shingle
    costs more than all else that is done to it.
    """
    return float(max(log_stories - logs[counts[shingle & np.uint32(counts.size - 1)]], 0.0))
