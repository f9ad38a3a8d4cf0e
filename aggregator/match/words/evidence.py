"""What two texts agree in and what one of them alone has, counted: shares say little in twenty words.

    words of a ∩ words of b -----------------> agree          each word, number and name counts
    words of a that b lacks -----------------> only shorter   as much as it is rare these days
    words of b's first |a| that a lacks -----> only longer    (`idf.rarity`, 0 to 1)

A text cut short keeps few facts, and all of them agree with many a report; so what matters is how many
rare ones agree, against how many stand on one side only within what the shorter text covers. Of what the
longer one goes on to say nothing is held against a pair: the other was cut there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.idf import Frequencies, rarity
from aggregator.match.words.positions import PositionalIndex, has_figure, has_stem, has_word
from aggregator.match.words.token_bits import kind_of, word_of
from aggregator.match.words.tokens import NAME, NUMBER

# Each is log(1 + the sum of rarities), but for the last three.
EVIDENCE = (
    "rare_agree",  # rare words both have
    "rare_only_shorter",  # rare words of the shorter text that the longer lacks, in any form
    "rare_only_longer",  # rare words of as much of the longer text that the shorter lacks
    "numbers_agree",
    "numbers_only_shorter",
    "numbers_only_longer",
    "names_agree",
    "names_only_shorter",
    "names_only_longer",
    "title_only_shorter",  # words of the shorter's title that stand nowhere in the longer
    "title_only_longer",
    "title_in_shorter",  # share of the longer's title words that the shorter's text has
    "same_title",  # 1 when both titles are the same words
    "same_lead",  # 1 when both texts begin with the same words
)
_COMMON = 0.5  # set by hand: from here down a word counts nothing, used in more stories than the root of all
_LEAD_WORDS = 10  # set by hand: about a clause, less than the shortest summary has
_UNTITLED = 0.5  # of a share where there is no title

Known = NDArray[np.bool_]  # shape (words,): whether another text has a word
Evidence = NDArray[np.float64]  # shape (14,); columns as in EVIDENCE


class _Sums(NamedTuple):
    """Sums of rarities: of rare words, of numbers, of names."""

    rare: float
    numbers: float
    names: float


@jit
def count_evidence(a: PositionalIndex, b: PositionalIndex, frequencies: Frequencies) -> Evidence:
    """The evidence on a pair, columns as in `EVIDENCE`; `a` is the shorter text."""
    title_a, title_b = a.words[: a.title_words.size], b.words[: b.title_words.size]
    covered = b.words[: a.words.size]  # as much of the longer text as the shorter may cover
    in_b, in_a = _known(a.words, b), _known(b.words[: max(covered.size, title_b.size)], a)
    agree = _sum_rarities(a.words, in_b, True, frequencies)
    only_a = _sum_rarities(a.words, in_b, False, frequencies)
    only_b = _sum_rarities(covered, in_a, False, frequencies)
    counts = np.log1p(
        np.array(
            [
                agree.rare,
                only_a.rare,
                only_b.rare,
                agree.numbers,
                only_a.numbers,
                only_b.numbers,
                agree.names,
                only_a.names,
                only_b.names,
                _sum_lacking(title_a, in_b, frequencies),
                _sum_lacking(title_b, in_a, frequencies),
            ]
        )
    )
    rest = np.array(
        [share_of_title_known(b, a), _are_same_title(a, b), _begin_alike(a.body, b.body)]
    )
    return np.concatenate((counts, rest))


@jit
def _known(words: Hashes, other: PositionalIndex) -> Known:
    """Which numbers a text has, and which words in some form: Fajon is known where Fajona stands.

    Asked once for all words of a text: to hand an index to a function costs more than what is asked of it.
    """
    known = np.empty(words.size, dtype=np.bool_)
    for i in range(words.size):
        if kind_of(words[i]) == NUMBER:
            known[i] = has_figure(other, words[i])
        else:
            known[i] = has_stem(other, words[i])
    return known


@jit
def _sum_rarities(words: Hashes, known: Known, that_are: bool, frequencies: Frequencies) -> _Sums:
    """Sums over the words that the other text has, or over those that it lacks."""
    rare = numbers = names = 0.0
    for i in range(words.size):
        if known[i] == that_are:
            weight = max(rarity(frequencies, words[i]) - _COMMON, 0.0) / (1.0 - _COMMON)
            kind = kind_of(words[i])
            if kind == NUMBER:
                numbers += weight
            elif kind == NAME:
                names += weight
            if kind != NUMBER:
                rare += weight
    return _Sums(rare, numbers, names)


@jit
def _sum_lacking(title: Hashes, known: Known, frequencies: Frequencies) -> float:
    """The rarities of a title's words that stand nowhere in the other text."""
    total = 0.0
    for i in range(title.size):
        if not known[i]:
            total += rarity(frequencies, title[i])
    return total


@jit
def share_of_title_known(a: PositionalIndex, b: PositionalIndex) -> float:
    """The share of the words of a title that stand in another text; .5 without a title."""
    if not a.title.size:
        return _UNTITLED
    known = 0
    for token in a.words[: a.title_words.size]:
        known += has_word(b, token)
    return known / a.title_words.size


@jit
def _are_same_title(a: PositionalIndex, b: PositionalIndex) -> float:
    longest = max(a.title.size, b.title.size)
    return 1.0 if longest and _are_same(a.title, b.title, longest) else 0.0


@jit
def _begin_alike(a: Hashes, b: Hashes) -> float:
    return 1.0 if a.size and _are_same(a, b, min(a.size, _LEAD_WORDS)) else 0.0


@jit
def _are_same(a: Hashes, b: Hashes, words: int) -> bool:
    """Whether two runs of tokens are the same as far as that, or to the end of both."""
    length = min(a.size, words)
    same = 0
    for i in range(min(length, b.size)):
        same += word_of(a[i]) == word_of(b[i])
    return bool(same == length and length == min(b.size, words))
