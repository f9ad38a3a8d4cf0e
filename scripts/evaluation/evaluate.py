"""Stories found against labelled ones: precision and recall, and the worst errors to read."""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from aggregator.cluster.local import OutputLine, cluster
from aggregator.config import MatchSettings
from scripts.evaluation.cuts import MIXED, Words, cut
from scripts.evaluation.labels import Label, read_labels, read_lines


class Scores(NamedTuple):
    """Pairs: precision and recall; clusterings: adjusted Rand index, B-cubed F1.

    Hubert and Arabie, "Comparing partitions", 1985; Bagga and Baldwin, "Entity-based cross-document
    coreferencing using the vector space model", 1998.
    """

    precision: float
    recall: float
    ari: float
    b_cubed: float


def scores(found: Mapping[str, str], true: Mapping[str, str]) -> Scores:
    """Compare two ways of putting the same ids into stories (id to story)."""
    both = Counter((true[item], found[item]) for item in true)
    true_sizes, found_sizes = Counter(true.values()), Counter(found[item] for item in true)
    hits, true_pairs, found_pairs = (
        _count_pairs(counts.values()) for counts in (both, true_sizes, found_sizes)
    )
    expected = true_pairs * found_pairs / max(_count_pairs([len(true)]), 1)
    most = (true_pairs + found_pairs) / 2
    b_precision = sum(n * n / found_sizes[f] for (_, f), n in both.items()) / len(true)
    b_recall = sum(n * n / true_sizes[t] for (t, _), n in both.items()) / len(true)
    return Scores(
        hits / found_pairs if found_pairs else 1.0,
        hits / true_pairs if true_pairs else 1.0,
        (hits - expected) / (most - expected) if most != expected else 1.0,
        2 * b_precision * b_recall / (b_precision + b_recall),
    )


def _count_pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def by_group(
    found: Mapping[str, str], labels: Mapping[str, Label], groups: Callable[[str], Iterable[str]]
) -> dict[str, tuple[int, int, int]]:
    """For each group: its items, those parted from a copy, those joined with another story's item."""
    true, stories = defaultdict(set), defaultdict(set)
    for item, label in labels.items():
        true[label.story].add(item)
        stories[found[item]].add(item)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for item, label in labels.items():
        for group in groups(item):
            counts[group][0] += 1
            counts[group][1] += not true[label.story] <= stories[found[item]]
            counts[group][2] += not stories[found[item]] <= true[label.story]
    return {group: (n, parted, joined) for group, (n, parted, joined) in counts.items()}


def false_matches(
    lines: list[OutputLine], labels: Mapping[str, Label]
) -> list[tuple[float, str, str]]:
    """The false matches, surest first: score and the two ids."""
    false = (
        (match["score"], line["id"], match["id"])
        for line in lines
        for match in line["matches"]
        if match["kind"] != "related" and labels[line["id"]].story != labels[match["id"]].story
    )
    return sorted(false, reverse=True)


def missed_pairs(lines: list[OutputLine], labels: Mapping[str, Label]) -> list[tuple[str, str]]:
    """One pair for each two parts of a true story that were not joined."""
    story = {line["id"]: line["story"] for line in lines}
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    for item, found in story.items():
        parts[labels[item].story].setdefault(found, item)
    return [pair for part in parts.values() for pair in combinations(part.values(), 2)]


def words_of(option: str) -> Words:
    """What `--cut` says: a number of words, or `mixed`. Raises ValueError."""
    return MIXED if option == MIXED else int(option)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--mode", choices=("balanced", "strict"), default="balanced")
    parser.add_argument("--cut", type=words_of, help="12, 25, 50 … words of each text, or mixed")
    parser.add_argument("--errors", type=int, default=3, help="how many of each sort to print")
    call = parser.parse_args()
    items, labels = cut(read_lines(call.items), call.cut), read_labels(call.truth)
    with Progress(transient=True) as bar:
        tasks = {s: bar.add_task(s, total=len(items)) for s in ("read", "match", "write")}
        out = list(
            cluster(
                items,
                MatchSettings(mode=call.mode),
                progress=lambda stage, done, _: bar.update(tasks[stage], completed=done),
            )
        )
    _print(items, labels, out, call.errors)


def _print(items: list[str], labels: dict[str, Label], out: list[OutputLine], most: int) -> None:
    records = {record["id"]: record for record in map(json.loads, items)}
    found = {line["id"]: line["story"] for line in out}
    console = Console(width=140)
    total = scores(found, {item: label.story for item, label in labels.items()})
    console.print("   ".join(f"{name} {value:.4f}" for name, value in total._asdict().items()))
    sorts: dict[str, Callable[[str], Iterable[str]]] = {
        "kind": lambda item: [labels[item].kind],
        "edit": lambda item: labels[item].edits,
        "language": lambda item: [records[item].get("language", "und")],
    }
    for title, groups in sorts.items():
        table = Table(title, "items", "lack a copy", "with a stranger", box=None)
        for group, counts in sorted(by_group(found, labels, groups).items()):
            table.add_row(group, *map(str, counts))
        console.print(table)
    for score, a, b in false_matches(out, labels)[:most]:
        _print_pair(console, f"false, {score:.2f}", records[a], records[b])
    for a, b in missed_pairs(out, labels)[:most]:
        _print_pair(console, "missed", records[a], records[b])


def _print_pair(console: Console, what: str, a: dict[str, str], b: dict[str, str]) -> None:
    console.rule(f"{what}: {a['id']} and {b['id']}")
    for record in (a, b):
        console.print(f"{record['title']} | {record['text'][:600]}", markup=False)


if __name__ == "__main__":
    main()
