"""Which entries of a body are read when it has more than a reader gets through: the newest. Pure.

By date where dates are given, whatever the order of the body; in its order, the first ones, where none
are. An entry without a date among dated ones goes by the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from aggregator.ingest.parse.dates import read_date

# Set by hand, well above what agencies send and well below what occupies feedparser: measured, 100,000
# items took it 47 s.
MAX_ITEMS = 3000
# Entries whose dates are looked at, from both ends of a body: a second of processor time.
_MAX_DATED = 30_000
_DATE = re.compile(
    r"<(?:[\w.-]+:)?(?:(pubDate|published|issued|created|date)|updated|modified)(?:\s[^<>]*)?>"
    r"\s*(?:<!\[CDATA\[)?\s*([^<\]]{4,100})",
    re.IGNORECASE,
)

_Entry = TypeVar("_Entry")


def newest(
    entries: Sequence[_Entry], date_of: Callable[[_Entry], datetime | None]
) -> Sequence[_Entry]:
    """At most MAX_ITEMS of a body's entries, in their order."""
    if len(entries) <= MAX_ITEMS:
        return entries
    half = _MAX_DATED // 2
    ends = entries if len(entries) <= _MAX_DATED else [*entries[:half], *entries[-half:]]
    dates = _filled([date_of(entry) for entry in ends])
    if dates is None:
        return entries[:MAX_ITEMS]
    # Of those of one date the first ones: sorting keeps the order of equals.
    latest = sorted(range(len(ends)), key=lambda place: -dates[place])[:MAX_ITEMS]
    return [ends[place] for place in sorted(latest)]


def date_in(entry: str) -> datetime | None:
    """When an entry of RSS, RDF or Atom says it was published, else when updated, by its markup."""
    found = list(_DATE.finditer(entry))
    published = next((date[2] for date in found if date[1]), None)
    text = published or (found[0][2] if found else "")
    return read_date(text)


def _filled(dates: Sequence[datetime | None]) -> list[float] | None:
    """Dates as seconds, each missing one as the one before it; None where there are none."""
    last = next((date for date in dates if date), None)
    if last is None:
        return None
    filled = []
    for date in dates:
        last = date or last
        filled.append(last.timestamp())
    return filled
