"""A date as agencies write it becomes aware UTC. Pure.

Read in this order: a number of seconds or milliseconds since 1970; year first (ISO 8601 and what
resembles it); day and month by name in any of `aggregator/languages` and some others, as in RFC 5322;
day first in figures (02.11.2026 10:00). Chinese days (2026年11月2日) count as year first. Words that are
no month, zone or half of the day are passed over, so days of the week need no table. A time without a zone is taken as UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from aggregator.languages import languages

EARLIEST_YEAR, LATEST_YEAR = 1995, 2100  # no feed is older; what lies outside is nonsense

_MAX_LENGTH = 100
_MILLISECONDS = 10**11  # as seconds, such a number would be after the year 5000
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|(?<!\d)(\d{4})(\d\d)(\d\d)(?=T|$)", re.IGNORECASE
)
_CHINESE_DAY = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d\d)(?!\d)")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})[:.](\d\d|(?<=:)\d)(?:[:.](\d\d|(?<=:)\d)(?:[.,]\d+)?)?(?![\d.])",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"(?<=T)(\d\d)(\d\d)(\d\d)?(?![\d:])", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?:utc|gmt|msk|мск|[\d\sz])\s*([-+−])\s*(\d{1,2})(?::?(\d\d))?(?![\d:])", re.IGNORECASE
)
_DAY_BEFORE = re.compile(r"(?<![\d:.])(\d{1,2})(?:-?[^\W\d_]{2})?[\s.,/-]*$")
_DAY_AFTER = re.compile(r"[\s.,/-]*(\d{1,2})(?:st|nd|rd|th)?(?![\d:])")
_YEAR = re.compile(r"(?<![\d:+])((?:19|20)\d\d)(?![\d:])")
_SHORT_YEAR = re.compile(r"(?<![\d:+−.-])(\d\d)(?![\d:.])")
_WORD = re.compile(r"[^\W\d_]+")
_NOON = {"am": 0, "pm": 12}

# Beginnings of months in languages that have no file of their own, and other spellings of Kazakh's.
_OTHER_MONTHS = (
    "січ сту oca ian gen ene каң", "лют şub fév акп", "бер mär", "кві nis avr abr сау", "тра mai maj",
    "чер haz iun juin", "лип tem iul juil тем", "сер ağu aoû ago", "вер eyl кыр", "жов okt eki каз",
    "лис kas noi кар", "dez dek гру ara déc",
)  # fmt: skip


def _months() -> dict[str, int]:
    """Beginnings of the names of months in every language, with the number of the month."""
    numbered = enumerate(_OTHER_MONTHS, start=1)
    months = {beginning: number for number, those in numbered for beginning in those.split()}
    for language in languages().values():
        months |= language.month_beginnings()
    return months


_MONTHS = _months()
_LONGEST_BEGINNING = max(map(len, _MONTHS))
_LIKE_MONTHS = {"mardi", "martes", "martedì", "marţi", "marți"}  # Tuesdays
# Hours east of Greenwich. Names that several countries use for different zones mean here what
# agencies of our table mean by them.
_ZONES = {
    "utc": 0.0, "gmt": 0.0, "ut": 0.0, "z": 0.0, "wet": 0.0,
    "cet": 1.0, "bst": 1.0, "west": 1.0, "met": 1.0, "mez": 1.0,
    "eet": 2.0, "cest": 2.0, "mest": 2.0, "mesz": 2.0,
    "eest": 3.0, "msk": 3.0, "мск": 3.0, "trt": 3.0, "fet": 3.0,
    "msd": 4.0, "azt": 4.0, "get": 4.0, "amt": 4.0, "samt": 4.0,
    "uzt": 5.0, "tmt": 5.0, "tjt": 5.0, "yekt": 5.0, "pkt": 5.0, "aqtt": 5.0, "oral": 5.0,
    "almt": 6.0, "kgt": 6.0, "omst": 6.0, "qyzt": 6.0, "алматы": 6.0,
    "novt": 7.0, "krat": 7.0, "hkt": 8.0, "irkt": 8.0, "jst": 9.0, "kst": 9.0, "yakt": 9.0,
    "vlat": 10.0, "ist": 5.5, "irst": 3.5,
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0,
    "pst": -8.0, "pdt": -7.0, "ast": -4.0, "adt": -3.0, "brt": -3.0, "art": -3.0,
}  # fmt: skip


def read_date(text: str) -> datetime | None:
    """The moment `text` names, as aware UTC; None when it names none between 1995 and 2100."""
    text = " ".join(text.split())
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        moment = _from_number(text) or _from_words(text)
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment


def _from_number(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{9,14}(\.\d+)?", text) or re.fullmatch(
        r"(19|20)\d{6}(\d{4}|\d{6})", text
    ):
        return None
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)


def _from_words(text: str) -> datetime | None:
    day, rest = _day(text)
    if day is None:
        return None
    clock, rest = _clock(rest)
    return (day + clock - _offset(rest)).replace(tzinfo=UTC)


def _day(text: str) -> tuple[datetime | None, str]:
    """The day, and the text without it."""
    if re.fullmatch(r"\d{12}|\d{14}", text):  # 20261102100000
        text = f"{text[:8]}T{text[8:]}"
    text = _CHINESE_DAY.sub(r"\1-\2-\3 ", text)
    found = _YEAR_FIRST.search(text)
    if found:
        year, month, day = (int(part) for part in found.groups() if part is not None)
        return _date(year, month, day), _without(text, found)
    by_name = _day_by_name(text)
    found = _DAY_FIRST.search(text) if by_name[0] is None else None
    if found:
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        return _date(_century(year, found[3]), month, day), _without(text, found)
    return by_name


def _date(year: int, month: int, day: int) -> datetime:
    if month > 12 >= day:  # the American order
        month, day = day, month
    return datetime(year, month, day)  # noqa: DTZ001  # the zone is read from the rest


def _day_by_name(text: str) -> tuple[datetime | None, str]:
    month = _month_named(text)
    if month is None:
        return None, text
    number, (start, end) = month
    day = _DAY_BEFORE.search(text[:start]) or _DAY_AFTER.match(text, end)
    if day is None:
        return None, text
    rest = f"{text[: min(start, day.start())]} {text[max(end, day.end()) :].lstrip('-/.')}"
    year = _YEAR.search(rest) or _SHORT_YEAR.search(rest)
    if year is None:
        return None, text
    return _date(_century(int(year[1]), year[1]), number, int(day[1])), _without(rest, year)


def _month_named(text: str) -> tuple[int, tuple[int, int]] | None:
    """The first month named in `text`, and where its name is."""
    for found in _WORD.finditer(text):
        word = found[0].lower()
        number = _month(word)
        if number and word not in _LIKE_MONTHS:
            return number, found.span()
    return None


def _month(word: str) -> int:
    """The month a word begins like, by the longest beginning that fits; 0 for none."""
    lengths = range(min(len(word), _LONGEST_BEGINNING), 2, -1)
    return next((_MONTHS[word[:size]] for size in lengths if word[:size] in _MONTHS), 0)


def _century(year: int, digits: str) -> int:
    return year if len(digits) == 4 else 2000 + year if year < 70 else 1900 + year


def _clock(text: str) -> tuple[timedelta, str]:
    found = _TIME.search(text) or _COMPACT_TIME.search(text)
    if not found:
        return timedelta(0), text
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    rest = _without(text, found)
    for word, plus in _NOON.items():
        if re.search(rf"(?<![^\W\d_]){word}(?![^\W\d_])", rest.lower().replace(".", "")):
            hours = hours % 12 + plus
    # 24:00:00 is the end of a day, 23:59:60 a leap second; both are the next moment.
    if hours > 24 or minutes > 59 or seconds > 60 or (hours == 24 and (minutes or seconds)):
        raise ValueError(f"{found[0]} is no time of day")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds), rest


def _offset(text: str) -> timedelta:
    found = _OFFSET.search(f" {text}")
    if found:
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours > 15 or minutes > 59:
            raise ValueError(f"{found[0]} is no offset")
        east = timedelta(hours=hours, minutes=minutes)
        return east if found[1] == "+" else -east
    words = (word.lower() for word in _WORD.findall(text))
    return timedelta(hours=next((_ZONES[word] for word in words if word in _ZONES), 0.0))


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
