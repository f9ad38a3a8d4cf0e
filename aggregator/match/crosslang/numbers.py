"""Numbers and dates of a text, one form whatever the language: `1 234,5`, `1,234.5` and 1.5万 as values.

A number followed by its scale (5 млн, 5 million, 500万) is the product. A day beside the name of a
month (24 октября, October 24, 10月24日) is a date, as are 24.10.2024 and 2024-10-24. Months and scales
are those of the languages' files; a language without a file has CLDR's months, through Babel.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from aggregator.languages import SCALES, languages

NUMBER = re.compile(
    r"\d{1,3}(?:[  \u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)?"
)
_SCALES = [
    (SCALES[scale], pattern)
    for language in languages().values()
    if language.has_spaces
    for scale, patterns in language.scales.items()
    for pattern in patterns
]
_SCALE_STEMS = tuple(pattern.rstrip("*") for _, pattern in _SCALES)
_IDEOGRAPHIC = {
    character: SCALES[scale]
    for language in languages().values()
    if not language.has_spaces
    for scale, characters in language.scales.items()
    for character in characters
}
TELLING_DIGITS = 3
_MARKS = re.compile(r"[.,]")
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


class Quantity(NamedTuple):
    """A value (or a `date` as month * 100 + day) and where it stands."""

    value: str
    start: int
    end: int
    date: bool = False


def value_of(written: str) -> float:
    """The value of a number as written, its marks of grouping and of decimals told apart."""
    if written.isdecimal():
        return float(written)
    digits = "".join(written.split())
    marks = _MARKS.findall(digits)
    if len(marks) > 1 and len(set(marks)) == 1:
        return float(_MARKS.sub("", digits))
    if len(marks) > 1:
        return float(digits.replace(marks[0], "").replace(marks[-1], "."))
    if marks and _THOUSANDS.fullmatch(digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def shown(value: float) -> str:
    """One form of a value: `15`, `1400`; of three significant digits and more these alone.

    So 46.5万千瓦 and 465 megawatts are one: units differ between languages, digits seldom do.
    """
    digits = f"{value:.6g}" if value < 1e6 else f"{value:.9g}"
    digits = digits.partition("e")[0].replace(".", "").strip("0")
    if len(digits) >= TELLING_DIGITS:
        return f"~{digits}"
    return str(int(value)) if value == int(value) and value < 1e15 else f"{value:.6g}"


def scale_of(word: str) -> float:
    """What a word such as `million` multiplies the number before it by; 1 for any other word."""
    if not word.startswith(_SCALE_STEMS):
        return 1.0
    for scale, pattern in _SCALES:
        if word == pattern or (pattern.endswith("*") and word.startswith(pattern[:-1])):
            return scale
    return 1.0


@cache
def month_stems(language: str) -> dict[str, int]:
    """The beginnings of the names of months in a language (case folded), with their number."""
    own = languages().get(language)
    months = enumerate(own.months, 1) if own else _cldr_months(language)
    stems: dict[str, int] = {}
    for number, names in months:
        for folded in map(str.casefold, names):
            stems[folded if len(folded) < 5 else folded[: max(4, len(folded) - 2)]] = number
    return stems


def _cldr_months(language: str) -> list[tuple[int, list[str]]]:
    """The months with CLDR's names, in both forms; none when it does not know the language."""
    from babel import Locale, UnknownLocaleError

    try:
        months = Locale.parse(language).months
    except (UnknownLocaleError, ValueError, TypeError):
        return []
    forms = (months["format"]["wide"], months["stand-alone"]["wide"])
    return [(number, [form[number] for form in forms]) for number in range(1, 13)]


@cache
def _month_beginnings(language: str) -> tuple[str, ...]:
    return tuple(month_stems(language))


def month_of(language: str, word: str) -> int:
    """The month a case-folded word names, 1 to 12; 0 when it names none."""
    if not word.startswith(_month_beginnings(language)):
        return 0
    stems = month_stems(language)
    for length in range(len(word), 2, -1):
        number = stems.get(word[:length])
        if number and len(word) - length <= 5:
            return number
    return 0


_ASIAN_DATE = re.compile(r"(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?[日号])?")
_FULL_DATE = re.compile(
    r"(?<!\d)(?:(\d{1,2})[./](\d{1,2})[./](20\d\d|19\d\d)|(20\d\d)-(\d\d)-(\d\d))(?!\d)"
)
_PERHAPS_DATE = re.compile(r"\d[./-]\d\d?[./-]\d\d")  # found many times as quickly
_ASIAN_SCALE = re.compile(rf"\s*(?:多|余)?([{''.join(_IDEOGRAPHIC)}]{{1,2}})")


def written_dates(text: str) -> list[Quantity]:
    """Dates in figures and, in Chinese, in figures with 月 and 日."""
    dates = []
    for match in _FULL_DATE.finditer(text) if _PERHAPS_DATE.search(text) else ():
        day, month = (match[1], match[2]) if match[1] else (match[6], match[5])
        dates += _date(int(day), int(month), match)
    for match in _ASIAN_DATE.finditer(text) if "月" in text else ():
        dates += _date(int(match[3] or 0), int(match[2]), match)
    return dates


def _date(day: int, month: int, match: re.Match[str]) -> list[Quantity]:
    if 1 <= month <= 12 and day <= 31:
        return [Quantity(str(month * 100 + day), match.start(), match.end(), date=True)]
    return []


def asian_scale(text: str, at: int) -> float:
    """What 万, 亿 and their like right after a number (ending at `at`) multiply it by."""
    match = _ASIAN_SCALE.match(text, at)
    scale = 1.0
    for character in match[1] if match else "":
        scale *= _IDEOGRAPHIC[character]
    return scale
