"""The interface in one language: messages from its catalog; dates, numbers and names from the CLDR.

A catalog is read from its .po file when its language is first asked for, so there is nothing to compile:
500 messages take 10 ms, once. English needs none, nor Babel before a date or a number is to be written.
"""

from __future__ import annotations

import gettext
import io
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, cached_property, lru_cache
from importlib import resources

from aggregator.i18n.languages import SOURCE

# As a news desk writes them; CLDR's own medium and full forms have seconds or no day of the week.
_PATTERNS = {
    "day": {
        "en": "EEEE d MMMM y",
        "bg": "EEEE, d MMMM y 'г'.",
        "ru": "EEEE, d MMMM y 'г'.",
        "kk": "y 'ж'. d MMMM, EEEE",
    },
    "short_day": {"en": "d MMM", "bg": "d.MM", "ru": "d MMM", "kk": "d MMM"},
    "day_and_time": {
        "en": "d MMM y, HH:mm",
        "bg": "d.MM.y 'г'., HH:mm",
        "ru": "d MMM y 'г'., HH:mm",
        "kk": "y 'ж'. d MMM, HH:mm",
    },
}


class Translator:
    """The interface in one of `LANGUAGES`. May be used from any thread."""

    def __init__(self, code: str) -> None:
        self.code = code

    @cached_property
    def catalog(self) -> gettext.NullTranslations:
        """The messages as gettext has them, with their placeholders."""
        return gettext.NullTranslations() if self.code == SOURCE else _catalog(self.code)

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in this language, `%(name)s` in it replaced by `values`; without values as it is."""
        found = self.catalog.gettext(message)
        return found % values if values else found

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The message in the plural form for a number, which is `%(num)s` in it, written as the language does."""
        return self.catalog.ngettext(one, many, number) % {"num": self.number(number), **values}

    def number(self, number: float) -> str:
        """A number with the language's separators: "1,234.5"."""
        return _number(number, self.code)

    def percent(self, share: float) -> str:
        """A share in [0, 1] as a percentage, without decimals: "87%"; "100%" and "0%" are all and none."""
        is_part = 0 < share < 1
        return _percent(min(max(share, 0.01), 0.99) if is_part else share, self.code)

    def day(self, at: datetime, zone: tzinfo) -> str:
        """A day as a desk writes it: "Tuesday 24 November 2026"."""
        return _formatted(_clock_time(at, zone), "day", self.code)

    def short_day(self, day: date) -> str:
        """A day without its year: "24 Nov"."""
        return _formatted(datetime.combine(day, datetime.min.time()), "short_day", self.code)

    def time(self, at: datetime, zone: tzinfo) -> str:
        """The time of day: "12:05"."""
        return f"{at.astimezone(zone):%H:%M}"

    def day_and_time(self, at: datetime, zone: tzinfo) -> str:
        """A day, short, and a time: "24 Nov 2026, 12:05"."""
        return _formatted(_clock_time(at, zone), "day_and_time", self.code)

    def duration(self, length: timedelta) -> str:
        """A length of time, in its two greatest units: "45 s", "12 min", "2 h 5 min", "3 d 4 h"."""
        seconds = round(length.total_seconds())
        minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
        _ = self.gettext
        if days:
            parts = [_("%(n)s d", n=self.number(days))]
            parts += [_("%(n)s h", n=hours % 24)] if hours % 24 else []
        elif hours:
            parts = [_("%(n)s h", n=hours)]
            parts += [_("%(n)s min", n=minutes % 60)] if minutes % 60 else []
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


ENGLISH = translator(SOURCE)


def gettext_noop(message: str) -> str:
    """The message itself: marks for the catalogs what is translated where it is shown."""
    return message


def _catalog(code: str) -> gettext.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (resources.files(__package__) / "catalogs" / f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _clock_time(at: datetime, zone: tzinfo) -> datetime:
    """What the clocks of a zone show, without the zone: one instant in two zones is equal, and would be cached as one."""
    return at.astimezone(zone).replace(tzinfo=None)


@lru_cache(maxsize=4096)  # a matrix has hundreds of them; formatting one takes 100 µs
def _number(number: float, code: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(number, locale=code)


@lru_cache(maxsize=1024)
def _percent(share: float, code: str) -> str:
    from babel.numbers import format_percent

    return format_percent(share, locale=code)


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
