"""What `compare` needs of one text: its tokens, and tables to ask what stands where.

    tokens -> body -> grams (a hash of every three neighbours) -> heads, following: where a gram stands
       |        |
       +--------+---> words (title and body, each once) -> known: whether a word is there

Tables of open addressing are built in one pass and cost a tenth of sorting; they live only while a
pair is compared. What is kept between comparisons are the tokens alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes, compiled
from aggregator.match.words.minhash import WordsPrint, shingles, unpack

Positions = NDArray[np.int32]
NOWHERE = -1


class Profile(NamedTuple):
    """A text as compiled code reads it."""

    body: Hashes
    grams: Hashes  # a hash of every three neighbouring body tokens, by position
    heads: Positions  # slot -> the first position of its gram
    following: Positions  # position -> the next one of the same gram
    words: Hashes  # the words of title and body (`token >> 2`), each once
    known: Hashes  # slot -> word + 1
    title: Hashes  # the words of the title, sorted, each once
    headline: Hashes  # the tokens of the title


@compiled
def profile(tokens: Hashes) -> Profile:
    """The profile of a text's tokens, as `fingerprint.unpack` gives them."""
    titled = np.int64(tokens[0])
    title = tokens[2 : 2 + titled]
    body = tokens[2 + titled : 2 + titled + np.int64(tokens[1])]
    grams = shingles(body, 3)
    heads, following = _places(grams)
    words, known = _words(title, body)
    return Profile(body, grams, heads, following, words, known, _sorted_words(title), title)


@compiled
def first(grams: Hashes, heads: Positions, gram: np.uint32) -> int:
    """The first position of a gram, or NOWHERE."""
    mask = heads.size - 1
    slot = np.int64(gram) & mask
    while heads[slot] >= 0:
        if grams[heads[slot]] == gram:
            return int(heads[slot])
        slot = (slot + 1) & mask
    return NOWHERE


@compiled
def has(known: Hashes, word: np.uint32) -> bool:
    """Whether a word is in a table of words."""
    mask = known.size - 1
    slot = _slot(word, mask)
    while known[slot]:
        if known[slot] == word + np.uint32(1):
            return True
        slot = (slot + 1) & mask
    return False


@compiled
def _slots(entries: int) -> int:
    """A power of two, at least twice the entries."""
    slots = 16
    while slots < 2 * entries:
        slots *= 2
    return slots


@compiled
def _slot(word: np.uint32, mask: int) -> int:
    return int(((np.int64(word) * 0x9E3779B1) >> 15) & mask)


@compiled
def _places(grams: Hashes) -> tuple[Positions, Positions]:
    heads = np.full(_slots(grams.size), NOWHERE, dtype=np.int32)
    following = np.full(grams.size, NOWHERE, dtype=np.int32)
    mask = heads.size - 1
    for at in range(grams.size - 1, -1, -1):
        slot = np.int64(grams[at]) & mask
        while heads[slot] >= 0 and grams[heads[slot]] != grams[at]:
            slot = (slot + 1) & mask
        following[at] = heads[slot]
        heads[slot] = at
    return heads, following


@compiled
def _words(title: Hashes, body: Hashes) -> tuple[Hashes, Hashes]:
    words = np.empty(title.size + body.size, dtype=np.uint32)
    known = np.zeros(_slots(words.size), dtype=np.uint32)
    mask, count = known.size - 1, 0
    for tokens in (title, body):
        for token in tokens:
            word = token >> np.uint32(2)
            slot = _slot(word, mask)
            while known[slot] and known[slot] != word + np.uint32(1):
                slot = (slot + 1) & mask
            if not known[slot]:
                known[slot] = word + np.uint32(1)
                words[count] = word
                count += 1
    return words[:count], known


@compiled
def _sorted_words(tokens: Hashes) -> Hashes:
    words = np.sort(tokens >> np.uint32(2))
    count = 0
    for i in range(words.size):
        if i == 0 or words[i] != words[i - 1]:
            words[count] = words[i]
            count += 1
    return words[:count]


class Known:
    """Tokens by item id, asked from the owner of the fingerprints and kept while they are hot."""

    def __init__(
        self, fingerprints: Callable[[Sequence[str]], Mapping[str, WordsPrint]], keep: int = 8192
    ) -> None:
        self._fingerprints = fingerprints
        self._keep = keep
        self._hot: OrderedDict[str, Hashes] = OrderedDict()

    def of(self, item_ids: Sequence[str]) -> dict[str, Hashes]:
        """The tokens of those items that are known; one question for all that are not hot."""
        hot = self._hot
        cold = [item_id for item_id in item_ids if item_id not in hot]
        if cold:
            for item_id, fingerprint in self._fingerprints(cold).items():
                hot[item_id] = unpack(fingerprint.features)
        found = {item_id: hot[item_id] for item_id in item_ids if item_id in hot}
        for item_id in found:
            hot.move_to_end(item_id)
        while len(hot) > self._keep:
            hot.popitem(last=False)
        return found

    def put(self, item_id: str, tokens: Hashes) -> None:
        """Keep the tokens of an item that will soon be asked for."""
        self._hot[item_id] = tokens

    def drop(self, item_id: str) -> None:
        """Forget an item whose text has changed."""
        self._hot.pop(item_id, None)
