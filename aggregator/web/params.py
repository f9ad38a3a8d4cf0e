"""Query parameters, parsed and checked: `?language=bg&min_items=2&q=rail`.

The message of an error names the parameter and says what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from aggregator import links
from aggregator.errors import UsageError
from aggregator.model import StoryQuery
from aggregator.syndicate import safe

FEED_PARAMS = ("language", "agency", "min_items", "q", "stale")
PAGE_PARAMS = (*FEED_PARAMS, "since", "killed", "page")
MAX_ITEMS = 1000
MAX_PAGE = 500
MAX_SEARCH_CHARACTERS = 200
MAX_ADDRESS_CHARACTERS = 4096  # as many as a link of a feed may have
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_DURATION = re.compile(r"([1-9]\d{0,3})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The conditions of a request, and its page; hashable, so that responses can be cached."""

    language: str | None = None
    agency: str | None = None
    min_items: int = 1
    q: str | None = None
    stale: bool = False
    since: str | None = None
    killed: bool = False
    page: int = 1

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The conditions that narrow the stories, in a fixed order; without the page."""
        conditions = (
            ("language", self.language),
            ("agency", self.agency),
            ("min_items", str(self.min_items) if self.min_items > 1 else None),
            ("q", self.q),
            ("stale", "1" if self.stale else None),
            ("since", self.since),
            ("killed", "1" if self.killed else None),
        )
        return tuple((name, value) for name, value in conditions if value)

    def query(
        self, now: datetime, *, size: int, extra: int = 0, withdrawn: bool = False
    ) -> StoryQuery:
        """The query for the store: a page of `size` stories, and `extra` more to see whether another page follows.

        Stories that were withdrawn are left out unless they are asked for, or all that are `withdrawn` are
        wanted (feeds say that they are gone).
        """
        return StoryQuery(
            since_at=now - _duration(self.since) if self.since else None,
            min_items=self.min_items,
            language=self.language,
            agency_id=self.agency,
            search=self.q,
            stale=self.stale,
            killed=True if self.killed else None if withdrawn or self.stale else False,
            limit=size + extra,
            offset=(self.page - 1) * size,
        )


def parse_params(
    given: Iterable[tuple[str, str]], *, allowed: Collection[str], agencies: Collection[str]
) -> Params:
    """The parameters of an address, blank values left out. Raises UsageError."""
    values: dict[str, str] = {}
    for name, value in given:
        if name not in allowed:
            raise UsageError(_unknown(name, allowed))
        if name in values:
            raise UsageError(f'"{name}" is given twice; give it once.')
        values[name] = " ".join(safe.encode(value).decode().split())
    present = {name: value for name, value in values.items() if value}
    return Params(
        language=_language(present.get("language")),
        agency=_agency(present.get("agency"), agencies),
        min_items=_number("min_items", present.get("min_items", "1"), MAX_ITEMS),
        q=_search(present.get("q")),
        stale=_flag("stale", present.get("stale", "0")),
        killed=_flag("killed", present.get("killed", "0")),
        since=_since(present.get("since")),
        page=_number("page", present.get("page", "1"), MAX_PAGE),
    )


def _unknown(name: str, allowed: Collection[str]) -> str:
    near = get_close_matches(name, allowed, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"Known parameters: {', '.join(allowed)}."
    return f'There is no such parameter: "{name[:40]}". {hint}'


def _language(value: str | None) -> str | None:
    if value and not _LANGUAGE.fullmatch(value):
        raise UsageError(f'"{value[:40]}" is not a language code; write one such as bg, en or kk.')
    return value.lower() if value else None


def _agency(value: str | None, agencies: Collection[str]) -> str | None:
    if value and value not in agencies:
        raise UsageError(f'There is no such agency: "{value[:40]}". The page /agencies lists them.')
    return value


def _number(name: str, value: str, most: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 6 and 1 <= int(value) <= most):
        raise UsageError(f'"{name}" must be a whole number from 1 to {most}.')
    return int(value)


def _flag(name: str, value: str) -> bool:
    if value not in {"0", "1"}:
        raise UsageError(f'"{name}" must be 0 or 1.')
    return value == "1"


def _search(value: str | None) -> str | None:
    most = MAX_ADDRESS_CHARACTERS if links.is_address(value or "") else MAX_SEARCH_CHARACTERS
    if value and len(value) > most:
        raise UsageError(f'"q" may have at most {most} characters.')
    return value


def _since(value: str | None) -> str | None:
    if value and not _DURATION.fullmatch(value):
        raise UsageError('"since" must be a duration such as 30m, 24h or 7d.')
    return value


def _duration(value: str) -> timedelta:
    return int(value[:-1]) * _UNITS[value[-1]]
