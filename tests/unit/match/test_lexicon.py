"""The form of the lexicon, and how its phrases are found."""

from collections import defaultdict

import pytest

from aggregator.match.lexicon import (
    LANGUAGES,
    Ideographs,
    Lexicon,
    Rank,
    ideographs,
    phrases,
    plain,
    rank_of,
    rows,
)


def found(language: str, text: str) -> list[str]:
    words = text.split()
    capitals = [word[0].isupper() for word in words]
    return [hit.concept for hit in phrases(language).find([plain(w) for w in words], capitals)]


def test_the_lexicon_has_at_least_two_thousand_concepts() -> None:
    assert len(rows()) >= 2_000
    assert len({row.concept for row in rows()}) == len(rows())


def test_every_concept_is_said_in_every_language() -> None:
    empty = [(r.domain, r.concept, x) for r in rows() for x in LANGUAGES if not r.alternatives(x)]
    assert not empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_stem_means_two_things(language: str) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for row in rows():
        for written in row.alternatives(language):
            meanings[plain(written)].add(row.concept)
    assert not {stem: concepts for stem, concepts in meanings.items() if len(concepts) > 1}


@pytest.mark.parametrize("language", [x for x in LANGUAGES if x != "zh"])
def test_stems_are_long_enough_to_mean_something(language: str) -> None:
    short = [
        (row.concept, written)
        for row in rows()
        for written in row.alternatives(language)
        if written.endswith("*") and len(written) < 4
    ]
    assert not short


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "министърът на външните работи"),
        ("ru", "министр иностранных дел"),
        ("kk", "сыртқы істер министрі"),
        ("en", "foreign minister"),
        ("uz", "tashqi ishlar vaziri"),
    ],
)
def test_an_office_is_one_concept_in_every_language(language: str, text: str) -> None:
    assert found(language, text) == found("en", "foreign minister")


def test_the_chinese_office_is_the_same_concept() -> None:
    hits = [hit.concept for hit in ideographs().find("外交部长")]
    assert hits == found("en", "foreign minister")


def test_the_longest_phrase_wins() -> None:
    lexicon = Lexicon()
    lexicon.add("bank*", "bank", Rank.NOTION)
    lexicon.add("national* bank*", "national_bank", Rank.NOTION)
    assert [hit.concept for hit in lexicon.find(["national", "banks"])] == ["national_bank"]
    chinese = Ideographs()
    for written, concept in (("银行", "bank"), ("国家银行", "national_bank"), ("国家", "state")):
        chinese.add(written, concept, Rank.NOTION)
    assert [hit.concept for hit in chinese.find("国家银行")] == ["national_bank"]


def test_a_short_name_written_small_is_another_word() -> None:
    assert found("en", "told us") != found("en", "told US")


def test_agencies_are_no_facts_of_a_report() -> None:
    assert rank_of("agencies") is Rank.NOTION
    assert rank_of("countries") is Rank.COUNTRY
    assert rank_of("cities") is Rank.NAMED
