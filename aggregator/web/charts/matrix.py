"""Who carried whom as a matrix: a row an origin, a column a carrier, each the one with the most reports first.

    copies --matrix--> cells with their figures and a shade: the style sheet has a class for each

The number of a cell is that of reports carried, so a column adds up, and a row does not: what two carried is
one report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, log1p
from typing import TypeVar

from aggregator.pickup import Counted, Figures, figures

_K = TypeVar("_K", str, tuple[str, str])
SHADES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one agency carried of another's; `shade` is from 1 to `SHADES`."""

    carrier_id: str
    figures: Figures
    shade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The reports of an agency as others carried them; a cell is None for a carrier of none of them."""

    origin_id: str
    cells: tuple[Cell | None, ...]  # one a column
    total: Figures

    @property
    def outlets(self) -> int:
        """How many agencies carried its reports."""
        return sum(cell is not None for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All rows; `columns` has each carrier with the figures of all it carried."""

    columns: tuple[tuple[str, Figures], ...]
    rows: tuple[Row, ...]
    total: Figures


def matrix(copies: Iterable[Counted]) -> Matrix:
    """The matrix of copies; those of the agency of origin itself are none."""
    listed = [copy for copy in copies if copy.agency_id != copy.origin_id]
    by_pair = _figures_by(listed, lambda copy: (copy.origin_id, copy.agency_id))
    by_origin = _figures_by(listed, lambda copy: copy.origin_id)
    by_carrier = _figures_by(listed, lambda copy: copy.agency_id)
    most = max((found.carried for found in by_pair.values()), default=0)
    return Matrix(
        columns=tuple(by_carrier.items()),
        rows=tuple(
            Row(
                origin_id=origin,
                cells=tuple(
                    _cell(carrier, by_pair.get((origin, carrier)), most) for carrier in by_carrier
                ),
                total=total,
            )
            for origin, total in by_origin.items()
        ),
        total=figures(listed, None),
    )


def shade(number: int, most: int) -> int:
    """From 0 for none to `SHADES` for the most; by logarithms, for agencies differ a hundredfold."""
    if number <= 0 or most <= 0:
        return 0
    return min(SHADES, ceil(SHADES * log1p(number) / log1p(most) - 1e-9))


def _cell(carrier_id: str, found: Figures | None, most: int) -> Cell | None:
    if found is None:
        return None
    return Cell(carrier_id=carrier_id, figures=found, shade=shade(found.carried, most))


def _figures_by(copies: Sequence[Counted], key: Callable[[Counted], _K]) -> dict[_K, Figures]:
    """The figures of copies by a key, those of the most reports first."""
    grouped: defaultdict[_K, list[Counted]] = defaultdict(list)
    for copy in copies:
        grouped[key(copy)].append(copy)
    found = {name: figures(held, None) for name, held in grouped.items()}
    return dict(sorted(found.items(), key=lambda each: (-each[1].carried, each[0])))
