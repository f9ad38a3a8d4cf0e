"""Whether a score is a probability: of the pairs scored so high, how many are copies, by length.

words of the shorter   .95-1        .9-.95      …
under 15               412  .97     88  .93     …      pairs, and the share of them that are copies
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_SCORES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 1.0)
_LENGTHS = (0, 15, 30, 60, 1_000_000)  # words of the shorter text


def calibration(
    scores: NDArray[np.float64],
    same: NDArray[np.bool_],
    weights: NDArray[np.float64],
    words: NDArray[np.float64],
) -> list[str]:
    """A table of lines: by length and score, how many pairs there are and the share of copies.

    All arrays have the shape (pairs,): the probability given, whether it is a copy, how many pairs the row
    stands for, and the words of the shorter text.
    """
    bins = list(pairwise(reversed(_SCORES)))
    head = "words".ljust(10) + "".join(f"{low:g}-{high:g}".rjust(16) for high, low in bins)
    return [head] + [
        _length_name(least, most).ljust(10)
        + "".join(
            _cell((words >= least) & (words < most) & _between(scores, low, high), same, weights)
            for high, low in bins
        )
        for least, most in pairwise(_LENGTHS)
    ]


def _between(scores: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_]:
    return (scores >= low) & ((scores < high) | (high == _SCORES[-1]))


def _cell(chosen: NDArray[np.bool_], same: NDArray[np.bool_], weights: NDArray[np.float64]) -> str:
    pairs = weights[chosen].sum()
    copies = f"{weights[chosen & same].sum() / pairs:.3f}" if pairs else "-"
    return f"{pairs:.0f} {copies}".rjust(16)


def _length_name(least: int, most: int) -> str:
    return f"{least}-{most - 1}" if most < _LENGTHS[-1] else f"{least}+"
