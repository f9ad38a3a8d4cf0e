import pytest

from aggregator.match.words.tokens import (
    NAME,
    NUMBER,
    OPENING,
    WORD,
    tokenise,
)


def words(text: str) -> list[int]:
    return [int(value) >> 2 for value in tokenise(text).values]


def classes(text: str) -> list[int]:
    return [int(value) & 3 for value in tokenise(text).values]


def written(text: str) -> list[str]:
    tokens = tokenise(text)
    return [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry", "MINISTRY"),
        ("ёлка", "елка"),
        ("5,988 bags", "5 988 bags"),
        ("1.001.430", "1,001,430"),
        ("5,4 per day", "5.4 per day"),
        ("U.S. wheat", "US wheat"),
        ("Velmora's port", "Velmora port"),
        ("twenty mln", "twenty million"),
        ("7 pct", "seven %"),
        ("5 млн рублей", "пять миллионов рублей"),
        ("5 Oct.", "5 October"),
        ("5 окт.", "5 октября"),
        ("o‘zbek tili", "oʻzbek tili"),
    ],
)
def test_one_word_has_one_form(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.4", "4.9"),
        ("91.666", "91666"),
        ("2010 500", "2010500"),
        ("Fajon", "Fidan"),
        ("mill", "mile"),
    ],
)
def test_different_words_have_different_tokens(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_forms_of_a_name_share_their_first_letters() -> None:
    one, other = tokenise("Марков").values, tokenise("Маркову").values

    assert one[0] >> 18 == other[0] >> 18
    assert one[0] >> 2 != other[0] >> 2


def test_numbers_and_names_are_told_apart_from_words_that_begin_a_sentence() -> None:
    assert classes("Today Voss met 12 people. They left.") == [
        OPENING, NAME, WORD, NUMBER, WORD, OPENING, WORD,
    ]  # fmt: skip


def test_tokens_know_where_they_stand() -> None:
    assert written("The U.S. paid 5,988 – twice.") == ["The", "U.S.", "paid", "5,988", "twice"]


def test_scripts_without_spaces_are_read_by_pairs_of_characters() -> None:
    assert len(words("外交部长")) == 4
    assert words("外交部长")[:2] == words("外交部门")[:2]
    assert words("外交部长")[2:] != words("外交部门")[2:]


@pytest.mark.parametrize("text", ["", " \n\t", "…—«»", "\u200b\u0301", "\ud800"])
def test_a_text_without_words_has_no_tokens(text: str) -> None:
    assert tokenise(text).values.size == 0
