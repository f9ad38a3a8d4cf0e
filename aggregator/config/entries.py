"""Agencies and feeds as the configuration writes them: the keys that are not at their defaults. Pure.

The reverse of `settings.AgencyEntry` and `settings.FeedEntry`: read again, an entry gives the same value.
"""

from __future__ import annotations

from datetime import timedelta

from aggregator.model import Agency, Feed, Fulltext

_DURATIONS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))  # seconds
_SIZES = (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))  # bytes


def agency_entry(agency: Agency) -> dict[str, object]:
    """The keys of an agency, all but its feeds."""
    entry: dict[str, object] = {"id": agency.id, "name": agency.name}
    if agency.aliases:
        entry["aliases"] = list(agency.aliases)
    return entry | ({"home": agency.home} if agency.home else {})


def feed_entry(feed: Feed) -> dict[str, object]:
    """The keys of a feed, all but its agency."""
    given = {
        "id": feed.id,
        "url": feed.url,
        "language": feed.language,
        "interval": _duration(feed.interval),
        "timeout": _duration(feed.timeout),
        "max_body": _size(feed.max_body_bytes),
        "fulltext": None if feed.fulltext is Fulltext.AUTO else str(feed.fulltext),
        "user_agent": feed.user_agent,
    }
    return {key: value for key, value in given.items() if value}


def _duration(length: timedelta | None) -> str | None:
    if length is None:
        return None
    seconds = round(length.total_seconds())
    return next(f"{seconds // unit}{name}" for name, unit in _DURATIONS if seconds % unit == 0)


def _size(count: int | None) -> str | None:
    if count is None:
        return None
    return next((f"{count // unit}{name}" for name, unit in _SIZES if count % unit == 0), None)
