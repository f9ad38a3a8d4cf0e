"""Whatever a feed carries, matching decides, and in bounded time."""

from __future__ import annotations

import json
import time

import pytest

from aggregator.cluster.local import OutputLine, cluster
from aggregator.config import MatchSettings

ARABIC = "أعلنت وزارة النقل يوم الاثنين أن الجسر الشمالي في المدينة القديمة سيغلق أمام المركبات ثلاثة أسابيع لإصلاح الدعامات"
CHINESE = "北部大桥周一起关闭三周，交通部门表示将修复被洪水损坏的桥墩，居民可以乘坐渡轮过河，预计月底恢复通车。"
FOREVER = (
    60.0  # seconds of CPU, compiling included: a loop over pairs of so many characters takes hours
)
STRANGE = {
    "empty": "",
    "spaces": " \n\t\u00a0\u200b ",
    "one word": "Velmora",
    "one letter": "ж",
    "two megabytes": "Velmora waits for the 12 ferries of Karsk. " * 50_000,
    "two megabytes of one line": "x" * 2_000_000,
    "one word repeated": "news " * 400_000,
    "two words in turn": "good news " * 100_000,
    "lines without end": "A line.\n" * 200_000,
    "digits": "1,000 " * 100_000,
    "points": "." * 1_000_000,
    "right to left": ARABIC,
    "no spaces": CHINESE,
    "no spaces, long": CHINESE * 8_000,
    "emoji": "🚢🌉" * 5_000,
    "lone surrogate": "The bridge \ud800 is open.",
    "combining": "e\u0301" * 100_000,
    "brackets": "(" * 500_000,
    "markup": "<p>" * 200_000,
    "agreement": "по споразумение " * 60_000,
}


def run(*texts: str) -> list[OutputLine]:
    lines = [
        json.dumps({"id": str(number), "title": text[:80], "text": text})
        for number, text in enumerate(texts)
    ]
    return list(cluster(lines, MatchSettings()))


@pytest.mark.parametrize("name", STRANGE)
def test_every_text_is_decided_on_in_bounded_time(name: str) -> None:
    started = time.process_time()

    one, other = run(STRANGE[name], STRANGE[name])

    assert one["lead"]
    assert other["story"] in {one["story"], "s1"}
    assert time.process_time() - started < FOREVER


@pytest.mark.parametrize("text", [ARABIC, CHINESE])
def test_scripts_of_all_sorts_are_compared(text: str) -> None:
    one, other, cut = run(text, text, text[: len(text) * 3 // 4])

    assert one["story"] == other["story"]
    assert other["matches"][0]["kind"] == "identical"
    assert cut["story"] == one["story"]


def test_items_without_words_are_stories_of_their_own() -> None:
    one, other = run("", "")

    assert one["story"] != other["story"]
    assert other["matches"] == []
