"""The positional index of one text: where each of its shingles stands, and which words it has.

    tokens -> body -> shingles (a hash of every three neighbours) -> heads, following: where one stands
       |        |
       +--------+---> words (title and body, each once) -> word_slots: whether a word is there
                              +-> stems: whether a word that begins alike is there

The tables of shingles and words are open-addressed with linear probing: built in one pass they cost a tenth of sorting.
An index lives only while a pair is compared; what is kept between comparisons are the tokens alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.minhash import BODY_SHINGLE, shingles
from aggregator.match.words.quantities import has_number
from aggregator.match.words.token_bits import (
    KIND_MASK,
    STEM_BITS,
    WORD_SHIFT,
    kind_of,
    stem_of,
    word_of,
)
from aggregator.match.words.tokens import NAME, NUMBER, WORD

Positions = NDArray[np.int32]  # shape (n,): positions in a text, or NOWHERE
Stems = NDArray[np.bool_]  # shape (2^STEM_BITS,): by stem, whether a word begins so
NOWHERE = -1


class PositionalIndex(NamedTuple):
    """A text as compiled code reads it. Slots are powers of two, at least twice the entries."""

    body: Hashes  # the tokens of the body
    shingles: Hashes  # a hash of every three neighbouring body tokens, by position
    heads: Positions  # slot -> the first position of its shingle
    following: Positions  # position -> the next one of the same shingle
    words: Hashes  # a token for each word of title and body, in the order in which they first stand
    word_slots: Positions  # slot -> where in `words` its word is
    stems: Stems
    title_words: Hashes  # the words of the title (`word_of`), sorted, each once
    title: Hashes  # the tokens of the title


@jit
def positional_index(tokens: Hashes) -> PositionalIndex:
    """The index of a text's tokens, as `unpack_tokens` gives them."""
    titled = np.int64(tokens[0])
    title = tokens[2 : 2 + titled]
    body = tokens[2 + titled : 2 + titled + np.int64(tokens[1])]
    hashes = shingles(body, BODY_SHINGLE)
    heads, following = _index_positions(hashes)
    words, word_slots = _distinct_words(title, body)
    stems = np.zeros(1 << STEM_BITS, dtype=np.bool_)
    for word in words:
        stems[stem_of(word)] = True
    return PositionalIndex(
        body, hashes, heads, following, words, word_slots, stems, _sorted_words(title), title
    )


@jit
def first_position(index: PositionalIndex, shingle: np.uint32) -> int:
    """The first position of a shingle, or NOWHERE."""
    mask = index.heads.size - 1
    slot = np.int64(shingle) & mask
    while index.heads[slot] >= 0:
        if index.shingles[index.heads[slot]] == shingle:
            return int(index.heads[slot])
        slot = (slot + 1) & mask
    return NOWHERE


@jit
def has_word(index: PositionalIndex, token: np.uint32) -> bool:
    """Whether a token's word is in a text, of whatever kind."""
    return bool(index.word_slots[_slot_of(index.words, index.word_slots, token)] != NOWHERE)


@jit
def has_figure(index: PositionalIndex, number: np.uint32) -> bool:
    """Whether a number's value is in a text, exact or rounded on either side."""
    return has_word(index, number) or has_number(index.words, number)


@jit
def has_stem(index: PositionalIndex, token: np.uint32) -> bool:
    """Whether a text has a word that begins as a token's does: another form of it, mostly."""
    return bool(index.stems[stem_of(token)])


@jit
def _slot_count(entries: int) -> int:
    """A power of two, at least twice the entries."""
    slots = 16
    while slots < 2 * entries:
        slots *= 2
    return slots


@jit
def _slot_of(words: Hashes, word_slots: Positions, token: np.uint32) -> int:
    """The slot of a token's word, or the free one where it would stand.

    Probing begins at the word multiplied by 2^32 over the golden ratio, so that all bits count.
    """
    mask = word_slots.size - 1
    word = word_of(token)
    slot = int(((np.int64(word) * 0x9E3779B1) >> 15) & mask)
    while word_slots[slot] != NOWHERE and word_of(words[word_slots[slot]]) != word:
        slot = (slot + 1) & mask
    return slot


@jit
def _index_positions(hashes: Hashes) -> tuple[Positions, Positions]:
    """`heads` and `following`; from the end of the text, so that chains lead from its beginning on."""
    heads = np.full(_slot_count(hashes.size), NOWHERE, dtype=np.int32)
    following = np.full(hashes.size, NOWHERE, dtype=np.int32)
    mask = heads.size - 1
    for at in range(hashes.size - 1, -1, -1):
        slot = np.int64(hashes[at]) & mask
        while heads[slot] >= 0 and hashes[heads[slot]] != hashes[at]:
            slot = (slot + 1) & mask
        following[at] = heads[slot]
        heads[slot] = at
    return heads, following


@jit
def _distinct_words(title: Hashes, body: Hashes) -> tuple[Hashes, Positions]:
    """A token for each word of both, in their first order, and where each is found."""
    words = np.empty(title.size + body.size, dtype=np.uint32)
    word_slots = np.full(_slot_count(words.size), NOWHERE, dtype=np.int32)
    count = 0
    for tokens in (title, body):
        for token in tokens:
            slot = _slot_of(words, word_slots, token)
            at = word_slots[slot]
            if at == NOWHERE:
                word_slots[slot] = count
                words[count] = token
                count += 1
            else:
                words[at] = _surer(words[at], token)
    return words[:count], word_slots


@jit
def _surer(a: np.uint32, b: np.uint32) -> np.uint32:
    """The token of a word that stands in a text twice: once written small it is no name.

    A capital within a sentence says more than one that opens it.
    """
    for kind in (WORD, NUMBER, NAME):
        if kind_of(a) == kind or kind_of(b) == kind:
            return np.uint32((a & ~np.uint32(KIND_MASK)) | np.uint32(kind))
    return a


@jit
def _sorted_words(tokens: Hashes) -> Hashes:
    words = np.sort(tokens >> np.uint32(WORD_SHIFT))
    count = 0
    for i in range(words.size):
        if i == 0 or words[i] != words[i - 1]:
            words[count] = words[i]
            count += 1
    return words[:count]
