"""Who carried whom as a matrix: a row an origin, a column a carrier, each the one with the most copies first.

    figures of pairs --matrix--> cells, each with a shade: the style sheet has a class for each; sums of copies

The number of a cell is that of reports carried, which do not add up: what two carried is one report. Copies do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, log1p

from aggregator.pickup import Figures, credit_known, credited_share

SHADES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one agency carried of another's; `shade` is from 1 to `SHADES`."""

    carrier_id: str
    figures: Figures
    shade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Copies of a row, a column or all, and the share of those of known credit that credit their origin."""

    copies: int
    credit_known: int
    credited_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The reports of an agency as others carried them; a cell is None for a carrier of none of them."""

    origin_id: str
    cells: tuple[Cell | None, ...]  # one a column
    total: Sum

    @property
    def outlets(self) -> int:
        """How many agencies carried its reports."""
        return sum(cell is not None for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All rows; `columns` has each carrier with the sum of all it carried."""

    columns: tuple[tuple[str, Sum], ...]
    rows: tuple[Row, ...]
    total: Sum


def matrix(figures: Mapping[tuple[str, str], Figures]) -> Matrix:
    """The matrix of figures by the origin and the carrier."""
    most = max((found.carried for found in figures.values()), default=0)
    carriers = _by_copies(figures, 1)
    return Matrix(
        columns=tuple(
            (carrier, _sum(each for (_, by), each in figures.items() if by == carrier))
            for carrier in carriers
        ),
        rows=tuple(
            Row(
                origin_id=origin,
                cells=tuple(_cell(by, figures.get((origin, by)), most) for by in carriers),
                total=_sum(each for (of, _), each in figures.items() if of == origin),
            )
            for origin in _by_copies(figures, 0)
        ),
        total=_sum(figures.values()),
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


def _sum(figures: Iterable[Figures]) -> Sum:
    credits_: Counter[str] = Counter()
    for each in figures:
        credits_.update(each.credits)
    return Sum(
        copies=credits_.total(),
        credit_known=credit_known(credits_),
        credited_share=credited_share(credits_),
    )


def _by_copies(figures: Mapping[tuple[str, str], Figures], side: int) -> list[str]:
    copies: Counter[str] = Counter()
    for pair, each in figures.items():
        copies[pair[side]] += each.copies
    return sorted(copies, key=lambda agency_id: (-copies[agency_id], agency_id))
