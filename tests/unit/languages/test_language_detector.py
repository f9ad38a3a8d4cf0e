"""The model that is read here array by array is py3langid's own, held to some languages, and takes less memory."""

from __future__ import annotations

import tracemalloc
from typing import cast

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from aggregator.language_detector import Identifier, load

LANGUAGES = {"bg", "el", "en", "kk", "pl", "ru", "zh", "xx"}  # one that the model does not know


@pytest.fixture(scope="module")
def ours() -> Identifier:
    return load(LANGUAGES)


@pytest.fixture(scope="module")
def its_own() -> Identifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)  # type: ignore[no-untyped-call]
    identifier.set_languages(sorted(LANGUAGES - {"xx"}))
    return cast(Identifier, identifier)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "Пристанището остава затворено, докато водолазите търсят котвата."),
        ("ru", "Порт останется закрытым, пока водолазы ищут потерянный якорь."),
        ("kk", "Сүңгуірлер зәкірді іздеп жатқанда порт жабық қалады."),
        ("pl", "Port pozostanie zamknięty, dopóki nurkowie szukają kotwicy."),
        ("el", "Το λιμάνι μένει κλειστό όσο οι δύτες ψάχνουν την άγκυρα."),
        ("en", "The harbour stays closed while divers look for the anchor."),
        ("zh", "潜水员寻找船锚期间港口继续关闭。"),
    ],
)
def test_it_ranks_languages_as_the_whole_model_does(
    ours: Identifier, its_own: Identifier, language: str, text: str
) -> None:
    ranked = ours.rank(text)

    assert ranked == its_own.rank(text)
    assert ranked[0][0] == language
    assert {code for code, _ in ranked} == LANGUAGES - {"xx"}


def test_a_text_without_letters_has_a_rank_too(ours: Identifier, its_own: Identifier) -> None:
    assert ours.rank("") == its_own.rank("")


def test_of_the_blocks_that_are_alike_one_is_kept() -> None:
    tracemalloc.start()
    try:
        kept = load({"en"})
        held_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept.rank("")
    assert held_bytes < 30 * 1024 * 1024, "the table of states alone has 37 MB as it is written"
