"""Bars: numbers in a row as rectangles that stand on one line, each with the part of it that is told apart.

The template draws them in a box of 1000 by 100, which its style stretches: so nothing in it is text, and the same
bars serve a chart as wide as the page and one as small as a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 1000, 100
_GAP = 0.25  # of the room a bar has


class Bar(NamedTuple):
    """A rectangle of `height`, of which the lowest `part_height` are told apart; lengths in units of the box."""

    x: float
    width: float
    height: float
    part_height: float

    @property
    def y(self) -> float:
        """Its upper edge; y grows downwards."""
        return HEIGHT - self.height

    @property
    def part_y(self) -> float:
        """The upper edge of the part."""
        return HEIGHT - self.part_height


def bars(values: Sequence[tuple[int, int]], *, most: int = 0) -> list[Bar]:
    """A bar for each (number, part of it), the highest as high as the box, or as `most` says if that is more."""
    top = max((most, *(number for number, _ in values)), default=0) or 1
    room = WIDTH / max(len(values), 1)
    return [
        Bar(
            x=round(room * (place + _GAP / 2), 2),
            width=round(room * (1 - _GAP), 2),
            height=round(HEIGHT * number / top, 2),
            part_height=round(HEIGHT * part / top, 2),
        )
        for place, (number, part) in enumerate(values)
    ]


def length(number: float, most: float) -> float:
    """How long a bar that lies is, of `WIDTH`; 0 where there is nothing to compare it with."""
    return round(WIDTH * min(number / most, 1), 2) if most else 0.0
