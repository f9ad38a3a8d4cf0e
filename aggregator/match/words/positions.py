"""The positional index of one text: where each of its shingles stands, and which words it has.

    tokens -> body -> shingles (a hash of every three neighbours) -> heads, following: where one stands
       |        |
       +--------+---> words (title and body, each once) -> word_table: whether a word is there

Both tables are open-addressed with linear probing: built in one pass they cost a tenth of sorting.
An index lives only while a pair is compared; what is kept between comparisons are the tokens alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, jit
from aggregator.match.words.minhash import BODY_SHINGLE, shingles
from aggregator.match.words.token_bits import WORD_SHIFT, word_of

Positions = NDArray[np.int32]  # shape (n,): positions in a text, or NOWHERE
NOWHERE = -1


class PositionalIndex(NamedTuple):
    """A text as compiled code reads it. Slots are powers of two, at least twice the entries."""

    body: Hashes  # the tokens of the body
    shingles: Hashes  # a hash of every three neighbouring body tokens, by position
    heads: Positions  # slot -> the first position of its shingle
    following: Positions  # position -> the next one of the same shingle
    words: Hashes  # the words of title and body (`word_of`), each once
    word_table: Hashes  # slot -> word + 1; 0 is a free slot
    title_words: Hashes  # the words of the title, sorted, each once
    title: Hashes  # the tokens of the title


@jit
def positional_index(tokens: Hashes) -> PositionalIndex:
    """The index of a text's tokens, as `unpack_tokens` gives them."""
    titled = np.int64(tokens[0])
    title = tokens[2 : 2 + titled]
    body = tokens[2 + titled : 2 + titled + np.int64(tokens[1])]
    hashes = shingles(body, BODY_SHINGLE)
    heads, following = _index_positions(hashes)
    words, word_table = _distinct_words(title, body)
    return PositionalIndex(
        body, hashes, heads, following, words, word_table, _sorted_words(title), title
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
def has_word(word_table: Hashes, word: np.uint32) -> bool:
    """Whether a word is in a text's table of words."""
    mask = word_table.size - 1
    slot = _slot(word, mask)
    while word_table[slot]:
        if word_table[slot] == word + np.uint32(1):
            return True
        slot = (slot + 1) & mask
    return False


@jit
def _slot_count(entries: int) -> int:
    """A power of two, at least twice the entries."""
    slots = 16
    while slots < 2 * entries:
        slots *= 2
    return slots


@jit
def _slot(word: np.uint32, mask: int) -> int:
    """Where a word's probing begins: multiplied by 2^32 over the golden ratio, so that all bits count."""
    return int(((np.int64(word) * 0x9E3779B1) >> 15) & mask)


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
def _distinct_words(title: Hashes, body: Hashes) -> tuple[Hashes, Hashes]:
    """The words of both in their first order, and the table of them."""
    words = np.empty(title.size + body.size, dtype=np.uint32)
    word_table = np.zeros(_slot_count(words.size), dtype=np.uint32)
    mask, count = word_table.size - 1, 0
    for tokens in (title, body):
        for token in tokens:
            word = word_of(token)
            slot = _slot(word, mask)
            while word_table[slot] and word_table[slot] != word + np.uint32(1):
                slot = (slot + 1) & mask
            if not word_table[slot]:
                word_table[slot] = word + np.uint32(1)
                words[count] = word
                count += 1
    return words[:count], word_table


@jit
def _sorted_words(tokens: Hashes) -> Hashes:
    words = np.sort(tokens >> np.uint32(WORD_SHIFT))
    count = 0
    for i in range(words.size):
        if i == 0 or words[i] != words[i - 1]:
            words[count] = words[i]
            count += 1
    return words[:count]
