"""A date as agencies write it becomes aware UTC. Pure.

Read in this order: a number of seconds or milliseconds since 1970; year first (ISO 8601 and what
resembles it); day and month by name in any of `aggregator/languages` and some others, as in RFC 5322;
day first in figures (02.11.2026 10:00), where a clock of twelve hours does not make it doubtful (02/11/2026
10:00 PM). Chinese, Japanese and Korean days (2026年11月2日) count as year first.
Then the clock time (`clock_times`), then its zone (`zones`): what is said of them and cannot be read makes the
whole moment unknown, since hours of error would turn who was first about. A time without a zone is taken as
UTC, a day without a time as its beginning. Other words are passed over, so days of the week need no table.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from aggregator.ingest.parse import clock_times, zones
from aggregator.languages import languages

EARLIEST_YEAR, LATEST_YEAR = 1995, 2100  # no feed is older; what lies outside is nonsense

_MAX_LENGTH = 100
_MILLISECONDS = 10**11  # as seconds, such a number would be after the year 5000
_RFC_5322 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (GMT|UTC|[+-](?:0\d|1[0-4])[0-5]\d)",
    re.ASCII,
)
_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(Z|[+-](?:0\d|1[0-4]):[0-5]\d)",
    re.ASCII,
)
_ENGLISH_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|(?<!\d)(\d{4})(\d\d)(\d\d)(?=T|$)", re.IGNORECASE
)
_IDEOGRAPHIC_DAY = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d\d)(?!\d)")
_HALF_OF_DAY = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_DAY_BEFORE = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:-?(?![ap]m)[^\W\d_]{2})?[\s.,/-]*(?:(?:de|di|of) )?$"
)
_DAY_AFTER = re.compile(r"[\s.,/-]*(\d{1,2})(?:st|nd|rd|th)?(?![\d:])")
_YEAR = re.compile(r"(?<![\d:+])((?:19|20)\d\d)(?![\d:])")
_SHORT_YEAR = re.compile(r"[\s.,/'’-]*(\d\d)(?![\d:.])(?!\s?[^\W\d_])")  # right behind the month
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # of the direction of writing
_MAIL = re.compile(r"\d{1,2}[\s-][A-Za-z]{3,9}[\s-]\d{2,4}\s+\d{1,2}:\d\d")
_OTHER_WEEKDAYS = "mon tue wed thu fri sat sun mo di mi do fr sa so lun mar mer jeu ven sam dim пн вт ср чт пт сб вс нд"

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
# What stands in capitals in dates that are written so, and is no zone.
_NO_ZONES = clock_times.WORDS.union(
    _OTHER_WEEKDAYS.split(),
    (day.lower() for each in languages().values() for forms in each.weekdays for day in forms),
)


def read_date(text: str) -> datetime | None:
    """The moment `text` names, as aware UTC; None when it names none between 1995 and 2100."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    text = " ".join(text.split())
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        moment = _as_standardised(text) or _from_number(text) or _from_words(text)
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment


def _as_standardised(text: str) -> datetime | None:
    """The two ways that nearly all feeds write, without a look at anything else."""
    if found := _RFC_5322.fullmatch(text):
        day, month, year, hour, minute, second, zone = found.groups()
        parts = (year, _ENGLISH_MONTHS.index(month) + 1, day, hour, minute, second)
        local = datetime(*(int(part) for part in parts))  # type: ignore[arg-type]  # noqa: DTZ001
    elif found := _RFC_3339.fullmatch(text):
        local, zone = datetime.fromisoformat(found[1]), found[2]
    else:
        return None
    if zone in {"GMT", "UTC", "Z"}:
        return local.replace(tzinfo=UTC)
    east = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return (local - east if zone[0] == "+" else local + east).replace(tzinfo=UTC)


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
    clock = clock_times.clock_time(rest) or clock_times.ClockTime(timedelta(0), "", rest)
    moment = day + clock.since_midnight
    east = zones.offset(
        clock.before,
        clock.after,
        moment,
        is_mail=_MAIL.search(text) is not None,
        no_zones=_NO_ZONES,
    )
    return (moment - east).replace(tzinfo=UTC)


def _day(text: str) -> tuple[datetime | None, str]:
    """The day, and the text without it."""
    if re.fullmatch(r"\d{12}|\d{14}", text):  # 20261102100000
        text = f"{text[:8]}T{text[8:]}"
    text = _IDEOGRAPHIC_DAY.sub(r"\1-\2-\3 ", text)
    found = _YEAR_FIRST.search(text)
    if found:
        year, month, day = (int(part) for part in found.groups() if part is not None)
        return _date(year, month, day), _without(text, found)
    by_name = _day_by_name(text)
    found = _DAY_FIRST.search(text) if by_name[0] is None else None
    if found:
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        may_be_american = "." not in found[0] and _HALF_OF_DAY.search(text) is not None
        if may_be_american and day != month and max(day, month) <= 12:
            raise ValueError(f"{text}: the day first, or the month?")
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
    begin, behind = min(start, day.start()), text[max(end, day.end()) :]
    short = _SHORT_YEAR.match(behind)
    rest = f"{text[:begin]} {behind.lstrip('-/.')}"
    year = _YEAR.search(rest)
    if year is None and short is not None:
        year, rest = short, f"{text[:begin]} {behind[short.end() :]}"
    elif year is not None:
        rest = _without(rest, year)
    else:
        return None, text
    return _date(_century(int(year[1]), year[1]), number, int(day[1])), rest


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


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
