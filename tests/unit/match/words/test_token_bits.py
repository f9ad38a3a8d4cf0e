import pytest

from aggregator.match.words.token_bits import kind_of, stem_of, word_of
from aggregator.match.words.tokens import NAME, NUMBER, OPENING, WORD, tokenise


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The mayor of Karsk has 12", [OPENING, WORD, WORD, NAME, WORD, NUMBER]),
        ("мост в Осло", [WORD, WORD, NAME]),
    ],
)
def test_kinds_are_those_that_tokens_were_given(text: str, kinds: list[int]) -> None:
    assert [kind_of(token) for token in tokenise(text).values] == kinds


def test_a_word_is_the_same_whatever_its_kind() -> None:
    opening, _, name, word = tokenise("Bridge over Bridge bridge").values

    assert word_of(opening) == word_of(name) == word_of(word)
    assert len({kind_of(token) for token in (opening, name, word)}) == 3


def test_forms_of_a_name_have_one_stem_and_are_two_words() -> None:
    one, other, unlike = tokenise("Fajon Fajona Karsk").values

    assert stem_of(one) == stem_of(other) != stem_of(unlike)
    assert word_of(one) != word_of(other)
