"""The clock time in the words of a date, in the manner of each language. Pure.

    14:30, 14.30 | T1430 | 14h30, 14 часов 30 минут, 14时30分 | 2 pm, 3 часа дня | kl. 14 | 14-30 | noon
    and before or behind it the half of the day: 下午3:20, 2:30 p.m., öğleden sonra 3.20

Hours and minutes are called as the files of `aggregator/languages` say, and for languages without one as the
tables here. A time that is there and cannot be read is an error: it is not midnight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from aggregator.languages import languages


class ClockTime(NamedTuple):
    """A time of day, and the words before and behind it."""

    since_midnight: timedelta
    before: str
    after: str


def _of_languages(part: str) -> list[str]:
    return [word for each in languages().values() for word in each.clock.get(part, ())]


_HOUR_WORDS = (
    _of_languages("hour")
    + (
        "h hs hr hrs hour hours hora horas heure heures ore ora uur uhr val stunde stunden klokken hod hodin hodina godz"
        " sati sat år ч час часа часов години годин година год гадзін гадз сағ саат сағатта giờ óra órakor 时 時 点 點 시 น"
        " นาฬิกา बजे ώρα"
    ).split()
)
_MINUTE_WORDS = (
    _of_languages("minute")
    + (
        "m min mins minute minutes minuta minuti minutos minut minuten dakika perc phút м мин минута минуты минут минути"
        " хв хвилин хвилини хвіл хвіліна мінут 分 분 λεπτα"
    ).split()
)
_AT_WORDS = (
    _of_languages("at")
    + ("kl klo kello saat soat сағат саат um às ás alle at godz godzina ساعت الساعة").split()
)
# Halves of the day. A time at night is behind midnight at 1 and before it at 11.
_MORNING = (
    _of_languages("morning")
    + (
        "am a.m. a.m π.μ. πμ 上午 午前 오전 凌晨 清晨 早上 早晨 早 새벽 아침 朝 утра сутринта ранку раніцы ص صباحا صباحاً sáng"
        " таңғы таңертең ertalab paradite délelőtt dopoledne ráno ujutro ujutru dimineața sabah सुबह पूर्वाह्न pagi umaga"
        " vormittags morgens matin mattina mattino mañana manhã"
    ).split()
)
_AFTERNOON = (
    _of_languages("afternoon")
    + (
        "pm p.m. p.m μ.μ. μμ 下午 午後 오후 晚上 晚 傍晚 中午 저녁 낮 夕方 дня вечера пополудни следобед вечерта вечора م مساء مساءً"
        " chiều tối кешкі pasdite masdite délután odpoledne večer popołudniu wieczorem popodne poslijepodne seara akşam"
        " akşamı अपराह्न शाम दोपहर petang sore malam hapon gabi nachmittags abends soir pomeriggio sera tarde noite"
    ).split()
)
_NIGHT = "ночи ночі нощта noche nachts gece noci 밤 夜 夜里 夜裡 深夜".split()
_SEVERAL_WORDS = {
    "am": "öğleden önce|in the morning|قبل الظهر|преди обед",
    "pm": "öğleden sonra|түстен кейін|tushdan keyin|după-amiază|in the (?:afternoon|evening)|de l'après-midi"
    "|بعد الظهر|بعدازظهر|след обед",
    "night": "at night|de la nuit",
}
_NOON = "noon|midday|полдень|полудень|mezzogiorno|mediodía|meio-dia|正午|정오"
_MIDNIGHT = (
    "midnight|полночь|полунощ|опівночі|mezzanotte|medianoche|meia-noite|minuit|mitternacht|자정"
)


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))


def _half(name: str, words: list[str]) -> str:
    return f"(?P<{name}>{_SEVERAL_WORDS[name]}|{_any(words)})"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_H, _M = r"(?<![\d+−-])(?P<h>\d{1,2})", r"(?P<m>\d{1,2})"
_WORD_END = r"(?![^\W\d_])"
_ENDS = r"(?=\d|\W|$|[⺀-퟿])"  # of a word for hours: digits may follow, and ideographs
_HOUR = f"(?:{_any(_HOUR_WORDS)}){_ENDS}"
_MINUTES_AND_SECONDS = rf"(?:\s?(?:{_any(_MINUTE_WORDS)}){_ENDS}\.?)?(?:\s?(?P<s>\d{{1,2}})\s?(?:秒|초|sek|sec|сек)\w*)?"
_HALVES = "|".join((_half("am", _MORNING), _half("pm", _AFTERNOON), _half("night", _NIGHT)))
_LINK = r"(?:(?:de la|da|de|du|di|del|della|ng|po|в|през) )?"
_HALF_BEHIND = rf"\s?{_LINK}(?:{_HALVES}){_WORD_END}"
_AND = r"(?:(?:и|і|й|and|et|y|e|und|en|ve|és|si|și|a|i|ja) )?"
_BEHIND = _compiled(rf"\s*(?:(?:{_any(_HOUR_WORDS)})\.?{_WORD_END})?{_HALF_BEHIND}")
_BEFORE = _compiled(rf"(?<![^\W\d_])(?:{_HALVES})\s?$")
_FORMS = tuple(
    map(
        _compiled,
        (
            rf"{_H}[:.](?P<m>\d\d|(?<=:)\d)(?:[:.](?P<s>\d\d|(?<=:)\d)(?:[.,]\d+)?)?(?![\d.])",
            r"(?<=T)(?P<h>\d\d)(?:(?P<m>\d\d)(?P<s>\d\d)?)?(?![\d:])",
            rf"{_H}\s?{_HOUR}\.?\s?{_AND}{_M}(?!\d){_MINUTES_AND_SECONDS}",
            rf"{_H}\s?(?:{_any(_HOUR_WORDS)})\s?(?P<half>半|반)",
            rf"{_H}\s?{_HOUR}",
            rf"{_H}(?={_HALF_BEHIND})",
            r"(?<=[午晚后後전후])\s?(?P<h>\d{1,2})(?!\d)",
            rf"(?<!\w)(?:{_any(_AT_WORDS)})\.?\s?(?P<h>\d{{1,2}})(?:-(?P<m>\d\d))?(?!\d)",
            rf"{_H}-(?P<m>\d\d)(?!\d)",
        ),
    )
)
_NAMED = {
    12: _compiled(rf"(?<!\w)(?:{_NOON})(?!\w)"),
    0: _compiled(rf"(?<!\w)(?:{_MIDNIGHT})(?!\w)"),
}
_HALF_ALONE = [word for word in (*_MORNING, *_AFTERNOON, *_NIGHT) if len(word) > 2 or word > "⺀"]
_UNREAD = _compiled(rf"\d|(?<!\w)(?:{_any(_HALF_ALONE)})(?!\w)")
_OFFSET_ALONE = re.compile(r"\s*[-+−]\d\d:?\d\d\s*")  # of a day by XML Schema: 2026-11-19+02:00
# What stands beside a clock time and is no zone, in small letters.
WORDS = frozenset(
    part.lower()
    for words in (_HOUR_WORDS, _MINUTE_WORDS, _AT_WORDS, _MORNING, _AFTERNOON, _NIGHT)
    for word in words
    for part in word.split(".")
    if len(part) > 1 or word in _HOUR_WORDS
)


def clock_time(words: str) -> ClockTime | None:
    """The clock time in what a date says besides its day; None where it says none.

    Raises ValueError for a time that no day has, and for one that is there and cannot be read.
    """
    found = next(filter(None, (form.search(words) for form in _FORMS)), None)
    if found is None:
        return _named(words)
    before, after = words[: found.start()], words[found.end() :]
    parts = found.groupdict()
    hours, minutes, seconds = (int(parts.get(part) or 0) for part in "hms")
    if parts.get("half"):
        minutes = 30
    behind = _BEHIND.match(after)
    half = behind or _BEFORE.search(before)
    if half and not _is_preposition(half, before):
        hours = _of_half(hours, half)
        after = after[behind.end() :] if behind else after
    # 24:00:00 is the end of a day, 23:59:60 a leap second; both are the next moment.
    if hours > 24 or minutes > 59 or seconds > 60 or (hours == 24 and (minutes or seconds)):
        raise ValueError(f"{found[0]} is no time of day")
    return ClockTime(timedelta(hours=hours, minutes=minutes, seconds=seconds), before, after)


def _named(words: str) -> ClockTime | None:
    for hour, name in _NAMED.items():
        if found := name.search(words):
            return ClockTime(timedelta(hours=hour), words[: found.start()], words[found.end() :])
    if _UNREAD.search(words) and not _OFFSET_ALONE.fullmatch(words):
        raise ValueError(f"{words} has a time that cannot be read")
    return None


def _is_preposition(half: re.Match[str], before: str) -> bool:
    """German "am" before a day ("am 9. Mai, 12.30 Uhr")."""
    return half.string is before and half[0].strip() == "am"


def _of_half(hours: int, half: re.Match[str]) -> int:
    if hours > 12:
        return hours
    if half["am"] or (half["night"] and (hours < 6 or hours == 12)):
        return hours % 12
    return hours % 12 + 12
