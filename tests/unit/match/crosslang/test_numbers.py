"""Numbers and dates, one form whatever the language."""

import pytest

from aggregator.match.crosslang.extraction import extract
from aggregator.match.crosslang.numbers import (
    NUMBER,
    month_of,
    shown,
    value_of,
    written_dates,
)
from aggregator.match.crosslang.packed import FeatureKind, Occurrence
from aggregator.model import Text


def figures(text: str, language: str) -> set[tuple[int, ...]]:
    seen: list[Occurrence] = extract(Text(title="", body=text, language=language)).seen
    return {one.features for one in seen if one.kind in {FeatureKind.NUMBER, FeatureKind.DATE}}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 234,5", 1234.5), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1234.5", 1234.5), ("150,000", 150_000),
        ("150 000", 150_000), ("1.234.567", 1_234_567), ("5,4", 5.4), ("0,054", 0.054), ("2024", 2024),
    ],
)  # fmt: skip
def test_marks_of_grouping_and_decimals_are_told_apart(written: str, value: float) -> None:
    assert NUMBER.fullmatch(written)
    assert value_of(written) == value


def test_digits_count_where_units_differ() -> None:
    assert shown(465.0) == shown(465_000.0) == shown(46.5)
    assert shown(15.0) != shown(150.0)
    assert shown(184.0) != shown(185.0)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "На 24 октомври бяха платени 184 млн. долара за 1250 вагона."),
        ("ru", "24 октября выплачено 184 млн долларов за 1 250 вагонов."),
        ("kk", "24 қазанда 1 250 вагон үшін 184 млн доллар төленді."),
        ("en", "On October 24, 184 million dollars were paid for 1,250 wagons."),
        ("uz", "24-oktabr kuni 1 250 vagon uchun 184 million dollar toʻlandi."),
        ("zh", "10月24日,为1250节车厢支付了1.84亿美元。"),
    ],
)
def test_figures_are_the_same_in_six_languages(language: str, text: str) -> None:
    english = "On October 24, 184 million dollars were paid for 1,250 wagons."
    assert figures(text, language) == figures(english, "en")


@pytest.mark.parametrize("text", ["24.10.2024", "2024-10-24", "2024年10月24日"])
def test_dates_in_figures(text: str) -> None:
    assert [date.value for date in written_dates(text)] == ["1024"]


@pytest.mark.parametrize("text", ["45.13.2024", "2024-13-45"])
def test_what_is_no_date(text: str) -> None:
    assert not written_dates(text)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("bg", "ноември"),
        ("ru", "ноября"),
        ("kk", "қарашада"),
        ("en", "november"),
        ("uz", "noyabrda"),
    ],
)
def test_months_in_any_case(language: str, word: str) -> None:
    assert month_of(language, word) == 11


def test_a_day_without_its_month_is_no_number_in_chinese() -> None:
    assert not figures("外交部长19日说", "zh")
