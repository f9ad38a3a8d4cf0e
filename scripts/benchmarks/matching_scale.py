"""Speed and memory of `cluster` as items grow: `python -m scripts.benchmarks.matching_scale [ITEMS …]`.

Each size runs in a process of its own, all its items within one window; a third of them are copies.
Writes `docs/matching-scale.svg`. A million items take about half an hour of CPU.
"""

from __future__ import annotations

import json
import math
import resource
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

from scripts.benchmarks.machine import cpu_seconds, describe
from scripts.benchmarks.wire import text
from tests.quality.generator import START_AT

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
COPIES, RECENT = 0.35, 500  # share of the items, and how far back their originals lie
WINDOW = timedelta(days=6)
PLOT = Path(__file__).parents[2] / "docs/matching-scale.svg"
WIDTH, HEIGHT, LEFT, BOTTOM = 640, 300, 70, 40


class Point(NamedTuple):
    """A run over so many items."""

    items: int
    rate: float  # items a second of CPU
    mib: float  # peak


def items(count: int) -> Iterator[str]:
    """So many items of 40 to 220 invented words, in the order of their time."""
    chance = Random(3)
    recent: list[list[str]] = []
    for number in range(count):
        if recent and chance.random() < COPIES:
            paragraphs = chance.choice(recent)
            paragraphs = paragraphs[:-1] if len(paragraphs) > 1 else [*paragraphs, "More follows."]
        else:
            words = text(f"m{number}", chance.randint(40, 220)).split(". ")
            paragraphs = [". ".join(words[at : at + 3]) for at in range(0, len(words), 3)]
            recent = [*recent[-RECENT:], paragraphs]
        yield json.dumps(
            {
                "id": str(number),
                "title": paragraphs[0][:60],
                "text": "\n\n".join(paragraphs),
                "language": "en",
                "published": (START_AT + WINDOW * number / count).isoformat(),
            }
        )


def measure(count: int) -> Point:
    """One run; the making of the items is measured apart and taken off."""
    from aggregator.cluster.local import cluster
    from aggregator.config import MatchSettings

    list(cluster(items(50), MatchSettings()))
    started = cpu_seconds()
    for _ in items(count):
        pass
    made = cpu_seconds()
    for _ in cluster(items(count), MatchSettings()):
        pass
    spent = cpu_seconds() - made - (made - started)
    return Point(count, count / spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def plot(points: list[Point]) -> str:
    """Items a second (line) and memory (dashes) over the count of items, which grows tenfold a step."""
    first, last = (math.log10(p.items) for p in (points[0], points[-1]))
    most = max(point.rate for point in points)
    heaviest = max(point.mib for point in points)

    def path(heights: list[float]) -> str:
        across = WIDTH - 2 * LEFT
        places = [
            f"{LEFT + across * (math.log10(p.items) - first) / (last - first or 1):.0f},"
            f"{HEIGHT - BOTTOM - (HEIGHT - 2 * BOTTOM) * height:.0f}"
            for p, height in zip(points, heights, strict=True)
        ]
        return "M" + " L".join(places)

    marks = "".join(
        f'<text x="{LEFT + (WIDTH - 2 * LEFT) * (math.log10(p.items) - first) / (last - first or 1):.0f}"'
        f' y="{HEIGHT - 15}" text-anchor="middle">{p.items:,}</text>'
        for p in points
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12"><title>Speed and memory of matching over the count of items</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        f'<path d="{path([p.rate / most for p in points])}" fill="none" stroke="#1a5fb4" stroke-width="2"/>'
        f'<path d="{path([p.mib / heaviest for p in points])}" fill="none" stroke="#a51d2d"'
        ' stroke-width="2" stroke-dasharray="6 4"/>'
        f'<text x="8" y="20" fill="#1a5fb4">items/s of CPU, at most {most:,.0f}</text>'
        f'<text x="{WIDTH - 8}" y="20" text-anchor="end" fill="#a51d2d">peak MiB, at most {heaviest:,.0f}</text>'
        f"{marks}</svg>\n"
    )


def main() -> None:
    """The table and the plot."""
    print(describe("datasketch", "numba", "numpy"))
    print(f"{'items':>10}{'items/s':>9}{'MiB':>7}{'bytes an item':>15}")
    points: list[Point] = []
    for count in map(int, sys.argv[1:] or SIZES):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            points.append(process.submit(measure, count).result())
        point = points[-1]
        grown = (point.mib - points[0].mib) * 1024 * 1024 / (point.items - points[0].items or 1)
        print(f"{point.items:10,}{point.rate:9,.0f}{point.mib:7,.0f}{grown:15,.0f}", flush=True)
    PLOT.write_text(plot(points), "utf-8")


if __name__ == "__main__":
    main()
