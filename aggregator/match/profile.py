"""What `compare` needs of one text, decoded once and kept while the text is asked for often."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from aggregator.match.compiled import Hashes, Places, compiled
from aggregator.match.fingerprint import shingles, unpack
from aggregator.model import Fingerprint


class Profile(NamedTuple):
    """A text's tokens and the sorted views of them that comparing reads."""

    body: Hashes
    grams: Hashes  # a hash of every three neighbouring body tokens, by position
    order: Places  # positions of `grams`, sorted by hash
    ranked: Hashes  # `grams` in that order
    words: Hashes  # the words of title and body (`token >> 2`), sorted, each once
    title: Hashes  # the words of the title, sorted, each once


def profile(fingerprint: Fingerprint) -> Profile:
    """Decode a fingerprint's features."""
    title, body = unpack(fingerprint.features)
    grams = shingles(body, 3)
    order = np.argsort(grams, kind="stable")
    words = _distinct(np.concatenate((title, body)))
    return Profile(body, grams, order, grams[order], words, _distinct(title))


@compiled
def _distinct(tokens: Hashes) -> Hashes:
    """The words of tokens, sorted, each once."""
    words = np.sort(tokens >> np.uint32(2))
    count = 0
    for i in range(words.size):
        if i == 0 or words[i] != words[i - 1]:
            words[count] = words[i]
            count += 1
    return words[:count].copy()


class Profiles:
    """Profiles by item id, asked from the owner of the fingerprints and kept while they are hot."""

    def __init__(
        self, fingerprints: Callable[[Sequence[str]], Mapping[str, Fingerprint]], keep: int = 4096
    ) -> None:
        self._fingerprints = fingerprints
        self._keep = keep
        self._hot: OrderedDict[str, Profile] = OrderedDict()

    def of(self, item_ids: Sequence[str]) -> dict[str, Profile]:
        """The profiles of those items that are known; one question for all that are not hot."""
        cold = [item_id for item_id in item_ids if item_id not in self._hot]
        if cold:
            for item_id, fingerprint in self._fingerprints(cold).items():
                self.put(item_id, profile(fingerprint))
        found = {item_id: self._hot[item_id] for item_id in item_ids if item_id in self._hot}
        for item_id in found:
            self._hot.move_to_end(item_id)
        while len(self._hot) > self._keep:
            self._hot.popitem(last=False)
        return found

    def put(self, item_id: str, known: Profile) -> None:
        """Keep the profile of an item that will soon be asked for."""
        self._hot[item_id] = known

    def drop(self, item_id: str) -> None:
        """Forget an item whose text has changed."""
        self._hot.pop(item_id, None)
