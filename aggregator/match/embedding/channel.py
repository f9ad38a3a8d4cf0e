"""The channel of the embedding model: it suggests translations and supports their scores, no more.

    text ---- model ----> vector of title and lead                                    (features)
    vector -- window ---> the nearest item of each other language                     (suggest)
    a pair -------------> helped where each is by far the other's nearest             (support)

Such a model knows what texts are about, and puts a minister's call with one colleague beside his call
with another. So it finds no pairs of its own: without lexical agreement nothing is merged for it, and
what forbids a merge forbids it still.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from aggregator.match.channel import Channel, Fingerprints, Side, Suggestion, Support
from aggregator.match.embedding.model import EmbeddingModel
from aggregator.match.embedding.window import Embedded, VectorWindow
from aggregator.model import Fingerprint, Indexed, Item, Text

MEASURE = "meaning"  # the name of the cosine among the features of a pair
_SUGGESTED = 1  # items of each other language


class EmbeddingChannel(Channel):
    """The vectors of the items of a window.

    `says_enough` tells which texts have a vector: those that another channel can score.
    """

    name: ClassVar[str] = "embedding"

    def __init__(
        self,
        model: EmbeddingModel,
        fingerprints: Fingerprints,
        *,
        window: timedelta,
        says_enough: Callable[[Text], bool],
    ) -> None:
        self.scheme = model.digest
        self._model = model
        self._fingerprints = fingerprints
        self._window = window
        self._says_enough = says_enough
        self._vectors = VectorWindow()
        self._gone_before = datetime.min.replace(tzinfo=UTC)

    def features(self, text: Text) -> bytes:
        """The vector of title and lead in half precision; b"" for a text that says too little."""
        return self._model.pack(text) if self._says_enough(text) else b""

    def add(self, entry: Indexed) -> None:
        """Takes an item with a vector into the window."""
        embedded = self._read(entry.item_id, entry.fingerprint)
        if embedded:
            self._vectors.add(Suggestion.of(entry), embedded.vector)

    def forget(self, before_at: datetime) -> None:
        """Lets go of what was reported earlier."""
        self._gone_before = max(before_at, self._gone_before)
        self._vectors.forget(before_at)

    def suggest(self, item: Item, fingerprint: Fingerprint) -> list[Suggestion]:
        """The nearest items of other languages in the window of time, at whatever cosine."""
        own = self._read(item.id, fingerprint)
        if own is None:
            return []
        since_at = max(item.reported_at - self._window, self._gone_before)
        until_at = item.reported_at + self._window
        return self._vectors.nearest(own.vector, own.language, since_at, until_at, _SUGGESTED)

    def support(self, score: float, own: Side, other: Side) -> Support:
        """The score raised where each item is by far the other's nearest, and their cosine."""
        a, b = self._embedded(own), self._embedded(other)
        if a is None or b is None:
            return Support(score, {})
        raised = self._vectors.supported(score, a, b)
        return Support(raised, {MEASURE: float(a.vector @ b.vector)})

    def _embedded(self, side: Side) -> Embedded | None:
        if side.fingerprint is not None:
            return self._read(side.item_id, side.fingerprint)
        known = self._vectors.get(side.item_id)
        if known is None:
            fingerprint = self._fingerprints([side.item_id]).get(side.item_id)
            known = self._read(side.item_id, fingerprint) if fingerprint else None
        return known

    def _read(self, item_id: str, fingerprint: Fingerprint) -> Embedded | None:
        vector = self._model.unpack(fingerprint.data(self.name, self.scheme))
        return None if vector is None else Embedded(item_id, fingerprint.language, vector)
