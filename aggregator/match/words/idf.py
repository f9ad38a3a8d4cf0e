"""How many stories use a phrase or a word: what tells rare ones, which copies share, from common ones.

Inverse document frequency (Spärck Jones, 1972), where a document is a story: counted by items, a
report reprinted 300 times would make its own words common. The counts lie in two hashed tables
without collision handling. That of shingles doubles as stories come, so that two seldom share a cell,
and a count is at worst too high; words are few, and have a table of one size. When the window moves
on, all counts shrink by the share of stories that left it: rare is what is rare these days.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.positions import positional_index
from aggregator.match.words.token_bits import word_of

Counts = NDArray[np.uint16]
Logs = NDArray[np.float32]
LOGS: Logs = np.log(np.arange(1, (1 << 16) + 1)).astype(np.float32)  # at i: log(i + 1)
# Stories assumed before any was seen: in a wire of two reports no word is common. Set by hand among 20, 100
# and 200: the more there are, the more copies are found in a small window, and other reports with them.
PRIOR_STORIES = 100.0
_INITIAL_CELLS, _MAX_CELLS = 1 << 18, 1 << 25  # 0.5 MB to 64 MB
_WORD_CELLS = 1 << 19  # 1 MB: a window in seven languages has some 200,000 words
_MAX_COUNT = (1 << 16) - 1


class Frequencies(NamedTuple):
    """The counts as compiled code reads them."""

    shingles: Counts
    words: Counts
    logs: Logs  # `LOGS`: computing a logarithm for each shingle costs more than all else done to it
    log_stories: float  # log(stories + prior)


class DocumentFrequency:
    """Counts of shingles (uint32 hashes) and of words over the stories of the window."""

    def __init__(self) -> None:
        self.counts: Counts = np.zeros(_INITIAL_CELLS, dtype=np.uint16)
        self.word_counts: Counts = np.zeros(_WORD_CELLS, dtype=np.uint16)
        self.stories = 0.0
        self._added_tokens = 0

    def add(self, tokens: Hashes) -> None:
        """Count the shingles and words of a story (the unpacked tokens of its first item), each once."""
        self.stories += 1
        self._added_tokens += tokens.size
        if self._added_tokens > 2 * self.counts.size and self.counts.size < _MAX_CELLS:
            self.counts = np.concatenate((self.counts, self.counts))
        _count(self.counts, self.word_counts, tokens)

    def shrink(self, remaining: float) -> None:
        """Let `remaining`, a share in [0, 1], be left of every count."""
        if remaining < 1.0:
            self.counts = (self.counts * remaining).astype(np.uint16)
            self.word_counts = (self.word_counts * remaining).astype(np.uint16)
            self.stories *= remaining
            self._added_tokens = int(self._added_tokens * remaining)

    def frequencies(self) -> Frequencies:
        """The counts as they stand."""
        log_stories = math.log(self.stories + PRIOR_STORIES)
        return Frequencies(self.counts, self.word_counts, LOGS, log_stories)


@jit
def _count(counts: Counts, word_counts: Counts, tokens: Hashes) -> None:
    index = positional_index(tokens)
    for at in index.heads:
        if at >= 0:
            _increase(counts, index.shingles[at])
    for token in index.words:
        _increase(word_counts, _scattered(token))


@jit
def _increase(counts: Counts, hashed: np.uint32) -> None:
    cell = hashed & np.uint32(counts.size - 1)
    if counts[cell] < _MAX_COUNT:
        counts[cell] += 1


@jit
def idf(frequencies: Frequencies, shingle: np.uint32) -> float:
    """The inverse document frequency of a shingle: log((stories + prior) / (count + 1)), at least 0."""
    counts = frequencies.shingles
    used = frequencies.logs[counts[shingle & np.uint32(counts.size - 1)]]
    return float(max(frequencies.log_stories - used, 0.0))


@jit
def rarity(frequencies: Frequencies, token: np.uint32) -> float:
    """How rare a token's word is: 1 where no story uses it, 0 where all do.

    It is the word's IDF over that of an unknown one, which means the same in a small window as in a large:
    .5 is a word of as many stories as the square root of all.
    """
    counts = frequencies.words
    used = frequencies.logs[counts[_scattered(token) & np.uint32(counts.size - 1)]]
    return float(max(1.0 - used / frequencies.log_stories, 0.0))


@jit
def _scattered(token: np.uint32) -> np.uint32:
    """A hash of a token's word, of which the lower bits count as much as the upper ones."""
    product = np.uint64(word_of(token)) * np.uint64(0x9E3779B97F4A7C15)
    return np.uint32(product >> np.uint64(32))
