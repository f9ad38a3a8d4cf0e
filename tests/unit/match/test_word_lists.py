"""The lists of opposites, rubrics and function words: their form, and what is found by them."""

from collections import defaultdict

import pytest

from aggregator.languages import languages
from aggregator.match.lexicon import APART, Ideographs, plain, rows
from aggregator.match.lexicon.word_lists import (
    list_rows,
    opposites,
    words_of,
)

LISTS = tuple(sorted(APART))


def found(name: str, language: str, text: str) -> list[str]:
    words = words_of(name, language)
    if isinstance(words, Ideographs):
        return [hit.concept for hit in words.find(text)]
    return [hit.concept for hit in words.find([plain(word) for word in text.split()])]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_no_part_of_what_reports_are_about(name: str) -> None:
    assert list_rows(name)
    assert name not in {row.domain for row in rows()}


@pytest.mark.parametrize("name", ["opposites", "rubrics"])
@pytest.mark.parametrize("language", tuple(languages()))
def test_no_word_of_a_list_means_two_things(name: str, language: str) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for row in list_rows(name):
        for written in row.alternatives(language):
            meanings[plain(written)].add(row.concept)

    assert not {word: concepts for word, concepts in meanings.items() if len(concepts) > 1}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "men's", "women's"),
        ("en", "exports", "imports"),
        ("bg", "северния", "южния"),
        ("bg", "осъден", "оправдан"),
        ("ru", "открыта", "закрыта"),
        ("ru", "повысил", "снизил"),
        ("kk", "солтүстік", "оңтүстік"),
        ("kk", "сотталды", "ақталды"),
        ("uz", "oshirdi", "tushirdi"),
        ("uz", "g'alaba", "mag'lubiyat"),
        ("zh", "出口", "进口"),
        ("zh", "男子", "女子"),
    ],
)
def test_opposites_are_known_in_every_language(language: str, one: str, other: str) -> None:
    (first,) = found("opposites", language, one)
    (second,) = found("opposites", language, other)

    assert frozenset({first, second}) in opposites()


@pytest.mark.parametrize(
    ("one", "other"), [("raises", "increases"), ("cuts", "lowers"), ("open", "reopens")]
)
def test_words_of_one_meaning_are_no_opposites(one: str, other: str) -> None:
    assert found("opposites", "en", one) == found("opposites", "en", other)


def test_important_is_no_import() -> None:
    assert not found("opposites", "en", "important")


def test_a_language_without_a_column_has_no_opposites() -> None:
    assert not found("opposites", "xx", "exports")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "press review"),
        ("ru", "обзор прессы"),
        ("bg", "преглед на печата"),
        ("kk", "ауа райы"),
        ("uz", "valyuta kurslari"),
        ("zh", "天气预报"),
    ],
)
def test_rubrics_are_known_in_every_language(language: str, title: str) -> None:
    assert len(found("rubrics", language, title)) == 1
