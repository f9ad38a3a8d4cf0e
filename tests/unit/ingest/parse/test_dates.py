"""Dates as agencies write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.ingest.parse.dates import read_date

TEN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Mon, 02 Nov 2026 10:00:00 GMT", 10),
        ("Mon, 02 Nov 2026 10:00:00 +0300 (MSK)", 7),
        ("Mon, 02 Nov 2026 10:00:00 EET", 8),
        ("Tue, 02 Nov 2026 10:00:00 EEST", 7),
        ("Mon, 02 Nov 2026 10:00:00 MSK", 7),
        ("02 Nov 2026 10:00 ALMT", 5),
        ("02 Nov 2026 10:00 QYZT", 5),
        ("Mon, 02 Nov 2026 10:00:00 GMT+3", 7),
        ("Mon, 02 Nov 2026 10:00:00 UTC+05:00", 5),
        ("Mon, 02 Nov 2026 10:00:00 +3", 7),
        ("Mon, 2 Nov 26 10:00:00 -0500", 15),
        ("2026-11-02T10:00:00+06", 4),
        ("2026-11-02T10:00:00.123+0600".replace(".123", ""), 4),
        ("2026-11-02 10:00:00", 10),
        ("20261102T100000Z", 10),
        ("Monday, 02-Nov-26 10:00:00 GMT", 10),
        ("02 Nov 2026 10:0:0 GMT", 10),
        ("20261102100000", 10),
        ("1793613600", 10),
        ("1793613600000", 10),
        ("02.11.2026 10:00", 10),
        ("10:00 02.11.2026", 10),
        ("02/11/2026 10:00", 10),
        ("11/13/2026 10:00", None),
        ("2026年11月2日 10:00", 10),
        ("понеделник, 2 ноември 2026 г., 10:00 ч.", 10),
        ("Пн, 02 Ноя 2026 10:00:00 +0300", 7),
        ("2 ноября 2026, 10:00", 10),
        ("дүйсенбі, 2 қараша 2026 10:00", 10),
        ("2026 жылғы 2 қараша 10:00", 10),
        ("Nov 2, 2026 10:00 PM", 22),
        ("Sun Nov  2 10:00:00 MSK 2026", 7),
    ],
)
def test_reads_the_moment(text: str, hour: int | None) -> None:
    expected = TEN.replace(hour=hour) if hour is not None else TEN.replace(day=13)
    assert read_date(text) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("02.11.2026 24:00:00", 3),
        ("Mon, 02 Nov 2026 24:00:00 GMT", 3),
        ("2 ноем. 2026", 2),
        ("3 Kasım 2026", 3),
    ],
)
def test_reads_the_day(text: str, day: int) -> None:
    assert read_date(text) == datetime(2026, 11, day, tzinfo=UTC)


MONTHS = {
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
}


@pytest.mark.parametrize("language", MONTHS)
def test_knows_the_months_of(language: str) -> None:
    months = [read_date(f"5 {name} 2026") for name in MONTHS[language].split()]
    assert [each.month if each else None for each in months] == list(range(1, 13))


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "-1", "nonsense", "1970-01-01", "0001-01-01T00:00:00Z", "2026-02-30", "31 Feb 2026",
     "2026-11-02T25:00", "9" * 20, "Mon, 02 Nov 12026 10:00:00 GMT", "2 ноября", "x" * 5000,
     "Mon, 02 Nov 2026 10:00:00 +99"],
)  # fmt: skip
def test_nonsense_is_no_moment(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11/02/2026 10:05:00 PM", None),
        ("2-11-26 9.30 a.m.", None),
        ("11/11/2026 10:05 AM", datetime(2026, 11, 11, 10, 5, tzinfo=UTC)),
        ("11/22/2026 10:05 AM", datetime(2026, 11, 22, 10, 5, tzinfo=UTC)),
        ("22/11/2026 10:05 PM", datetime(2026, 11, 22, 22, 5, tzinfo=UTC)),
        ("02.11.2026 10:05 PM", datetime(2026, 11, 2, 22, 5, tzinfo=UTC)),
        ("02/11/2026 22:05", datetime(2026, 11, 2, 22, 5, tzinfo=UTC)),
    ],
)
def test_a_clock_of_twelve_hours_leaves_open_whether_the_month_comes_first(
    text: str, expected: datetime | None
) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(("day", "hour"), [("29 Feb 2024", 4), ("1 Mar 2024", 5)])
def test_the_clock_of_almaty_was_set_an_hour_back(day: str, hour: int) -> None:
    found = read_date(f"{day} 10:00 ALMT")
    assert found is not None
    assert found.hour == hour
