"""One figure is one token, however it is written; what is written alike and is another figure is another token."""

import pytest

from aggregator.match.words.token_bits import NUMBER
from aggregator.match.words.tokens import tokenise


def words(text: str) -> list[int]:
    return [int(value) >> 2 for value in tokenise(text).values]


def written(text: str) -> list[str]:
    tokens = tokenise(text)
    return [
        text[start:end]
        for value, start, end in zip(tokens.values, tokens.starts, tokens.ends, strict=True)
        if value & 3 == NUMBER
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("в 16.50 ч", "в 16:50"),
        ("16,50 ч. местно време", "16:50 местно време"),
        ("16.50 часа", "16h50"),
        ("в 16.50 по Карску", "в 16:50 по Карску"),
        ("4.50 p.m.", "16:50"),
        ("16.50 p.m.", "16:50"),
        ("at 4 pm", "at 16:00"),
        ("12 a.m.", "0:00"),
        ("24:00", "0:00"),
        ("в 16 часа", "в 16:00"),
        ("16 часа 50 мин", "16.50 ч"),
        ("16时50分", "16:50"),
        ("soat 9.05 da", "soat 9:05 da"),
    ],
)
def test_a_clock_time_is_one_value(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("16.50", "16:50"),
        ("closed at 16.50 dollars", "closed at 16:50 dollars"),
        ("в 2,50 пъти", "в 2:50 пъти"),
        ("16:50", "16:05"),
        ("4.50 p.m.", "4.50 a.m."),
        ("1.75 ч", "1:75"),
    ],
)
def test_what_is_no_time_or_another_is_not_taken_for_it(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    "other", ["09.11.2018", "9/11/2018", "9.11.18", "2018-11-09", "2018.11.09", "09–11–2018"]
)
def test_a_date_is_one_value(other: str) -> None:
    assert words("09-11-2018") == words(other)


def test_the_day_comes_first_unless_only_the_other_order_is_a_date() -> None:
    assert words("11/22/2018") == words("22.11.2018")
    assert words("11/9/2018") != words("9/11/2018")
    assert written("32.13.2018 and 1.001.430") == ["32.13", "2018", "1.001.430"]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("won 2:1 and 2-1", ["2:1", "2-1"]),
        ("15–20 people, 2018-2019", ["15–20", "2018", "2019"]),
        ("at 6-5/16 percent, 6 5/16 and 1/2", ["6-5/16", "6 5/16", "1/2"]),
        ("в 10.30 ч. край 5 км", ["10.30 ч", "5"]),
        ("за 9,7 млн. лева", ["9,7 млн"]),
        ("1.84亿元", ["1.84亿"]),
        ("phone 555-123-4567", ["555", "123", "4567"]),
        ("9:58.63", ["9:58.63"]),
    ],
)
def test_a_figure_ends_where_it_is_complete(text: str, figures: list[str]) -> None:
    assert written(text) == figures


def test_scores_and_fractions_are_values_of_their_own() -> None:
    assert words("2:1") == words("2-1") == words("2–1") != words("1:2")
    assert words("6-5/16") == words("6 5/16") != words("6-1/8")
    assert words("1/2") != words("1/3")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9.7 mln", "9,700,000"),
        ("9,7 млн. лева", "9.7 милиона лева"),
        ("ten million", "10,000,000"),
        ("пять тысяч", "5000"),
        ("1,25 million", "1 250 000"),
        ("12 млрд", "12 000 000 000"),
        ("3 мың", "3000"),
        ("7 milliard", "7,000,000,000"),
        ("500万", "5,000,000"),
        ("2万亿", "2,000,000,000,000"),
        ("5-million", "5 million"),
        ("5.40", "5.4"),
    ],
)
def test_a_scale_is_a_part_of_its_number(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_a_year_is_not_scaled_by_the_next_word() -> None:
    assert written("In 2018 millions left, in 2 million homes") == ["2018", "2 million"]
