"""Edited copies: this project beside datasketch, rensa and SimHash as their manuals show them.

All run over the same items of the tests' generated wire, one after the other, each in a process of
its own. Scores are over pairs; speed is against datasketch's in the same run, on the clock and of CPU;
memory is the process's peak, its children's aside. `scripts/bench matching_scale` shows what becomes of speed and memory as items grow.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any, NamedTuple

from scripts.benchmarks.machine import cpu_seconds, describe
from scripts.evaluation.evaluate import scores
from tests.quality.generator import lines, wire

STORIES = 700  # of each language: about 2,800 items
SEED = 7
THRESHOLD, VALUES, WIDTH = 0.6, 128, 5  # of the manuals' examples: words-5, 128 permutations
DISTANCE = 3  # bits, SimHash's own default
LANGUAGES = ("en", "ru")


class Run(NamedTuple):
    """The result and the cost of one contender."""

    stories: dict[str, str]
    cpu_seconds: float
    seconds: float  # on the clock: what several cores gain
    peak_mib: float


Copies = Iterable[tuple[str, list[str]]]  # an item, and those before it that it is said to copy


def aggregator(items: list[str]) -> dict[str, str]:
    """`aggregator cluster` with its defaults."""
    from aggregator.cluster.local import cluster
    from aggregator.config import MatchSettings

    return {line["id"]: line["story"] for line in cluster(items, MatchSettings())}


def datasketch(items: list[str]) -> dict[str, str]:
    """https://ekzhu.com/datasketch/lsh.html, its first example."""
    from datasketch import MinHash, MinHashLSH

    def found() -> Copies:
        lsh = MinHashLSH(threshold=THRESHOLD, num_perm=VALUES)
        for name, words in map(_words, items):
            minhash = MinHash(num_perm=VALUES)
            for shingle in words:
                minhash.update(shingle.encode())
            yield name, [str(other) for other in lsh.query(minhash)]
            lsh.insert(name, minhash)

    return _components(found())


def rensa(items: list[str]) -> dict[str, str]:
    """https://github.com/beowolx/rensa, "Deduplicating with R-MinHash and LSH"."""
    from rensa import RMinHash, RMinHashLSH

    def found() -> Copies:
        lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=VALUES, num_bands=16)
        names: list[str] = []
        known: list[Any] = []
        for name, words in map(_words, items):
            minhash = RMinHash(num_perm=VALUES, seed=42)
            minhash.update(words)
            near = [at for at in lsh.query(minhash) if known[at].jaccard(minhash) >= THRESHOLD]
            yield name, [names[at] for at in near]
            lsh.insert(len(names), minhash)
            names.append(name)
            known.append(minhash)

    return _components(found())


def simhash(items: list[str]) -> dict[str, str]:
    """https://leons.im/posts/a-python-implementation-of-simhash-algorithm/, its index."""
    from simhash import Simhash, SimhashIndex

    def found() -> Copies:
        index = SimhashIndex([], k=DISTANCE)
        for name, words in map(_words, items):
            value = Simhash(words)
            yield name, index.get_near_dups(value)
            index.add(name, value)

    return _components(found())


CONTENDERS: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "datasketch": datasketch,
    "rensa": rensa,
    "simhash": simhash,
    "aggregator": aggregator,
}


def _words(item: str) -> tuple[str, list[str]]:
    record = json.loads(item)
    words = record["text"].lower().split()
    count = max(1, len(words) - WIDTH + 1)
    return record["id"], [" ".join(words[at : at + WIDTH]) for at in range(count)]


def _components(found: Copies) -> dict[str, str]:
    """The connected components of pairs, by union-find: a story is named by one of its items."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for name, copies in found:
        parent[name] = name
        for copy in copies:
            parent[root(name)] = root(copy)
    return {name: root(name) for name in parent}


def measure(name: str, files: list[list[str]]) -> Run:
    """One contender's run over each file, after a small one that loads what it needs."""
    CONTENDERS[name](files[0][:50])
    began, before = time.perf_counter(), cpu_seconds()
    stories: dict[str, str] = {}
    for number, items in enumerate(files):
        found = CONTENDERS[name](items)
        stories |= {item: f"{number}/{story}" for item, story in found.items()}
    spent, took = cpu_seconds() - before, time.perf_counter() - began
    return Run(stories, spent, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """The table."""
    wires = [wire(SEED, STORIES, (language,)) for language in LANGUAGES]
    truth = {report.id: report.story for reports in wires for report in reports}
    present = [name for name in CONTENDERS if name == "aggregator" or find_spec(name)]
    print(f"Edited copies among {len(truth):,} generated items in {' and '.join(LANGUAGES)}")
    print(describe(*(name for name in present if name != "aggregator"), "numba", "numpy"))
    print(f"{'':12}{'precision':>10}{'recall':>8}{'F1':>7}{'clock':>9}{'CPU':>8}{'MiB':>6}")
    plain: Run | None = None
    for name in CONTENDERS:
        if name not in present:
            print(f"{name:12}not installed; pip install {name}")
            continue
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            run = process.submit(measure, name, [*map(lines, wires)]).result()
        plain = plain or run
        found = scores(run.stories, truth)
        both = found.precision + found.recall
        f1 = 2 * found.precision * found.recall / both if both else 0.0
        print(
            f"{name:12}{found.precision:10.3f}{found.recall:8.3f}{f1:7.3f}"
            f"{plain.seconds / run.seconds:8.1f}x{plain.cpu_seconds / run.cpu_seconds:7.1f}x{run.peak_mib:6,.0f}"
        )


if __name__ == "__main__":
    main()
