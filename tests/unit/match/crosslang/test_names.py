"""Names in six alphabets, by their consonants."""

import pytest

from aggregator.match.crosslang.names import (
    LONGEST,
    coarse,
    skeleton,
    skeletons,
    syllable_runs,
    syllable_skeleton,
)
from aggregator.match.crosslang.packed import (
    Extracted,
    FeatureKind,
    Name,
    Occurrence,
    as_columns,
    pack,
    unpack,
)
from aggregator.match.crosslang.phonetic import SAME_NAME, SAME_NAME_CHINESE, best_similarities

WORDS = Occurrence(tuple(range(20)), FeatureKind.SKELETON, False, 0, 1)


def likeness(a: str, b: str, *, chinese: bool = False) -> float:
    names = []
    for name, from_chinese in ((a, False), (b, chinese)):
        packed = pack(
            Extracted("x", 1, 1, as_columns([WORDS], [Name(name, 1, True, chinese=from_chinese)]))
        )
        features = unpack(packed)
        assert features is not None
        names.append(features.names)
    return float(best_similarities(*names)[0])


@pytest.mark.parametrize(
    "spellings",
    [
        {"ru": "Кошербаев", "bg": "Кошербаев", "kk": "Көшербаев", "en": "Kosherbayev", "uz": "Kosherbayev"},
        {"ru": "Токаев", "bg": "Токаев", "kk": "Тоқаев", "en": "Tokayev", "uz": "Toqayev"},
        {"ru": "Мусар", "bg": "Мусар", "kk": "Мусар", "en": "Musar", "uz": "Musar"},
        {"ru": "Шевченко", "bg": "Шевченко", "en": "Shevchenko", "uz": "Shevchenko"},
        {"ru": "Жумангарин", "kk": "Жұманғарин", "en": "Zhumangarin", "uz": "Jumangarin"},
        {"ru": "Хамитов", "kk": "Хамитов", "en": "Khamitov", "uz": "Xamitov"},
    ],
    ids=lambda spellings: spellings["ru"],
)  # fmt: skip
def test_a_name_has_one_skeleton(spellings: dict[str, str]) -> None:
    assert len({skeleton(name, language) for language, name in spellings.items()}) == 1


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [("Fajon", "Файон"), ("William", "Уильям"), ("Michael", "Майкл")]
)
def test_a_second_reading_meets_the_other_spelling(latin: str, cyrillic: str) -> None:
    assert skeletons(latin, "en")[1] == skeleton(cyrillic, "ru")


@pytest.mark.parametrize(
    ("declined", "bare", "language"),
    [("Тоқаевтың", "Тоқаев", "kk"), ("Fayonning", "Fayon", "uz"), ("Жапаровдун", "Жапаров", "ky")],
)
def test_case_endings_are_taken_off(declined: str, bare: str, language: str) -> None:
    assert skeletons(declined, language)[1] == skeleton(bare, language)


@pytest.mark.parametrize(
    ("chinese", "name"),
    [("科舍尔巴耶夫", "Кошербаев"), ("卡萨诺瓦", "Casanova"), ("古特雷斯", "Guterres")],
)
def test_chinese_syllables_sound_like_the_name(chinese: str, name: str) -> None:
    heard = coarse(syllable_skeleton(chinese))
    assert likeness(skeleton(name), heard, chinese=True) >= SAME_NAME_CHINESE


def test_runs_of_syllables_are_found_with_their_places() -> None:
    assert [(start, run) for start, run in syllable_runs("部长 科舍尔巴耶夫 说")] == [
        (3, "科舍尔巴耶夫")
    ]


@pytest.mark.parametrize(
    ("a", "b"), [("Файон", "Фидан"), ("Кошербаев", "Калиев"), ("Сатпаев", "Чесноков")]
)
def test_other_names_are_not_alike(a: str, b: str) -> None:
    assert likeness(skeleton(a), skeleton(b)) < SAME_NAME
    assert likeness(skeleton(a), skeleton(b)) == likeness(skeleton(b), skeleton(a))


@pytest.mark.parametrize("word", ["", "…", "ъ", "日本", "x" * 500, "Ğöşçü"])
def test_any_word_has_a_bounded_skeleton(word: str) -> None:
    assert len(skeleton(word)) <= LONGEST
