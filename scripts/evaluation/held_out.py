"""How well translations are found in documents that nothing was learned from.

    python -m scripts.evaluation.held_out ITEMS TRUTH [--parts 4] [--cut 12|25|50|mixed]

Cross-validation: the documents are dealt into parts. For each, the prior counts of features and the
model are learned from the other parts and our own reports; then all items are clustered, and the pairs
of different languages with a side in the part are counted. Stories named `DOCUMENT:PASSAGE` are one document. Writes nothing.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from zlib import crc32

import numpy as np

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings
from aggregator.match.crosslang import channel
from aggregator.match.crosslang.idf import PriorCounts
from aggregator.match.crosslang.learned import Regression, learned
from scripts.evaluation.cuts import cut
from scripts.evaluation.evaluate import words_of
from scripts.evaluation.labels import read_labels, read_lines
from scripts.evaluation.learn_crosslang import (
    DOCUMENTS,
    Labelled,
    Pairs,
    fit,
    labelled,
    pairs,
    prior_counts,
    reports,
)

PARTS = 4


def part_of(story: str, parts: int) -> int:
    """The part that a story's document is dealt into."""
    return crc32((story.rpartition(":")[0] or story).encode()) % parts


def use_model(common: PriorCounts, brief: Regression, full: Regression) -> None:
    """Have the matcher go by this instead of what is shipped."""
    model = learned()._replace(brief=brief, full=full, prior=common)
    vars(channel)["learned"] = lambda: model


def learn_from(items: Sequence[Labelled]) -> None:
    """As `scripts/learn-crosslang`, but nothing is written."""
    own, shipped = reports("dev"), learned()
    common = PriorCounts.of(prior_counts([*items, *own]), DOCUMENTS)
    use_model(common, shipped.brief, shipped.full)
    tables = pairs(own), pairs(items)
    values, same = (np.concatenate(column) for column in zip(*tables, strict=True))
    model = fit(Pairs(values, same))
    use_model(common, Regression(**model["brief"]), Regression(**model["full"]))  # type: ignore[arg-type]


def translated_pairs(
    stories: Mapping[str, str], languages: Mapping[str, str]
) -> set[tuple[str, str]]:
    """The pairs of items that share a story and differ in language."""
    members: dict[str, list[str]] = defaultdict(list)
    for item in sorted(stories):
        members[stories[item]].append(item)
    both = (pair for group in members.values() for pair in combinations(group, 2))
    return {(a, b) for a, b in both if languages[a] != languages[b]}


def main() -> None:
    """A line for each part, then precision and recall over all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--parts", type=int, default=PARTS)
    parser.add_argument("--cut", type=words_of, help="cut the texts that are clustered")
    call = parser.parse_args()
    lines, parts = cut(read_lines(call.items), call.cut), call.parts
    true = {item: label.story for item, label in read_labels(call.truth).items()}
    items = labelled(lines, true)
    languages = {item.item_id: item.language for item in items}
    wanted, found = translated_pairs(true, languages), set()
    for part in range(parts):
        learn_from([item for item in items if part_of(item.story, parts) != part])
        stories = {line["id"]: line["story"] for line in cluster(lines, MatchSettings())}
        joined = {
            pair
            for pair in translated_pairs(stories, languages)
            if part in {part_of(true[item], parts) for item in pair}
        }
        print(f"part {part + 1}: {len(joined)} pairs, {len(joined & wanted)} of them true")
        found |= joined
    hits = len(found & wanted)
    print(f"precision {hits / len(found):.4f}, recall {hits / len(wanted):.4f}")


if __name__ == "__main__":
    main()
