"""Where in a 32-bit token its kind, its word and the beginning of its word lie (`tokens` packs them).

| 14 bits: the word's first four letters | 16 bits: the whole word | 2 bits: its kind |

In a number the 30 bits above the kind are its value (`quantities`).
"""

from __future__ import annotations

import numpy as np

from aggregator.match.jit import jit

WORD, NUMBER, NAME = 0, 1, 2
OPENING = (
    3  # a word whose capital says nothing: it begins a sentence, or all its line is in capitals
)
KIND_MASK = 0b11
STEM_BITS, WORD_BITS = 14, 16
WORD_SHIFT = 2  # from here on two tokens of one word are equal, whatever their kinds
STEM_SHIFT = WORD_SHIFT + WORD_BITS  # from here on two forms of one name are: Fajon and Fajona


@jit
def kind_of(token: np.uint32) -> np.uint32:
    """WORD, NUMBER, NAME or OPENING."""
    return np.uint32(token & np.uint32(KIND_MASK))


@jit
def word_of(token: np.uint32) -> np.uint32:
    """The 30 bits that say which word it is."""
    return np.uint32(token >> np.uint32(WORD_SHIFT))


@jit
def stem_of(token: np.uint32) -> np.uint32:
    """The 14 bits that say how the word begins."""
    return np.uint32(token >> np.uint32(STEM_SHIFT))


@jit
def with_kind(token: np.uint32, kind: int) -> np.uint32:
    """The same word as another kind."""
    return np.uint32((token & ~np.uint32(KIND_MASK)) | np.uint32(kind))
