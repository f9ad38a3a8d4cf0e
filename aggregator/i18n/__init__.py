"""What pages say, in the reader's language: messages, dates and durations, names of languages.

    Accept-Language --negotiate--> "bg" --translator--> Translator
                                                        catalogs/bg.po (gettext), CLDR by Babel

The messages in the code are the English ones. A catalog is read from its .po file when its language is first
asked for, so there is nothing to compile. Pure but for that.
"""

from __future__ import annotations

import gettext
import io
import re
from datetime import datetime, timedelta, tzinfo
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

SOURCE = "en"
LANGUAGES = ("en", "bg", "ru", "kk")  # of the interface; reports come in any
_RANGE = re.compile(
    r"\s*([a-z]{1,8}|\*)(?:-[a-z0-9-]+)?\s*(?:;\s*q=([0-9.]{1,5})\s*)?", re.IGNORECASE
)


class Translator:
    """The interface in one language. May be used from any thread."""

    def __init__(self, code: str) -> None:
        from babel import Locale

        self.code = code
        self.locale: Locale = Locale.parse(code)
        self._catalog = _catalog(code)

    def gettext(self, message: str, **values: object) -> str:
        """The message in this language, `%(name)s` in it replaced by `values`."""
        found = self._catalog.gettext(message)
        return found % values if values else found

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """The message in the plural form for a number, which is `%(num)s` in it, written as the language does."""
        found = self._catalog.ngettext(one, many, number)
        return found % {"num": self.number(number), **values}

    def number(self, number: float) -> str:
        """A number with the language's separators."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """A share in [0, 1] as a percentage."""
        from babel.numbers import format_percent

        return format_percent(share, locale=self.locale)

    def day(self, at: datetime, zone: tzinfo) -> str:
        """A day as a desk writes it: "Tuesday 24 November 2026"."""
        return _formatted(at.astimezone(zone), "day", self.code)

    def time(self, at: datetime, zone: tzinfo) -> str:
        """The time of day: "12:05"."""
        return at.astimezone(zone).strftime("%H:%M")

    def day_and_time(self, at: datetime, zone: tzinfo) -> str:
        """A day, short, and a time: "24 Nov 2026, 12:05"."""
        return _formatted(at.astimezone(zone), "day_and_time", self.code)

    def duration(self, length: timedelta) -> str:
        """A length of time, in its two greatest units: "45 s", "12 min", "2 h 5 min", "3 d 4 h"."""
        seconds = round(length.total_seconds())
        minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
        _ = self.gettext
        if days:
            rest = hours % 24
            parts = [_("%(n)s d", n=self.number(days)), *([_("%(n)s h", n=rest)] if rest else [])]
        elif hours:
            rest = minutes % 60
            parts = [_("%(n)s h", n=hours), *([_("%(n)s min", n=rest)] if rest else [])]
        else:
            parts = [_("%(n)s min", n=minutes) if minutes else _("%(n)s s", n=seconds)]
        return " ".join(parts)

    def language(self, code: str | None) -> str:
        """A language's name in this one, or its code when it has none."""
        if not code or code == "und":
            return self.gettext("language unknown")
        return _language_name(code, self.code)


@cache
def translator(code: str) -> Translator:
    """The translator into one of `LANGUAGES`."""
    return Translator(code)


@lru_cache(maxsize=512)
def negotiate(accept_language: str) -> str:
    """The language of `LANGUAGES` that an Accept-Language header asks for (RFC 9110, 12.5.4); else English."""
    wanted: dict[str, float] = {}
    for part in accept_language.split(","):
        if (found := _RANGE.fullmatch(part)) and (weight := _weight(found[2])) > 0:
            code = found[1].lower()
            wanted[code] = max(weight, wanted.get(code, 0))
    for code in sorted(wanted, key=lambda each: -wanted[each]):
        if code in LANGUAGES:
            return code
    return SOURCE


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _catalog(code: str) -> gettext.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    if code == SOURCE:
        return gettext.NullTranslations()
    with (resources.files(__name__) / "catalogs" / f"{code}.po").open("rb") as file:
        catalog = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


# As a news desk writes them; CLDR's own medium and full forms have seconds or no day of the week.
_PATTERNS = {
    "day": {
        "en": "EEEE d MMMM y",
        "bg": "EEEE, d MMMM y 'г'.",
        "ru": "EEEE, d MMMM y 'г'.",
        "kk": "y 'ж'. d MMMM, EEEE",
    },
    "day_and_time": {
        "en": "d MMM y, HH:mm",
        "bg": "d MMM y 'г'., HH:mm",
        "ru": "d MMM y 'г'., HH:mm",
        "kk": "y 'ж'. d MMM, HH:mm",
    },
}


@lru_cache(maxsize=4096)  # a page has the same times many times; formatting one takes 60 µs
def _formatted(at: datetime, form: str, code: str) -> str:
    from babel.dates import format_datetime

    return format_datetime(at, _PATTERNS[form][code], locale=code)


@lru_cache(maxsize=1024)
def _language_name(code: str, into: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code, sep="-").get_display_name(into) or code
    except (UnknownLocaleError, ValueError):
        return code
