"""The form of the lexicon, and how its phrases are found."""

from collections import defaultdict

import pytest

from aggregator.errors import LanguageError
from aggregator.languages import languages
from aggregator.match.lexicon import (
    Ideographs,
    Lexicon,
    Rank,
    ideographs,
    phrases,
    plain,
    rank_of,
    read_rows,
    rows,
)

COMPLETE = ("bg", "ru", "kk", "en", "uz", "zh")
LANGUAGES = tuple(languages())


def found(language: str, text: str) -> list[str]:
    words = text.split()
    capitals = [word[0].isupper() for word in words]
    return [hit.concept for hit in phrases(language).find([plain(w) for w in words], capitals)]


def test_the_lexicon_has_at_least_two_thousand_concepts() -> None:
    assert len(rows()) >= 2_000
    assert len({row.concept for row in rows()}) == len(rows())


def test_every_concept_is_said_in_six_languages() -> None:
    empty = [(r.domain, r.concept, x) for r in rows() for x in COMPLETE if not r.alternatives(x)]
    assert not empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_stem_means_two_things(language: str) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for row in rows():
        for written in row.alternatives(language):
            meanings[plain(written)].add(row.concept)
    assert not {stem: concepts for stem, concepts in meanings.items() if len(concepts) > 1}


@pytest.mark.parametrize("language", [x for x in LANGUAGES if languages()[x].has_spaces])
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


HEADER = "# Fruit.\nconcept\ten\tbg\n"


def test_cells_and_columns_may_be_missing() -> None:
    apple, pear = read_rows("fruit.tsv", f"{HEADER}apple\tapple*\npear\t\tкруш*|круша\n")

    assert (apple.alternatives("en"), apple.alternatives("bg")) == (["apple*"], [])
    assert (pear.alternatives("en"), pear.alternatives("bg")) == ([], ["круш*", "круша"])
    assert pear.alternatives("ru") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("# Fruit.\nconcept\ten\txx\n", "lexicon/fruit.tsv:2: there is no language 'xx'"),
        ("# Fruit.\nconcept\ten\ten\n", "lexicon/fruit.tsv:2: the header must be"),
        ("# Fruit.\nen\tbg\n", "lexicon/fruit.tsv:2: the header must be"),
        ("", "lexicon/fruit.tsv:2: the header must be"),
        (f"{HEADER}\napple\ta\tb\tc\n", "lexicon/fruit.tsv:4: there are 3 cells for 2 columns"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(content: str, said: str) -> None:
    with pytest.raises(LanguageError) as error:
        list(read_rows("fruit.tsv", content))

    assert str(error.value).startswith(said)
