"""Names in six alphabets, by their consonants."""

import numpy as np
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
from aggregator.match.crosslang.phonetic import (
    SAME_NAME,
    SAME_NAME_CHINESE,
    best_similarities,
    compare_names,
)

WORDS = [Occurrence((word,), FeatureKind.SKELETON, False, word, word + 1) for word in range(6)]


def likeness(a: str, b: str, *, chinese: bool = False) -> float:
    names = []
    for name, from_chinese in ((a, False), (b, chinese)):
        packed = pack(
            Extracted(
                "x", 1, 1, 1, as_columns(WORDS, [Name(name, 1, 0, lead=True, chinese=from_chinese)])
            )
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


def compared(a: list[Name], b: list[Name]) -> tuple[float, float, float, float]:
    """What `compare_names` says of the first text's names, each as rare as can be."""
    sides = [unpack(pack(Extracted("x", 1, 1, 1, as_columns(WORDS, names)))) for names in (a, b)]
    one, other = (side.names for side in sides if side is not None)
    return compare_names(one, np.ones(len(one), dtype=np.float32), other)


def person(*parts: str) -> list[Name]:
    names = [Name(skeleton(part), number, 0, lead=True) for number, part in enumerate(parts)]
    return names[:1] + [name._replace(continues=True) for name in names[1:]]


def test_a_person_is_one_agreement_however_many_parts_the_name_has() -> None:
    whole, short = person("Recep", "Tayyip", "Erdogan"), person("Erdogan")
    assert compared(whole, whole)[1] == pytest.approx(compared(short, short)[1])
    assert compared(whole, short)[1] == pytest.approx(compared(short, whole)[1])


def test_two_persons_are_two_agreements() -> None:
    both = person("Ermek", "Kosherbayev") + person("Tanja", "Fajon")
    assert compared(both, both)[1] == pytest.approx(2.0)


def test_parts_that_once_stood_together_are_one_wherever_they_stand() -> None:
    apart = person("Kosherbayev") + person("Ermek", "Kosherbayev")
    assert compared(apart, apart)[1] == pytest.approx(1.0)


def test_another_person_of_the_same_first_name_is_missing() -> None:
    _, _, missing, lead = compared(person("Marta", "Kosherbayev"), person("Marta", "Guterres"))
    assert missing == lead > 0.5


def test_what_may_be_no_name_can_agree_and_is_never_missing() -> None:
    opening = [name._replace(opening=True) for name in person("Casanova")]
    assert compared(opening, person("Casanova"))[1] == pytest.approx(1.0)
    assert compared(opening, person("Guterres"))[1:] == (0.0, 0.0, 0.0)
