"""Words are counted in every script, and the middle of them is taken."""

from __future__ import annotations

import pytest

from aggregator.lengths import count_words, median_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" – … !", 0),
        ("Мостът при Лозен е отворен", 5),
        ("the well-known 2,5 % of O‘zbekiston’s exports", 6),
        ("и/или", 1),
        ("हिन्दी में तीन शब्द", 4),
        ("הַשָּׁלוֹם בָּא", 2),
        ("다리가 화요일에 열렸다", 3),
        ("大桥周二通车", 3),
        ("橋が火曜日に開通した", 5),
        ("สะพานเปิดแล้ว", 7),
        ("新华社 Beijing 2026 大桥通车", 6),
    ],
)
def test_words(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("counts", "middle"), [([], None), ([7], 7), ([3, 90, 5], 5), ([10, 200], 10), ([0, 0, 8], 0)]
)
def test_the_middle_is_the_lower_of_two(counts: list[int], middle: int | None) -> None:
    assert median_words(counts) == middle
