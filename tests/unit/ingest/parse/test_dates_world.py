"""Zones and clock times of the world: read, or unknown; never UTC or midnight by silence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.ingest.parse.dates import read_date


def at(hour: int, minute: int = 0, *, day: int = 19, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("AEST", at(4, 20)), ("AEDT", at(3, 20)), ("ACST", at(4, 50)), ("ACDT", at(3, 50)), ("AWST", at(6, 20)),
        ("NZST", at(2, 20)), ("NZDT", at(1, 20)), ("CHADT", at(0, 35)), ("SGT", at(6, 20)), ("MYT", at(6, 20)),
        ("HKT", at(6, 20)), ("PHT", at(6, 20)), ("WIB", at(7, 20)), ("WITA", at(6, 20)), ("WIT", at(5, 20)),
        ("ICT", at(7, 20)), ("MMT", at(7, 50)), ("NPT", at(8, 35)), ("PKT", at(9, 20)), ("AFT", at(9, 50)),
        ("JST", at(5, 20)), ("KST", at(5, 20)), ("ULAT", at(6, 20)), ("IRST", at(10, 50)), ("GST", at(10, 20)),
        ("SAST", at(12, 20)), ("CAT", at(12, 20)), ("EAT", at(11, 20)), ("WAT", at(13, 20)), ("MSK", at(11, 20)),
        ("МСК", at(11, 20)), ("МСК+2", at(9, 20)), ("CET", at(13, 20)), ("MESZ", at(12, 20)), ("WEST", at(13, 20)),
        ("EST", at(19, 20)), ("CST", at(20, 20)), ("MST", at(21, 20)), ("PST", at(22, 20)), ("AKST", at(23, 20)),
        ("HST", at(0, 20, day=20)), ("BRT", at(17, 20)), ("ART", at(17, 20)), ("COT", at(19, 20)),
        ("CLST", at(17, 20)), ("NST", at(17, 50)), ("UTC", at(14, 20)), ("gmt", at(14, 20)), ("Z", at(14, 20)),
        ("ET", at(19, 20)), ("PT", at(22, 20)), ("Europe/Sofia", at(12, 20)), ("(Asia/Almaty)", at(9, 20)),
        ("America/Argentina/Buenos_Aires", at(17, 20)), ("PST8PDT", at(22, 20)), ("Etc/GMT-3", at(11, 20)),
        ("+0530", at(8, 50)), ("GMT+0900 (Japan Standard Time)", at(5, 20)), ("+08:00[Asia/Shanghai]", at(6, 20)),
    ],
)  # fmt: skip
def test_a_named_zone_is_applied(zone: str, moment: datetime) -> None:
    assert read_date(f"Thu, 19 Nov 2026 14:20:00 {zone}") == moment


@pytest.mark.parametrize(
    "zone",
    ["XYZT", "QQT", "LMT", "IST", "BST", "AST", "SST", "ECT", "Mars/Olympus", "Europe/Nowhere", "EET/EEST", "A",
     "local time", "по времени Зурбагана", "(местное время)", "当地时间", "ЕВРТ", "Atlantis time", "yerel saat"],
)  # fmt: skip
def test_a_zone_that_is_not_known_for_sure_makes_the_moment_unknown(zone: str) -> None:
    assert read_date(f"19 Nov 2026 14:20:00 {zone}") is None


@pytest.mark.parametrize(
    "date", ["2026-11-19 14:20 CST", "2026年11月19日 14:20 CST", "Thu Nov 19 14:20:00 CST 2026"]
)
def test_an_american_name_is_american_only_in_dates_as_mail_has_them(date: str) -> None:
    assert read_date(date) is None  # China's and Cuba's agencies write it too


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("19 ноября 2026, 14:20 по московскому времени", at(11, 20)),
        ("19 листопада 2026 14:20 за київським часом", at(12, 20)),
        ("19 ноября 2026 14:20 по времени Астаны", at(9, 20)),
        ("19 қараша 2026, Астана уақыты бойынша 14:20", at(9, 20)),
        ("2026年11月19日 北京时间14时20分", at(6, 20)),
        ("2026年11月19日 14:20 (日本時間)", at(5, 20)),
        ("2026년 11월 19일 오후 2시 20분 (한국 시간)", at(5, 20)),
        ("19 Kasım 2026 14.20 (Türkiye saati)", at(11, 20)),
        ("19 November 2026 14:20 Eastern Time", at(19, 20)),
        ("19 November 2026 14:20 Central European Time", at(13, 20)),
        ("19 July 2026 14:20 Eastern European Summer Time", at(11, 20, month=7)),
        ("July 19, 2026 2:20 PM ET", at(18, 20, month=7)),
        ("19 November 2026 14:20 (Ulaanbaatar)", at(6, 20)),
        ("19 November 2026 14:20 Greenwich Mean Time", at(14, 20)),
    ],
)  # fmt: skip
def test_a_place_says_whose_the_clock_is(date: str, moment: datetime) -> None:
    assert read_date(date) == moment


@pytest.mark.parametrize(
    "date",
    [
        "19 ноември 2026 г., 14:20 ч.", "четвъртък, 19 ноември 2026 година, 14.20 часа", "19.11.2026 в 14:20",
        "19.11.2026 г. 14.20 ч.", "19 ноября 2026 года 14 часов 20 минут", "19 ноября 2026 года, 14 ч. 20 мин.",
        "в 14 часов 20 минут 19 ноября 2026 г.", "19 ноября 2026 14ч20", "19.11.2026 14-20", "2 часа 20 минут дня 19 ноября 2026",
        "19 листопада 2026, 14 годин 20 хвилин", "19 қараша 2026, сағат 14:20", "2026 жылғы 19 қараша, сағат 14.20",
        "19-noyabr 2026, soat 14:20", "le 19 novembre 2026 à 14h20", "jeudi 19 novembre 2026 - 14 h 20",
        "19 novembre 2026 14h20min", "19 de noviembre de 2026, a las 14.20 horas", "19/11/2026 às 14h20",
        "19 de noviembre de 2026, 2:20 de la tarde", "19 de novembro de 2026, 2h20 da tarde",
        "19. November 2026, 14.20 Uhr", "am 19. November 2026 um 14:20 Uhr", "THU, 19 NOV 2026 14:20 UHR",
        "19. 11. 2026 v 14:20 hod.", "19 noiembrie 2026, ora 14:20", "19. november 2026 kl. 14.20",
        "19.11.2026 klo 14.20", "19 Kasım 2026 saat 14.20", "19 Kasım 2026 öğleden sonra 2.20", "19.11.2026 14.20'de",
        "2026年11月19日14时20分", "2026年11月19日 下午2时20分", "2026年11月19日 下午2:20", "2026年11月19日 14點20分",
        "2026年11月19日 午後2時20分", "2026年11月19日（木）14時20分", "2026년 11월 19일 오후 2시 20분", "2026년 11월 19일 오후 2:20",
        "2026-11-19 PM 02:20", "19 November 2026, 2.20pm", "November 19, 2026 at 2:20 p.m.", "2:20pm, November 19, 2026",
        "19/11/2026 2:20 μ.μ.", "19/11/2026 ٠٢:٢٠ م", "١٩/١١/٢٠٢٦ ١٤:٢٠", "19/11/2026 14 giờ 20 phút", "19/11/2026 14.20 น.",
        "19/11/2026 दोपहर 2:20 बजे", "2026-11-19T14:20", "20261119T1420", "２０２６年１１月１９日 １４：２０",
        "\u200e19/11/2026 \u200f14:20", "19.11.2026, 14 óra 20 perc",
    ],
)  # fmt: skip
def test_a_clock_time_is_read_in_the_manner_of_its_language(date: str) -> None:
    assert read_date(date) == at(14, 20)


@pytest.mark.parametrize(
    ("date", "hour", "minute"),
    [
        ("19 November 2026, 2 pm", 14, 0), ("19 November 2026 12 am", 0, 0), ("19 November 2026 12 noon", 12, 0),
        ("19 November 2026 12:05 a.m.", 0, 5), ("19 November 2026, 12:05 PM", 12, 5), ("19 November 2026, noon", 12, 0),
        ("midnight, 19 November 2026", 0, 0), ("19 ноября 2026, 3 часа дня", 15, 0), ("19 ноября 2026, 8 вечера", 20, 0),
        ("19 ноября 2026, 2 часа ночи", 2, 0), ("19 ноября 2026, 11 часов ночи", 23, 0), ("19 ноября 2026, полдень", 12, 0),
        ("19 ноември 2026, 9 ч.", 9, 0), ("19 ноември 2026, 8.30 сутринта", 8, 30), ("19 ноември 2026 г., 7 вечерта", 19, 0),
        ("19 novembre 2026, 9h", 9, 0), ("19. November 2026, 9 Uhr", 9, 0), ("am 19. November 2026 12.30 Uhr", 12, 30),
        ("9h30 du 19 novembre 2026", 9, 30), ("2026年11月19日 上午9时", 9, 0), ("2026年11月19日 凌晨1时", 1, 0),
        ("2026年11月19日 9时半", 9, 30), ("2026年11月19日 晚上8点", 20, 0), ("2026年11月19日 午前0時5分", 0, 5),
        ("2026년 11월 19일 오전 9시", 9, 0), ("2026년 11월 19일 9시 반", 9, 30), ("19 november 2026 kl 9", 9, 0),
        ("19 Kasım 2026 saat 9", 9, 0), ("2026-11-19T09", 9, 0), ("2026-11-19T09Z", 9, 0), ("2026-11-19T11+02", 9, 0),
    ],
)  # fmt: skip
def test_hours_and_halves_of_the_day(date: str, hour: int, minute: int) -> None:
    assert read_date(date) == at(hour, minute)


@pytest.mark.parametrize(
    "date",
    ["19 November 2026 14 xyz 20", "2026-11-19 14_20", "19 ноември 2026 около 14 и нещо", "2026-11-19 1420",
     "19 Kasım 2026 akşamı", "19 ноември 2026 г. сутринта", "2026年11月19日 下午", "19 November 2026 (3)", "2026-11-19 25:10",
     "19 Nov, 14 часов 30 минут"],
)  # fmt: skip
def test_a_clock_time_that_cannot_be_read_makes_the_moment_unknown(date: str) -> None:
    assert read_date(date) is None


@pytest.mark.parametrize(
    ("date", "moment"),
    [("2026-11-19", at(0)), ("2026-11-19Z", at(0)), ("2026-11-19+02:00", at(22, day=18)), ("19 ноември 2026 г.", at(0)),
     ("Thursday, 19 November 2026", at(0)), ("am 19. November 2026", at(0)), ("2026年11月19日", at(0))],
)  # fmt: skip
def test_a_day_that_is_said_alone_is_its_beginning(date: str, moment: datetime) -> None:
    assert read_date(date) == moment
