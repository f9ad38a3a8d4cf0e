"""The parameters that narrow stories, the same for pages, feeds and commands: `?language=bg&min_items=2&q=rail`.

    pairs of text --parse--> Filter --query--> StoryQuery     what the store looks for
                                    --prefer--> Preference    which item of a story is shown

The message of an error names the parameter and says what would be right. Pure: `now` is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

from aggregator import links
from aggregator.config import Settings, duration
from aggregator.errors import UsageError
from aggregator.model import CreditState, Kind, Order, StoryQuery
from aggregator.preference import NO_PREFERENCE, Preference, parse_preference

FEED_FILTERS = (
    *("q", "language", "agency", "origin", "carried_by", "kind", "credit", "stale", "killed"),
    *("min_items", "since", "until", "prefer"),
)
MAX_ITEMS = 1000
MAX_SEARCH_CHARACTERS = 200
MAX_ADDRESS_CHARACTERS = 4096  # as many as a link of a feed may have
KINDS = tuple(kind.value for kind in Kind if kind is not Kind.RELATED)
CREDITS = tuple(state.value for state in CreditState)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # no store can hold them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is configured, for the names that a filter may give.

    No `languages` means that they are not known: a feed's may be found in its texts only.
    """

    agencies: Mapping[str, str]  # id to name
    languages: frozenset[str] = frozenset()  # codes

    @classmethod
    def of(cls, settings: Settings) -> Known:
        """What settings name."""
        codes = {feed.language for feed in settings.feeds}
        return cls(
            agencies={agency.id: agency.name for agency in settings.agencies},
            languages=frozenset() if None in codes else frozenset(filter(None, codes)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The conditions of a request; hashable, so that what is made by it can be cached.

    `since` and `until` are as they were written, a duration before now or a time, for they are read anew
    with each `now`.
    """

    q: str | None = None
    language: str | None = None
    agency: str | None = None
    origin: str | None = None
    carried_by: str | None = None
    kind: str | None = None
    credit: str | None = None
    stale: bool = False
    killed: bool = False
    min_items: int = 1
    since: str | None = None
    until: str | None = None
    prefer: Preference = NO_PREFERENCE

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The conditions as parameters of an address, in a fixed order."""
        texts = {
            **{name: getattr(self, name) for name in FEED_FILTERS},
            "stale": "1" if self.stale else None,
            "killed": "1" if self.killed else None,
            "min_items": str(self.min_items) if self.min_items > 1 else None,
            "prefer": str(self.prefer),
        }
        return tuple((name, text) for name, text in texts.items() if text)

    def query(
        self,
        now: datetime,
        *,
        limit: int | None = None,
        order: Order = Order.SEEN,
        after: str | None = None,
        withdrawn: bool = False,
    ) -> StoryQuery:
        """The query for the store.

        Stories that were withdrawn are left out unless they are asked for, or their stale copies are, or all
        that are `withdrawn` are wanted (feeds say that they are gone). Raises UsageError for a filter
        that contradicts itself.
        """
        since_at = parse_time('"since"', self.since, before=now) if self.since else None
        until_at = parse_time('"until"', self.until, before=now) if self.until else None
        if since_at and until_at and since_at >= until_at:
            raise UsageError(
                '"since" (%(since)s) is not before "until" (%(until)s): '
                "no story can be both. Exchange them.",
                since=self.since,
                until=self.until,
            )
        return StoryQuery(
            since_at=since_at,
            until_at=until_at,
            min_items=self.min_items,
            language=self.language,
            agency_id=self.agency,
            origin_id=self.origin,
            carried_by=self.carried_by,
            kind=self.kind,
            credit=CreditState(self.credit) if self.credit else None,
            search=self.q,
            stale=self.stale,
            killed=True if self.killed else None if withdrawn or self.stale else False,
            limit=limit,
            after=after,
            order=order,
        )


def parse(
    given: Iterable[tuple[str, str]],
    *,
    known: Known,
    allowed: Collection[str] = FEED_FILTERS,
) -> tuple[Filter, dict[str, str]]:
    """The filter of parameters, and the values of those `allowed` that are no filters; blank ones are left out.

    Raises UsageError.
    """
    present = _present(given, allowed)
    rest = {name: value for name, value in present.items() if name not in FEED_FILTERS}
    found = Filter(
        q=_search(present.get("q")),
        language=_language(present.get("language"), known),
        agency=_agency("agency", present.get("agency"), known),
        origin=_agency("origin", present.get("origin"), known),
        carried_by=_agency("carried_by", present.get("carried_by"), known),
        kind=_one_of("kind", present.get("kind"), KINDS),
        credit=_one_of("credit", present.get("credit"), CREDITS),
        stale=_flag("stale", present.get("stale", "0")),
        killed=_flag("killed", present.get("killed", "0")),
        min_items=_number("min_items", present.get("min_items", "1"), MAX_ITEMS),
        since=_checked_time("since", present.get("since")),
        until=_checked_time("until", present.get("until")),
        prefer=parse_preference(
            present.get("prefer", ""), agencies=known.agencies, languages=known.languages
        ),
    )
    _refuse_contradictions(found, known)
    return found, rest


def default_preference(settings: Settings) -> Preference:
    """What is preferred where a request does not say: `output.languages` and `output.prefer`."""
    return Preference(languages=settings.output.languages, agencies=settings.output.prefer)


def parse_time(name: str, value: str, *, before: datetime) -> datetime:
    """The time that a value means: `7d` is so long before `before`, `2026-11-24` the beginning of that day in UTC.

    `name` is what messages call the value. Raises UsageError.
    """
    try:
        return before - duration(value)
    except (ValueError, OverflowError):
        pass
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            "%(name)s must be a duration such as 30m, 24h or 7d, or a time such as 2026-11-24; "
            "'%(value)s' is neither.",
            name=name,
            value=value[:40],
        ) from error


def _present(given: Iterable[tuple[str, str]], allowed: Collection[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in given:
        if name not in allowed:
            raise _unknown(name, allowed)
        if name in values:
            raise UsageError('"%(name)s" is given twice; give it once.', name=name)
        values[name] = " ".join(_UNPRINTABLE.sub("", value).split())
    return {name: value for name, value in values.items() if value}


def _unknown(name: str, allowed: Collection[str]) -> UsageError:
    if near := get_close_matches(name, allowed, n=1):
        return UsageError(
            'There is no such parameter: "%(name)s". Did you mean "%(near)s"?',
            name=name[:40],
            near=near[0],
        )
    return UsageError(
        'There is no such parameter: "%(name)s". Known parameters: %(known)s.',
        name=name[:40],
        known=", ".join(allowed),
    )


def _language(value: str | None, known: Known) -> str | None:
    if value and not _LANGUAGE.fullmatch(value):
        raise UsageError(
            '"%(code)s" is not a language code; write one such as bg, en or kk.', code=value[:40]
        )
    if not value:
        return None
    if not known.languages:
        primary, dash, variant = value.partition("-")
        return f"{primary.lower()}{dash}{variant}"
    as_configured = {code.lower(): code for code in known.languages}
    if value.lower() not in as_configured:
        raise UsageError(
            'No feed is in the language "%(code)s". Known: %(known)s.',
            code=value,
            known=", ".join(sorted(known.languages)),
        )
    return as_configured[value.lower()]


def _agency(name: str, value: str | None, known: Known) -> str | None:
    if not value or value in known.agencies:
        return value
    if near := get_close_matches(value, known.agencies, n=1):
        raise UsageError(
            '"%(name)s": there is no such agency: "%(value)s". Did you mean "%(near)s"?',
            name=name,
            value=value[:40],
            near=near[0],
        )
    raise UsageError(
        '"%(name)s": there is no such agency: "%(value)s". Known: %(known)s.',
        name=name,
        value=value[:40],
        known=", ".join(known.agencies),
    )


def _one_of(name: str, value: str | None, known: Collection[str]) -> str | None:
    if value and value not in known:
        raise UsageError('"%(name)s" must be one of %(known)s.', name=name, known=", ".join(known))
    return value


def _number(name: str, value: str, most: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 6 and 1 <= int(value) <= most):
        raise UsageError(
            '"%(name)s" must be a whole number from 1 to %(most)s.', name=name, most=most
        )
    return int(value)


def _flag(name: str, value: str) -> bool:
    if value not in {"0", "1"}:
        raise UsageError('"%(name)s" must be 0 or 1.', name=name)
    return value == "1"


def _search(value: str | None) -> str | None:
    most = MAX_ADDRESS_CHARACTERS if links.is_address(value or "") else MAX_SEARCH_CHARACTERS
    if value and len(value) > most:
        raise UsageError('"q" may have at most %(most)s characters.', most=most)
    return value


def _checked_time(name: str, value: str | None) -> str | None:
    if value:
        parse_time(f'"{name}"', value, before=datetime.max.replace(tzinfo=UTC))
    return value


def _refuse_contradictions(found: Filter, known: Known) -> None:
    if found.origin and found.origin == found.carried_by:
        raise UsageError(
            '"origin" and "carried_by" are both %(id)s: no agency carries its own reports. '
            'For all that %(name)s has, write "agency=%(id)s".',
            id=found.origin,
            name=known.agencies[found.origin],
        )
