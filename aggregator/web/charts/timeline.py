"""The time line of a story: a lane an agency, a dot an item, a line from each copy to the item it was taken from.

    Story --timeline--> lanes, dots, ties, ticks --_timeline.html--> SVG

Places along the time are percentages of the width, so that words keep their size on any screen; heights are
pixels. Reports come by the minute and copies by the day: where a line in proportion would heap most items up at
its beginning, the scale is logarithmic, and `is_logarithmic` has the page say so. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from aggregator.model import CreditState, Notice, Story
from aggregator.provenance import Appearance, appearances, corrects

# All set by hand, for a drawing from 250 to 1000 pixels wide.
ROW_PX = 22
LANE_GAP_PX = 6
_APART = 4.5  # percent between two dots of a row: a dot and the code of its language
_TICKS_APART = 12.0  # percent
_MOST_TICKS = 7
_HEAPED = (
    1 / 8
)  # of the whole time: where half of the copies came within it, the scale is logarithmic
_UNIT = timedelta(minutes=1)  # feeds give times to the minute
_STEPS = (
    *(timedelta(minutes=n) for n in (1, 2, 5, 10, 15, 30)),
    *(timedelta(hours=n) for n in (1, 2, 3, 6, 12)),
    *(timedelta(days=n) for n in (1, 2, 3, 7, 14, 30, 60, 180, 365, 3650)),
)


class Sign(StrEnum):
    """The form of a dot: whom the item credits."""

    OWN = "own"  # an item of the agency of origin
    ORIGIN = "origin"
    OTHER = "other"
    NONE = "none"
    UNKNOWN = "unknown"


class Mark(StrEnum):
    """What else is seen at a dot."""

    STALE = "stale"
    WITHDRAWS = "withdraws"
    CORRECTS = "corrects"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The items of one agency; `y` is its upper edge."""

    agency_id: str
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """An item: its time is `x`, in percent; `y` is the middle of its row."""

    copy: Appearance
    x: float
    y: int
    sign: Sign
    mark: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """The line from a copy back to what it was taken from."""

    copy: Dot
    parent: Dot

    @property
    def is_untimed(self) -> bool:
        """Whether the times do not tell how much later the copy was, or which of the two was first."""
        return self.copy.copy.known_lag is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A time on the scale, so long after the first report."""

    x: float
    at: datetime
    elapsed: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What is drawn; `height` is that of all lanes."""

    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]  # in the order of time
    ties: tuple[Tie, ...]
    ticks: tuple[Tick, ...]
    height: int
    is_logarithmic: bool

    @property
    def signs(self) -> frozenset[Sign]:
        """The signs that occur, for the key."""
        return frozenset(dot.sign for dot in self.dots)

    @property
    def marks(self) -> frozenset[Mark]:
        """The marks that occur, for the key."""
        return frozenset(dot.mark for dot in self.dots if dot.mark)


class _Scale:
    """Where a time after the first report stands, in percent of the width."""

    def __init__(self, elapsed: Sequence[timedelta]) -> None:
        self.span = max(elapsed)
        later = sorted(filter(None, elapsed))
        self.is_logarithmic = bool(later) and later[len(later) // 2] < self.span * _HEAPED

    def place(self, elapsed: timedelta) -> float:
        """0 for the first report, 100 for the last."""
        if not self.span:
            return 0.0
        if self.is_logarithmic:
            share = math.log1p(elapsed / _UNIT) / math.log1p(self.span / _UNIT)
        else:
            share = elapsed / self.span
        return round(100 * share, 2)

    def ticks(self) -> Iterator[tuple[float, timedelta]]:
        """The beginning, and times that are easily named, none too near to another."""
        last = -math.inf
        for elapsed in self._named_times():
            place = self.place(elapsed)
            if place - last >= _TICKS_APART:
                yield place, elapsed
                last = place

    def _named_times(self) -> list[timedelta]:
        if self.is_logarithmic:
            return [timedelta(0), *takewhile(lambda step: step <= self.span, _STEPS)]
        fitting = (step for step in _STEPS if self.span / step < _MOST_TICKS)
        step = next(fitting, _STEPS[-1])
        return [step * n for n in range(min(self.span // step, _MOST_TICKS) + 1)]


def timeline(story: Story) -> Timeline:
    """The time line of a story: the agency of origin has the first lane, the others follow as they came."""
    copies = appearances(story)
    scale = _Scale([copy.since_first for copy in copies])
    first_at = copies[0].item.reported_at
    agencies = dict.fromkeys(copy.item.agency_id for copy in copies)
    lanes: list[Lane] = []
    dots: dict[str, Dot] = {}
    y = 0
    for agency_id in sorted(agencies, key=lambda each: each != story.origin_id):
        own = [copy for copy in copies if copy.item.agency_id == agency_id]
        rows = _rows([scale.place(copy.since_first) for copy in own])
        height = ROW_PX * (max(rows) + 1) + LANE_GAP_PX
        lanes.append(Lane(agency_id=agency_id, y=y, height=height))
        for copy, row in zip(own, rows, strict=True):
            dots[copy.item.id] = Dot(
                copy=copy,
                x=scale.place(copy.since_first),
                y=y + LANE_GAP_PX // 2 + ROW_PX * row + ROW_PX // 2,
                sign=_sign(copy, story),
                mark=_mark(copy),
            )
        y += height
    return Timeline(
        lanes=tuple(lanes),
        dots=tuple(dots[copy.item.id] for copy in copies),
        ties=tuple(
            Tie(copy=dots[copy.item.id], parent=dots[copy.parent.id])
            for copy in copies
            if copy.parent
        ),
        ticks=tuple(
            Tick(x=place, at=first_at + elapsed, elapsed=elapsed)
            for place, elapsed in scale.ticks()
        ),
        height=y,
        is_logarithmic=scale.is_logarithmic,
    )


def _rows(places: Sequence[float]) -> list[int]:
    """The row of each dot of a lane, from 0, so that none covers another; places are in their order."""
    ends: list[float] = []
    rows = []
    for place in places:
        row = next((n for n, end in enumerate(ends) if place - end >= _APART), len(ends))
        ends[row : row + 1] = [place]
        rows.append(row)
    return rows


def _sign(copy: Appearance, story: Story) -> Sign:
    if copy.item.agency_id == story.origin_id:
        return Sign.OWN
    return Sign(copy.credit or CreditState.UNKNOWN)


def _mark(copy: Appearance) -> Mark | None:
    """The one that matters most."""
    lineage = copy.lineage
    if lineage.is_stale:
        return Mark.STALE
    if copy.item.notice is Notice.KILL:
        return Mark.WITHDRAWS
    if corrects(copy.item, lineage):
        return Mark.CORRECTS
    return Mark.REPLACED if lineage.superseded_by else None
