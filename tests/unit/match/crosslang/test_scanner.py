"""The compiled reading of words says what the plain rules say: numbers, phrases, sounds, keys."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.match.crosslang import vocabulary as tables
from aggregator.match.crosslang.extraction import extract
from aggregator.match.crosslang.names import coarse, skeletons
from aggregator.match.crosslang.numbers import NUMBER
from aggregator.match.crosslang.packed import FeatureKind, feature_id, pack_sounds
from aggregator.match.crosslang.scanner import END, START, scan
from aggregator.match.crosslang.territories import lexicon_of
from aggregator.match.crosslang.vocabulary import Vocabulary, codepoints, concept_features
from aggregator.match.lexicon import plain
from aggregator.model import Text

TOKEN = re.compile(rf"({NUMBER.pattern})|[^\W\d_]+(?:['’‘ʻʼ`][^\W\d_]+)*")
LANGUAGES = ("en", "ru", "uz", "kk", "bg")


@pytest.fixture(scope="module")
def english() -> Vocabulary:
    return Vocabulary("en")


@given(st.text(alphabet="0123456789 .,ab'’!-\n", max_size=40))
def test_words_and_figures_are_those_of_the_pattern(english: Vocabulary, written: str) -> None:
    found = scan(written, codepoints(written), english)
    tokens = list(TOKEN.finditer(written))
    words = [match.span() for match in tokens if match[1] is None]
    assert [tuple(row) for row in found.words[:, START : END + 1].tolist()] == words
    figures = [match.span() for match in tokens if match[1] is not None]
    assert [tuple(row) for row in found.figures[:, :2].tolist()] == figures


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "word", ["Fajon", "Кошербаев", "Michael", "O‘zbek", "Xitoyning", "A", "Путиным"]
)
def test_a_name_gives_the_beginnings_of_both_readings(word: str, language: str) -> None:
    found = extract(Text(title="", body=f"said {word} there", language=language)).seen
    whole, other = skeletons(word, language)
    sounds = {
        feature_id(f"s{s[:n]}") for s in (whole, other) for n in (2, 3, 4, 5, 7) if len(s) >= n
    }
    heard = {coarse(whole), coarse(other)}
    syllables = {feature_id(f"z{s[:n]}") for s in heard for n in (2, 3, 4) if len(s) >= n}
    here = [seen for seen in found if (seen.start, seen.end) == (6, 6 + len(word))]
    assert {f for s in here if s.kind is FeatureKind.SKELETON for f in s.features} == sounds
    assert {
        f for s in here if s.kind is FeatureKind.COARSE_SKELETON for f in s.features
    } == syllables


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "the prime minister of north korea told us that US foreign ministers met"),
        ("ru", "министр иностранных дел Южной Кореи и премьер-министр встретились в Совете Безопасности"),
        ("bg", "министърът на външните работи посети Обединеното кралство"),
    ],
)  # fmt: skip
def test_concepts_are_those_the_lexicon_finds(language: str, written: str) -> None:
    words = re.findall(r"\w+", written)
    found = lexicon_of(language).find([plain(w) for w in words], [w[0].isupper() for w in words])
    seen = extract(Text(title="", body=written, language=language)).seen
    concepts = {f for s in seen if s.kind in set(tables.KIND_OF.values()) for f in s.features}
    assert found
    assert concepts == {f for one in found for f in concept_features(one.concept)}


def test_a_vocabulary_that_is_full_begins_anew(
    english: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = "Kosherbayev and Fajon spoke of grain"
    before = scan(written, codepoints(written), english)
    monkeypatch.setattr(tables, "REMEMBERED_WORDS", 30)
    after = scan(written, codepoints(written), english)
    assert (before.words[:, START] == after.words[:, START]).all()
    packed = english.words.sounds[after.words[0, -1], 0]
    assert packed == pack_sounds(skeletons("Kosherbayev", "en")[0])


def test_a_vocabulary_grows() -> None:
    vocabulary = Vocabulary("en")
    syllables = ("ba", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu")
    words = [
        a + b + c + d for a in syllables for b in syllables for c in syllables for d in syllables
    ]
    written = " ".join(words[:5000])
    scan(written, codepoints(written), vocabulary)
    (first,) = scan(words[0], codepoints(words[0]), vocabulary).words
    (last,) = scan(words[4999], codepoints(words[4999]), vocabulary).words
    assert (first[-1], last[-1]) == (0, 4999)
    assert vocabulary.words.sounds[4999, 0] == pack_sounds(skeletons(words[4999], "en")[0])
