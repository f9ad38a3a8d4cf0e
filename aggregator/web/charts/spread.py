"""How far and how fast a report spread, as a line of ticks: one a copy, from the first report to the latest copy.

The scale is the same for all stories, so that their lines compare: logarithmic, from none to a week, for most copies
come within the hour and some days later. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import log2

from aggregator.model import Member, Story

WIDTH = 100
LONGEST = timedelta(days=7)  # what is later stands at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """`ticks` are places in [0, WIDTH], rising, one for all copies that fall on it; `latest` a time since the first."""

    ticks: tuple[int, ...]
    latest: timedelta

    @property
    def end(self) -> int:
        """Where the line ends."""
        return self.ticks[-1]


def spread(story: Story) -> Spread | None:
    """The copies by agencies other than the origin's; None without one, or where times are not known.

    A copy whose feed gives no time, or that may have come before the first report, is left out.
    """
    first = story.members[0].item
    if first.published_at is None:
        return None
    lags = [
        max(member.item.reported_at - first.reported_at, timedelta(0))
        for member in story.members[1:]
        if member.item.agency_id != story.origin_id and _is_timed(member)
    ]
    if not lags:
        return None
    return Spread(ticks=tuple(sorted({place(lag) for lag in lags})), latest=max(lags))


def place(lag: timedelta) -> int:
    """Where a time since the first report stands on the line, in [0, WIDTH]."""
    minutes = min(lag, LONGEST) / timedelta(minutes=1)
    return round(WIDTH * log2(1 + minutes) / log2(1 + LONGEST / timedelta(minutes=1)))


def _is_timed(member: Member) -> bool:
    return member.item.published_at is not None and not member.lineage.is_undecided
